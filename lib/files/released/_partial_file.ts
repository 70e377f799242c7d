import { dirname } from "node:path";

/** The record of a partial download, kept beside its file. */
interface Note {
  readonly url: string;
  readonly etag: string | null;
}

/** A file during its download: the bytes received so far and the version of the original. One process at a time may hold it. */
export class PartialFile {
  /** True where it holds parts of several answers. */
  wasJoined = false;

  private constructor(
    readonly path: string,
    readonly notePath: string,
    private readonly url: string,
    private readonly file: Deno.FsFile,
    private etag: string | null,
    private length: number,
  ) {}

  /**
   * Opens what an interrupted download left, or an empty file.
   *
   * @throws Error where another process fetches the same file
   */
  static async open(target: string, url: string): Promise<PartialFile> {
    await Deno.mkdir(dirname(target), { recursive: true });
    const path = `${target}.partial`;
    const notePath = `${path}.json`;
    const file = await Deno.open(path, { create: true, read: true, write: true });
    if (!await file.tryLock(true)) {
      file.close();
      throw new Error(`Cannot fetch "${url}" as only one process may write "${path}": another does; wait for it`);
    }
    const note = await readNote(notePath);
    const size = (await file.stat()).size;
    const isOurs = note?.url === url && size > 0;
    const partial = new PartialFile(path, notePath, url, file, isOurs ? note.etag : null, isOurs ? size : 0);
    if (!isOurs) await partial.restart();
    else await file.seek(size, Deno.SeekMode.Start);
    return partial;
  }

  /** Bytes so far. */
  get size(): number {
    return this.length;
  }

  /** Asks for what is missing; the server sends the whole where the file is no longer the same. */
  requestHeaders(): Record<string, string> {
    // Packed answers have other lengths and ranges than the file.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (this.length === 0) return headers;
    const validator: Record<string, string> = this.etag === null ? {} : { "if-range": this.etag };
    return { ...headers, ...validator, "range": `bytes=${this.length}-` };
  }

  /** True unless the server says that this is another version. */
  isSame(etag: string | null): boolean {
    return this.etag === null || etag === null || etag === this.etag;
  }

  /** Starts anew with a version of the file. Weak validators do not promise the same bytes. */
  async begin(etag: string | null): Promise<void> {
    await this.restart();
    this.etag = etag === null || etag.startsWith("W/") ? null : etag;
    const note: Note = { url: this.url, etag: this.etag };
    await Deno.writeTextFile(this.notePath, JSON.stringify(note));
  }

  append(chunk: Uint8Array): void {
    for (let written = 0; written < chunk.length;) written += this.file.writeSync(chunk.subarray(written));
    this.length += chunk.length;
  }

  /** Discards the bytes received. */
  async restart(): Promise<void> {
    await this.file.truncate(0);
    await this.file.seek(0, Deno.SeekMode.Start);
    this.length = 0;
    this.etag = null;
    this.wasJoined = false;
  }

  /** Waits until all is on the disk. */
  async sync(): Promise<void> {
    await this.file.sync();
  }

  /** Closes the file; where nothing has come it is removed, so that a refusal leaves nothing behind. */
  async close(): Promise<void> {
    if (this.length === 0) {
      await Deno.remove(this.path).catch(() => {});
      await Deno.remove(this.notePath).catch(() => {});
    }
    this.file.close();
  }
}

async function readNote(path: string): Promise<Note | null> {
  try {
    const note = JSON.parse(await Deno.readTextFile(path));
    return typeof note?.url === "string" && (note.etag === null || typeof note.etag === "string") ? note : null;
  } catch {
    return null; // killed before it was written, or never there: then what lies there cannot be trusted to be ours
  }
}
