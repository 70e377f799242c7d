import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchEnvironment } from "./environment.ts";
import type { Peer, PeerResult } from "./workload.ts";

/** A peer that has its inputs and waits. */
export interface PeerProcess {
  /** Does the work once; the seconds that took, by the peer's own clock, without starting and loading. */
  run(): Promise<number>;
  /** What the last run found. */
  result(): Promise<PeerResult>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** Before an answer; a library's own lines do not have it (peers/_serve.py). */
const MARK = "\x1e";

/**
 * Starts a peer on the inputs in a folder.
 *
 * @throws Error where it ends before it answers; what it said on stderr is on ours
 */
export async function openPeer(
  { name, program }: Peer,
  folder: string,
  { python, threads }: BenchEnvironment,
): Promise<PeerProcess> {
  const count = String(threads);
  const child = new Deno.Command(python, {
    args: [fileURLToPath(new URL("peers/_serve.py", import.meta.url)), ...program, folder],
    // The libraries under numpy, scikit-learn and PyTorch each read their own.
    env: {
      OMP_NUM_THREADS: count,
      OPENBLAS_NUM_THREADS: count,
      MKL_NUM_THREADS: count,
      TOKENIZERS_PARALLELISM: "true",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const answers = answersOf(child.stdout);
  const ask = async (line?: string): Promise<Record<string, unknown>> => {
    if (line !== undefined) await writer.write(new TextEncoder().encode(line + "\n"));
    const { value, done } = await answers.next();
    if (done) throw new Error(`Cannot time ${name} as it must run to its end: it stopped; what it said is above`);
    return value;
  };
  await ask();
  return {
    run: async () => Number((await ask("run")).seconds),
    result: async () => {
      const { names } = await ask(`result ${folder}`);
      const arrays = (names as string[]).map(async (
        name,
      ) => [name, new Float64Array((await Deno.readFile(join(folder, `${name}.f64`))).buffer)]);
      return Object.fromEntries(await Promise.all(arrays));
    },
    close: async () => {
      await writer.close().catch(() => {});
      await answers.return(undefined);
      await child.status;
    },
  };
}

/** The marked lines of a stream. */
async function* answersOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Record<string, unknown>, void> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    const lines = (text + piece).split("\n");
    text = lines.pop()!;
    for (const line of lines) if (line.startsWith(MARK)) yield JSON.parse(line.slice(MARK.length));
  }
}
