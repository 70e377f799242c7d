import { join } from "node:path";
import { sha256Of } from "../base/sha256.ts";
import { turnOffTelemetry } from "../base/telemetry_off.ts";
import { removeIfThere } from "../base/unfinished.ts";

/** The part of transformers.js that is used here. */
export type Transformers = typeof import("@huggingface/transformers");

/** Where transformers.js may look for files during one job. */
export type FileSource =
  | { readonly kind: "local" }
  | { readonly kind: "hub"; readonly cacheFolder: string; readonly remoteHost: string; readonly fetch: typeof fetch };

let lastJob: Promise<unknown> = Promise.resolve();

/**
 * Runs a job with transformers.js, which is loaded at the first one. Its settings are global, so jobs wait for each other, and each
 * sets all of them: a local job reaches no network, whatever a job before it was allowed.
 */
export function withTransformers<T>(source: FileSource, job: (transformers: Transformers) => Promise<T>): Promise<T> {
  const run = async (): Promise<T> => {
    turnOffTelemetry();
    const transformers = await import("@huggingface/transformers");
    const { env, LogLevel } = transformers;
    const isHub = source.kind === "hub";
    env.logLevel = LogLevel.ERROR;
    env.allowLocalModels = !isHub;
    env.allowRemoteModels = isHub;
    env.useBrowserCache = false; // Deno's Cache interface would hide the files in Deno's own folder
    env.useFSCache = isHub;
    if (isHub) {
      env.cacheDir = source.cacheFolder;
      env.remoteHost = source.remoteHost;
      env.fetch = source.fetch as typeof env.fetch;
    }
    return await job(transformers);
  };
  const result = lastJob.then(run);
  lastJob = result.catch(() => undefined);
  return result;
}

/** How the hub is reached; a test puts its own `fetch` here. */
export interface HubOptions {
  /** Begins each address. */
  readonly remoteHost: string;
  /** Answers each request. */
  readonly fetch: typeof fetch;
  /** How long the first request may wait for its answer, in seconds, so that a machine without a network is not kept waiting. */
  readonly firstAnswerSeconds: number;
  /** Which version of an encoder is taken, by its hub id; of others the newest. */
  readonly pins: Readonly<Record<string, HubPin>>;
}

/** One version of an encoder on the hub. */
export interface HubPin {
  /** The commit. */
  readonly revision: string;
  /** SHA-256 of its files, in hexadecimal digits. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** The commit that has stood since 2025-07-22, and what its files hash to. */
const PINS: Readonly<Record<string, HubPin>> = {
  "Xenova/all-MiniLM-L6-v2": {
    revision: "751bff37182d3f1213fa05d7196b954e230abad9",
    sha256: {
      "config.json": "7135149f7cffa1a573466c6e4d8423ed73b62fd2332c575bf738a0d033f70df7",
      "tokenizer.json": "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
      "tokenizer_config.json": "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
      "onnx/model_quantized.onnx": "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
    },
  },
};

/** The Hugging Face hub. */
export const HUGGING_FACE: HubOptions = {
  remoteHost: "https://huggingface.co/",
  fetch: (input, init) => fetch(input, init),
  firstAnswerSeconds: 5,
  pins: PINS,
};

/** Later requests are redirected to a store that may be slow to begin. */
const LATER_ANSWER_SECONDS = 30;

/**
 * Fetches an encoder's files to `<weightsFolder>/<hubId>/` by transformers.js's own download, which renames each file when it is whole. Of an encoder
 * that is pinned, that commit is asked for, and what comes is kept only if each file has the right SHA-256.
 *
 * @returns what the hub answered, or null if all files are there
 */
export async function fetchFromHub(hubId: string, weightsFolder: string, options: HubOptions): Promise<string | null> {
  const { remoteHost, firstAnswerSeconds, pins } = options;
  const pin = Object.hasOwn(pins, hubId) ? pins[hubId] : null;
  const fetchInTime = fetchWithDeadline(
    pin === null ? options.fetch : ofCommit(options.fetch, pin),
    firstAnswerSeconds,
  );
  try {
    await withTransformers(
      { kind: "hub", cacheFolder: weightsFolder, remoteHost, fetch: fetchInTime },
      async (transformers) => {
        await transformers.AutoTokenizer.from_pretrained(hubId);
        const network = await transformers.AutoModel.from_pretrained(hubId, { dtype: "q8" });
        await network.dispose();
      },
    );
    return pin === null ? null : await unlessChanged(join(weightsFolder, hubId), pin);
  } catch (error) {
    return error instanceof Error ? messageWithCause(error) : String(error);
  }
}

/** Asks for a commit where transformers.js asks for the newest version: it would put the files of a commit into a folder of its own. */
function ofCommit(inner: typeof fetch, { revision }: HubPin): typeof fetch {
  return (input, init) => inner(String(input).replace("/resolve/main/", `/resolve/${revision}/`), init);
}

/** Removes files of which one is not what the pin says, and says which. */
async function unlessChanged(folder: string, { sha256 }: HubPin): Promise<string | null> {
  for (const [path, wanted] of Object.entries(sha256)) {
    const found = sha256Of(join(folder, path));
    if (found === wanted) continue;
    await removeIfThere(folder);
    return `"${path}" must have the SHA-256 ${wanted}: it has ${found}`;
  }
  return null;
}

/** Fails if the head of an answer takes too long; the body has no limit. */
function fetchWithDeadline(inner: typeof fetch, firstAnswerSeconds: number): typeof fetch {
  let answered = false;
  return async (input, init) => {
    const seconds = answered ? LATER_ANSWER_SECONDS : firstAnswerSeconds;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`no answer within ${seconds} s`)), seconds * 1000);
    try {
      const response = await inner(input, { ...init, signal: abort.signal });
      answered = true;
      return response;
    } finally {
      clearTimeout(timer);
    }
  };
}

function messageWithCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
