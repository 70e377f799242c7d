import assert from "node:assert/strict";
import raw from "../../../data/paper/figures.json" with { type: "json" };
import { PAPER_EVAL_TITLES } from "../../../lib/outcomes/paper_table.ts";
import { PAPER_PANELS, paperOracleShares, paperPanel, paperSystemName } from "../../../lib/paper/printed/panels.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS } from "../../../lib/outcomes/paper_table.ts";

Deno.test("PAPER_PANELS holds every panel, model and series of the file", () => {
  assert.equal(PAPER_PANELS.length, 16);
  raw.panels.forEach((panel, i) => {
    const { figure, evalName, models, oracle, systems } = PAPER_PANELS[i];
    assert.deepEqual([figure, evalName], [panel.figure, panel.evalName]);
    assert.equal(models.length + Number(oracle !== null), Object.keys(panel.models).length);
    assert.equal(systems.length, panel.series.filter(({ kind }) => kind === "hull").length);
    assert.ok(evalName in PAPER_EVAL_TITLES);
    const nPoints = systems.reduce(
      (sum, { router, points, drawnHull }) => sum + (router === "zero" || points === drawnHull ? 0 : points.length),
      0,
    );
    const sweeps = panel.series.filter(({ kind }) => kind === "sweep");
    assert.equal(nPoints, sweeps.reduce((sum, { points }) => sum + points.length, 0), `${figure} ${evalName}`);
  });
  assert.match(raw.source, /arXiv:2403\.12031/);
});

Deno.test("PAPER_PANELS: costs rise along drawn hulls, qualities are shares, Zero is drawn through models", () => {
  for (const { figure, evalName, models, systems } of PAPER_PANELS) {
    for (const { router, drawnHull, points } of systems) {
      const name = `Figure ${figure}, ${evalName}, ${router}`;
      drawnHull.forEach((point, i) => assert.ok(i === 0 || point.costUsd >= drawnHull[i - 1].costUsd, name));
      for (const { costUsd, quality } of [...points, ...drawnHull]) {
        assert.ok(costUsd > 0 && quality > 0 && quality < 1, name);
      }
      if (router !== "zero" || figure === 6) continue;
      for (const vertex of drawnHull) {
        const isModel = models.some((model) =>
          Math.abs(model.costUsd - vertex.costUsd) <= 1e-4 && Math.abs(model.quality - vertex.quality) <= 1e-4
        );
        assert.ok(isModel, name);
      }
    }
  }
});

Deno.test("PAPER_PANELS: qualities of Figures 4, 5 and 8 are Table 1's", () => {
  for (const { figure, evalName, models } of PAPER_PANELS.filter(({ figure }) => figure < 6 || figure === 8)) {
    for (const { name, quality } of models) {
      const printed = PAPER_MODEL_ROWS.find(({ paperName }) => paperName === name)!.quality[evalName];
      // Half a unit, the reading, and Mixtral on MBPP: 74 of 129 is .5736 and printed as .573.
      assert.ok(
        Math.abs(quality - printed) <= 7e-4,
        `Figure ${figure}, ${evalName}, ${name}: ${quality} for ${printed}`,
      );
    }
  }
});

Deno.test("paperPanel() orders routers and cascades and keeps the curves above .4 apart", () => {
  const { systems } = paperPanel(8, "mtbench");
  assert.deepEqual(systems.map(({ errorRate }) => errorRate), [null, 0, 0.01, 0.05, 0.1, 0.2, 0.4, null, null]);
  assert.deepEqual(systems.map(paperSystemName).slice(-2), ["Cascade, ε > 0.4", "Cascade, ε > 0.4"]);
  assert.match(systems[8].note!, /outside the printed axes/);
  assert.equal(systems[7].points, systems[7].drawnHull);
  assert.equal(systems[0].note, null);
});

Deno.test("paperPanel() names the panels there are", () => {
  assert.throws(
    () => paperPanel(4, "mtbench"),
    /RangeError: Cannot read a panel of the paper as it must be one of 4 hellaswag, .*: it is 4 mtbench$/,
  );
});

Deno.test("paperOracleShares() has a share for each model and for none", () => {
  for (const evalName of PAPER_EVAL_NAMES) {
    const shares = paperOracleShares(evalName);
    const sum = Object.values(shares).reduce((a, b) => a + b);
    assert.deepEqual(
      Object.keys(shares).sort(),
      [...PAPER_MODEL_ROWS.map(({ model }) => model), "no_model_correct"].sort(),
    );
    assert.ok(Math.abs(sum - 1) < 12 * 0.005, `${evalName}: ${sum}`);
  }
  assert.throws(
    () => paperOracleShares("rag"),
    /RangeError: Cannot read Figure 3 as the evaluation must be one of mmlu, .*: it is "rag"$/,
  );
});
