import assert from "node:assert/strict";
import type { OperatingPoint } from "../../../lib/plane/operating_point.ts";
import { errataRows, rankReversal } from "../../../lib/paper/errata/errata.ts";

const ROWS = errataRows();

function evidence(id: string): Readonly<Record<string, number>> {
  return ROWS.find((row) => row.id === id)!.evidence;
}

function near(found: number, expected: number, tolerance = 5e-4): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} for ${expected}`);
}

Deno.test("errataRows() have titles, places, both sides and finite evidence, each once", () => {
  assert.equal(new Set(ROWS.map(({ id }) => id)).size, ROWS.length);
  for (const { id, title, where, printed, computed, evidence } of ROWS) {
    for (const text of [title, where, printed, computed]) {
      assert.ok(text.length > 0, id);
      assert.doesNotMatch(text, /NaN|undefined|null|Infinity/, id);
    }
    assert.ok(Object.keys(evidence).length > 0 && Object.values(evidence).every(Number.isFinite), id);
  }
  assert.deepEqual([...new Set(ROWS.map(({ point }) => point))].sort(), [1, 2, 3, 4, 5, 6, 7, 8, null]);
});

Deno.test("errataRows(): what data/paper/README.md says of the rules comes out", () => {
  assert.deepEqual([
    evidence("rule-is-not-the-formula").nByReferenceCode,
    evidence("rule-is-not-the-formula").nByFormula,
  ], [31, 0]);
  near(evidence("aiq-depends-on-neighbours").atOwnMaxCost, 0.6275);
  near(evidence("worse-neighbour-raises-zero").alone, 0.563);
  near(evidence("worse-neighbour-raises-zero").beside, 0.607);
  near(evidence("caption-says-zero-error").atZero, 0.908);
  near(evidence("caption-says-zero-error").atOnePercent, 0.901);
  assert.equal(evidence("drawn-hull-is-no-hull").nWrong, 4);
  near(evidence("two-price-lists").claudeInstant, 2.829 / 1.3);
});

Deno.test("errataRows(): the X that each AIQ of Figure 6 would need gives that AIQ", () => {
  // Zero is the straight line from (.0421, .55) to (1.2251, .7125), then flat.
  const x = evidence("figure-6-does-not-follow")["needed by Zero"];
  near(((1.2251 - 0.0421) * (0.55 + 0.7125) / 2 + (x - 1.2251) * 0.7125) / x, 0.632, 1e-9);
});

Deno.test("errataRows(): what the numbers say of data and judges", () => {
  near(evidence("small-sample").standardError, Math.sqrt(0.682 * 0.318 / 129), 1e-12);
  near(evidence("prices-ten-times-off").tokensAtListPrice, 2.183 / 3013 / 0.9e-6, 1e-9);
  assert.ok(evidence("prices-ten-times-off").tokensAtCodesPrice > evidence("prices-ten-times-off").contextTokens);
  near(evidence("cost-ignores-length").decided, 100, 1e-9);
  near(evidence("cost-ignores-length").mostPaid, 0.721 / 0.003, 1e-9);
  near(evidence("judge-is-the-oracle").mmlu, 0.957);
  assert.equal(evidence("below-chance").nBelow, 1);
  near(evidence("refusals-scored-zero").largestFall, 0.421 - 0.841, 1e-9);
  assert.equal(evidence("constant-routers").nConstant, 4);
  near(evidence("oracle-is-luck").coinFlips, 2047 / 2048, 1e-12);
  assert.deepEqual(evidence("other-rows-in-one-panel"), { nModels: 441, nCascades: 455 });
  near(evidence("figure-3-contradicts-table-1").mbppGap, 0.029, 1e-9);
});

Deno.test("rankReversal(): the same hulls, two rules, two rankings, by adding up thin slices", () => {
  const { systems, maxCostUsd, costRangeUsd: [low, high] } = rankReversal();
  assert.deepEqual(systems.map(({ referenceCode, formula }) => [referenceCode.toFixed(3), formula.toFixed(3)]), [[
    "0.607",
    "0.778",
  ], [
    "0.469",
    "0.830",
  ]]);
  const between = (hull: readonly OperatingPoint[], costUsd: number): number => {
    const next = hull.findIndex((vertex) => vertex.costUsd >= costUsd);
    if (next < 0) return hull[hull.length - 1].quality;
    const a = next === 0 ? { costUsd: 0, quality: 0 } : hull[next - 1];
    const b = hull[next];
    return a.quality + (b.quality - a.quality) * (costUsd - a.costUsd) / (b.costUsd - a.costUsd);
  };
  const slices = (from: number, to: number, height: (costUsd: number) => number): number => {
    const n = 20_000;
    const width = (to - from) / n;
    return Array.from({ length: n }, (_, i) => height(from + (i + 0.5) * width)).reduce(
      (sum, each) => sum + each * width,
      0,
    );
  };
  for (const { hull, referenceCode, formula } of systems) {
    near(slices(hull[0].costUsd, maxCostUsd, (costUsd) => between(hull, costUsd)) / maxCostUsd, referenceCode, 1e-7);
    near(slices(low, high, (costUsd) => between(hull, costUsd)) / (high - low), formula, 1e-7);
  }
});

Deno.test("rankReversal(): the cascade is above Zero wherever it has points", () => {
  const [zero, cascade] = rankReversal().systems.map(({ hull }) => hull);
  for (const { costUsd, quality } of cascade) {
    const reachable = zero.filter((vertex) => vertex.costUsd <= costUsd).map((vertex) => vertex.quality);
    assert.ok(quality > Math.max(...reachable));
  }
});
