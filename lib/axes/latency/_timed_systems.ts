import { meanOf } from "../../base/statistics.ts";
import { chooseModels, type SweepOptions, sweepWillingnessToPay } from "../../evaluation/policy.ts";
import type { Part, PromptResults, System } from "../../evaluation/systems.ts";
import { pricedCosts } from "./priced_costs.ts";
import type { TimedPoint } from "./timed_point.ts";

/** A group of prompts with what each router predicts for them and what their times are expected to be, `[n · m]`. */
export interface TimedPart extends Part {
  readonly expectedSeconds: Float64Array;
}

/** A setting of a system beside what a second is worth when it decides. */
export interface TimedSetting {
  readonly setting: unknown;
  readonly usdPerSecond: number;
}

/** A system with one more thing to set: the price of a second. */
export interface TimedSystem {
  readonly name: string;
  readonly family: System<unknown>["family"];
  /** All operating points on a part, with their settings. */
  points(part: TimedPart): (TimedPoint & { readonly setting: TimedSetting })[];
  /** What happens on a part under a setting. */
  results(part: TimedPart, setting: TimedSetting): PromptResults;
  /** A setting in words. */
  describe(setting: TimedSetting): string;
}

/**
 * A system that decides by λ · quality − cost − τ · seconds. A router has a curve, exact in λ, for each price τ; a system that predicts nothing
 * has the settings that it always has.
 */
export function timedSystem(system: System<unknown>, usdPerSecond: readonly number[]): TimedSystem {
  const { name, family, router } = system;
  if (router === undefined) return withoutPrice(system);
  const sweepOf = (part: TimedPart, price: number): SweepOptions => {
    return { costs: pricedCosts(part.predictions.get(name)!, part.expectedSeconds, price) };
  };
  return {
    name,
    family,
    points: (part) =>
      usdPerSecond.flatMap((price) =>
        sweepWillingnessToPay(part.predictions.get(name)!, part.outcomes, sweepOf(part, price)).map((point) => ({
          costUsd: point.costUsd,
          quality: point.quality,
          latencySeconds: point.latencySeconds!,
          setting: { setting: point.willingnessToPay, usdPerSecond: price },
        }))
      ),
    results: (part, { setting, usdPerSecond: price }) => {
      const { costUsd, quality, latencySeconds, models: { length: m } } = part.outcomes;
      const choices = chooseModels(part.predictions.get(name)!, setting as number, sweepOf(part, price));
      const chosen = (values: Float64Array): Float64Array =>
        Float64Array.from(choices, (model, i) => values[i * m + model]);
      return { costUsd: chosen(costUsd), quality: chosen(quality), latencySeconds: chosen(latencySeconds!), choices };
    },
    describe: ({ setting, usdPerSecond: price }) =>
      `${system.describe(setting)}${price === 0 ? "" : `, τ = ${price.toPrecision(2)} USD/s`}`,
  };
}

function withoutPrice(system: System<unknown>): TimedSystem {
  const { name, family } = system;
  return {
    name,
    family,
    points: (part) =>
      system.points(part).map(({ costUsd, quality, setting }) => {
        const { latencySeconds } = system.results(part, setting);
        return {
          costUsd,
          quality,
          latencySeconds: meanOf(latencySeconds!),
          setting: { setting, usdPerSecond: 0 },
        };
      }),
    results: (part, { setting }) => system.results(part, setting),
    describe: ({ setting }) => system.describe(setting),
  };
}
