import assert from "node:assert/strict";
import { headlineHtml, headlineOf } from "../../lib/reports/headline.ts";
import { shortSummaryOf, terminalTable } from "../../lib/paper/run/summary.ts";
import type { NamedEvaluation } from "../../lib/experiments/named_evaluation.ts";
import { terminalStyle } from "../../lib/base/terminal.ts";

const against = (difference: number): unknown => ({ difference, interval: [difference - 0.02, difference + 0.02] });
const system = (name: string, family: string, aiqFormula: number, aiqWhereChosen: number): unknown => ({
  ...{ name, family, aiqFormula, aiqWhereChosen, againstZero: family === "zero" ? null : against(aiqFormula - 0.7) },
});

/** Only what the headline reads. */
function named(systems: readonly unknown[], leftOut: string | null = null): NamedEvaluation {
  const evaluation = {
    ...{
      protocol: "ours",
      nPrompts: { learned: 9, chosen: 9, test: 1104 },
      models: [1, 2],
      oracle: { quality: 0.9, costUsd: 2.6e-4 },
    },
    systems: [system("Zero", "zero", 0.7, 0.7), ...systems],
  };
  return { evalName: "pooled", evaluation, byOther: null, leftOut } as unknown as NamedEvaluation;
}

const numbersOf = (...args: Parameters<typeof headlineOf>): Map<string, string[]> =>
  new Map(headlineOf(...args).map(({ name, value, detail }) => [name, [value, detail]]));

Deno.test("headlineOf() takes the router that is best where settings are chosen, not where it is measured", () => {
  const numbers = numbersOf(
    named([system("KNN", "knn", 0.71, 0.9), system("Linear", "linear", 0.8, 0.5)]),
    "simulated",
  );
  assert.deepEqual(numbers.get("Best router over Zero"), [
    "+0.0100",
    "95 % interval [−0.0100, +0.0300]; KNN, AIQ 0.7100, best where settings are chosen",
  ]);
  assert.deepEqual(numbers.get("What was measured"), ["1,104 test prompts", "All evaluations; 2 models"]);
  assert.equal(numbers.get("Zero: the line to beat")![0], "0.7000");
  assert.equal(numbers.get("Outcomes")![0], "simulated");
  assert.match(numbers.get("Oracle")![1], /0\.00026 USD/);
});

Deno.test("shortSummaryOf() has a row for the best of each family, one cascade, and each router of no family", () => {
  const shown = (name: string, family: string, aiq: number): unknown => ({
    ...system(name, family, aiq, aiq) as object,
    ...{
      aiqReferenceCode: aiq,
      hull: [{ quality: 0.9, costUsd: 1 }],
      amongAll: null,
      savings: [{ qualityShare: 0.95, timesCheaper: 2 }],
    },
  });
  const { evaluation, ...rest } = named([
    shown("KNN, k = 5", "knn", 0.71),
    shown("KNN, k = 40", "knn", 0.72),
    ...["Cascade, ε = 0", "Cascade, ε = 0.1"].map((name) => shown(name, "cascade", 0.8)),
    ...["Predicted", "Mine"].map((name) => shown(name, "other", 0.7)),
  ]);
  const systems = [shown("Zero", "zero", 0.7), ...evaluation.systems.slice(1)];
  const { rows } = shortSummaryOf({ ...rest, evaluation: { ...evaluation, systems } } as unknown as NamedEvaluation);
  assert.deepEqual(rows.map(([name]) => name), ["Zero", "KNN, k = 40", "Cascade, ε = 0.1", "Predicted", "Mine"]);
});

Deno.test("headlineOf() never takes a cascade, whose judge knows the outcome, for the best router", () => {
  const numbers = numbersOf(
    named([system("Cascade, ε = 0.1", "cascade", 0.9, 0.9)], "learned routers left out"),
    "released",
  );
  assert.deepEqual(numbers.get("Best router over Zero"), ["–", "learned routers left out"]);
  assert.equal(numbers.get("Cascade over Zero")![0], "+0.2000");
  assert.equal(numbers.get("Outcomes")![0], "recorded");
});

Deno.test("headlineOf() has no numbers where they would mean nothing, and says why", () => {
  const whole = named([system("KNN", "knn", 0.71, 0.9)]);
  const models = [{ quality: 0.6 }, { quality: 0.4 }];
  const changed = (change: object): Map<string, string[]> =>
    numbersOf(
      { ...whole, evaluation: { ...whole.evaluation, models, ...change } } as unknown as NamedEvaluation,
      "file",
    );
  assert.equal(changed({}).get("Best router over Zero")![0], "+0.0100");
  const lone = changed({ nPrompts: { learned: 1, chosen: 1, test: 1 } });
  assert.equal(lone.get("What was measured")![0], "1 test prompt");
  for (const name of ["Zero: the line to beat", "Best router over Zero", "Oracle"]) {
    assert.deepEqual(lone.get(name), ["–", "one test prompt says nothing of routers"]);
  }
  const wrong = changed({ models: [{ quality: 0 }, { quality: 0 }], oracle: { quality: 0, costUsd: 0 } });
  assert.deepEqual(wrong.get("Oracle"), ["–", "no model is right on any test prompt"]);
  const equal = changed({ models: [{ quality: 0.9 }, { quality: 0.9 }] });
  assert.equal(equal.get("Oracle")![0], "0.9000");
  assert.match(equal.get("Best router over Zero")!.join(": "), /^–: all models are equally good on each test prompt/);
});

Deno.test("headlineHtml() means texts as texts", () => {
  assert.match(
    headlineHtml(["a < b"], [{ name: "<b>", value: "1", detail: "a & b" }]),
    /<dt>&lt;b&gt;<\/dt><dd class="value">1<\/dd><dd class="detail">a &amp; b</,
  );
});

Deno.test("terminalTable() paints gains and losses that are no chance, and aligns as without paint", () => {
  const table = {
    columns: ["", "gain"],
    rows: [["a", "+0.1 [+0.0, +0.2]"], ["b", "−0.1 [−0.3, −0.1]"], ["c", "+0.1 [−0.1, +0.2]"], ["d", null]],
  };
  const plain = terminalTable(table, terminalStyle(false));
  const painted = terminalTable(table, terminalStyle(true));
  // deno-lint-ignore no-control-regex
  assert.deepEqual(painted.split("\n").map((line) => [...line.matchAll(/\x1b\[(3\d)m/g)].map(([, code]) => code)), [
    [],
    ["32"],
    ["31"],
    [],
    [],
  ]);
  // deno-lint-ignore no-control-regex
  assert.equal(painted.replaceAll(/\x1b\[\d+m/g, ""), plain);
});

Deno.test("terminalTable() breaks wide headings, and takes the middle out of long names", () => {
  const table = {
    columns: ["", "over Zero by the paper's protocol"],
    rows: [["a model whose name is longer than a column", "+0.1"], ["short", null]],
  };
  assert.deepEqual(terminalTable(table, terminalStyle(false)).split("\n"), [
    "                                  over",
    "                               Zero by",
    "                                   the",
    "                               paper's",
    "                              protocol",
    "a model whose …than a column      +0.1",
    "short                                –",
  ]);
});
