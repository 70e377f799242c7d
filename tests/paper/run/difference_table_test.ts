import assert from "node:assert/strict";
import figures from "../../../data/paper/figures.json" with { type: "json" };
import { lexicalEncoder } from "../../../lib/embeddings/lexical_encoder.ts";
import { aiq } from "../../../lib/evaluation/aiq.ts";
import { evaluateRouters, type Evaluation } from "../../../lib/evaluation/evaluate.ts";
import { paperSplitForEvaluation } from "../../../lib/evaluation/evaluation_data.ts";
import { cascade } from "../../../lib/evaluation/recipes.ts";
import { JUDGE_ERRORS } from "../../../lib/experiments/paper_routers.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { paperTestPrompts } from "../../../lib/outcomes/paper_table.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../../lib/outcomes/outcome_table.ts";
import { shareOfModels } from "../../../lib/evaluation/policy.ts";
import { oracle } from "../../../lib/routers/oracle.ts";
import { simulateOutcomes } from "../../../lib/outcomes/simulate_outcomes.ts";
import { differenceVerdict, type Judged } from "../../../lib/paper/run/_difference_verdict.ts";
import { type RunsAbove, runsAbove } from "../../../lib/paper/run/_cascade_runs.ts";
import type { OwnNumber } from "../../../lib/paper/run/_own_numbers.ts";
import type { PaperNumber } from "../../../lib/paper/printed/numbers.ts";
import { differenceTable } from "../../../lib/paper/run/difference_table.ts";
import { embedPrompts, reproducePaper } from "../../../lib/paper/run/reproduce.ts";
import { testOnRealRows } from "../../_tables.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 150, seed: 1 });
const RUN = await reproducePaper(OUTCOMES, await embedPrompts(OUTCOMES, lexicalEncoder()), {
  ...{ seed: 1, protocol: "ours", evalNames: ["mbpp", "mmlu"] },
});
const SIMULATED = differenceTable(RUN, OUTCOMES);

function cell(row: (typeof SIMULATED.rows)[number], name: string): string | number | null {
  const at = SIMULATED.columns.indexOf(name);
  assert.notEqual(at, -1, name);
  return row[at];
}

function find(figure: string, evalName: string, router: string, quantity: string): (typeof SIMULATED.rows)[number] {
  const found = SIMULATED.rows.filter((row) =>
    cell(row, "figure") === figure && cell(row, "eval_name") === evalName && cell(row, "router") === router &&
    cell(row, "quantity") === quantity
  );
  assert.equal(found.length, 1, `${figure}, ${evalName}, ${router}, ${quantity}`);
  return found[0];
}

Deno.test("differenceTable() has a row for each printed number and each plotted point, once", () => {
  const count = (quantity: string): number => SIMULATED.rows.filter((row) => cell(row, "quantity") === quantity).length;
  // Table 1: 12 rows × 7 evaluations; Figure 3 the same with "no model correct"; Figures 4, 5, 6 and 8: 18 + 6 + 4 + 6 AIQs.
  assert.deepEqual([count("quality"), count("total_cost_usd"), count("oracle_share"), count("aiq")], [84, 84, 84, 34]);
  const nPlotted = figures.panels.reduce((sum, { models }) => sum + Object.keys(models).length, 0);
  const nVertices = figures.panels.flatMap(({ series }) => series as { kind: string; points: unknown[] }[]).filter((
    { kind },
  ) => kind === "hull").reduce((sum, { points }) => sum + points.length, 0);
  assert.deepEqual([count("plotted_quality"), count("plotted_total_cost_usd"), count("plotted_quality_at_cost")], [
    nPlotted,
    nPlotted,
    nVertices,
  ]);
  assert.equal(SIMULATED.rows.length, 3 * 84 + 34 + 2 * nPlotted + nVertices);
});

Deno.test("differenceTable() calls rows of simulated outcomes calibrated, never equal, and what is not there open", () => {
  for (const row of SIMULATED.rows) {
    const isThere = cell(row, "ours") !== null;
    assert.match(String(cell(row, "verdict")), isThere ? /^calibrated$/ : /^open: /);
    assert.equal(
      cell(row, "difference"),
      isThere ? (cell(row, "ours") as number) - (cell(row, "printed") as number) : null,
    );
    if (isThere) assert.ok(["mbpp", "mmlu"].includes(String(cell(row, "eval_name"))));
  }
  assert.match(String(cell(find("Figure 6", "rag", "KNN", "aiq"), "verdict")), /not released/);
  // The plotted points speak for themselves, whatever the outcomes.
  assert.equal(cell(find("Figure 4", "mmlu", "KNN", "aiq"), "plotted_points_verdict"), "equal");
});

