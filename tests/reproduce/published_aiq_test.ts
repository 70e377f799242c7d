import assert from "node:assert/strict";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { breakEvenJudges, hellaswagReversal, publishedAiqs } from "../../lib/reproduce/published_aiq.ts";

const ROWS = publishedAiqs();

Deno.test("publishedAiqs(): all 18 values of Figure 4 come out to three decimals by the reference code's rule", () => {
  const rows = ROWS.filter(({ figure }) => figure === 4);
  assert.equal(rows.length, 18);
  for (const { evalName, router, printed, byReferenceCode, verdict } of rows) {
    assert.ok(Math.abs(byReferenceCode - printed) <= 0.0007, `${router} on ${evalName}: ${byReferenceCode} for ${printed}`);
    assert.equal(verdict, "equal");
  }
});

Deno.test("publishedAiqs(): Figures 5 and 8 come out at error rate .01, not at the zero of their captions", () => {
  const rows = ROWS.filter(({ figure, router, errorRate }) => (figure === 5 || figure === 8) && (router === "zero" || errorRate === 0.01));
  assert.equal(rows.length, 12);
  for (const { evalName, router, printed, byReferenceCode, verdict } of rows) {
    assert.ok(Math.abs(byReferenceCode - printed) <= 0.0007, `${router} on ${evalName}: ${byReferenceCode} for ${printed}`);
    assert.equal(verdict, "equal");
  }
  const mmlu = ROWS.find(({ figure, evalName, errorRate }) => figure === 5 && evalName === "mmlu" && errorRate === 0)!;
  assert.equal(mmlu.byReferenceCode.toFixed(3), "0.908");
});

Deno.test("publishedAiqs(): of Figure 6 only KNN comes out", () => {
  const rows = ROWS.filter(({ figure }) => figure === 6);
  assert.deepEqual(rows.map(({ router, verdict }) => [router, verdict.split(":")[0]]).sort(), [["cascade", "open"], ["knn", "equal"], [
    "mlp",
    "open",
  ], ["zero", "open"]]);
});

Deno.test("hellaswagReversal(): the same hulls, two rules, two rankings", () => {
  const { zero, cascade, costRangeUsd } = hellaswagReversal(), maxCostUsd = costRangeUsd[1];
  const [byCode, byFormula] = (["reference-code", "formula"] as const).map((rule) =>
    [zero, cascade].map((hull) => aiq(hull, rule === "formula" ? { rule, costRangeUsd } : { rule, maxCostUsd }).toFixed(3))
  );
  assert.deepEqual(byCode, ["0.607", "0.469"]);
  assert.deepEqual(byFormula, ["0.778", "0.830"]);
});

Deno.test("breakEvenJudges(): cascades fall to Zero between error rates .1 and .3, where they start above it", () => {
  const judges = new Map(breakEvenJudges().map((judge) => [judge.evalName, judge]));
  assert.equal(judges.get("hellaswag")!.byReferenceCode, null, "printed below Zero at every rate");
  for (const [evalName, { byFormula }] of judges) {
    assert.ok(byFormula === null || (byFormula > 0.04 && byFormula < 0.35), `${evalName}: ${byFormula}`);
  }
});
