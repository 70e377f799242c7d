import { needKnownOptions } from "../base/options.ts";
import { LEAST_RESAMPLES } from "../base/statistics.ts";
import { percent } from "../base/words.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import type { ConstantRouter } from "../routers/constant.ts";
import type { MeasuredSetting } from "./_measure.ts";

/** The goal of a recommendation: exactly one of the three. */
export type Goal =
  /** A share of the best single model's quality, above 0 to 1. */
  | { readonly keep: number; readonly budgetUsd?: undefined; readonly quality?: undefined }
  /** A mean cost of a prompt, USD. */
  | { readonly budgetUsd: number; readonly keep?: undefined; readonly quality?: undefined }
  /** A mean quality, above 0 to 1. */
  | { readonly quality: number; readonly keep?: undefined; readonly budgetUsd?: undefined };

const GOALS = ["keep", "budgetUsd", "quality"] as const;
const OPTIONS: readonly string[] = [...GOALS, "confidence", "nResamples", "seed"];

/** The setting to run, with the expectations of it. */
export interface Recommendation {
  /** Whether a setting keeps the goal. If not, the answer is the best single model, or for a budget the cheapest. */
  readonly isKept: boolean;
  /** Name of the system; that of a single model's row is "Single model". */
  readonly system: string;
  /** Its place among the system's settings; `null` for a single model. */
  readonly place: number | null;
  /** The setting, measured on the test prompts: cost, quality, shares of the models. */
  readonly setting: MeasuredSetting;
  /** The best single model on the test prompts. */
  readonly bestModel: ConstantRouter;
  /** The goal. */
  readonly goal: Goal;
  /** The probability asked for. */
  readonly confidence: number;
  /** Quality, or for a budget the cost in USD, that the goal demands. */
  readonly demanded: number;
  /** The surplus of the setting on the test prompts: quality above the demand, or USD below the budget. */
  readonly margin: number;
  /** Lower end of the margin's interval, corrected for all settings looked at: 0 or more where the goal is kept. */
  readonly marginLow: number;
  /** Share of the best single model's cost that is saved; negative where it costs more. */
  readonly saving: number;
  /** Percentile interval of the saving at 95 % over the same resamples, for this setting alone. */
  readonly savingInterval: readonly [low: number, high: number];
  /** Number of settings that were compared. */
  readonly nSettings: number;
  /** The recommendation in a sentence. */
  readonly reason: string;
}

/** Checks the options and returns the goal alone. */
export function checkedGoal(
  options: Goal & { readonly confidence?: number; readonly nResamples?: number },
): Goal {
  needKnownOptions("recommend a setting", options, { known: OPTIONS });
  const given = GOALS.filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    throw new TypeError(
      `Cannot recommend a setting as it needs exactly one of keep, budgetUsd and quality: ${
        given.length === 0 ? "there is none" : `there are ${given.join(" and ")}`
      }; pass one such as { keep: 0.95 }`,
    );
  }
  const [name] = given;
  const { confidence = 0.95, nResamples = LEAST_RESAMPLES } = options;
  const value = options[name]!;
  const isRight = name === "budgetUsd" ? value > 0 && value < Infinity : value > 0 && value <= 1;
  if (!isRight) refuse(name, name === "budgetUsd" ? "above 0 USD" : "above 0 and at most 1", value);
  if (!(confidence >= 0.5 && confidence < 1)) refuse("confidence", "from 0.5 to below 1", confidence);
  if (!(nResamples >= LEAST_RESAMPLES)) refuse("nResamples", `${LEAST_RESAMPLES} or more`, nResamples);
  return { [name]: value } as unknown as Goal;
}

function refuse(name: string, range: string, value: number): never {
  throw new RangeError(`Cannot recommend a setting as ${name} must be ${range}: it is ${value}`);
}

/** The quality, or for a budget the cost, that a goal demands. */
export function demandOf(goal: Goal, bestModel: ConstantRouter): number {
  return goal.keep !== undefined ? goal.keep * bestModel.quality : goal.quality ?? goal.budgetUsd!;
}

/** A recommendation in a sentence. */
export function reasonOf(
  { isKept, system, place, setting, bestModel, goal, confidence, demanded, nSettings, marginLow }: Omit<
    Recommendation,
    "reason"
  >,
): string {
  const best = shortModelName(bestModel.model);
  const surely = `with ${percent(confidence)} confidence`;
  const promise = goal.keep !== undefined
    ? `keeps ${percent(goal.keep)} of the quality of ${best}, the best single model, ${surely}`
    : goal.quality !== undefined
    ? `reaches a quality of ${goal.quality} ${surely}`
    : `stays within ${goal.budgetUsd} USD a prompt ${surely}`;
  if (place === null) {
    const instead = goal.keep !== undefined
      ? `run ${best} itself`
      : goal.quality !== undefined
      ? `the best single model, ${best}, has ${bestModel.quality.toFixed(4)}`
      : `the cheapest single model, ${setting.label}, costs ${setting.costUsd.toPrecision(3)} USD`;
    return `${isKept ? "No cheaper setting" : "None"} of ${nSettings}${
      isKept ? "" : " settings"
    } ${promise}: ${instead}`;
  }
  const rank = goal.budgetUsd === undefined ? "the cheapest" : "the best";
  const end = goal.budgetUsd === undefined
    ? `its quality is ${setting.quality.toFixed(4)}, ${(demanded + marginLow).toFixed(4)} or more where ${
      demanded.toFixed(4)
    } is demanded`
    : `it costs ${setting.costUsd.toPrecision(3)} USD, ${(demanded - marginLow).toPrecision(3)} USD or less`;
  return `${system} at ${setting.label} is ${rank} of ${nSettings} settings that ${promise}: ${end}`;
}