Deno.test("differenceTable() compares an AIQ with the systems of its own figure, by the paper's protocol", () => {
  const { byOther } = RUN.evaluations.find(({ evalName }) => evalName === "mbpp")!;
  const systems = byOther!.systems;
  assert.equal(byOther!.protocol, "paper");
  const of = (names: readonly string[]): typeof systems =>
    systems.filter(({ name }) => names.some((each) => name.startsWith(each)));
  for (
    const [figure, names] of [["Figure 4", ["Zero", "KNN, k = 40", "MLP"]], ["Figure 5", ["Zero", "Cascade"]]] as const
  ) {
    const maxCostUsd = Math.max(...of(names).map(({ ownMaxCostUsd }) => ownMaxCostUsd));
    const zero = aiq(systems[0].hull, { rule: "reference-code", maxCostUsd });
    assert.equal(cell(find(figure, "mbpp", "Zero", "aiq"), "ours"), zero, figure);
  }
});

Deno.test("differenceTable() gives costs as totals of the paper's test split, and Figure 3's shares of all prompts", () => {
  const { byOther } = RUN.evaluations.find(({ evalName }) => evalName === "mmlu")!;
  const { models } = byOther!;
  const oracleShares = shareOfModels(
    oracle(selectPrompts(OUTCOMES, rowsOfEvals(OUTCOMES, ["mmlu"]))).choices,
    models.length,
  );
  const gpt4 = models.findIndex(({ model }) => model.startsWith("gpt-4"));
  const { model, costUsd } = models[gpt4];
  assert.equal(cell(find("Table 1", "mmlu", model, "total_cost_usd"), "ours"), costUsd * paperTestPrompts("mmlu"));
  assert.equal(cell(find("Figure 3", "mmlu", model, "oracle_share"), "ours"), oracleShares[gpt4]);
  const none = cell(find("Figure 3", "mmlu", "no_model_correct", "oracle_share"), "ours") as number;
  assert.ok(Math.abs(none + oracleShares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
});

Deno.test("differenceVerdict() says equal to the digits, explained for a reason of that number, else open, be it near or not", () => {
  const number = {
    figure: "Table 1",
    evalName: "mbpp",
    router: "gpt-4",
    quantity: "quality" as const,
    printed: 0.682,
    atCostUsd: null,
  };
  const own = (value: number): OwnNumber => {
    return { value, range: [value, value], byFormula: null, nTest: 100, runsAbove: null };
  };
  const none = { isSimulated: false, nDoubled: 0, isBelowTwin: false };
  const verdict = (value: number, change: Partial<PaperNumber> = {}, known: Partial<Judged> = {}): string => {
    return differenceVerdict({ number: { ...number, ...change }, own: own(value), ...none, ...known });
  };
  assert.equal(verdict(0.6824), "equal");
  assert.match(verdict(0.6828), /^explained: cut to three decimals/);
  assert.equal(verdict(0.72), "open: within three standard errors");
  assert.match(
    verdict(0.72, { figure: "Figure 4", router: "KNN", quantity: "aiq" }),
    /^open: within .*; the paper's vectors/,
  );
  assert.equal(verdict(0.95), "open");
  assert.match(verdict(0.95, { figure: "Figure 9", evalName: "mtbench" }), /^explained: Figure 9 averages/);
  assert.match(verdict(0.712, {}, { nDoubled: 3 }), /^explained: in the paper 3 prompts are wrong/);
  assert.equal(verdict(0.722, {}, { nDoubled: 3 }), "open: within three standard errors");
  const cost = { quantity: "total_cost_usd" as const, printed: 2.06 };
  assert.match(verdict(2, cost, { nDoubled: 3 }), /^explained: in the paper 3 prompts are paid/);
  assert.equal(verdict(2, cost), "open");
  const vertex = { figure: "Figure 5", quantity: "plotted_quality_at_cost" as const, atCostUsd: 0.1 };
  const ofRuns = (value: number): string => {
    const runsAbove = (): RunsAbove => ({ meanAbove: 0.02, standardDeviation: 0.005 });
    const cascade = { ...number, ...vertex, router: "Cascade, ε = 0.1" };
    return differenceVerdict({ number: cascade, own: { ...own(value), runsAbove }, ...none });
  };
  assert.match(ofRuns(0.65), /^explained: .* one simulated run .* lie \.0200 above .* deviation of \.0050$/);
  assert.match(ofRuns(0.67), /^explained/);
  assert.match(ofRuns(0.69), /^open/, "runs lie above the expectation, and the paper's would lie below");
  assert.doesNotMatch(verdict(0.7, { ...vertex, router: "Cascade, ε = 0" }), /explained/);
  assert.match(
    verdict(0.9, { ...vertex, router: "Zero" }, { isBelowTwin: true }),
    /^explained: the drawn hull has a better vertex/,
  );
  assert.equal(differenceVerdict({ number, own: own(0.682), ...none, isSimulated: true }), "calibrated");
});

/** Zero and all cascades of an evaluation by the paper's protocol; what is checked below needs no learned router. */
async function byPaper(outcomes: OutcomeTable, evalName: string): Promise<Evaluation> {
  const part = selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName]));
  const data = paperSplitForEvaluation(part, await lexicalEncoder({ nDims: 16 }).encode(part), { order: "by id" });
  const cascades = JUDGE_ERRORS.paper.map((judgeError) => cascade({ judgeError }));
  return await evaluateRouters(data, cascades, { protocol: "paper", seed: 1, nResamples: 100 });
}

