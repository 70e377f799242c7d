import { nearestNeighbours } from "../lib/compute/nearest_neighbours.ts";
import { trainMlp } from "../lib/compute/mlp_training.ts";
import { sweepWillingnessToPay } from "../lib/evaluation/policy.ts";
import { modelMeans } from "../lib/outcomes/outcome_table.ts";
import { nonDecreasingHull } from "../lib/plane/non_decreasing_hull.ts";
import { seededRandom } from "../lib/base/random.ts";
import { madeOutcomes, madeVectors, N_MODELS } from "./made_data.ts";
import { N_RUNS, secondsOf } from "./measure.ts";

/** How the time of some work grows. */
export interface ScalingRow {
  /** What grows. */
  readonly workload: string;
  /** Seconds for each of {@linkcode SIZES}, the median of five runs. */
  readonly seconds: readonly number[];
  /** The e of time ∝ nᵉ: the slope of the least-squares line through the logarithms. */
  readonly exponent: number;
}

/** The numbers of prompts, doubled. */
export const SIZES: readonly number[] = [2000, 4000, 8000, 16_000, 32_000, 64_000];

const N_DIMS = 384;
const N_POINTS = 2000;

/** For n prompts, work that is ready to be timed. */
type Growing = readonly [workload: string, ready: (n: number) => () => unknown];

const GROWING: readonly Growing[] = [
  [`40 nearest of ${N_POINTS}, n prompts`, (n) => {
    const queries = madeVectors(n, N_DIMS, 1);
    const points = madeVectors(N_POINTS, N_DIMS, 2);
    return () => nearestNeighbours(queries, points, { k: 40 });
  }],
  ["an epoch of the MLP, n prompts", (n) => {
    const x = madeVectors(n, N_DIMS, 1);
    const y = { rows: n, cols: N_MODELS, values: Float32Array.from(madeOutcomes(n, 2).quality) };
    return () => trainMlp(x, y, { hiddenSizes: [100], seed: 1, maxEpochs: 1 });
  }],
  [`exact λ-curve, n × ${N_MODELS}`, (n) => {
    const outcomes = madeOutcomes(n, 1);
    const random = seededRandom(1, "predictions");
    const quality = Float64Array.from({ length: n * N_MODELS }, () => random.uniform());
    const predictions = {
      nPrompts: n,
      models: outcomes.models,
      quality,
      costUsd: Float64Array.from(modelMeans(outcomes).costUsd),
    };
    return () => sweepWillingnessToPay(predictions, outcomes);
  }],
  ["non-decreasing hull of n points", (n) => {
    const random = seededRandom(1, "points of a hull");
    const points = Array.from({ length: n }, () => ({ costUsd: random.uniform(), quality: random.uniform() }));
    return () => nonDecreasingHull(points);
  }],
];

/** Times the core's work for more and more prompts. */
export async function measureScaling(say: (line: string) => void): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (const [workload, ready] of GROWING) {
    const seconds: number[] = [];
    for (const n of SIZES) {
      say(`${workload}: n = ${n}`);
      const work = ready(n);
      const runs: number[] = [];
      await work();
      for (let run = 0; run < N_RUNS; run++) {
        const start = performance.now();
        await work();
        runs.push((performance.now() - start) / 1000);
      }
      seconds.push(secondsOf(runs).median);
    }
    rows.push({ workload, seconds, exponent: slope(SIZES.map(Math.log), seconds.map(Math.log)) });
  }
  return rows;
}

/** The slope of the least-squares line. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(x);
  const meanY = mean(y);
  return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) /
    x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}
