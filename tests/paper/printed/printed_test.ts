import assert from "node:assert/strict";
import { PAPER_PANELS, paperPanel } from "../../../lib/paper/printed/panels.ts";
import { PAPER_EVAL_NAMES, paperModelPoints } from "../../../lib/outcomes/paper_table.ts";
import { aiqAsDrawn, depthOfDrawnHull, panelWidths, plottedAiq } from "../../../lib/paper/printed/aiq.ts";
import { breakEven } from "../../../lib/paper/printed/_cascades.ts";
import {
  printedAiqRows,
  printedBreakEvenRows,
  printedClaimRows,
  printedErrorRateRows,
  printedNearZeroRows,
  printedNumbers,
  printedSavingRows,
  printedZeroRows,
} from "../../../lib/paper/printed/printed.ts";
import reference from "../../reference/published.json" with { type: "json" };

Deno.test("plottedAiq() equals numpy's trapezoids under Qhull's hulls", () => {
  const rows = PAPER_PANELS.flatMap((panel) =>
    panel.systems.filter(({ router, errorRate }) => router !== "cascade" || errorRate !== null).map((system) => ({
      panel,
      system,
    }))
  );
  assert.equal(rows.length, reference.rows.length);
  for (const { panel, system } of rows) {
    const expected = reference.rows.find((row) =>
      row.figure === panel.figure && row.evalName === panel.evalName && row.router === system.router &&
      row.errorRate === system.errorRate
    )!;
    const widths = panelWidths(panel);
    const found = plottedAiq(system, widths);
    const name = `${panel.figure} ${panel.evalName} ${system.router}`;
    assert.equal(widths.maxCostUsd, expected.maxCostUsd, name);
    for (const rule of ["referenceCode", "referenceCodeOfTrueHull", "formula"] as const) {
      assert.ok(
        Math.abs(found[rule] - expected[rule]) < 1e-12,
        `${name}, ${rule}: ${found[rule]} for ${expected[rule]}`,
      );
    }
  }
});

Deno.test("printedAiqRows(): Figures 4, 5 and 8 come out to three decimals, of Figure 6 only KNN", () => {
  const rows = printedAiqRows();
  const verdicts = Map.groupBy(rows, ({ figure }) => figure);
  assert.deepEqual([...verdicts].map(([figure, of]) => [figure, of.length]), [["Figure 4", 18], ["Figure 5", 6], [
    "Figure 6",
    4,
  ], [
    "Figure 8",
    6,
  ]]);
  assert.ok(verdicts.get("Figure 4")!.every(({ verdict }) => verdict === "equal"));
  assert.deepEqual(verdicts.get("Figure 6")!.map(({ router, verdict }) => [router, verdict]), [
    ["Zero", "open"],
    ["KNN", "equal"],
    ["MLP", "open"],
    ["Cascade", "open"],
  ]);
  const cascades = [...verdicts.get("Figure 5")!, ...verdicts.get("Figure 8")!].filter(({ router }) =>
    router === "Cascade"
  );
  assert.deepEqual(cascades.map(({ evalName, verdict }) => [evalName, verdict.split(" ")[0]]), [
    ["mmlu", "explained:"],
    ["mbpp", "equal"],
    ["grade-school-math", "explained:"],
    ["arc-challenge", "explained:"],
    ["mtbench", "equal"],
    ["hellaswag", "explained:"],
  ]);
  for (const { system } of cascades) assert.equal(system, "Cascade, ε = 0.01");
  assert.match(
    cascades[0].verdict,
    /the zero that the caption names gives 0\.908; the drawn hull is not that of its points, which gives 0\.9016/,
  );
});

Deno.test("printedAiqRows(): the precision of the points reaches every printed number that is called reproduced", () => {
  // ±8e-5: half a unit of the fourth decimal, and 3e-5 of reading.
  for (const { figure, evalName, router, printed, system, verdict, maxCostUsd } of printedAiqRows()) {
    if (verdict === "open") continue;
    const panel = paperPanel(Number(figure.slice(7)), evalName);
    const { drawnHull } = panel.systems.find((each) =>
      each.router === router.toLowerCase() && (each.errorRate === null || system.endsWith(`= ${each.errorRate}`))
    )!;
    const [low, high] = [-8e-5, 8e-5].map((shift) => {
      return aiqAsDrawn(drawnHull.map(({ costUsd, quality }) => ({ costUsd, quality: quality + shift })), maxCostUsd);
    });
    assert.ok(
      low <= printed + 5e-4 && high >= printed - 5e-4,
      `${figure}, ${evalName}, ${router}: ${low} to ${high} for ${printed}`,
    );
  }
});

