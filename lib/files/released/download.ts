import { sha256Of } from "../../base/sha256.ts";
import { removeIfThere } from "../../base/unfinished.ts";
import { PartialFile } from "./_partial_file.ts";

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /** The file's SHA-256, lower-case hex. */
  readonly sha256: string;
  /** The file's size; `null` where it is not known. */
  readonly bytes: number | null;
  /** Limit of the size; a longer answer is cut off here. */
  readonly mostBytes: number;
  /** Called as bytes arrive; `total` is the best known size. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** An answer without new bytes for so long is given up and requested again. Default 30. */
  readonly stallSeconds?: number;
  /** Number of attempts without new bytes until the download fails. Default 4. */
  readonly attempts?: number;
  /** Wait before the second attempt, twice as long before each further one. Default 1. */
  readonly waitSeconds?: number;
}

/** The result of a download. */
export interface DownloadResult {
  /** Size of the file. */
  readonly bytes: number;
  /** Bytes that an interrupted download had left. */
  readonly resumedFrom: number;
}

/** Answers that another attempt will not change. */
const FINAL = [400, 401, 402, 403, 404, 405, 406, 407, 410, 451];

/**
 * Fetches a file, continuing where an interrupted download stopped. The file gets its name only when its size and SHA-256 are right; until then it
 * grows as `PATH.partial`. Killed at any moment, it leaves nothing false under the final name, and goes on the next time.
 *
 * @returns its size, and the size at which it continued
 * @throws Error where the server refuses, falls silent for good, or sends something else; the message says how to put the file there by hand
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<DownloadResult> {
  const { sha256, bytes, attempts = 4, waitSeconds = 1 } = options;
  const partial = await PartialFile.open(path, url);
  const resumedFrom = partial.size;
  let hasRestarted = false;
  try {
    for (let failures = 0;;) {
      const before = partial.size;
      const failure = bytes !== null && partial.size === bytes ? null : await attempt(url, partial, options);
      if (failure === null) {
        await partial.sync();
        if (sha256Of(partial.path) === sha256) break;
        // Parts of two versions of the file may have been joined: once, from the start.
        const found = `what came has another SHA-256 than ${sha256}`;
        const cameWhole = resumedFrom === 0 && !partial.wasJoined;
        await partial.restart();
        if (cameWhole || hasRestarted) throw refused(url, path, found);
        hasRestarted = true;
        continue;
      }
      if (failure.isFinal) throw refused(url, path, failure.found);
      failures = partial.size > before ? 0 : failures + 1;
      if (failures >= attempts) {
        throw refused(url, path, `${failure.found}, ${attempts} times; what has come is kept and continued next time`);
      }
      await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000 * 2 ** failures));
    }
  } finally {
    await partial.close();
  }
  await Deno.rename(partial.path, path);
  await removeIfThere(partial.notePath);
  return { bytes: await fileSize(path) ?? 0, resumedFrom };
}

interface Failure {
  readonly found: string;
  readonly isFinal: boolean;
}

/** Makes one request and takes its bytes. `null`: the server says that this was the end of the file. */
async function attempt(url: string, partial: PartialFile, options: DownloadOptions): Promise<Failure | null> {
  const { stallSeconds = 30 } = options;
  const abort = new AbortController();
  const stalled = (): void => abort.abort(new Error(`nothing came for ${stallSeconds} s`));
  let timer = setTimeout(stalled, stallSeconds * 1000);
  try {
    const response = await fetch(url, { headers: partial.requestHeaders(), signal: abort.signal });
    const answer = await judged(response, partial, options);
    if (answer !== "take") {
      await response.body?.cancel();
      return answer;
    }
    const mostBytes = options.bytes ?? options.mostBytes;
    const length = Number(response.headers.get("content-length") ?? NaN);
    const total = options.bytes ?? (Number.isFinite(length) ? partial.size + length : options.mostBytes);
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(stalled, stallSeconds * 1000);
      if (partial.size + chunk.length > mostBytes) {
        await partial.restart();
        return { found: `more came than the ${mostBytes} bytes that the file may have`, isFinal: true };
      }
      partial.append(chunk);
      options.onProgress?.({ done: partial.size, total });
    }
    if (options.bytes !== null && partial.size < options.bytes) {
      return { found: `the answer ended after ${partial.size} of ${options.bytes} bytes`, isFinal: false };
    }
    return null;
  } catch (cause) {
    const reason = abort.signal.aborted ? abort.signal.reason : cause;
    return {
      found: reason instanceof Error ? reason.message : String(reason),
      isFinal: reason instanceof Deno.errors.NotCapable,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Applies an answer's head to the bytes that are there already. */
async function judged(
  response: Response,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<"take" | Failure | null> {
  const { status, headers } = response;
  const range = headers.get("content-range") ?? "";
  if (status === 200) {
    await partial.begin(headers.get("etag"));
    return "take";
  }
  if (status === 206 && partial.size > 0) {
    if (range.startsWith(`bytes ${partial.size}-`) && partial.isSame(headers.get("etag"))) {
      partial.wasJoined = true;
      return "take";
    }
    await partial.restart();
    return { found: `the file changed while it was fetched, or the wrong part came ("${range}")`, isFinal: false };
  }
  if (status === 416) {
    const isWhole = partial.size > 0 && range === `bytes */${partial.size}` &&
      (options.bytes ?? partial.size) === partial.size;
    if (isWhole) return null;
    const hadSome = partial.size > 0;
    await partial.restart();
    return { found: "the server has no such part of the file (416)", isFinal: !hadSome };
  }
  return { found: `the server answered ${status} ${response.statusText}`.trimEnd(), isFinal: FINAL.includes(status) };
}

function refused(url: string, path: string, found: string): Error {
  return new Error(
    `Cannot fetch "${url}" as it must come whole and unchanged: ${found}; fetch it by other means and put it to "${path}" by hand, or pass --from FILE`,
  );
}

/**
 * The SHA-256 that the hub states for a large file, in the head of its redirection.
 *
 * @throws Error where it does not answer or does not say
 */
export async function hubSha256(url: string, stallSeconds = 30): Promise<string> {
  const response = await fetch(url, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(1000 * stallSeconds),
  }).catch(
    (cause) => {
      throw new Error(
        `Cannot ask "${url}" for its SHA-256 as the hub must answer: ${cause instanceof Error ? cause.message : cause}`,
        {
          cause,
        },
      );
    },
  );
  await response.body?.cancel();
  const sha256 = (response.headers.get("x-linked-etag") ?? "").replaceAll('"', "");
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new Error(
    `Cannot ask "${url}" for its SHA-256 as the hub must state it: it answered ${response.status} without; fetch the file by hand`,
  );
}

/** Size of a file; `null` where there is none. */
export async function fileSize(path: string): Promise<number | null> {
  return await Deno.stat(path).then(({ size }) => size, (error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
}
