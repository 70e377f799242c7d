import { aiq, referenceCodeMaxCost } from "../evaluation/aiq.ts";
import type { Evaluation, MeasuredEvaluation, MeasuredSetting } from "../evaluation/compared_evaluation.ts";
import { describeWillingnessToPay, type Family } from "../evaluation/systems.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { type GroupSums, meansOf, promptsOf, sampleOfGroups, sumsOfSettings } from "./group_sums.ts";

/** Zero's settings are the models. */
export const ZERO = { name: "Zero", family: "zero", notes: [] } as const;

/** A system with its sums over the test prompts at the settings of its hull. */
export interface MeasuredInput {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** What is to be said of it, a sentence each. */
  readonly notes: readonly string[];
  /** The hull of its points on the prompts on which settings are chosen. */
  readonly hull: readonly (OperatingPoint & { readonly value: number })[];
  /** The models' range of costs there. */
  readonly range: readonly [low: number, high: number];
  /** The sums: of Zero those of all models. */
  readonly sums: GroupSums;
}

/** What the sums over the test prompts say: `test` those of the models, then the oracle. */
export function measuredEvaluation(
  models: readonly string[],
  { nPrompts, test, measured }: {
    readonly nPrompts: Evaluation["nPrompts"];
    readonly test: GroupSums;
    readonly measured: readonly MeasuredInput[];
  },
): MeasuredEvaluation {
  const m = models.length;
  const points = meansOf(test);
  return {
    protocol: "ours",
    nPrompts,
    models: models.map((model, j) => ({ model, ...points[j] })),
    modelSample: sampleOfGroups(sumsOfSettings(test, models.map((_, j) => j))),
    oracle: points[m],
    oracleShares: sharesOf(test, m),
    measured: measured.map((input) => measuredSystem(models, input)),
    reranks: [],
  };
}

function measuredSystem(
  models: readonly string[],
  { name, family, notes, hull, range: [low, high], sums }: MeasuredInput,
): MeasuredEvaluation["measured"][number] {
  const own = family === "zero" ? sumsOfSettings(sums, hull.map(({ value }) => value)) : sums;
  const settings = meansOf(own).map((point, s): MeasuredSetting => ({
    ...point,
    label: labelOf(family, hull[s].value, models),
    modelShares: family === "cascade" ? null : sharesOf(own, s),
    willingnessToPay: null,
  }));
  return {
    ...{ name, comparedAs: name, family, notes, settings },
    hull: nonDecreasingHull(settings),
    sample: sampleOfGroups(own),
    aiqWhereChosen: low < high
      ? aiq(hull, { rule: "formula", costRangeUsd: [low, high] })
      : hull[hull.length - 1].quality,
    state: null,
    ladder: [],
    ownMaxCostUsd: referenceCodeMaxCost([settings]),
  };
}

function labelOf(family: Family, value: number, models: readonly string[]): string {
  if (family === "zero") return shortModelName(models[value]);
  return family === "cascade" ? `T = ${value.toPrecision(3)} USD` : describeWillingnessToPay(value);
}

/** Share of the prompts that a setting sends to each model. */
function sharesOf(sums: GroupSums, setting: number): Float64Array {
  const nCells = sums.choices.length / sums.nSettings, n = promptsOf(sums);
  return sums.choices.subarray(setting * nCells + 1, (setting + 1) * nCells).map((count) => count / n);
}

export function rangeOf(points: readonly OperatingPoint[]): [low: number, high: number] {
  const costs = points.map(({ costUsd }) => costUsd);
  return [Math.min(...costs), Math.max(...costs)];
}
