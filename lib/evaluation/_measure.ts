import { meanOf } from "../base/statistics.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import type { RouterState } from "../routers/router_state.ts";
import { aiqAmong } from "./aiq_among.ts";
import type { SettingSample } from "./compare_curves.ts";
import { shareOfModels } from "./policy.ts";
import type { Family, Part, System } from "./systems.ts";

/** One setting of a system, measured on the test split. */
export interface MeasuredSetting extends OperatingPoint {
  /** The setting in words, such as "λ = 0.012 USD". */
  readonly label: string;
  /** Share of the test prompts that goes to each model, `[m]`; `null` for a cascade, which may call several. */
  readonly modelShares: Float64Array | null;
  /** The λ with which the system's `state` makes these choices, USD a unit of quality; `null` where it has no state. */
  readonly willingnessToPay: number | null;
}

/** The measurements of a system, before it is compared with others. */
export interface Measurement {
  /** Its name. */
  readonly name: string;
  /** The name by which an evaluation by another protocol knows it: of a variant that of its original, else its own. */
  readonly comparedAs: string;
  /** Its family. */
  readonly family: Family;
  /** The chosen settings, by ascending cost where they were chosen. */
  readonly settings: readonly MeasuredSetting[];
  /** Their non-decreasing hull. */
  readonly hull: readonly MeasuredSetting[];
  /** Cost and quality of each test prompt under each setting. */
  readonly sample: SettingSample;
  /**
   * AIQ by the formula on the prompts on which its settings were chosen, over those prompts' own range of costs. It
   * serves to choose among variants without the test prompts (which by the paper's protocol are the same prompts).
   */
  readonly aiqWhereChosen: number;
  /** The router that makes its choices, as plain data to be saved; `null` where there is none, as for a cascade. */
  readonly state: RouterState | null;
}

/** Chooses a system's hull vertices on one part and measures them on another. */
export function measure<S>(system: System<S>, chosenOn: Part, measuredOn: Part): Measurement {
  const chosenHull = nonDecreasingHull(system.points(chosenOn));
  const chosen = chosenHull.map(({ setting }) => setting);
  const results = chosen.map((setting) => system.results(measuredOn, setting));
  const { models } = measuredOn.outcomes;
  const deployed = system.deployed?.(chosenOn) ?? null;
  const settings = results.map(({ costUsd, quality, choices }, s): MeasuredSetting => ({
    costUsd: meanOf(costUsd),
    quality: meanOf(quality),
    label: system.family === "zero" ? shortModelName(models[choices![0]]) : system.describe(chosen[s]),
    modelShares: choices && shareOfModels(choices, models.length),
    willingnessToPay: deployed?.willingnessToPay(chosen[s]) ?? null,
  }));
  return {
    name: system.name,
    comparedAs: system.router?.variantOf ?? system.name,
    family: system.family,
    settings,
    hull: nonDecreasingHull(settings),
    aiqWhereChosen: aiqAmong(chosenOn.outcomes, chosenHull),
    state: deployed?.state ?? null,
    sample: {
      nSettings: chosen.length,
      costUsd: joined(results.map(({ costUsd }) => costUsd)),
      quality: joined(results.map(({ quality }) => quality)),
    },
  };
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
