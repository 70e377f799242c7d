import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import { oracleCurve } from "../../evaluation/oracle_curve.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { optima } from "./_optima.ts";
import type { Ranges } from "./_ranges.ts";
import { timesOf } from "./latencies.ts";
import { settingsToMix } from "./surface.ts";
import type { TimedBudget, TimedPoint } from "./timed_point.ts";

/** Budgets on each axis for which the oracle's best mix is found exactly. */
const N_COSTS = 12;
const N_LIMITS = 8;
const MOST_COLUMNS = 100;
/** A gain in quality that is not worth another column. */
const SMALL_GAIN = 1e-9;

/**
 * Settings of an oracle that knows outcomes, costs and times, of which the best mixes within two budgets are made: the bound of all systems on the
 * same prompts.
 *
 * Within each budget of a grid the optimum over all ways of sending prompts to models, or to none, is exact to 1e-9: the linear programme has a
 * column for each way, and those that are needed are made one after the other, each the best way at the prices of the last optimum (Dantzig and
 * Wolfe 1960). Between the budgets of the grid the mixes of these settings are a hair below the bound; without a limit on seconds they are on it.
 *
 * @param options.limits further limits on seconds beside those of the grid
 * @throws TypeError where the table has no times
 */
export function oracleSettings(
  outcomes: OutcomeTable,
  { ranges: { costRangeUsd, latencyRangeSeconds }, limits = [] }: {
    readonly ranges: Ranges;
    readonly limits?: readonly number[];
  },
): TimedPoint[] {
  const decide = decisionsOf(outcomes);
  let settings: readonly TimedPoint[] = nonDecreasingHull(oracleCurve(outcomes)).map((point) => {
    return { costUsd: point.costUsd, quality: point.quality, latencySeconds: point.latencySeconds! };
  });
  const grid = (from: number, to: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => from + k / (count - 1) * (to - from));
  const allLimits = [...grid(0, latencyRangeSeconds[1], N_LIMITS), ...limits.filter((limit) => limit < Infinity)];
  for (const latencySeconds of allLimits) {
    for (const costUsd of grid(costRangeUsd[0], costRangeUsd[1], N_COSTS)) {
      settings = withColumns(settings, { costUsd, latencySeconds }, decide);
    }
  }
  return [...settings];
}

type Decide = (qualityPerUsd: number, qualityPerSecond: number) => TimedPoint;

/** The best way to send each prompt to a model, or to none, where a dollar and a second are worth so much quality. */
function decisionsOf(outcomes: OutcomeTable): Decide {
  const { quality, costUsd, promptIds: { length: n }, models: { length: m } } = outcomes;
  const seconds = timesOf(outcomes);
  return (qualityPerUsd, qualityPerSecond) => {
    let [cost, good, time] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      let best = -1;
      let most = 0;
      for (let at = i * m; at < (i + 1) * m; at++) {
        const worth = quality[at] - qualityPerUsd * costUsd[at] - qualityPerSecond * seconds[at];
        if (worth > most) [best, most] = [at, worth];
      }
      if (best < 0) continue;
      cost += costUsd[best];
      good += quality[best];
      time += seconds[best];
    }
    return { costUsd: cost / n, quality: good / n, latencySeconds: time / n };
  };
}

/** The settings with those that the best mix within a budget needs. */
function withColumns(settings: readonly TimedPoint[], budget: TimedBudget, decide: Decide): readonly TimedPoint[] {
  let known = settings;
  for (let column = 0; column < MOST_COLUMNS; column++) {
    const { quality, qualityPerUsd, qualityPerSecond } = optima(settingsToMix(known))(budget);
    const found = decide(qualityPerUsd, qualityPerSecond);
    const gain = found.quality - quality + qualityPerUsd * (budget.costUsd - found.costUsd) +
      qualityPerSecond * (budget.latencySeconds - found.latencySeconds);
    if (!(gain > SMALL_GAIN)) break;
    known = [...known, found];
  }
  return known;
}
