import { constantRouters } from "../../routers/constant.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { modelLatencies } from "./latencies.ts";
import type { CostRange } from "./timed_aiq.ts";

/** Prices of a second, in units of the ratio of the models' range of costs to their range of times. */
const PRICES: readonly number[] = [0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];
/** Limits between the fastest and the slowest model for which settings are chosen, beside those asked for. */
const N_LIMITS = 8;
/** The ranges over which averages are taken. */
export interface Ranges {
  readonly costRangeUsd: CostRange;
  readonly latencyRangeSeconds: readonly [fastest: number, slowest: number];
}

export function rangesOf(outcomes: OutcomeTable): Ranges {
  const costs = constantRouters(outcomes).map(({ costUsd }) => costUsd);
  const seconds = modelLatencies(outcomes).map(({ meanSeconds }) => meanSeconds);
  const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const found = { costRangeUsd: range(costs), latencyRangeSeconds: range(seconds) };
  for (const [what, [low, high]] of [["dear", found.costRangeUsd], ["fast", found.latencyRangeSeconds]] as const) {
    if (low < high) continue;
    throw new RangeError(`Cannot evaluate latency as the models must differ in cost and time: all are equally ${what}`);
  }
  return found;
}

export function defaultPrices({ costRangeUsd: [cheap, dear], latencyRangeSeconds: [fast, slow] }: Ranges): number[] {
  return PRICES.map((price) => price * (dear - cheap) / (slow - fast));
}

/** None, the median model's mean time, and that of the model at the first quarter. */
export function defaultBudgets(outcomes: OutcomeTable): number[] {
  const means = modelLatencies(outcomes).map(({ meanSeconds }) => meanSeconds).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.floor(share * (means.length - 1))];
  return [...new Set([at(0.25), at(0.5)]), Infinity];
}

export function checkedAmounts(what: string, values: readonly number[]): readonly number[] {
  const wrong = values.find((value) => !(value >= 0));
  if (values.length > 0 && wrong === undefined) return values;
  throw new RangeError(
    `Cannot evaluate latency as ${what} must be numbers of 0 or more: ${
      wrong === undefined ? "there is none" : `one is ${wrong}`
    }`,
  );
}

/** The limits for which settings are chosen. Where no limit is asked for, none: the settings are then today's. */
export function limitsBetween([fast, slow]: Ranges["latencyRangeSeconds"], asked: readonly number[]): number[] {
  if (asked.every((limit) => limit === Infinity)) return [];
  const between = Array.from({ length: N_LIMITS }, (_, k) => fast + (k + 0.5) / N_LIMITS * (slow - fast));
  return [...new Set([...between, ...asked])].filter((limit) => limit < Infinity);
}
