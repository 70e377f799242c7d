import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quantileOfSorted } from "../../lib/base/quantile.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { loadRouter } from "../../lib/evaluation/router_file.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { decide, expectationOf } from "../../lib/serve/live_router.ts";
import type { BenchEnvironment } from "../environment.ts";
import { secondsOf } from "../measure.ts";
import { madeRouterFile, type TimedRouter } from "./made_router.ts";
import { freePort, type ServerProcess, startPeer, startProgram } from "./processes.ts";

/** Times of requests, or of parts of them. */
export interface ServingRow {
  /** What was asked or done. */
  readonly work: string;
  /** Requests at the same time. */
  readonly connections: number;
  /** Milliseconds: medians over the rounds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Answers a second. */
  readonly perSecond: number;
  /** The median of `perSecond` over that of direct requests with as many connections; `null` where nothing is compared. */
  readonly ofDirect: number | null;
}

const CONNECTIONS: readonly number[] = [1, 16, 64];
/** Each target is asked so often, all in turn, so that whatever else the machine does hits all alike. */
const N_ROUNDS = 3;
const SECONDS = 2;
const N_DECISIONS = 2000;
/** About 100 word pieces. */
const PROMPT = "Explain step by step why the sum of two odd numbers is even, and give three examples. ".repeat(5);
const PORTKEY = "@portkey-ai/gateway@1.15.2";

/** A server that is asked. */
interface Target {
  readonly work: string;
  readonly port: number;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Times requests through a live server beside direct ones and beside other gateways, all in one run; and the parts of a decision by themselves.
 */
export async function measureOverhead(
  folder: string,
  environment: BenchEnvironment,
  say: (line: string) => void,
): Promise<ServingRow[]> {
  const routerFile = join(folder, "router.json");
  await Deno.writeTextFile(routerFile, await madeRouterFile("group"));
  const running: ServerProcess[] = [];
  const start = async (server: Promise<ServerProcess>): Promise<ServerProcess> => {
    running.push(await server);
    return running.at(-1)!;
  };
  try {
    const upstream = await start(startProgram("stand_in.ts", []));
    const logged = await start(startProgram("routed.ts", [routerFile, String(upstream.port), join(folder, "log")]));
    const unlogged = await start(startProgram("routed.ts", [routerFile, String(upstream.port)]));
    const targets: Target[] = [
      { work: "direct", port: upstream.port, model: "any" },
      { work: "passed on, unlogged", port: unlogged.port, model: "gpt-4-1106-preview" },
      { work: "passed on, logged", port: logged.port, model: "gpt-4-1106-preview" },
      { work: "routed, unlogged", port: unlogged.port, model: "router" },
      { work: "routed, logged", port: logged.port, model: "router" },
      ...await peersOf({ folder, upstream, environment, start, say }),
    ];
    const rows: ServingRow[] = [];
    for (const connections of CONNECTIONS) {
      const found = new Map(targets.map((target) => [target, [] as Answered[]]));
      for (let round = 1; round <= N_ROUNDS; round++) {
        for (const target of targets) {
          say(`serving: ${connections} connections, round ${round} of ${N_ROUNDS}: ${target.work}`);
          found.get(target)!.push(await ask(target, connections));
        }
      }
      const median = (target: Target, field: keyof Answered): number =>
        secondsOf(found.get(target)!.map((each) => each[field])).median;
      const direct = median(targets[0], "perSecond");
      for (const target of targets) {
        const [p50, p95, p99, perSecond] = (["p50", "p95", "p99", "perSecond"] as const).map((field) =>
          median(target, field)
        );
        rows.push({ work: target.work, connections, p50, p95, p99, perSecond, ofDirect: perSecond / direct });
      }
    }
    return [...rows, ...await partsOfDecision(say)];
  } finally {
    for (const server of running) await server.stop();
  }
}

interface PeerOptions {
  readonly folder: string;
  readonly upstream: ServerProcess;
  readonly environment: BenchEnvironment;
  readonly start: (server: Promise<ServerProcess>) => Promise<ServerProcess>;
  readonly say: (line: string) => void;
}

/** Other gateways in front of the same stand-in; one that does not start is left out and named. */
async function peersOf({ folder, upstream, environment, start, say }: PeerOptions): Promise<Target[]> {
  const targets: Target[] = [];
  const add = async (
    work: string,
    command: (port: number) => readonly string[],
    target: Partial<Target>,
  ): Promise<void> => {
    const port = freePort();
    try {
      await start(startPeer(command(port), port));
      targets.push({ work, port, model: "any", ...target });
    } catch (error) {
      say(`Left out: ${work}: ${(error as Error).message}`);
    }
  };
  await add(`Portkey ${PORTKEY.split("@").at(-1)}`, (port) => ["npx", "-y", PORTKEY, `--port=${port}`, "--headless"], {
    headers: {
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${upstream.port}/v1`,
      authorization: "Bearer none",
    },
  });
  const config = join(folder, "litellm.yaml");
  const key = `sk-${crypto.randomUUID()}`;
  const base = `http://127.0.0.1:${upstream.port}/v1`;
  await Deno.writeTextFile(
    config,
    `model_list:\n  - model_name: any\n    litellm_params: {model: openai/any, api_base: "${base}", api_key: none}\n` +
      `general_settings: {master_key: ${key}}\n`,
  );
  const litellm = join(environment.python, "..", "litellm");
  await add(`LiteLLM ${environment.versions.get("litellm") ?? "not installed"}`, (port) => {
    return [litellm, "--config", config, "--host", "127.0.0.1", "--port", String(port)];
  }, { headers: { authorization: `Bearer ${key}` } });
  return targets;
}

type Answered = Pick<ServingRow, "p50" | "p95" | "p99" | "perSecond">;

async function ask({ work, port, model, headers = {} }: Target, connections: number): Promise<Answered> {
  const asking = {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    connections,
    seconds: SECONDS,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: PROMPT }] }),
  };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-A", fileURLToPath(new URL("ask.ts", import.meta.url)), JSON.stringify(asking)],
  }).output();
  if (code !== 0) throw new Error(`Cannot time "${work}": ${new TextDecoder().decode(stderr)}`);
  const found = JSON.parse(new TextDecoder().decode(stdout));
  // A gateway that answers nothing in time is slow, not wrong.
  if (found.perSecond === 0) return { p50: Infinity, p95: Infinity, p99: Infinity, perSecond: 0 };
  if (found.nRefused === 0) return found;
  throw new Error(`Cannot time "${work}" as every request must be answered: ${found.nRefused} were not`);
}

