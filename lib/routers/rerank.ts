import { meanOf, normalCdf } from "../base/statistics.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** The settings of overgenerate-and-rerank. */
export interface RerankOptions {
  /** The models that are called, indices into the table's models; default all. */
  readonly models?: readonly number[];
  /** Standard deviation of the judge's reward around the quality of an answer, 0 or more: 0 always finds the best answer, `Infinity` picks at random. */
  readonly rewardNoise: number;
  /** Whether all models are called at once, so that the slowest decides the time, or one after the other. Default `"parallel"`. */
  readonly calls?: "parallel" | "sequential";
}

/** The expected cost and quality of overgenerate-and-rerank on each prompt. */
export interface RerankExpectation {
  /** Cost of each prompt, `[n]`, USD: the sum over all calls, whichever answer is kept. */
  readonly costUsd: Float64Array;
  /** Expected quality of the answer kept, `[n]`. */
  readonly quality: Float64Array;
  /** Time until all have answered, `[n]`, seconds; `null` where the table has no times. */
  readonly latencySeconds: Float64Array | null;
}

/** Overgenerate-and-rerank as one point of the plane. */
export interface RerankPoint extends OperatingPoint {
  /** The names of the models called. */
  readonly models: readonly string[];
  /** Standard deviation of the judge's reward. */
  readonly rewardNoise: number;
}

/**
 * Expected cost and quality of overgenerate-and-rerank on each prompt, averaged over the judge's noise.
 *
 * Every model answers; a judge gives each answer a reward, its quality plus independent normal noise; the answer with the highest reward is
 * kept. With φ and Φ the standard normal density and distribution and σ the noise, an answer of quality a that stands among c answers of its
 * quality is kept, with one of those c, with probability ∫ c φ(z) Φ(z)^(c−1) Π_b Φ(z + (a − b)/σ) dz over the answers of other qualities b.
 * The integrand is smooth and vanishes at both ends, so equal steps (trapezoidal rule) give it to rounding.
 *
 * **Shapes**: n × m outcomes → n expectations. One integral for each multiset of qualities that occurs: O(n m log m) beside that.
 *
 * **Source**: the paper defines it for any reward and reports no numbers (data/paper/README.md, "Routers"); the judge is ours, an oracle with noise as the
 * cascade's.
 *
 * @throws RangeError where the noise is negative or not a number, or `models` is empty or names a model twice or one that is not there
 */
export function expectRerank(table: OutcomeTable, options: RerankOptions): RerankExpectation {
  const models = checkedModels(table, options);
  const { rewardNoise, calls = "parallel" } = options;
  const n = table.promptIds.length;
  const m = table.models.length;
  const costUsd = new Float64Array(n);
  const quality = new Float64Array(n);
  const known = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const qualities = models.map((j) => table.quality[i * m + j]).sort((a, b) => a - b);
    const key = qualities.join();
    const expected = known.get(key) ?? qualityOfKept(qualities, rewardNoise);
    known.set(key, expected);
    quality[i] = expected;
    for (const j of models) costUsd[i] += table.costUsd[i * m + j];
  }
  return { costUsd, quality, latencySeconds: waitingTimes(table, models, calls) };
}

/**
 * Overgenerate-and-rerank as one point of the plane: means of {@linkcode expectRerank} over the prompts.
 *
 * @param outcomes the outcomes of the prompts
 * @param options the models that are called, and the noise of the judge
 * @throws RangeError as `expectRerank`
 * @example
 * ```ts
 * import { oracle, rerankPoint, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * const perfect = rerankPoint(table, { rewardNoise: 0 });
 * assert.ok(Math.abs(perfect.quality - oracle(table).quality) < 1e-12); // as good as the oracle
 * assert.ok(perfect.costUsd > 10 * oracle(table).costUsd); // and much dearer: every call is paid
 * ```
 */
export function rerankPoint(outcomes: OutcomeTable, options: RerankOptions): RerankPoint {
  const { costUsd, quality } = expectRerank(outcomes, options);
  return {
    costUsd: meanOf(costUsd),
    quality: meanOf(quality),
    models: checkedModels(outcomes, options).map((j) => outcomes.models[j]),
    rewardNoise: options.rewardNoise,
  };
}

/** The time until all models have answered each prompt, called at once or one after the other. */
function waitingTimes(
  { latencySeconds, promptIds, models: { length: m } }: OutcomeTable,
  models: readonly number[],
  calls: NonNullable<RerankOptions["calls"]>,
): Float64Array | null {
  if (latencySeconds === null) return null;
  return Float64Array.from(promptIds, (_, i) => {
    const times = models.map((j) => latencySeconds[i * m + j]);
    return calls === "parallel" ? Math.max(...times) : times.reduce((sum, time) => sum + time, 0);
  });
}

/** Expected quality of the answer with the highest reward, of answers with these qualities. */
function qualityOfKept(sorted: readonly number[], rewardNoise: number): number {
  const best = sorted[sorted.length - 1];
  // Rewards are equal only without noise, and then only of equally good answers.
  if (rewardNoise === 0 || sorted[0] === best) return best;
  const levels = [...Map.groupBy(sorted, (quality) => quality)].map(([quality, { length }]) => ({
    quality,
    count: length,
  }));
  const shares = levels.map(({ quality: a, count }, own) =>
    integrate((z) => {
      let product = count * normalDensity(z) * cutNormalCdf(z) ** (count - 1);
      levels.forEach(({ quality: b, count: others }, other) => {
        if (other !== own) product *= cutNormalCdf(z + (a - b) / rewardNoise) ** others;
      });
      return product;
    })
  );
  // The shares add up to 1 but for rounding, which must not carry the mean above the best answer.
  const total = shares.reduce((sum, share) => sum + share, 0);
  return Math.min(best, shares.reduce((sum, share, k) => sum + share * levels[k].quality, 0) / total);
}

/** The trapezoidal rule's range and step: for normal densities times powers of Φ it errs by less than 1e-14. */
const FARTHEST = 10;
const STEP = 1 / 4;

function integrate(integrand: (z: number) => number): number {
  let sum = 0;
  for (let z = -FARTHEST; z <= FARTHEST; z += STEP) sum += integrand(z);
  return sum * STEP;
}

function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}

/** The distribution function of the standard normal, cut where double precision no longer tells it from 0 or 1. */
function cutNormalCdf(z: number): number {
  return z > FARTHEST ? 1 : z < -4 * FARTHEST ? 0 : normalCdf(z);
}

function checkedModels(table: OutcomeTable, { models, rewardNoise }: RerankOptions): readonly number[] {
  if (!(rewardNoise >= 0)) {
    throw new RangeError(
      `Cannot rerank answers as the noise of the reward must be 0 or more: it is ${rewardNoise}; pass one such as 0.2`,
    );
  }
  const called = models ?? table.models.map((_, j) => j);
  const known = new Set(called.filter((j) => j in table.models));
  if (called.length === 0 || known.size !== called.length) {
    throw new RangeError(
      `Cannot rerank answers as the models called must be some of the table's ${table.models.length}, once each: they are [${called}]; pass indices`,
    );
  }
  return called;
}
