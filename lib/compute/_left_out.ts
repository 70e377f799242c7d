import { ELEMENT_CODES, GraphBuilder } from "./_graph.ts";
import { threadsFor, withSession } from "./_session.ts";
import type { Matrix64 } from "./matrix.ts";

/** Rows whose errors are computed at a time: their predictions for all penalties stay in the processor's cache. */
const ROWS_AT_A_TIME = 512;

/** The leverage of each row minus the intercept's 1/n, `[n]`. */
export function leveragesOf({ rows, cols, values }: Matrix64, inverse: readonly number[]): Float64Array {
  const leverages = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let k = 0; k < cols; k++, at++) leverages[i] += values[at] * values[at] * inverse[k];
  }
  return leverages;
}

/** Residuals of each row from a fit without it, `[n · m]`. */
export function leftOutResiduals(
  { rows: n, cols: m, values: target }: Matrix64,
  { predicted, leverages }: { readonly predicted: Matrix64; readonly leverages: Float64Array },
): Float64Array {
  return target.map((value, at) => (value - predicted.values[at]) / (1 - 1 / n - leverages[Math.floor(at / m)]));
}

/** Mean squared left-out residual of each column of the target, for each penalty. */
export async function leaveOneOutErrors(
  { rotated, target }: { readonly rotated: Matrix64; readonly target: Matrix64 },
  { coefficients, inverses }: { readonly coefficients: Matrix64; readonly inverses: Matrix64 },
): Promise<Float64Array[]> {
  const { rows: n, cols: m } = target;
  const r = rotated.cols;
  const nAlphas = inverses.cols;
  const errors = Array.from({ length: nAlphas }, () => new Float64Array(m));
  // Vectors that are all equal have no axes: every prediction is the mean.
  if (r === 0) {
    const residuals = leftOutResiduals(target, {
      predicted: { ...target, values: new Float64Array(n * m) },
      leverages: new Float64Array(n),
    });
    for (const of of errors) residuals.forEach((residual, at) => of[at % m] += residual * residual / n);
    return errors;
  }
  const kind = { key: "left-out errors", graph: leftOutGraph, threads: threadsFor(n * r * coefficients.cols) };
  await withSession(kind, async (session) => {
    const fixed = {
      coefficients: session.tensor(coefficients.values, [r, nAlphas * m]),
      inverses: session.tensor(inverses.values, [r, nAlphas]),
      most: session.tensor(Float64Array.of(1 - 1 / n), []),
      shape: session.tensor(Int32Array.of(-1, nAlphas, m), [3]),
    };
    for (let start = 0; start < n; start += ROWS_AT_A_TIME) {
      const end = Math.min(start + ROWS_AT_A_TIME, n);
      const { sums } = await session.run({
        ...fixed,
        rotated: session.tensor(rotated.values.subarray(start * r, end * r), [end - start, r]),
        target: session.tensor(target.values.subarray(start * m, end * m), [end - start, 1, m]),
      });
      (sums.data as Float64Array).forEach((sum, at) => errors[Math.floor(at / m)][at % m] += sum / n);
    }
  });
  return errors;
}

/** Sums over a block of rows, [penalties, m], of ((y − Z C) / (1 − 1/n − Z² I))² for coefficients C and inverses I of all penalties. */
function leftOutGraph(): Uint8Array {
  const graph = new GraphBuilder();
  const rotated = graph.input("rotated", "float64", ["b", "r"]);
  const target = graph.input("target", "float64", ["b", 1, "m"]);
  const coefficients = graph.input("coefficients", "float64", ["r", "am"]);
  const inverses = graph.input("inverses", "float64", ["r", "a"]);
  const most = graph.input("most", "float64", []);
  const shape = graph.apply("Cast", [graph.input("shape", "int32", [3])], { to: ELEMENT_CODES.int64 });
  const predicted = graph.apply("Reshape", [graph.apply("MatMul", [rotated, coefficients]), shape]);
  const leverages = graph.apply("MatMul", [graph.apply("Mul", [rotated, rotated]), inverses]);
  const left = graph.apply("Unsqueeze", [graph.apply("Sub", [most, leverages]), graph.constant("int64", [2])]);
  const residuals = graph.apply("Div", [graph.apply("Sub", [target, predicted]), left]);
  const sums = graph.apply("ReduceSumSquare", [residuals, graph.constant("int64", [0])], { keepdims: 0 });
  graph.output("sums", sums, { type: "float64", dims: ["a", "m"] });
  return graph.toBytes();
}
