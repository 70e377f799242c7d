/// <reference lib="deno.worker" />
import { turnOffTelemetry } from "../telemetry_off.ts";
import { meanUnitVector } from "./_pooling.ts";

/** To a worker: first the network, then one text after the other as the numbers of its word pieces. */
export type ToWorker =
  | { readonly modelPath: string; readonly nDims: number }
  | { readonly job: number; readonly ids: readonly number[] };

/** From a worker: it is ready, a text's vector, or an error that ends the work. */
export type FromWorker = { readonly ready: true } | { readonly job: number; readonly vector: Float32Array } | { readonly error: string };

type Run = (ids: readonly number[]) => Promise<Float32Array>;

let run: Run | null = null;

async function openNetwork(modelPath: string, nDims: number): Promise<Run> {
  turnOffTelemetry();
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  // One thread each: as many workers as processors, and no thread waits for another.
  const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  return async (ids) => {
    const dims = [1, ids.length];
    const inputs: Record<string, InstanceType<typeof Tensor>> = {
      input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), dims),
      attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims),
      token_type_ids: new Tensor("int64", new BigInt64Array(ids.length), dims),
    };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]]));
    const { last_hidden_state } = await session.run(feeds, ["last_hidden_state"]);
    return meanUnitVector(last_hidden_state.data as Float32Array, nDims);
  };
}

async function answer(message: ToWorker): Promise<FromWorker> {
  try {
    if ("modelPath" in message) {
      run = await openNetwork(message.modelPath, message.nDims);
      return { ready: true };
    }
    return { job: message.job, vector: await run!(message.ids) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<ToWorker>): Promise<void> => self.postMessage(await answer(data));
