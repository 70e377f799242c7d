import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { LANES, ResampledAiq } from "../../lib/evaluation/_resampled_aiq.ts";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { compareCurves, type SettingSample, weightedMeans } from "../../lib/evaluation/compare_curves.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";

/** Settings of which each differs from the one before on a few prompts; of equal costs, and free ones, there are many. */
function sampleOf(n: number, nSettings: number, seed: number): SettingSample {
  const random = seededRandom(seed, "sample");
  const costUsd = new Float64Array(n * nSettings);
  const quality = new Float64Array(n * nSettings);
  for (let at = 0; at < costUsd.length; at++) {
    const isSame = at >= n && random.integer(4) > 0;
    costUsd[at] = isSame ? costUsd[at - n] : random.integer(4) / 4;
    quality[at] = isSame ? quality[at - n] : random.integer(5) / 4;
  }
  return { nSettings, costUsd, quality };
}

Deno.test("ResampledAiq is the AIQ of the hull of weighted means", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed, "weights");
    const n = 1 + random.integer(12);
    const sample = sampleOf(n, 1 + random.integer(8), seed);
    const fast = new ResampledAiq(sample);
    for (let r = 0; r < 20; r++) {
      const block = new Uint8Array(n * LANES);
      for (let lane = 0; lane < LANES; lane++) {
        for (let i = 0; i < n; i++) block[random.integer(n) * LANES + lane]++;
      }
      const costRangeUsd = [0.1 * random.integer(3), 0.3 + random.uniform()] as const;
      const found = new Float64Array(r === 0 ? LANES - 1 : LANES);
      fast.of(block, costRangeUsd, found);
      found.forEach((aiqOfResample, lane) => {
        const weights = Float64Array.from({ length: n }, (_, i) => block[i * LANES + lane]);
        const expected = aiq(nonDecreasingHull(weightedMeans(sample, weights)), { rule: "formula", costRangeUsd });
        assert.ok(Math.abs(aiqOfResample - expected) < 1e-12);
      });
    }
  }
});

Deno.test("compareCurves() draws as written here, the first time and again, of many prompts and of few", () => {
  for (const n of [3, 300, 3]) {
    const [first, second] = [sampleOf(n, 4, 1), sampleOf(n, 3, 2)];
    const costRangeUsd = [0.1, 1] as const;
    const { standardError } = compareCurves(first, second, { costRangeUsd, nResamples: 201, seed: 5 });
    const random = seededRandom(5, "bootstrap");
    const differences = Array.from({ length: 201 }, () => {
      const weights = new Float64Array(n);
      for (let i = 0; i < n; i++) weights[Math.floor(random.uniform() * n)]++;
      const [a, b] = [first, second].map((sample) =>
        aiq(nonDecreasingHull(weightedMeans(sample, weights)), { rule: "formula", costRangeUsd })
      );
      return a - b;
    });
    const mean = differences.reduce((sum, value) => sum + value, 0) / 201;
    const expected = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 200);
    assert.ok(Math.abs(standardError - expected) < 1e-12);
  }
});
