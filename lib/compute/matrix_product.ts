import { needKnownOptions } from "../base/options.ts";
import { checkShape } from "./_checks.ts";
import { GraphBuilder } from "./_graph.ts";
import { threadsFor, withSession } from "./_session.ts";
import type { Matrix64 } from "./matrix.ts";

/** Options of {@linkcode multiply}. */
export interface MultiplyOptions {
  /** Take aᵀ for a. Default: false. */
  readonly transposeA?: boolean;
  /** Take bᵀ for b. Default: false. */
  readonly transposeB?: boolean;
  /** Threads of ONNX Runtime; they change no result. Default: 2, for little work 1. */
  readonly threads?: number;
}

/**
 * Multiplies two matrices in double precision; tall data become normal equations by `multiply(x, x, { transposeA: true })`.
 *
 * **Shapes**: a is p × q and b is q × r after transposition; the result is p × r. Time O(p·q·r).
 *
 * @throws TypeError if a matrix's length is not rows × cols, if the inner sizes differ, or if an option is unknown
 * @example
 * ```ts
 * import { multiply } from "./matrix_product.ts";
 * import assert from "node:assert/strict";
 *
 * const x = { rows: 3, cols: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) };
 * const gram = await multiply(x, x, { transposeA: true });
 * assert.deepEqual(gram, { rows: 2, cols: 2, values: Float64Array.of(35, 44, 44, 56) });
 * ```
 */
export async function multiply(a: Matrix64, b: Matrix64, options: MultiplyOptions = {}): Promise<Matrix64> {
  needKnownOptions("multiply matrices", options, { known: ["transposeA", "transposeB", "threads"] });
  checkShape("multiply matrices", "a", a);
  checkShape("multiply matrices", "b", b);
  const transposeA = options.transposeA ?? false;
  const transposeB = options.transposeB ?? false;
  const [rows, innerA] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
  const [innerB, cols] = transposeB ? [b.cols, b.rows] : [b.rows, b.cols];
  if (innerA !== innerB) {
    const found = `a is ${rows}×${innerA}, b is ${innerB}×${cols} after transposition`;
    throw new TypeError(
      `Cannot multiply matrices as the columns of a must equal the rows of b: ${found}; transpose one or correct its shape`,
    );
  }
  // An empty sum is zero; ONNX Runtime need not be asked for it.
  if (rows * cols * innerA === 0) return { rows, cols, values: new Float64Array(rows * cols) };
  const kind = {
    key: `product ${transposeA} ${transposeB}`,
    graph: () => productGraph(Number(transposeA), Number(transposeB)),
    threads: threadsFor(rows * cols * innerA, options.threads),
  };
  return await withSession(kind, async (session) => {
    const feeds = { a: session.tensor(a.values, [a.rows, a.cols]), b: session.tensor(b.values, [b.rows, b.cols]) };
    const { product } = await session.run(feeds);
    return { rows, cols, values: product.data as Float64Array };
  });
}

function productGraph(transA: number, transB: number): Uint8Array {
  const graph = new GraphBuilder();
  const a = graph.input("a", "float64", ["rowsA", "colsA"]);
  const b = graph.input("b", "float64", ["rowsB", "colsB"]);
  graph.output("product", graph.apply("Gemm", [a, b], { transA, transB }), { type: "float64", dims: ["rows", "cols"] });
  return graph.toBytes();
}
