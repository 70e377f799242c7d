import { Buffer } from "node:buffer";
import { turnOffTelemetry } from "../base/telemetry_off.ts";

/** Makes the vectors of some texts of equally many word pieces. */
export type Network = (texts: readonly (readonly number[])[]) => Promise<Float32Array[]>;

const OUTPUT = "last_hidden_state";

/**
 * Opens an encoder's network: word pieces in, the mean over the pieces at length one out.
 *
 * The fusion of addition and normalisation is turned off: the fused kernel takes eight times as long as the two, and a tenth of the whole time.
 *
 * @throws Error if the file is no network, or not a sentence encoder's
 */
export async function openNetwork(
  path: string,
  options: { readonly nDims: number; readonly threads: number },
): Promise<Network> {
  turnOffTelemetry();
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { optimization: { disable_specified_optimizers: "SkipLayerNormFusion" } },
  });
  if (!session.outputNames.includes(OUTPUT)) {
    throw new Error(`its network must answer ${OUTPUT}: it answers ${session.outputNames.join(", ")}`);
  }
  return async (texts) => {
    const nPieces = texts[0].length;
    const dims = [texts.length, nPieces];
    const size = texts.length * nPieces;
    const inputs: Record<string, InstanceType<typeof Tensor>> = {
      input_ids: new Tensor("int64", BigInt64Array.from(texts.flat(), BigInt), dims),
      attention_mask: new Tensor("int64", new BigInt64Array(size).fill(1n), dims),
      token_type_ids: new Tensor("int64", new BigInt64Array(size), dims),
    };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]]));
    const hidden = (await session.run(feeds, [OUTPUT]))[OUTPUT].data as Float32Array; // [texts · nPieces · nDims]
    const textSize = nPieces * options.nDims;
    return texts.map((_, i) => meanUnitVector(hidden.subarray(i * textSize, (i + 1) * textSize), options.nDims));
  };
}

/**
 * Whether a network gives a text the same bits alone and beside others of as many word pieces. It does unless it measures, while it runs, the
 * range of its activations over the whole batch, for which ONNX has operators whose names begin with "DynamicQuantize".
 *
 * @param file the file's bytes; operators lie in it as text, however they are nested
 */
export function isBatchIndependent(file: Uint8Array): boolean {
  return !Buffer.from(file.buffer, file.byteOffset, file.byteLength).includes("DynamicQuantize");
}

/**
 * The mean over the word pieces, scaled to Euclidean length one: the pooling of the sentence-transformers encoders.
 *
 * @param hidden the network's last layer for one text, row-major `[nTokens · nDims]`
 */
function meanUnitVector(hidden: Float32Array, nDims: number): Float32Array {
  const sum = new Float64Array(nDims);
  for (let at = 0; at < hidden.length; at += nDims) {
    for (let d = 0; d < nDims; d++) sum[d] += hidden[at + d];
  }
  let squares = 0;
  for (let d = 0; d < nDims; d++) squares += sum[d] * sum[d];
  const norm = Math.sqrt(squares);
  const vector = new Float32Array(nDims);
  for (let d = 0; d < nDims; d++) vector[d] = sum[d] / norm;
  return vector;
}
