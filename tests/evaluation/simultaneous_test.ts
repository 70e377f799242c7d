import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { quantileOfSorted } from "../../lib/base/quantile.ts";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { resampledDifferencesFrom, type SettingSample } from "../../lib/evaluation/compare_curves.ts";
import { pairedCounts } from "../../lib/evaluation/paired_counts.ts";
import { simultaneousIntervals } from "../../lib/evaluation/simultaneous.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import reference from "../reference/paired_counts.json" with { type: "json" };

const N = 60;
const OPTIONS = { costRangeUsd: [1, 3] as const, nResamples: 300, seed: 4 };

/** Two settings on N prompts: cheap and dear, whose answers are right with these chances. */
function sample(chances: readonly [number, number], seed: number): SettingSample {
  const random = seededRandom(seed, "sample");
  return {
    nSettings: 2,
    costUsd: Float64Array.from({ length: 2 * N }, (_, at) => (at < N ? 1 : 2.5) + 0.2 * random.uniform()),
    quality: Float64Array.from({ length: 2 * N }, (_, at) => random.uniform() < chances[at < N ? 0 : 1] ? 1 : 0),
  };
}

const ZERO = sample([0.4, 0.6], 1);
const OTHERS = [sample([0.5, 0.7], 2), sample([0.4, 0.6], 3), sample([0.7, 0.9], 5)];
const differenceFrom = resampledDifferencesFrom(ZERO, OPTIONS);
const DIFFERENCES = OTHERS.map((other) => differenceFrom(other));

/** AIQ of a system on the prompts that are named, in the plainest way. */
function slowAiq({ nSettings, costUsd, quality }: SettingSample, rows: readonly number[]): number {
  const mean = (values: Float64Array, s: number): number =>
    rows.reduce((sum, row) => sum + values[s * N + row], 0) / rows.length;
  const points = Array.from(
    { length: nSettings },
    (_, s) => ({ costUsd: mean(costUsd, s), quality: mean(quality, s) }),
  );
  return aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd: OPTIONS.costRangeUsd });
}

Deno.test("simultaneousIntervals() equals a slow max-t bootstrap that resamples prompt by prompt", () => {
  const random = seededRandom(OPTIONS.seed, "bootstrap");
  const all = Array.from({ length: N }, (_, i) => i);
  const resamples = Array.from({ length: OPTIONS.nResamples }, () => all.map(() => Math.floor(random.uniform() * N)));
  const observed = OTHERS.map((other) => slowAiq(other, all) - slowAiq(ZERO, all));
  const drawn = resamples.map((rows) => OTHERS.map((other) => slowAiq(other, rows) - slowAiq(ZERO, rows)));
  const errors = OTHERS.map((_, k) => {
    const mean = drawn.reduce((sum, each) => sum + each[k], 0) / drawn.length;
    return Math.sqrt(drawn.reduce((sum, each) => sum + (each[k] - mean) ** 2, 0) / (drawn.length - 1));
  });
  const greatest = drawn.map((each) => Math.max(...each.map((value, k) => Math.abs(value - observed[k]) / errors[k])));
  const critical = quantileOfSorted(Float64Array.from(greatest).sort(), 0.95);
  simultaneousIntervals(DIFFERENCES).forEach(({ interval, adjustedPValue, nCompared }, k) => {
    assert.equal(nCompared, 3);
    assert.ok(Math.abs(interval[0] - (observed[k] - critical * errors[k])) < 1e-9);
    assert.ok(Math.abs(interval[1] - (observed[k] + critical * errors[k])) < 1e-9);
    const nAtLeast = greatest.filter((value) => value >= Math.abs(observed[k]) / errors[k]).length;
    assert.equal(adjustedPValue, (1 + nAtLeast) / (1 + drawn.length));
  });
});

Deno.test("simultaneousIntervals() of more systems are wider, and of copies of one as wide as that one's", () => {
  const width = ({ interval: [low, high] }: { interval: readonly [number, number] }): number => high - low;
  const [alone] = simultaneousIntervals(DIFFERENCES.slice(0, 1));
  const [among] = simultaneousIntervals(DIFFERENCES);
  assert.ok(width(among) > width(alone));
  assert.ok(among.adjustedPValue >= alone.adjustedPValue);
  for (const copy of simultaneousIntervals(Array(4).fill(DIFFERENCES[0]))) {
    assert.deepEqual(copy, { ...alone, nCompared: 4 });
  }
});

Deno.test("simultaneousIntervals() leaves a system that is Zero itself at a point and the others as they are", () => {
  const same = differenceFrom(ZERO);
  const [zero, ...others] = simultaneousIntervals([same, ...DIFFERENCES]);
  assert.deepEqual(zero, { interval: [0, 0], adjustedPValue: 1, nCompared: 4 });
  assert.deepEqual(others, simultaneousIntervals(DIFFERENCES).map((each) => ({ ...each, nCompared: 4 })));
  assert.deepEqual(simultaneousIntervals([]), []);
});

Deno.test("simultaneousIntervals() refuses differences of other resamples", () => {
  const other = { ...DIFFERENCES[0], resampled: new Float64Array(100) };
  assert.throws(() => simultaneousIntervals([DIFFERENCES[0], other]), {
    name: "TypeError",
    message: "Cannot compare several curves at once as all need the same resamples: they have 300 and 100",
  });
});

Deno.test("pairedCounts() counts prompts and gives scipy's exact p-value", () => {
  for (const { onlyFirst, onlySecond, pValue } of reference.cases) {
    const rows = [...Array(onlyFirst).fill([1, 0]), ...Array(onlySecond).fill([0, 1]), [1, 1], [0, 0], [0, 0]];
    const counts = pairedCounts(Float64Array.from(rows, ([a]) => a), Float64Array.from(rows, ([, b]) => b));
    assert.deepEqual({ ...counts, pValue: 0 }, { onlyFirst, onlySecond, both: 1, neither: 2, pValue: 0 });
    assert.ok(Math.abs(counts.pValue - pValue) <= 1e-9 * pValue, `${onlyFirst}, ${onlySecond}: ${counts.pValue}`);
  }
});

Deno.test("pairedCounts() takes grades as right from a quality on", () => {
  const [first, second] = [Float64Array.of(0.5, 0.9, 1), Float64Array.of(0.4, 0.9, 0.7)];
  assert.equal(pairedCounts(first, second).onlyFirst, 1);
  const half = pairedCounts(first, second, { rightFrom: 0.5 });
  assert.deepEqual([half.onlyFirst, half.both], [1, 2]);
  assert.throws(() => pairedCounts(first, second.slice(1)), {
    name: "TypeError",
    message: "Cannot compare two policies as both must have answered the same prompts: they are 3 and 2",
  });
});