Deno.test("printedAiqRows(): the formula gives none of the printed numbers", () => {
  for (const { formulaDifference, formula, printed } of printedAiqRows()) {
    assert.ok(formulaDifference > 0.002);
    assert.equal(formulaDifference, formula - printed);
  }
});

Deno.test("printedNumbers() has a row for every printed number, once", () => {
  const rows = printedNumbers();
  const counts = Map.groupBy(rows, ({ quantity }) => quantity);
  assert.deepEqual([...counts].map(([quantity, of]) => [quantity, of.length]), [
    ["quality", 84],
    ["total_cost_usd", 84],
    [
      "oracle_share",
      84,
    ],
    ["aiq", 34],
  ]);
  assert.equal(
    new Set(rows.map(({ figure, evalName, router, quantity }) => [figure, evalName, router, quantity].join())).size,
    rows.length,
  );
  assert.ok(rows.every(({ printed }) => Number.isFinite(printed)));
  const aiqs = rows.filter(({ quantity }) => quantity === "aiq");
  assert.deepEqual(aiqs.map(({ printed }) => printed), printedAiqRows().map(({ printed }) => printed));
});

Deno.test("depthOfDrawnHull() is 0 on a hull and the sag of a vertex below it", () => {
  const points = [{ costUsd: 1, quality: 0.2 }, { costUsd: 2, quality: 0.3 }, { costUsd: 3, quality: 0.6 }];
  const system = { router: "knn" as const, errorRate: null, points, note: null };
  assert.equal(depthOfDrawnHull({ ...system, drawnHull: [points[0], points[2]] }), 0);
  assert.ok(Math.abs(depthOfDrawnHull({ ...system, drawnHull: points }) - 0.1) < 1e-12);
});

Deno.test("breakEven() finds the first crossing, by hand", () => {
  assert.equal(breakEven([{ errorRate: 0, over: -0.1 }, { errorRate: 0.1, over: -0.2 }]), null);
  assert.equal(breakEven([{ errorRate: 0, over: 0.1 }, { errorRate: 0.1, over: 0 }]), null);
  assert.equal(
    breakEven([{ errorRate: 0, over: 0.3 }, { errorRate: 0.1, over: 0.1 }, { errorRate: 0.2, over: -0.1 }])!.toFixed(
      12,
    ),
    "0.150000000000",
  );
});

Deno.test("printedBreakEvenRows() lie where the AIQ of a slow walk over the rates falls below Zero's", () => {
  const errors = printedErrorRateRows();
  for (const row of printedBreakEvenRows()) {
    const own = errors.filter(({ evalName }) => evalName === row.evalName);
    for (const [at, key] of [[row.referenceCode, "overZeroReferenceCode"], [row.formula, "overZeroFormula"]] as const) {
      let found: number | null = null;
      for (let rate = 0; rate <= 0.4 && own[0][key] >= 0; rate += 1e-4) {
        const next = own.findIndex(({ errorRate }) => errorRate > rate);
        const a = own[next - 1];
        const b = own[next];
        if (b === undefined) break;
        if (a[key] + (b[key] - a[key]) * (rate - a.errorRate) / (b.errorRate - a.errorRate) < 0) {
          found = rate;
          break;
        }
      }
      assert.equal(at === null, found === null, row.evalName);
      if (at !== null) assert.ok(Math.abs(at - found!) <= 1.1e-4, `${row.evalName}: ${at} for ${found}`);
    }
  }
  const hellaswag = printedBreakEvenRows().find(({ evalName }) => evalName === "hellaswag")!;
  assert.deepEqual([hellaswag.referenceCode, hellaswag.note], [
    null,
    "by the reference code below Zero even without errors",
  ]);
});