/** Embedding a prompt of 100 word pieces, and deciding by a router of 2,800 prompts × 11 models, apart and in this process: each time another prompt. */
async function partsOfDecision(say: (line: string) => void): Promise<ServingRow[]> {
  const rows: ServingRow[] = [];
  const texts = simulateOutcomes({ nPromptsPerEval: N_DECISIONS / 5, seed: 2 }).prompts!.slice(0, N_DECISIONS);
  for (const encoderName of ["lexical", "all-MiniLM-L6-v2"]) {
    const encoder = await openEncoder(encoderName);
    const n = encoderName === "lexical" ? N_DECISIONS : N_DECISIONS / 20;
    say(`serving: embedding by ${encoderName}`);
    const embed = async (i: number): Promise<unknown> => await encoder.encode([`${i} ${PROMPT}`]);
    rows.push(await timed(`embedding, ${encoderName}`, n, embed));
  }
  const encoder = await openEncoder("lexical");
  for (const kind of ["linear", "group", "knn"] satisfies TimedRouter[]) {
    say(`serving: deciding by ${kind}`);
    const router = loadRouter(await madeRouterFile(kind));
    const vectors = await Promise.all(texts.map((text) => encoder.encode([text])));
    const options = {
      setting: { name: "any", willingnessToPay: 0.01 },
      explore: 0.05,
      random: seededRandom(1),
    };
    const one = async (i: number): Promise<unknown> =>
      decide(expectationOf(await router.predict(vectors[i]), 0), options);
    rows.push(await timed(`deciding, ${kind}`, texts.length, one));
  }
  return rows;
}

async function timed(work: string, n: number, one: (i: number) => Promise<unknown>): Promise<ServingRow> {
  for (let i = 0; i < n / 10; i++) await one(i);
  const milliseconds = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await one(i);
    milliseconds[i] = performance.now() - start;
  }
  const perSecond = 1000 * n / milliseconds.reduce((sum, each) => sum + each, 0);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantileOfSorted(milliseconds.toSorted(), share));
  return { work, connections: 1, p50, p95, p99, perSecond, ofDirect: null };
}
