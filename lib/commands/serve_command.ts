import { join } from "node:path";
import { isLoopback, listen } from "../serve/listen.ts";
import type { LiveRouter } from "../serve/live_router.ts";
import { liveRouterOf } from "../serve/live_router_of.ts";
import { LiveServer } from "../serve/live_server.ts";
import { EXAMPLE_CONFIG } from "../serve/models_config.ts";
import { modelNames } from "../serve/answer_chat.ts";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { choiceOption, type CommandInput, numberOption, seedOf, shareOfText } from "./command_options.ts";
import { keysOf, reachOf, readConfig, reloadOnHangUp } from "./serve_config.ts";
import { LOG_OPTIONS, logOf, openLog } from "./serve_log.ts";
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
    ...LOG_OPTIONS,
    "log-prompts": { value: "HOW", says: "what the log keeps of prompts: text, hash or none", default: "text" },
    "explore": {
      value: "X",
      says:
        "share of requests whose model is drawn from all with equal chance, so that the log can judge other routers",
      default: "0",
    },
    "shadow": {
      value: "OTHER.json",
      says: "a router that decides too, after each answer, and is only logged",
    },
    "share": {
      value: "10%",
      says: "routes this share of the requests and sends the others to --default-model: an A/B test",
    },
    "default-model": { value: "NAME", says: "where requests go that --share does not route" },
    "seed": { value: "N", says: "seed of all draws", default: "1" },
  },
  notes: 'POST /v1/chat/completions takes "router", "router-95" or a model\'s own name; POST /v1/feedback takes ' +
    '{"request_id", "quality"}. GET /v1/models, /health, /ready, /metrics. SIGTERM lets requests come to their end; SIGHUP reads the configuration ' +
    "anew. A kill -9 loses log lines of at most a quarter of a second. OTEL_DENO=true sends traces and metrics to a collector.",
  example: "results/mine/router.json --config models.json --explore 0.05",
  access: accessOf,
  run: runServe,
};

/** The hosts of the configuration and its own port, and no others; the variables that hold keys; the log folder. */
function accessOf(input: CommandInput, { root, weights }: ProjectFolders): Access {
  if (input.isOn("example")) return { read: [], write: [], net: [], env: [] };
  const { router, configFile } = filesOf(input);
  const host = input.text("host")!;
  const { hosts, keyNames } = reachOf(readConfig(configFile));
  const { folder, reach } = logOf(input);
  return {
    read: [router, configFile, ...textsOf(input, "shadow"), join(root, "lib"), weights],
    write: [],
    out: folder,
    net: [
      ...new Set([
        `${host.includes(":") ? `[${host}]` : host}:${portOf(input)}`,
        ...hosts,
        ...(reach?.net ?? []),
      ]),
    ],
    env: [
      ...new Set([
        ...ROUTER_VARIABLES,
        ...keyNames,
        ...textsOf(input, "key-env"),
        ...(reach?.env ?? []),
      ]),
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

function textsOf(input: CommandInput, name: string): string[] {
  const text = input.text(name);
  return text === null ? [] : [text];
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
  const seed = seedOf(input);
  const port = portOf(input);
  const routedShare = routedShareOf(input);
  const router = await openRouter(routerFile, { weights, setting: input.text("setting")! });
  const shadowFile = input.text("shadow");
  const shadow = shadowFile === null ? null : await openRouter(shadowFile, { weights });
  const place = logOf(input);
  const log = await openLog(place, onError);
  const server = new LiveServer({
    router: router.live,
    shadow: shadow?.live ?? null,
    config,
    configName: configFile,
    keys: keysOf(config),
    log,
    loggedPrompts,
    explore,
    routedShare,
    clientKey,
    seed,
    onError,
  });
  await server.warmUp();
  const { live } = router;
  const listening = listen(server, { hostname, port });
  const stopReloading = reloadOnHangUp(server, { configFile, say });
  say(`Serving ${live.name} (${live.sha256.slice(0, 12)}) on ${listening.url}/v1`);
  say(`  Names: ${modelNames(live).join(", ")}; "router" is "router-${live.settings[0].name}"`);
  say(
    `  Routed text: ${config.routedText}. Encoder: ${router.encoder}. Log: ${
      place.address ?? place.folder
    }, prompts as ${loggedPrompts}.`,
  );
  say(
    `  Exploring: ${explore} of the requests, seed ${seed}. Clients need ${clientKey === null ? "no key" : "a key"}.`,
  );
  if (routedShare !== null) {
    say(`  Routed: ${routedShare.share} of the requests; the others go to ${routedShare.defaultModel}.`);
  }
  if (shadow !== null) say(`  Shadow: ${shadow.live.name} (${shadow.live.sha256.slice(0, 12)}), only logged.`);
  await untilToldToEnd();
  stopReloading();
  say("Ending: requests that are being answered come to their end");
  await listening.stop();
  await log.close();
  const { written, waiting, lost } = log.counts;
  const left = waiting === 0 ? "" : `; ${waiting} wait in ${place.folder} and are sent by the next start`;
  say(`Ended; ${written} lines were logged, ${lost} lost${left}`);
  return 0;
}

async function openRouter(
  file: string,
  { weights, setting }: { readonly weights: string; readonly setting?: string },
): Promise<{ readonly live: LiveRouter; readonly encoder: string }> {
  const loaded = await readRouter(file);
  const encoder = await encoderOf(loaded, weights);
  return { live: liveRouterOf(loaded, { encoder, setting }), encoder: encoder?.name ?? "none" };
}

/** The A/B test that the options ask for; `null` where all requests are routed. */
function routedShareOf(input: CommandInput): { readonly share: number; readonly defaultModel: string } | null {
  const defaultModel = input.text("default-model");
  const text = input.text("share");
  if ((text === null) !== (defaultModel === null)) {
    throw new TypeError(
      `Cannot read the options as --share and --default-model belong together: there is no ${
        text === null ? "--share" : "--default-model"
      }`,
    );
  }
  if (text === null || defaultModel === null) return null;
  const share = shareOfText(text);
  if (share > 0 && share < 1) return { share, defaultModel };
  throw new TypeError(`Cannot read the options as --share must be between 0 and 1, or 0% and 100%: it is "${text}"`);
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
