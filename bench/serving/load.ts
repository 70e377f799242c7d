import { join } from "node:path";
import { madeRouterFile } from "./made_router.ts";
import { startProgram } from "./processes.ts";

/** What became of many requests. */
export interface LoadRow {
  /** What was done. */
  readonly work: string;
  /** Requests that were sent. */
  readonly nRequests: number;
  /** Requests that got an answer of status 200. */
  readonly nAnswered: number;
  /** Requests that were refused with status 503, as too many were being answered; they leave no line in the log. */
  readonly nRefused: number;
  /** Requests that were answered at a second attempt or later. */
  readonly nRetried: number;
  /** Lines of the log. */
  readonly nLines: number;
  /** Memory of the server's process afterwards, 10⁶ bytes. */
  readonly megabytes: number;
}

const REQUESTS_PER_SECOND = 200;
const LOAD_SECONDS = 60;
const SHARE_OF_FAILURES = 0.05;
/** After the load, requests as fast as so many clients ask, until these are reached: memory must not grow between them. */
const N_CLIENTS = 16;
const MILESTONES: readonly number[] = [20_000, 100_000];

/** A minute at 200 requests a second in front of a model that fails now and then; then as fast as it goes, to see whether memory grows. */
export async function measureLoad(folder: string, say: (line: string) => void): Promise<LoadRow[]> {
  const routerFile = join(folder, "load_router.json");
  await Deno.writeTextFile(routerFile, await madeRouterFile("group"));
  const upstream = await startProgram("stand_in.ts", [String(SHARE_OF_FAILURES)]);
  const log = join(folder, "load_log");
  const server = await startProgram("routed.ts", [routerFile, String(upstream.port), log]);
  const tally = { nRequests: 0, nAnswered: 0, nRefused: 0, nRetried: 0 };
  const one = async (): Promise<void> => {
    const i = tally.nRequests++;
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({
        model: "router",
        messages: [{ role: "user", content: `Question ${i}: what is ${i} + 2?` }],
      }),
    });
    await response.bytes();
    tally.nAnswered += Number(response.status === 200);
    tally.nRefused += Number(response.status === 503);
    tally.nRetried += Number(Number(response.headers.get("x-routerbench-attempts")) > 1);
  };
  const row = async (work: string): Promise<LoadRow> => {
    // The log is written four times a second.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { work, ...tally, nLines: await linesBelow(log), megabytes: await memoryOf(server.pid) };
  };
  try {
    say(`load: ${LOAD_SECONDS} s at ${REQUESTS_PER_SECOND} requests a second`);
    await paced(one);
    const rows = [await row(`${LOAD_SECONDS} s at ${REQUESTS_PER_SECOND} a second, ${100 * SHARE_OF_FAILURES} % fail`)];
    for (const milestone of MILESTONES) {
      say(`load: up to ${milestone} requests`);
      const client = async (): Promise<void> => {
        while (tally.nRequests < milestone) await one();
      };
      await Promise.all(Array.from({ length: N_CLIENTS }, client));
      rows.push(await row(`up to ${milestone.toLocaleString("en-US")}, ${N_CLIENTS} clients`));
    }
    return rows;
  } finally {
    await server.stop();
    await upstream.stop();
  }
}

/** Sends requests at a fixed rate, whether earlier ones are answered or not. */
async function paced(one: () => Promise<void>): Promise<void> {
  const sent: Promise<void>[] = [];
  const start = performance.now();
  const total = REQUESTS_PER_SECOND * LOAD_SECONDS;
  while (sent.length < total) {
    const due = Math.min(total, Math.floor((performance.now() - start) / 1000 * REQUESTS_PER_SECOND));
    while (sent.length < due) sent.push(one());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(sent);
}

async function linesBelow(folder: string): Promise<number> {
  let n = 0;
  for await (const { name } of Deno.readDir(folder)) {
    for (const byte of await Deno.readFile(join(folder, name))) n += Number(byte === 10);
  }
  return n;
}

/** The resident memory of a process, as ps tells it in KiB; `NaN` where there is no ps. */
async function memoryOf(pid: number): Promise<number> {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] }).output();
    return Number(new TextDecoder().decode(stdout).trim() || NaN) * 1024 / 1e6;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NaN;
    throw error;
  }
}
