/// <reference lib="deno.worker" />
import { type Network, openNetwork } from "./_network.ts";

/** To a worker: first the network, then one batch of texts after the other as the numbers of their word pieces. */
export type ToWorker =
  | { readonly networkPath: string; readonly nDims: number }
  | { readonly job: number; readonly texts: readonly (readonly number[])[] };

/** From a worker: it is ready, the vectors of a batch, or an error that ends the work. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly job: number; readonly vectors: readonly Float32Array[] }
  | { readonly error: string };

let network: Network | null = null;

async function answer(message: ToWorker): Promise<FromWorker> {
  try {
    if ("networkPath" in message) {
      // One thread each: as many workers as processors, and no thread waits for another.
      network = await openNetwork(message.networkPath, { nDims: message.nDims, threads: 1 });
      return { ready: true };
    }
    return { job: message.job, vectors: await network!(message.texts) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<ToWorker>): Promise<void> => self.postMessage(await answer(data));
