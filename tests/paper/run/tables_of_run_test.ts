import assert from "node:assert/strict";
import { lexicalEncoder } from "../../../lib/embeddings/lexical_encoder.ts";
import { restrictToEvals, splitForEvaluation } from "../../../lib/evaluation/evaluation_data.ts";
import { evaluateRouters } from "../../../lib/evaluation/evaluate.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { simulateOutcomes } from "../../../lib/outcomes/simulate_outcomes.ts";
import { PAPER_PANELS } from "../../../lib/paper/printed/panels.ts";
import { errataRows } from "../../../lib/paper/errata/errata.ts";
import { paperFigures } from "../../../lib/paper/figures/catalogue.ts";
import { embedPrompts, reproducePaper } from "../../../lib/paper/run/reproduce.ts";
import type { Table } from "../../../lib/base/table.ts";
import { tablesOfRun } from "../../../lib/paper/run/tables_of_run.ts";
import { fitKnnRouter } from "../../../lib/routers/knn.ts";
import { testOnRealRows } from "../../_tables.ts";
import { trainedWithout } from "../../_trained_without.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 250, seed: 1 });
const EVALS = ["mbpp", "winogrande"];
const EMBEDDINGS = await embedPrompts(OUTCOMES, lexicalEncoder());
const RUN = await reproducePaper(OUTCOMES, EMBEDDINGS, { seed: 1, protocol: "ours", evalNames: EVALS });
const TABLES = tablesOfRun(RUN, { errata: errataRows(), ablation: null, trust: null, labels: null }, OUTCOMES);

function records(name: string): Record<string, string | number | null>[] {
  const { columns, rows }: Table = TABLES.get(name)!;
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
}

Deno.test("tablesOfRun(): every table of outcomes names evaluation and protocol in each row, and rows are as wide as columns", () => {
  for (const [name, { columns, rows }] of TABLES) {
    assert.ok(rows.every((row) => row.length === columns.length), name);
    assert.ok(rows.flat().every((cell) => typeof cell !== "number" || !Number.isNaN(cell)), name);
  }
  for (const name of ["systems", "models", "settings", "predictors", "oracle_curve", "groups"]) {
    for (const row of records(name)) assert.match(String(row.protocol), /^(ours|paper)$/, name);
  }
});

Deno.test("reproducePaper() gives a figure for all evaluations together and for each", () =>
  assert.deepEqual([...RUN.figures.keys()], ["pooled", ...EVALS]));

Deno.test("tablesOfRun(): predictors stand beside the constant one, by both protocols", () => {
  const rows = records("predictors");
  // Each router for eleven models and all together. Five fixed ones by both protocols; by ours also six chosen ones on all prompts, four on one evaluation, which has no groups.
  assert.equal(rows.length, 12 * (5 + 6 + EVALS.length * (5 + 4 + 5)));
  for (const row of rows) {
    const { skill, mean_squared_error: error, constant_mean_squared_error: constant } = row as Record<string, number>;
    if (skill !== null) assert.ok(Math.abs(skill - (1 - error / constant)) < 1e-12);
  }
});

Deno.test("tablesOfRun(): overgenerate-and-rerank has its row, without an AIQ by the rule that it would widen", () => {
  const rows = records("systems").filter(({ system }) => String(system).startsWith("Rerank"));
  assert.equal(rows.length, 2 * (1 + 2 * EVALS.length));
  assert.ok(rows.every((row) => row.aiq_reference_code === null && typeof row.aiq_formula_over_zero === "number"));
  const [perfect] = rows;
  const pooled = RUN.evaluations[0].evaluation;
  assert.ok(
    Math.abs((perfect.best_quality as number) - pooled.oracle.quality) < 1e-12,
    "without noise it is as good as the oracle",
  );
});

Deno.test("tablesOfRun(): the oracle's curve is above every system", () => {
  const curves = new Map(
    records("oracle_curve").map((row) => [`${row.eval_name} ${row.protocol}`, row.aiq_formula as number]),
  );
  assert.equal(curves.size, 1 + 2 * EVALS.length);
  for (const row of records("systems")) {
    assert.ok((row.aiq_formula as number) <= curves.get(`${row.eval_name} ${row.protocol}`)! + 1e-12);
  }
});

