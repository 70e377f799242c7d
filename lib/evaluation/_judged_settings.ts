import type { ConstantRouter } from "../routers/constant.ts";
import type { Goal } from "./_goal.ts";
import type { MeasuredSetting } from "./_measure.ts";
import { type BoundOptions, type MarginBound, type Margins, simultaneousBounds } from "./_simultaneous_bounds.ts";
import type { Evaluation, MeasuredSystem } from "./evaluate.ts";

/** A setting with the bound of its margin. */
export interface JudgedSetting extends MarginBound {
  /** Its system's name. */
  readonly system: string;
  /** Its place among the system's settings; `null` for a single model. */
  readonly place: number | null;
  /** The setting. */
  readonly setting: MeasuredSetting;
  /** Cost of each test prompt, USD. */
  readonly costUsd: Float64Array;
}

/** The settings of all systems that can be run, each with the bound of its margin; all bounds hold at once. */
export function judgedSettings(
  evaluation: Evaluation,
  goal: Goal,
  { confidence = 0.95, nResamples = 2000, seed = evaluation.seed }: Partial<BoundOptions>,
): JudgedSetting[] {
  const settings = evaluation.systems.flatMap((system) =>
    system.settings.flatMap((setting, place) => setting.modelShares === null ? [] : [settingOf(system, place)])
  );
  const margins = marginsOf(evaluation, goal, settings);
  const bounds = simultaneousBounds(margins, { confidence, nResamples, seed });
  return settings.map(({ system, place, setting, costUsd }, s) => ({ system, place, setting, costUsd, ...bounds[s] }));
}

/** The cheapest setting, of equals the better; for a budget the best, of equals the cheaper; `null` of none. */
export function cheapestFirst(goal: Goal): (settings: readonly JudgedSetting[]) => JudgedSetting | null {
  const before = (a: MeasuredSetting, b: MeasuredSetting): number =>
    goal.budgetUsd === undefined
      ? a.costUsd - b.costUsd || b.quality - a.quality
      : b.quality - a.quality || a.costUsd - b.costUsd;
  return (settings) => settings.toSorted((a, b) => before(a.setting, b.setting))[0] ?? null;
}

interface SampledSetting extends Pick<JudgedSetting, "system" | "place" | "setting" | "costUsd"> {
  readonly quality: Float64Array;
}

function settingOf({ name, settings, sample }: MeasuredSystem, place: number): SampledSetting {
  const n = sample.costUsd.length / sample.nSettings;
  const row = (values: Float64Array): Float64Array => values.subarray(place * n, (place + 1) * n);
  return {
    system: name,
    place,
    setting: settings[place],
    costUsd: row(sample.costUsd),
    quality: row(sample.quality),
  };
}

/** The margins of settings. The worst cost of a setting is the dearest that was seen, the worst quality is 0. */
function marginsOf(evaluation: Evaluation, goal: Goal, settings: readonly SampledSetting[]): Margins {
  const n = evaluation.nPrompts.test;
  const best = modelRow(evaluation, evaluation.models.indexOf(bestSingleModel(evaluation)));
  const values = new Float64Array(settings.length * n);
  settings.forEach(({ costUsd, quality }, s) => {
    for (let i = 0; i < n; i++) {
      if (goal.keep !== undefined) values[s * n + i] = quality[i] - goal.keep * best.quality[i];
      else if (goal.quality !== undefined) values[s * n + i] = quality[i] - goal.quality;
      else values[s * n + i] = goal.budgetUsd - costUsd[i];
    }
  });
  const worst = settings.map(({ costUsd }) =>
    goal.budgetUsd === undefined
      ? -(goal.keep ?? goal.quality)
      : goal.budgetUsd - costUsd.reduce((a, b) => Math.max(a, b))
  );
  return { nSettings: settings.length, values, worst };
}

/** Cost and quality of each test prompt under a model. */
export function modelRow({ modelSample: { costUsd, quality, nSettings } }: Evaluation, model: number): {
  readonly costUsd: Float64Array;
  readonly quality: Float64Array;
} {
  const n = costUsd.length / nSettings;
  const row = (values: Float64Array): Float64Array => values.subarray(model * n, (model + 1) * n);
  return { costUsd: row(costUsd), quality: row(quality) };
}

/** The best single model on the test prompts, of equals the cheapest. */
export function bestSingleModel({ models }: Evaluation): ConstantRouter {
  return models.toSorted((a, b) => b.quality - a.quality || a.costUsd - b.costUsd)[0];
}
