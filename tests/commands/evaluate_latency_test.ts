import assert from "node:assert/strict";
import { selectModels, simulateOutcomes } from "routerbench";
import { PAPER_MODEL_SPEEDS, withSpeeds } from "routerbench/axes";
import { type CommandInput, readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import {
  evaluateWithLatency,
  latencyBeside,
  latencyGoalOf,
  latencyTable,
} from "../../lib/commands/evaluate_latency.ts";
import { renderFigure } from "../../lib/figures/export.ts";
import { besideRecord } from "../../lib/reports/result_json.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";

function inputOf(...args: string[]): CommandInput {
  return readOptions(["mine.csv", ...args], EVALUATE);
}

Deno.test("latencyGoalOf() reads limits in ascending order, no limit last, and prices of a second", () => {
  assert.equal(latencyGoalOf(inputOf()), null);
  assert.deepEqual(latencyGoalOf(inputOf("--latency-budget", "6,2.5,6")), { latencyBudgets: [2.5, 6, Infinity] });
  assert.deepEqual(latencyGoalOf(inputOf("--usd-per-second", "0,1e-4")), {
    latencyBudgets: [Infinity],
    usdPerSecond: [0, 1e-4],
  });
});

const REFUSED: readonly [args: readonly string[], message: RegExp][] = [
  [["--latency-budget", "0"], /--latency-budget must be seconds above 0, several with commas: "0" is not$/],
  [["--latency-budget", "2,"], /several with commas: "" is not$/],
  [["--usd-per-second", "cheap"], /--usd-per-second must be USD of 0 or more, several with commas: "cheap" is not$/],
  [["--latency-budget", "2", "--logged"], /--logged has no place for latencies: leave it out/],
];
for (const [args, message] of REFUSED) {
  Deno.test(`latencyGoalOf() refuses ${args.join(" ")}`, () =>
    assert.throws(() => latencyGoalOf(inputOf(...args)), message));
}

Deno.test("evaluate with a latency budget writes a table, a line a system and limit, and a figure", async () => {
  const all = simulateOutcomes({ nPromptsPerEval: 12, seed: 1 });
  const simulated = selectModels(all, [0, 3, 10].map((model) => all.models[model]));
  const outcomes = withSpeeds(simulated, { speeds: PAPER_MODEL_SPEEDS });
  const embeddings = await lexicalEncoder({ nDims: 32 }).encode(outcomes);
  const settings = {
    seed: 1,
    split: "chance",
    trainShare: 0.7,
    routers: ["linear", "cascade"],
    evalNames: null,
  } as const;
  const given = { embeddings, settings, testIds: undefined };
  const goal = { latencyBudgets: [3, Infinity], usdPerSecond: [0, 1e-4], nResamples: 20 };
  const found = await evaluateWithLatency(goal, { outcomes, ...given });
  const { rows } = latencyTable(found);
  assert.equal(rows.length, 2 * found.systems.length);
  assert.deepEqual(rows.slice(0, 2).map(([name, limit]) => [name, limit]), [["Zero", 3], ["Zero", "no limit"]]);
  assert.ok(found.systems.some(({ name }) => name === "Linear"));
  // A cascade waits for its models one after the other: with a limit it has less than without.
  const cascade = found.systems.find(({ name }) => name === "Cascade, ε = 0.1")!;
  assert.ok(cascade.within[0].aiq < cascade.within[1].aiq);
  const beside = latencyBeside(found);
  const { latency } = besideRecord(beside) as { readonly latency: readonly Record<string, unknown>[] };
  assert.deepEqual([latency.length, latency[1].mean_seconds_at_most], [rows.length, "no limit"]);
  const { svg } = await renderFigure(beside.figures.get("latency")!.figure);
  assert.match(svg, /^<svg/);
  assert.throws(() => evaluateWithLatency(goal, { outcomes: simulated, ...given }), /as the outcomes must have times/);
  assert.throws(() => evaluateWithLatency(goal, { outcomes, ...given, embeddings: null }), /there are no texts/);
});
