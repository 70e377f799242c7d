import type { InferenceSession, Tensor } from "onnxruntime-node";
import { turnOffTelemetry } from "../base/telemetry_off.ts";
import { checkCount } from "./_checks.ts";

/** Two threads inside an operator were the fastest setting on two cores. */
const DEFAULT_THREADS = 2;

/** A graph that is open for running. */
export interface OpenGraph {
  /** A tensor over the given numbers, without a copy; the array's type decides the element type. */
  tensor(values: Float32Array | Float64Array | Int32Array, dims: readonly number[]): Tensor;
  /** Runs the graph, into the given tensors where there are some. */
  run: InferenceSession["run"];
  /** Frees the native memory. */
  release(): Promise<void>;
}

/** Opens a graph for running; the caller releases it. ONNX Runtime is loaded at the first call, its telemetry off. */
export async function openSession(graph: Uint8Array, options: { readonly threads?: number } = {}): Promise<OpenGraph> {
  const threads = options.threads ?? DEFAULT_THREADS;
  checkCount("open an ONNX graph", "threads", { value: threads, least: 1 });
  turnOffTelemetry();
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  const session = await InferenceSession.create(graph, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const types = new Map<unknown, "float32" | "float64" | "int32">([
    [Float32Array, "float32"],
    [Float64Array, "float64"],
    [
      Int32Array,
      "int32",
    ],
  ]);
  return {
    tensor: (values, dims) => new Tensor(types.get(values.constructor)!, values, dims),
    run: session.run.bind(session),
    release: () => session.release(),
  };
}

/** Work of fewer multiplications is done by one thread: waiting for a second one takes longer than it saves, above all beside other programs. */
const LEAST_FOR_THREADS = 2 ** 23;

/** The threads for some work: as asked, else one for little work. They change no result. */
export function threadsFor(nMultiplications: number, asked?: number): number {
  return asked ?? (nMultiplications < LEAST_FOR_THREADS ? 1 : DEFAULT_THREADS);
}

/** Greatest number of sessions that are kept open for later calls. */
const MOST_KEPT = 16;
const kept = new Map<string, Promise<OpenGraph>>();

/**
 * Runs a body with a graph that stays open for later calls with the same key: opening one takes longer than a small product. Where many are open
 * already, the graph is opened for this body alone. Bodies may run at the same time.
 *
 * @param key names the graph and all that it was made from
 */
export async function withSession<T>(
  { key, graph, threads }: { readonly key: string; readonly graph: () => Uint8Array; readonly threads: number },
  body: (session: OpenGraph) => Promise<T>,
): Promise<T> {
  const name = `${key}, ${threads} threads`;
  const known = kept.get(name);
  if (known !== undefined) return await body(await known);
  const opening = openSession(graph(), { threads });
  if (kept.size < MOST_KEPT) {
    kept.set(name, opening);
    opening.catch(() => kept.delete(name));
    return await body(await opening);
  }
  const session = await opening;
  try {
    return await body(session);
  } finally {
    await session.release();
  }
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
