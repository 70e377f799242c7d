import type { StageProgress } from "../base/progress.ts";
import { type Table, tableOfRows } from "../base/table.ts";
import { chosenLinear, kernelAverage } from "../evaluation/chosen_recipes.ts";
import type { EvaluatedRouter } from "../evaluation/evaluate.ts";
import { knn } from "../evaluation/recipes.ts";
import { type DrawnSet, drawnSet, equalPolicies, holds, type Interval, isAbove, type Sets } from "./_trust_sets.ts";
import { type FittedWorld, fittedWorld, type WorldSizes } from "./_trust_world.ts";

/** A promise of the intervals, and how often they kept it. */
export interface TrustRow {
  /** The promise that was checked. */
  readonly check: string;
  /** The router; "all" for a promise about all routers together. */
  readonly system: string;
  /** Number of simulated test sets. */
  readonly nSets: number;
  /** Number of fits of the routers; each has its share of the sets. */
  readonly nFits: number;
  /** Prompts of a test set. */
  readonly nPrompts: number;
  /** Mean true gain over Zero (AIQ, formula) over the fits; `null` where there is none. */
  readonly trueGain: number | null;
  /** Share of the sets in which the promise was kept. */
  readonly share: number;
  /** Standard error of that share. */
  readonly standardError: number;
  /** Share of the sets whose interval lies wholly above the truth; `null` where there is no interval. */
  readonly shareAbove: number | null;
  /** Share of the sets whose interval lies wholly below the truth. */
  readonly shareBelow: number | null;
  /** The range in which the share should lie. */
  readonly target: readonly [low: number, high: number];
  /** `"yes"` where it lies there. */
  readonly isMet: "yes" | "no";
}

/** Options of {@linkcode trustOfIntervals}. */
export interface TrustOptions {
  /** Simulated test sets of each check. Default 1000. */
  readonly nSets?: number;
  /** Number of fits of the routers. Default 10. */
  readonly nFits?: number;
  /** Prompts of a test set. Default 400. */
  readonly nPrompts?: number;
  /** Resamples of each interval. Default 1000. */
  readonly nResamples?: number;
  /** Default: KNN with 40 neighbours, the kernel average and the linear router with chosen settings. */
  readonly routers?: readonly EvaluatedRouter[];
  /** Prompts of each evaluation that are simulated. Default 150 to learn from and 1,200 in the population. */
  readonly sizes?: WorldSizes;
  /** Decides simulations and resamples. */
  readonly seed: number;
  /** Called from time to time. */
  readonly onProgress?: (progress: StageProgress) => void;
}

/** The accepted ranges of 95 % intervals, of false alarms and of the exact test at 5 %. */
const COVERAGE = [0.93, 0.97] as const;
const FALSE_ALARMS = [0, 0.06] as const;

/**
 * Measures how far the intervals of a gain over Zero can be trusted, on simulated test sets whose true gain is known.
 *
 * Routers are learned and their settings chosen once a fit, on simulated prompts; then test sets are drawn from a
 * simulated population that is far larger, and each is evaluated with its own interval. The truth is the gain of those
 * routers at those settings on the population: prompts vary, routers and settings do not, as in the interval of one
 * evaluation. Checked are
 *
 * - how often the interval holds the truth, and how often all simultaneous intervals do at once;
 * - false alarms: how often an interval lies wholly above zero for routers that learned from shuffled vectors, by
 *   themselves and corrected for all routers ({@linkcode negativeControl});
 * - how often the exact test of {@linkcode pairedCounts} finds at the 5 % level a difference between two policies that
 *   have none.
 *
 * **Units**: gains in AIQ by the formula. O(nSets · nResamples · nPrompts · settings): about two minutes with the
 * defaults on one core.
 *
 * @throws RangeError where there are more fits than sets, or none; whatever evaluations throw
 * @example
 * ```ts
 * import { knn } from "routerbench";
 * import { trustOfIntervals } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const sizes = { nLearnedPerEval: 20, nPopulationPerEval: 60 };
 * const small = { nSets: 4, nFits: 1, nPrompts: 60, nResamples: 100, sizes };
 * const rows = await trustOfIntervals({ ...small, routers: [knn({ k: 5 })], seed: 1 });
 * assert.deepEqual(rows.map(({ check }) => check), [
 *   "interval holds the true gain",
 *   "all simultaneous intervals hold",
 *   "false alarm",
 *   "any false alarm, uncorrected",
 *   "any false alarm, simultaneous",
 *   "exact test of equal policies below .05",
 * ]);
 * ```
 */
