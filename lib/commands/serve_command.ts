import { join } from "node:path";
import { isLoopback, listen } from "../serve/listen.ts";
import { liveRouterOf } from "../serve/live_router_of.ts";
import { LiveServer } from "../serve/live_server.ts";
import { EXAMPLE_CONFIG, parseServeConfig, type ServeConfig } from "../serve/models_config.ts";
import { modelNames } from "../serve/answer_chat.ts";
import { RequestLog } from "../serve/request_log.ts";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { choiceOption, type CommandInput, numberOption, WHOLE_NUMBER } from "./command_options.ts";
import { encoderOf, readRouter, ROUTER_VARIABLES } from "./saved_router.ts";

/** `deno task serve ROUTER.json --config models.json`: a saved router in front of models, by OpenAI's API. */
export const SERVE: Command = {
  name: "serve",
  summary: "Answers requests of OpenAI's API by a saved router, and logs what it did.",
  word: {
    name: "ROUTER.json",
    says: "the router file that deno task evaluate FILE --keep 95% saves",
    times: "at most once",
  },
  options: {
    "config": { value: "FILE", says: "how the router's models are reached and what they cost; see --example" },
    "example": { says: "prints such a file" },
    "host": {
      value: "NAME",
      says: "where it listens; elsewhere than on this machine it needs --key-env",
      default: "127.0.0.1",
    },
    "port": { value: "N", says: "the port", default: "8787" },
    "setting": {
      value: "NAME",
      says: 'what "router" alone means: recommended, or a promise such as 95',
      default: "recommended",
    },
    "key-env": { value: "NAME", says: "the variable with the key that clients must bring" },
    "log": { value: "FOLDER", says: "where the log goes", default: join("results", "serve") },
    "log-prompts": { value: "HOW", says: "what the log keeps of prompts: text, hash or none", default: "text" },
    "explore": {
      value: "X",
      says:
        "share of requests whose model is drawn from all with equal chance, so that the log can judge other routers",
      default: "0",
    },
    "seed": { value: "N", says: "seed of these draws", default: "1" },
  },
  notes: 'POST /v1/chat/completions takes "router", "router-95" or a model\'s own name; POST /v1/feedback takes ' +
    '{"request_id", "quality"}. GET /v1/models, /health, /ready, /metrics. SIGTERM lets requests come to their end.',
  example: "results/mine/router.json --config models.json --explore 0.05",
  access: accessOf,
  run: runServe,
};

/** The hosts of the configuration and its own port, and no others; the variables that hold keys; the log folder. */
function accessOf(input: CommandInput, { root, weights }: ProjectFolders): Access {
  if (input.isOn("example")) return { read: [], write: [], net: [], env: [] };
  const { router, configFile } = filesOf(input);
  const { models } = readConfig(configFile);
  const hosts = models.map(({ baseUrl }) => new URL(baseUrl)).map(({ hostname, port, protocol }) =>
    `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`
  );
  const keys = models.flatMap(({ keyEnv }) => keyEnv ?? []);
  const host = input.text("host")!;
  return {
    read: [router, configFile, join(root, "lib"), weights],
    write: [],
    out: input.text("log"),
    isShared: true, // the names of its files hold the number of the process
    net: [...new Set([`${host.includes(":") ? `[${host}]` : host}:${portOf(input)}`, ...hosts])],
    env: [
      ...new Set([...ROUTER_VARIABLES, ...keys, ...(input.text("key-env") === null ? [] : [input.text("key-env")!])]),
    ],
  };
}

function filesOf(input: CommandInput): { readonly router: string; readonly configFile: string } {
  const [router] = input.words;
  const configFile = input.text("config");
  if (router !== undefined && configFile !== null) return { router, configFile };
  throw new TypeError(
    `Cannot serve as a router file and --config must be given: ${
      router === undefined ? "there is no router file" : "there is no --config"
    }; see --help, and --example for the configuration`,
  );
}

function readConfig(file: string): ServeConfig {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    throw new Error(`Cannot read "${file}" as it must be a file that may be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  return parseServeConfig(text, file);
}

function portOf(input: CommandInput): number {
  return numberOption(input, "port", {
    words: "a whole number up to 65535",
    holds: (value) => Number.isInteger(value) && value >= 0 && value <= 65535,
  });
}

async function runServe(
  input: CommandInput,
  { weights }: ProjectFolders,
  say: (text: string) => void,
): Promise<number> {
  if (input.isOn("example")) {
    say(JSON.stringify(EXAMPLE_CONFIG, null, 2));
    return 0;
  }
  const { router: routerFile, configFile } = filesOf(input);
  const config = readConfig(configFile);
  const hostname = input.text("host")!;
  const clientKey = clientKeyOf(input, hostname);
  const loggedPrompts = choiceOption(input, "log-prompts", ["text", "hash", "none"])!;
  const explore = numberOption(input, "explore", { words: "in 0..1", holds: (value) => value >= 0 && value <= 1 });
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const port = portOf(input);
  const loaded = await readRouter(routerFile);
  const encoder = await encoderOf(loaded, weights);
  const router = liveRouterOf(loaded, { encoder, setting: input.text("setting")! });
  const folder = input.text("log")!;
  const keys = new Map(
    config.models.flatMap(({ keyEnv }): [string, string][] =>
      keyEnv === null ? [] : [[keyEnv, Deno.env.get(keyEnv) ?? ""]]
    ),
  );
  const log = await RequestLog.open({ folder, onError });
  const options = {
    router,
    config,
    configName: configFile,
    keys,
    log,
    loggedPrompts,
    explore,
    clientKey,
    seed,
    onError,
  };
  const server = new LiveServer(options);
  await router.predict(["The first prediction loads what the others need."]);
  const listening = listen(server, { hostname, port });
  say(`Serving ${router.name} (${router.sha256.slice(0, 12)}) on ${listening.url}/v1`);
  say(`  Names: ${modelNames(router).join(", ")}; "router" is "router-${router.settings[0].name}"`);
  say(
    `  Routed text: ${config.routedText}. Encoder: ${
      encoder?.name ?? "none"
    }. Log: ${folder}, prompts as ${loggedPrompts}.`,
  );
  say(
    `  Exploring: ${explore} of the requests, seed ${seed}. Clients need ${clientKey === null ? "no key" : "a key"}.`,
  );
  await untilToldToEnd();
  say("Ending: requests that are being answered come to their end");
  await listening.stop();
  await log.close();
  const { written, lost } = log.counts;
  say(`Ended; ${written} lines were logged, ${lost} lost`);
  return 0;
}

function clientKeyOf(input: CommandInput, hostname: string): string | null {
  const name = input.text("key-env");
  if (name === null) {
    if (isLoopback(hostname)) return null;
    throw new TypeError(
      `Cannot serve as clients must bring a key where others can reach the server: it listens on "${hostname}"; pass --key-env NAME`,
    );
  }
  const key = Deno.env.get(name) ?? "";
  if (key !== "") return key;
  throw new TypeError(`Cannot serve as --key-env must name a variable with a key: ${name} is not set; set it`);
}

/** Says on stderr what clients must not see. */
function onError(error: unknown): void {
  // deno-lint-ignore no-console
  console.error(error instanceof Error ? error.stack ?? error.message : error);
}

/** Waits for SIGTERM or Ctrl-C; a second one ends the program at once. */
function untilToldToEnd(): Promise<void> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of signals) Deno.removeSignalListener(signal, end);
      resolve();
    };
    for (const signal of signals) Deno.addSignalListener(signal, end);
  });
}
