import { comparedEvaluation } from "../evaluation/compared_evaluation.ts";
import { DEFAULT_RESAMPLES } from "../evaluation/compare_curves.ts";
import {
  cascadeSystem,
  type Part,
  predictedSystem,
  type PromptResults,
  type System,
  zeroSystem,
} from "../evaluation/systems.ts";
import { modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import { oracle } from "../routers/oracle.ts";
import type { QualityPredictions } from "../routers/router.ts";
import { joinedPrompts, type StreamedPrompts } from "./_bucket_prompts.ts";
import { type LearnedMeans, shrunkMeans } from "./_learned.ts";
import { measuredEvaluation, type MeasuredInput, rangeOf, ZERO } from "./_measured_sums.ts";
import { partsOfTable, type SizedPart } from "./_parts.ts";
import { JUDGE_ERRORS, NO_PREDICTIONS, noCascade, SUMMED_ROUTERS } from "./_systems_of_table.ts";
import type { WarehouseEvaluation, WarehouseEvaluationOptions } from "./evaluate_warehouse.ts";
import { addResults, emptySums, type GroupSums, promptsOf } from "./group_sums.ts";
import type { StreamedOutcomes } from "./stream_outcomes.ts";
import { needWholePrompts } from "./warehouse_audit.ts";

/** A system, and what it predicts of some prompts. */
interface StreamedSystem {
  readonly system: System<number>;
  readonly notes: readonly string[];
  readonly predict: ((prompts: StreamedPrompts) => Pick<QualityPredictions, "quality" | "costUsd">) | null;
}

/**
 * Evaluates routers on a file that is larger than memory, by our protocol and with the sums of {@linkcode
 * evaluateWarehouse}: what is learned from (at most 200,000 prompts) and chosen on (at most 50,000) is in memory, and
 * all others are measured a lot at a time.
 *
 * Its numbers are those of `evaluateRouters` on the same parts, to rounding; curves are followed exactly; intervals
 * resample 4,096 groups of prompts.
 *
 * @param options as of {@linkcode evaluateWarehouse}; the seed is that of the stream
 * @throws RangeError where a part is empty, or prompts are incomplete or repeated
 */
export async function evaluateStreamed(
  streamed: StreamedOutcomes,
  options: Omit<WarehouseEvaluationOptions, "audit" | "seed"> = {},
): Promise<WarehouseEvaluation> {
  const { audit, seed, models } = streamed;
  const { missing = "error", nResamples = DEFAULT_RESAMPLES, onProgress } = options;
  if (audit.nRepeated > 0) {
    throw new RangeError(
      `Cannot evaluate the file as a model must have one outcome on a prompt: ${audit.nRepeated} rows repeat another; keep the rows of one kind by --where, or name the column of ids by --columns promptId=NAME`,
    );
  }
  const hasGaps = needWholePrompts(audit, missing);
  const parts = partsOfTable(streamed, { ...options, seed, audit, hasGaps });
  // What was predicted of prompts is not learned from.
  const learn = promptsIn(streamed, parts.learn, (lot) => ({ ...lot, predictedQuality: null, predictedCostUsd: null }));
  const choose = promptsIn(streamed, parts.choose, (lot) => lot);
  const { systems, notes } = systemsOf(streamed, learn, options);
  onProgress?.(1, systems.length + 2);

  const chosenOn = partOf(choose, systems);
  const modelPoints = zeroSystem().points(chosenOn).map(({ setting, ...point }) => ({ ...point, value: setting }));
  const zero = { hull: nonDecreasingHull(modelPoints), range: rangeOf(modelPoints) };
  const hulls = systems.map(({ system }, at) => {
    const points = system.points(chosenOn).map(({ setting, costUsd, quality }) => ({
      costUsd,
      quality,
      value: setting,
    }));
    onProgress?.(2 + at, systems.length + 2);
    return nonDecreasingHull(points);
  });
  const sums = hulls.map((hull) => emptySums(hull.length, models.length));
  const test = emptySums(models.length + 1, models.length);
  for (const lot of streamed.lots(parts.test.part)) {
    const part = partOf(lot, systems);
    addModels(test, part.outcomes, lot.groups);
    hulls.forEach((hull, at) =>
      hull.forEach(({ value }, s) => addResults(sums[at], s, systems[at].system.results(part, value), lot.groups))
    );
    // Ctrl-C and the bar of progress have their turn.
    await new Promise((resolve) => setTimeout(resolve));
  }
  onProgress?.(systems.length + 2, systems.length + 2);
  const measured: MeasuredInput[] = systems.map(({ system: { name, family }, notes }, at) => {
    return { name, family, notes, hull: hulls[at], range: zero.range, sums: sums[at] };
  });
  const nPrompts = { learned: learn.groups.length, chosen: choose.groups.length, test: promptsOf(test) };
  const evaluation = measuredEvaluation(models, {
    nPrompts,
    test,
    measured: [{ ...ZERO, ...zero, sums: test }, ...measured],
  });
  return { evaluation: comparedEvaluation(evaluation, { nResamples, seed }), ladders: [], notes };
}

/** All prompts of a part in memory, of each lot what is kept. */
function promptsIn(
  streamed: StreamedOutcomes,
  { part }: SizedPart,
  kept: (lot: StreamedPrompts) => StreamedPrompts,
): StreamedPrompts {
  const lots = Array.from(streamed.lots(part), kept);
  if (lots.length > 0) return joinedPrompts(lots);
  throw new RangeError(
    "Cannot evaluate the file as each part must have prompts: one has none; the table is too small to be parted",
  );
}

function partOf(prompts: StreamedPrompts, systems: readonly StreamedSystem[]): Part {
  const { outcomes } = prompts;
  const predictions = new Map(
    systems.flatMap(({ system, predict }): [string, QualityPredictions][] =>
      predict === null
        ? []
        : [[system.name, { nPrompts: outcomes.promptIds.length, models: outcomes.models, ...predict(prompts) }]]
    ),
  );
  return { outcomes, predictions };
}

/** The systems that a file allows, and what was left out. */
function systemsOf(
  { predicted, audit }: StreamedOutcomes,
  learn: StreamedPrompts,
  { routers = SUMMED_ROUTERS }: Pick<WarehouseEvaluationOptions, "routers">,
): { readonly systems: readonly StreamedSystem[]; readonly notes: readonly string[] } {
  const means = meansOf(learn.outcomes);
  const systems: StreamedSystem[] = [];
  const notes: string[] = [];
  if (routers.includes("predicted") && !predicted.quality) notes.push(NO_PREDICTIONS);
  if (routers.includes("predicted") && predicted.quality) {
    const costUsd = Float64Array.from(means.costUsd);
    systems.push({
      system: predictedSystem("Predicted", "other"),
      notes: [predicted.costUsd ? "costs as predicted" : "costs: the models' means"],
      predict: (lot) => ({ quality: lot.predictedQuality!, costUsd: lot.predictedCostUsd ?? costUsd }),
    });
  }
  const { length } = means.evaluations;
  if (routers.includes("evaluation") && length >= 2) {
    systems.push({
      system: predictedSystem("By evaluation", "group"),
      notes: [`means of ${length} evaluations; it is told each prompt's`],
      predict: evaluationMeans(means),
    });
  }
  if (routers.includes("cascade")) {
    const refused = noCascade(audit);
    if (refused !== null) notes.push(refused);
    else {
      for (const judgeError of JUDGE_ERRORS) {
        const system = cascadeSystem(judgeError, learn.outcomes, { settings: "exact" });
        systems.push({ system, notes: [], predict: null });
      }
    }
  }
  return { systems, notes };
}

/** Means of each model, of all prompts and by evaluation. */
function meansOf(outcomes: OutcomeTable): LearnedMeans {
  const m = outcomes.models.length;
  const sums = new Map<string, { nPrompts: number; quality: number[]; costUsd: number[] }>();
  outcomes.evalNames.forEach((name, i) => {
    const own = sums.get(name) ?? { nPrompts: 0, quality: new Array(m).fill(0), costUsd: new Array(m).fill(0) };
    sums.set(name, own);
    own.nPrompts++;
    for (let j = 0; j < m; j++) {
      own.quality[j] += outcomes.quality[i * m + j];
      own.costUsd[j] += outcomes.costUsd[i * m + j];
    }
  });
  const { quality, costUsd } = modelMeans(outcomes);
  return {
    nPrompts: outcomes.promptIds.length,
    quality: [...quality],
    costUsd: [...costUsd],
    evaluations: [...sums].map(([name, own]) => ({
      name,
      nPrompts: own.nPrompts,
      quality: own.quality.map((sum) => sum / own.nPrompts),
      costUsd: own.costUsd.map((sum) => sum / own.nPrompts),
    })),
  };
}

/** What a router predicts that knows each prompt's evaluation. */
function evaluationMeans(means: LearnedMeans): NonNullable<StreamedSystem["predict"]> {
  const shrunk = shrunkMeans(means);
  const placeOf = new Map(means.evaluations.map(({ name }, at) => [name, at + 1]));
  return ({ outcomes: { evalNames, models } }) => {
    const spread = (lists: readonly (readonly number[])[]): Float64Array => {
      const cells = new Float64Array(evalNames.length * models.length);
      evalNames.forEach((name, i) => cells.set(lists[placeOf.get(name) ?? 0], i * models.length));
      return cells;
    };
    return { quality: spread(shrunk.quality), costUsd: spread(shrunk.costUsd) };
  };
}

/** Adds each model, then the oracle. */
function addModels(sums: GroupSums, outcomes: OutcomeTable, groups: Uint16Array): void {
  const { models: { length: m }, quality, costUsd } = outcomes;
  const resultsOf = (choices: Int32Array): PromptResults => {
    const cells = (values: Float64Array): Float64Array =>
      Float64Array.from(choices, (model, i) => model < 0 ? 0 : values[i * m + model]);
    return { costUsd: cells(costUsd), quality: cells(quality), choices };
  };
  for (let model = 0; model < m; model++) {
    addResults(sums, model, resultsOf(new Int32Array(groups.length).fill(model)), groups);
  }
  addResults(sums, m, resultsOf(oracle(outcomes).choices), groups);
}