Deno.test("printedErrorRateRows(): from .05 on errors cost quality, on MT-Bench from .1", () => {
  const panels = Map.groupBy(printedErrorRateRows(), ({ figure, evalName }) => `${figure} ${evalName}`);
  assert.equal(panels.size, 6);
  for (const [name, rows] of panels) {
    assert.equal(rows[0].changeByErrors, 0);
    const from = name.endsWith("mtbench") ? 3 : 1;
    rows.slice(from).forEach((row, i) =>
      assert.ok(row.formula < rows[from + i - 1].formula, `${name} at ${row.errorRate}`)
    );
  }
});

Deno.test("printedSavingRows() find the cheapest model that is good enough", () => {
  for (
    const { evalName, qualityShare, bestModel, cheapestModel, timesCheaper, timesCheaperByMixing }
      of printedSavingRows()
  ) {
    const models = paperModelPoints(evalName);
    const best = models.find(({ name }) => name === bestModel)!;
    const cheapest = models.find(({ name }) => name === cheapestModel)!;
    assert.ok(models.every(({ quality }) => quality <= best.quality));
    assert.ok(cheapest.quality >= qualityShare * best.quality);
    assert.ok(
      models.every(({ costUsd, quality }) => quality < qualityShare * best.quality || costUsd >= cheapest.costUsd),
    );
    assert.equal(timesCheaper, best.costUsd / cheapest.costUsd);
    assert.ok(timesCheaperByMixing >= timesCheaper - 1e-9, "a mix is never dearer than a model of the same quality");
  }
  const mtBench = printedSavingRows().find(({ evalName, qualityShare }) =>
    evalName === "mtbench" && qualityShare === 0.95
  )!;
  assert.deepEqual([mtBench.cheapestModel, mtBench.timesCheaperPromptPrice, mtBench.timesCheaperCompletionPrice], [
    "Yi 34B",
    12.5,
    37.5,
  ]);
});

Deno.test("printedNearZeroRows() agree with the printed differences to their rounding", () => {
  const rows = printedNearZeroRows();
  assert.equal(rows.length, 12);
  for (const { evalName, router, printed, referenceCode } of rows) {
    assert.ok(Math.abs(referenceCode - printed) <= 1.1e-3, `${router} on ${evalName}`);
  }
  const hellaswag = rows.filter(({ evalName }) => evalName === "hellaswag");
  assert.deepEqual(hellaswag.map(({ formula }) => formula), [0, 0]);
});

Deno.test("printedZeroRows(): prices and X together are the printed difference", () => {
  const rows = printedZeroRows();
  assert.deepEqual(rows.map(({ evalName }) => evalName), [
    "mmlu",
    "mbpp",
    "grade-school-math",
    "arc-challenge",
    "hellaswag",
  ]);
  for (const { evalName, printedInFigure4, printedWithCascades, changeByPrices, changeByMaxCost } of rows) {
    assert.ok(
      Math.abs(changeByPrices + changeByMaxCost - (printedWithCascades - printedInFigure4)) <= 1.1e-3,
      evalName,
    );
  }
  assert.deepEqual([rows[4].changeByPrices.toFixed(3), rows[4].changeByMaxCost.toFixed(3)], ["-0.024", "0.044"]);
});

Deno.test("printedClaimRows() say something of every evaluation that a claim is about", () => {
  const claims = Map.groupBy(printedClaimRows(), ({ claim }) => claim);
  assert.deepEqual([...claims.values()].map((rows) => rows.length), [PAPER_EVAL_NAMES.length, 6, 6]);
  const of = (claim: string, name: string): string =>
    claims.get(claim)!.find(({ evalName }) => evalName === name)!.finding;
  assert.match(of("2–5× cheaper", "mmlu"), /^no: no cheaper model comes near GPT-4/);
  assert.match(of("2–5× cheaper", "arc-challenge"), /^more than 5×: Yi 34B for GPT-4; prices 12\.5×/);
  assert.match(of("cascades deteriorate above an error of .1 to .2", "hellaswag"), /below Zero before \.1$/);
  assert.match(of("KNN and MLP are near Zero", "mbpp"), /^KNN −0\.0156, reference code −0\.0157; MLP −0\.0171/);
});
