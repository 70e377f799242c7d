import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** What the worker answers. */
export type FromHashWorker = { readonly sha256: string } | { readonly error: string };

const CHUNK_BYTES = 2 ** 20;
/** A worker takes 20 ms to start, in which this many bytes are hashed. */
const WORTH_A_WORKER = 2 ** 25;

/** SHA-256 of a file, lower-case hex. */
export function sha256Of(path: string): string {
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let n = file.readSync(chunk); n !== null; n = file.readSync(chunk)) hash.update(chunk.subarray(0, n));
  return hash.digest("hex");
}

/** SHA-256 of bytes, or of parts one after another, lower-case hex. */
export function sha256OfBytes(...parts: readonly (Uint8Array | string)[]): string {
  return sha256Digest(parts).toString("hex");
}

/** SHA-256 of parts one after another, as its 32 bytes. */
export function sha256Digest(parts: Iterable<Uint8Array | string>): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** As {@linkcode sha256Of}; of a large file by a worker, beside what the caller does meanwhile. */
export async function sha256Beside(path: string, size: number): Promise<string> {
  const found = size < WORTH_A_WORKER ? null : await sha256ByWorker(path);
  return found ?? sha256Of(path);
}

/** `null` where no worker can be had: its module must be a file that the program may read. */
async function sha256ByWorker(path: string): Promise<string | null> {
  const module = new URL("./_sha256_worker.ts", import.meta.url);
  if (
    module.protocol !== "file:" || (await Deno.permissions.query({ name: "read", path: module })).state !== "granted"
  ) return null;
  const worker = new Worker(module, { type: "module" });
  try {
    return await new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<FromHashWorker>) => resolve("sha256" in data ? data.sha256 : null);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(null);
      };
      worker.postMessage(path);
    });
  } finally {
    worker.terminate();
  }
}