Deno.test("tablesOfRun(): out of domain is what training without the evaluation gives", async () => {
  const row = records("groups").find((each) =>
    each.group === "mbpp" && each.protocol === "ours" && each.system === "KNN, k = 40" && each.seen === "other groups"
  )!;
  const { systems } = await evaluateRouters(
    trainedWithout(splitForEvaluation(OUTCOMES, EMBEDDINGS, { seed: 1 }), ["mbpp"]),
    [{ fit: (train) => fitKnnRouter(train, { k: 40 }) }],
    { nResamples: 100, seed: 1 },
  );
  assert.equal(row.aiq_formula, systems[1].aiqFormula);
  assert.deepEqual(new Set(records("groups").map(({ protocol }) => protocol)), new Set(["ours", "paper"]));
});

Deno.test("tablesOfRun(): optimism is what choosing settings on the test prompts adds", async () => {
  const rows = records("optimism") as Record<string, number>[];
  assert.equal(rows.length, 10 + 6 + EVALS.length * (10 + 4));
  const data = splitForEvaluation(OUTCOMES, EMBEDDINGS, { seed: 1 });
  const { test, validation, fit } = restrictToEvals(data, ["mbpp"]);
  const [zero, knn] = ["Zero", "KNN, k = 40"].map((name) =>
    rows.find((row) => String(row.eval_name) === "mbpp" && String(row.system) === name)!
  );
  // The same two systems, evaluated anew: once with settings chosen on validation prompts, once on the test prompts.
  const chosenOn = async (part: typeof test): Promise<number[]> => {
    const recipes = [{ fit: (train: typeof fit) => fitKnnRouter(train, { k: 40 }) }];
    const own = { ...data, fit, test, validation: part };
    const { systems } = await evaluateRouters(own, recipes, { nResamples: 100, seed: 1 });
    return systems.map(({ aiqFormula }) => aiqFormula);
  };
  const honest = await chosenOn(validation);
  const apparent = await chosenOn(test);
  for (const [at, row] of [zero, knn].entries()) {
    assert.ok(Math.abs(row.optimism - (apparent[at] - honest[at])) < 1e-12, String(row.system));
  }
  assert.ok(Math.abs(knn.optimism_over_zero - (knn.optimism - zero.optimism)) < 1e-12);
  // Zero's hull is the best of all mixes on the prompts on which it is chosen.
  assert.ok(rows.filter(({ system }) => String(system) === "Zero").every(({ optimism }) => optimism >= -1e-12));
});

testOnRealRows("tablesOfRun() on the real rows: means and oracles over all prompts are the file's", async (path) => {
  const outcomes = await loadOutcomes(path);
  const means = tablesOfRun(RUN, { errata: errataRows(), ablation: null, trust: null, labels: null }, outcomes);
  const { columns, rows } = means.get("outcome_means")!;
  const quality = (evalName: string, model: string): string => {
    const found = rows.find((row) => row[0] === evalName && String(row[1]).startsWith(model))!;
    return (found[columns.indexOf("mean_quality")] as number).toFixed(4);
  };
  // data/paper/README.md, "Data"; pandas gives the same.
  assert.deepEqual(["winogrande", "mbpp", "arc-challenge"].map((evalName) => quality(evalName, "gpt-4")), [
    "0.8587",
    "0.6862",
    "0.9544",
  ]);
  assert.deepEqual(["winogrande", "mbpp", "arc-challenge"].map((evalName) => quality(evalName, "oracle")), [
    "0.9992",
    "0.8665",
    "0.9871",
  ]);
  assert.deepEqual([
    quality("winogrande", "zero-one-ai/Yi"),
    quality("mbpp", "gpt-3.5"),
    quality("arc-challenge", "zero-one-ai/Yi"),
  ], [
    ...["0.7537", "0.6534", "0.9034"],
  ]);
});

Deno.test("paperFigures() has every panel that is known, each under its own name and with a caption", () => {
  const figures = paperFigures();
  const names = figures.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { figure, evalName } of PAPER_PANELS) assert.ok(names.includes(`paper_figure_${figure}_${evalName}`));
  for (const { caption, name } of figures) {
    assert.match(name, /^paper_figure_\d_[a-z0-9_-]+$/);
    assert.match(caption, /\.$/);
  }
});
