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