export async function trustOfIntervals(options: TrustOptions): Promise<TrustRow[]> {
  const { nSets = 1000, nFits = 10, nPrompts = 400, nResamples = 1000, seed, onProgress } = options;
  const { routers = [knn({ k: 40 }), kernelAverage(), chosenLinear()], sizes = SIZES } = options;
  if (!(Number.isInteger(nFits) && nFits >= 1 && Number.isInteger(nSets) && nSets >= nFits)) {
    throw new RangeError(
      `Cannot measure trust as there must be whole numbers of fits and sets, with a set or more a fit: they are ${nFits} and ${nSets}`,
    );
  }
  const run = async (isControl: boolean): Promise<Sets> => {
    const stage = isControl ? "Intervals where nothing can be learned" : "Intervals on simulated sets";
    const found: Sets = { gains: [], sets: [] };
    for (let fit = 0; fit < nFits; fit++) {
      onProgress?.({ stage, done: found.sets.length, total: nSets });
      const world = await fittedWorld(routers, { sizes, isControl, seed: seed + fit });
      found.gains.push(world.routers.map(({ trueGain }) => trueGain));
      const last = Math.round(nSets * (fit + 1) / nFits);
      while (found.sets.length < last) {
        found.sets.push(drawnSet(world, { nPrompts, nResamples, seed: seed + found.sets.length }));
        onProgress?.({ stage, done: found.sets.length, total: nSets });
        // Lets the event loop draw progress and stop the run.
        await new Promise((resolve) => setTimeout(resolve));
      }
      names = world.routers.map(({ name }) => name);
      population ??= world;
    }
    return found;
  };
  let names: readonly string[] = [];
  let population: FittedWorld | null = null;
  const real = await run(false);
  const control = await run(true);
  const of = { nFits, nPrompts };
  return [
    ...names.map((system, k) => coverageRow(real, { ...of, system, k })),
    rowOf("all simultaneous intervals hold", real.sets.map(({ holdsAll }) => holdsAll), { ...of, target: COVERAGE }),
    ...names.map((system, k) => alarmRow(control, { ...of, system, k })),
    // Without a correction more than one in twenty is expected; the row shows why intervals are corrected.
    rowOf("any false alarm, uncorrected", control.sets.map(({ own }) => own.some(isAbove)), { ...of, target: [0, 1] }),
    rowOf("any false alarm, simultaneous", control.sets.map(({ all }) => all.some(isAbove)), {
      ...of,
      target: FALSE_ALARMS,
    }),
    rowOf("exact test of equal policies below .05", equalPolicies(population!, { nSets, nPrompts, seed }), {
      ...of,
      target: FALSE_ALARMS,
    }),
  ];
}

const SIZES: WorldSizes = { nLearnedPerEval: 150, nPopulationPerEval: 1200 };

/** The rows as a table. */
export function trustTable(rows: readonly TrustRow[]): Table {
  return tableOfRows(rows);
}

type Of = { readonly nFits: number; readonly nPrompts: number };

function coverageRow(
  { gains, sets }: Sets,
  { system, k, ...of }: Of & { readonly system: string; readonly k: number },
): TrustRow {
  const share = (happens: (set: DrawnSet) => boolean): number => sets.filter(happens).length / sets.length;
  return {
    ...rowOf("interval holds the true gain", sets.map(({ own, truth }) => holds(own[k], truth[k])), {
      ...of,
      target: COVERAGE,
    }),
    system,
    trueGain: meanGain(gains, k),
    shareAbove: share(({ own, truth }) => own[k][0] > truth[k]),
    shareBelow: share(({ own, truth }) => own[k][1] < truth[k]),
  };
}

function alarmRow(
  { gains, sets }: Sets,
  { system, k, ...of }: Of & { readonly system: string; readonly k: number },
): TrustRow {
  return {
    ...rowOf("false alarm", sets.map(({ own }) => isAbove(own[k])), { ...of, target: FALSE_ALARMS }),
    system,
    trueGain: meanGain(gains, k),
  };
}

function rowOf(
  check: string,
  happened: readonly boolean[],
  { target, ...of }: Of & { readonly target: Interval },
): TrustRow {
  const nSets = happened.length;
  const share = happened.filter(Boolean).length / nSets;
  return {
    check,
    system: "all",
    nSets,
    ...of,
    trueGain: null,
    share,
    standardError: Math.sqrt(share * (1 - share) / nSets),
    shareAbove: null,
    shareBelow: null,
    target,
    isMet: holds(target, share) ? "yes" : "no",
  };
}

function meanGain(gains: readonly (readonly number[])[], k: number): number {
  return gains.reduce((sum, each) => sum + each[k], 0) / gains.length;
}
