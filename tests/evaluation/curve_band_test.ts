import assert from "node:assert/strict";
import { curveBand } from "../../lib/evaluation/curve_band.ts";
import { qualityAtCost } from "../../lib/plane/interpolation.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import { seededRandom } from "../../lib/base/random.ts";

const N = 40;
const SETTINGS = 3;
const COSTS = [0.5, 1, 1.7, 3, 9];

/** Three settings of rising cost and quality, with chance in both. */
function sampleOf(seed: number): { nSettings: number; costUsd: Float64Array; quality: Float64Array } {
  const random = seededRandom(seed);
  const costUsd = Float64Array.from(
    { length: SETTINGS * N },
    (_, at) => (1 + Math.floor(at / N)) * (0.5 + random.uniform()),
  );
  const quality = Float64Array.from(
    { length: SETTINGS * N },
    (_, at) => Number(random.uniform() < 0.4 + 0.2 * Math.floor(at / N)),
  );
  return { nSettings: SETTINGS, costUsd, quality };
}

Deno.test("curveBand() is the quantiles of curves of resampled prompts", () => {
  const sample = sampleOf(3);
  const nResamples = 101;
  const random = seededRandom(7, "bootstrap");
  const curves = Array.from({ length: nResamples }, () => {
    const drawn = Array.from({ length: N }, () => Math.floor(random.uniform() * N));
    const mean = (values: Float64Array, s: number): number => drawn.reduce((sum, i) => sum + values[s * N + i], 0) / N;
    return nonDecreasingHull(
      [0, 1, 2].map((s) => ({ costUsd: mean(sample.costUsd, s), quality: mean(sample.quality, s) })),
    );
  });
  const band = curveBand(sample, COSTS, { nResamples, seed: 7 });
  COSTS.forEach((costUsd, c) => {
    const qualities = curves.map((hull) => qualityAtCost(hull, costUsd)).sort((a, b) => a - b);
    // With 101 resamples the quantiles are the 2.5th and 97.5th of the steps between them.
    assert.ok(Math.abs(band[c].low - (qualities[2] + qualities[3]) / 2) < 1e-12);
    assert.ok(Math.abs(band[c].high - (qualities[97] + qualities[98]) / 2) < 1e-12);
  });
});

Deno.test("curveBand() of prompts that are all alike is the curve", () => {
  const sample = { nSettings: 2, costUsd: Float64Array.of(1, 1, 2, 2), quality: Float64Array.of(0.5, 0.5, 0.8, 0.8) };
  const [{ low, high }] = curveBand(sample, [1.5], { nResamples: 100, seed: 1 });
  assert.ok(Math.abs(low - 0.65) < 1e-12 && Math.abs(high - 0.65) < 1e-12);
  assert.deepEqual(curveBand(sample, [], { nResamples: 100, seed: 1 }), []);
});

Deno.test("curveBand() needs resamples", () => {
  assert.throws(
    () => curveBand(sampleOf(1), COSTS, { nResamples: 10, seed: 1 }),
    /RangeError: .* at least 100 resamples: it is 10; pass 1000/,
  );
});
