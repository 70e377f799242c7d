import "./_telemetry.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { checkCount } from "./_checks.ts";

/** Two threads inside an operator were the fastest setting on two cores; results do not depend on the number. */
const DEFAULT_THREADS = 2;

/** Opens a graph for running. The caller releases the session, which frees its native memory. */
export function openSession(graph: Uint8Array, options: { readonly threads?: number } = {}): Promise<InferenceSession> {
  const threads = options.threads ?? DEFAULT_THREADS;
  checkCount("open an ONNX graph", "threads", { value: threads, least: 1 });
  return InferenceSession.create(graph, { intraOpNumThreads: threads, interOpNumThreads: 1 });
}

/** A tensor over the given numbers, without a copy; the array's type decides the element type. */
export function tensorOf(values: Float32Array | Float64Array | Int32Array, dims: readonly number[]): Tensor {
  if (values instanceof Float32Array) return new Tensor("float32", values, dims);
  if (values instanceof Float64Array) return new Tensor("float64", values, dims);
  return new Tensor("int32", values, dims);
}

/**
 * The numbers of a matrix, with a row of zeros added if it has only one row. ONNX Runtime multiplies a single row by other
 * code, which rounds differently: without this, a row's results would depend on how many rows are computed with it.
 */
export function atLeastTwoRows<T extends Float32Array | Float64Array>(values: T, cols: number): T {
  if (values.length > cols) return values;
  const padded = new (values.constructor as new (length: number) => T)(2 * cols);
  padded.set(values);
  return padded;
}
