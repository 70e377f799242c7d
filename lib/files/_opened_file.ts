import { bytesInFile, type ByteSource } from "./byte_source.ts";
import { sha256Beside } from "../base/sha256.ts";

/** Bytes that tell a format. */
const START_BYTES = 4100;

/** The path is neither a file nor a folder. */
export class NoFile extends Error {}

/** An open file that is read piece by piece, while its hash is computed. It must not change meanwhile. */
export class OpenedFile implements AsyncDisposable {
  readonly bytes: ByteSource;
  /** The first bytes, which show the format. */
  readonly start: Uint8Array;
  private hash: Promise<string> | null = null;

  private constructor(
    private readonly path: string,
    private readonly file: Deno.FsFile,
    private readonly before: Deno.FileInfo,
  ) {
    this.bytes = bytesInFile(file);
    this.start = new Uint8Array(Math.min(this.bytes.size, START_BYTES));
    this.bytes.read(0, this.start);
  }

  /**
   * Opens a file.
   *
   * @throws NoFile at once where the path is a pipe: opening it would wait for a program that writes into it
   */
  static async open(path: string): Promise<OpenedFile> {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (!isFile && !isDirectory) throw new NoFile();
    const file = await Deno.open(path);
    try {
      return new OpenedFile(path, file, await file.stat());
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Begins to hash the file in the background. */
  startHash(): void {
    this.hash = sha256Beside(this.path, this.bytes.size);
    this.hash.catch(() => {}); // A failure is reported when sha256() is awaited.
  }

  /**
   * SHA-256 of all bytes, lower-case hex, once everything was read.
   *
   * @throws Error where the file was changed since it was opened
   */
  async sha256(): Promise<string> {
    if (this.hash === null) this.startHash();
    const sha256 = await this.hash!;
    const after = await Deno.stat(this.path);
    const { before } = this;
    if (after.size !== before.size || after.ino !== before.ino || Number(after.mtime) !== Number(before.mtime)) {
      throw new Error("Cannot read the file as it must stay as it is meanwhile: it was changed; load it again");
    }
    return sha256;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hash?.catch(() => {}); // The worker must end before the file is closed.
    this.file.close();
  }
}
