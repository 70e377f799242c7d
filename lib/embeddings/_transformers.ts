import { turnOffTelemetry } from "../base/telemetry_off.ts";

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
}

/** The Hugging Face hub. */
export const HUGGING_FACE: HubOptions = {
  remoteHost: "https://huggingface.co/",
  fetch: (input, init) => fetch(input, init),
  firstAnswerSeconds: 5,
};

/** Later requests are redirected to a store that may be slow to begin. */
const LATER_ANSWER_SECONDS = 30;

/**
 * Fetches an encoder's files to `<weightsFolder>/<hubId>/` by transformers.js's own download, which renames each file when it is whole.
 *
 * @returns what the hub answered, or null if all files are there
 */
export async function fetchFromHub(hubId: string, weightsFolder: string, options: HubOptions): Promise<string | null> {
  const { remoteHost, firstAnswerSeconds } = options;
  const fetchInTime = fetchWithDeadline(options.fetch, firstAnswerSeconds);
  try {
    await withTransformers(
      { kind: "hub", cacheFolder: weightsFolder, remoteHost, fetch: fetchInTime },
      async (transformers) => {
        await transformers.AutoTokenizer.from_pretrained(hubId);
        const network = await transformers.AutoModel.from_pretrained(hubId, { dtype: "q8" });
        await network.dispose();
      },
    );
    return null;
  } catch (error) {
    return error instanceof Error ? messageWithCause(error) : String(error);
  }
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