testOnRealRows(
  "differenceTable() on the real rows: Table 1 and Figure 3 come out, Zero's AIQs too, and ARC but for its doubled ids",
  async (path) => {
    const outcomes = await loadOutcomes(path);
    const evaluations = await Promise.all(["mbpp", "winogrande", "arc-challenge"].map(async (evalName) => {
      return { evalName, evaluation: await byPaper(outcomes, evalName), byOther: null, leftOut: null };
    }));
    const run = { evaluations, groups: [] };
    const rows = differenceTable(run, outcomes).rows.filter((row) => cell(row, "ours") !== null);
    const verdicts = (figure: string, evalName: string, isIt: (router: string) => boolean = () => true): string[] =>
      rows.filter((row) =>
        cell(row, "figure") === figure && cell(row, "eval_name") === evalName && isIt(String(cell(row, "router")))
      ).map((
        row,
      ) => String(cell(row, "verdict")));
    const isZero = (router: string): boolean => router === "Zero";
    for (const evalName of ["mbpp", "winogrande"]) {
      const [of1, of3] = [verdicts("Table 1", evalName), verdicts("Figure 3", evalName)];
      assert.deepEqual([of1.length, of3.length], [24, 12]);
      assert.deepEqual(
        [...of1, ...of3].filter((verdict) => verdict !== "equal" && !verdict.includes("cut to three decimals")),
        [],
      );
      assert.deepEqual(
        verdicts("Figure 4", evalName, isZero).filter((verdict) =>
          verdict !== "equal" && !verdict.includes("better vertex")
        ),
        [],
      );
    }
    const ofArc = [...verdicts("Table 1", "arc-challenge"), ...verdicts("Figure 8", "arc-challenge", isZero)];
    assert.ok(
      ofArc.length > 24 &&
        ofArc.every((verdict) => verdict === "equal" || verdict.startsWith("explained: in the paper 14")),
      ofArc.join("\n"),
    );
  },
);

testOnRealRows(
  "one run of the reference code's cascade on MBPP with ε = .2 lies .04 above its expectation of .6057",
  async (path) => {
    const evaluation = await byPaper(await loadOutcomes(path), "mbpp");
    const { aiqReferenceCode: expected } = evaluation.systems.find(({ name }) => name.endsWith("0.2"))!;
    assert.equal(expected.toFixed(4), "0.6057");
    const maxCostUsd = Math.max(...evaluation.systems.map((system) => system.ownMaxCostUsd));
    const { meanAbove, standardDeviation } = runsAbove({ evaluation, judgeError: 0.2 }, {
      expected,
      measure: (hull) => aiq(hull, { rule: "reference-code", maxCostUsd: Math.max(maxCostUsd, hull.at(-1)!.costUsd) }),
    });
    // One run of the reference code gave .6485, its runs scatter by .017.
    assert.ok(Math.abs(expected + meanAbove - 0.6485) < 3 * 0.017 / Math.sqrt(40), `${expected + meanAbove}`);
    assert.ok(Math.abs(standardDeviation - 0.017) < 0.006, `${standardDeviation}`);
  },
);
