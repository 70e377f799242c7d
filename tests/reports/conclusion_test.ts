import assert from "node:assert/strict";
import type { SettingSample } from "../../lib/evaluation/compare_curves.ts";
import type { NamedEvaluation } from "../../lib/experiments/named_evaluation.ts";
import { conclusionOf } from "../../lib/reports/conclusion.ts";

interface MadeSystem {
  readonly name: string;
  readonly family: string;
  readonly gain: number | null;
  /** Half the width of the gain's interval. */
  readonly half?: number;
  readonly aiqWhereChosen?: number;
  /** How many of a hundred prompts it answers right, at the price of 1. */
  readonly right?: number;
  readonly timesCheaper?: number | null;
}

function sampleOf(right: number): SettingSample {
  const quality = Float64Array.from({ length: 100 }, (_, i) => Number(i < right));
  return { nSettings: 1, costUsd: new Float64Array(100).fill(1), quality };
}

function systemOf(system: MadeSystem): unknown {
  const { name, family, gain, half = 0.01, aiqWhereChosen = 0.5, right = 50, timesCheaper = null } = system;
  return {
    ...{ name, family, aiqWhereChosen, sample: sampleOf(right), savings: [{ qualityShare: 0.95, timesCheaper }] },
    againstZero: gain === null ? null : {
      difference: gain,
      interval: [gain - half, gain + half],
      standardError: half / 1.96,
      smallestVisible: 1.4 * half,
    },
  };
}

/** Only what a conclusion reads. */
function named(
  systems: readonly MadeSystem[],
  { protocol = "ours", leftOut = null as string | null } = {},
): NamedEvaluation {
  const models = [{ model: "small", quality: 0.5, costUsd: 1 }, { model: "large", quality: 0.9, costUsd: 2 }];
  const evaluation = {
    ...{
      protocol,
      models,
      oracle: { quality: 0.95, costUsd: 1 },
      seed: 1,
      costRangeUsd: [1, 2],
      nPrompts: { test: 1104 },
    },
    systems: [{ name: "Zero", family: "zero", gain: null, timesCheaper: 1.25 }, ...systems].map(systemOf),
  };
  return { evalName: "pooled", evaluation, byOther: null, leftOut } as unknown as NamedEvaluation;
}

const CONTEXT = { kind: "file", nWrong: 0 } as const;
const KNN: MadeSystem = { name: "KNN", family: "knn", gain: 0.035, aiqWhereChosen: 0.9, right: 90, timesCheaper: 4 };

Deno.test("conclusionOf() says what is gained, how much of it is knowing the evaluation, and what is saved", () => {
  const group: MadeSystem = { name: "Group", family: "group", gain: 0.02, right: 70 };
  const within = [named([KNN]), named([{ ...KNN, gain: 0 }])];
  assert.deepEqual(conclusionOf([named([KNN, group]), ...within], CONTEXT), [
    "On these 1,104 prompts KNN beats Zero, the lottery between models that looks at no prompt, by .035 [.025, .045] of AIQ.",
    "Most of it is knowing which evaluation a prompt is from, which alone (Group) gains .020 [.010, .030]; within 1 of 2 " +
    "evaluations taken by themselves a gain is shown too (corrected for 2 comparisons by Holm).",
    "For 95 % of the quality of large, the best single model, it needs 25 % of that model's cost (Zero: 80 %).",
  ]);
});

Deno.test("conclusionOf() never says more of a gain than the difference from the group router allows", () => {
  const second = (group: Omit<MadeSystem, "name" | "family">): string =>
    conclusionOf([named([KNN, { name: "Group", family: "group", ...group }])], CONTEXT)[1];
  assert.match(second({ gain: 0.01, right: 70 }), /^A part of it is knowing which evaluation/);
  assert.match(
    second({ gain: 0.001, right: 70 }),
    /^Little of it is knowing which evaluation.* gains \.0010 \[−\.0090, /,
  );
  assert.match(
    second({ gain: 0.034, right: 90 }),
    /^That it is more than knowing which evaluation .*, is not shown\.$/,
  );
});

Deno.test("conclusionOf() counts gains of single evaluations by Holm's correction: one in five at 2 SE is none", () => {
  const group: MadeSystem = { name: "Group", family: "group", gain: 0.02, right: 70 };
  const text = (gains: readonly number[]): string =>
    conclusionOf([named([KNN, group]), ...gains.map((gain) => named([{ ...KNN, gain }]))], CONTEXT)[1];
  // The standard error is .005: 2 SE are shown alone, and not as the largest of five; two of 4 SE are.
  assert.match(text([0.0101]), /within 1 of 1 evaluations .* shown too\.$/);
  assert.match(text([0.0101, 0, 0, 0, 0]), /within a single evaluation no gain is shown \(corrected for 5/);
  assert.match(text([0.02, 0.02, 0, 0, -0.02]), /within 2 of 5 evaluations/);
});

Deno.test("conclusionOf() takes the router that is best where settings are chosen, not where it is measured", () => {
  const lucky: MadeSystem = { name: "Linear", family: "linear", gain: 0.2, aiqWhereChosen: 0.1 };
  assert.match(
    conclusionOf([named([lucky, KNN])], { ...CONTEXT, kind: "simulated" })[0],
    /1,104 simulated prompts KNN beats/,
  );
});

Deno.test("conclusionOf() allows none where an interval holds 0, says a loss, and what Zero saves", () => {
  assert.deepEqual(conclusionOf([named([{ ...KNN, gain: 0.004 }])], CONTEXT), [
    "On these 1,104 prompts no conclusion is allowed on whether a router beats Zero, the lottery between models that looks at no " +
    "prompt: KNN gains .0040 [−.0060, .0140] of AIQ, an interval that holds 0; only a gain of .014 or more would mostly have shown.",
    "For 95 % of the quality of large, the best single model, Zero needs 80 % of that model's cost.",
  ]);
  assert.match(
    conclusionOf([named([{ ...KNN, gain: -0.05 }])], CONTEXT)[0],
    /KNN falls below Zero, the lottery between models that looks at no prompt, by \.050 \[\.040, \.060\] of AIQ\.$/,
  );
});

Deno.test("conclusionOf() allows none where the numbers mean nothing", () => {
  const { evaluation, ...rest } = named([KNN]);
  const one = { ...rest, evaluation: { ...evaluation, nPrompts: { ...evaluation.nPrompts, test: 1 } } };
  assert.deepEqual(conclusionOf([one], CONTEXT), [
    "No conclusion is allowed: one test prompt says nothing of routers.",
  ]);
});

Deno.test("conclusionOf() allows none by the paper's protocol, from a wrong table, or without a learned router", () => {
  const paper = conclusionOf([named([KNN], { protocol: "paper" })], CONTEXT);
  assert.match(
    paper.join("\n"),
    /^By the paper's protocol no conclusion about gains is allowed, .*seems to gain \.035/,
  );
  const wrong = conclusionOf([named([KNN])], { kind: "file", nWrong: 2 });
  assert.deepEqual(wrong, [
    "No conclusion is allowed before the table is mended: 2 of the audit's findings make any comparison wrong.",
  ]);
  const cascade: MadeSystem = { name: "Cascade, ε = 0", family: "cascade", gain: 0.3, aiqWhereChosen: 1 };
  assert.deepEqual(conclusionOf([named([cascade], { leftOut: "learned routers left out" })], CONTEXT), [
    "No learned router was measured: learned routers left out.",
    "For 95 % of the quality of large, the best single model, Zero needs 80 % of that model's cost.",
  ]);
});
