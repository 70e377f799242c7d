import { areaUnder } from "../plane/area.ts";
import { qualityAtCost } from "../plane/interpolation.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import type { SizedPart } from "./_parts.ts";
import { overLevels, overSettings, type PromptPart, promptRows } from "./_prompt_query.ts";
import {
  besideColumns,
  choiceAt,
  INFINITE,
  type Levels,
  levelsOfPredictor,
  type PromptPredictor,
} from "./_prompt_settings.ts";
import { numbersIn } from "./group_sums.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { inner, select } from "./sql.ts";

/** A step of the ladder: a willingness to pay and what it yields. */
export interface LadderPoint extends OperatingPoint {
  /** λ, USD for one unit of quality. */
  readonly willingnessToPay: number;
}

/** A router's curve, known at some values of λ. */
export interface LambdaLadder {
  /** By ascending λ. */
  readonly points: readonly LadderPoint[];
  /**
   * By how much the AIQ (formula) of the exact curve's hull can exceed that of these points, on the same prompts and
   * range of costs.
   */
  readonly bound: number;
}

/** Values of λ in the first round, and those added in each other one. */
const N_FIRST = 32, N_ADDED = 24;
const N_ROUNDS = 4;
/** A curve that is known this well is not refined. */
const CLOSE_ENOUGH = 5e-4;
/** From about so many pairs of models come the first values of λ. */
const MOST_CROSSINGS = 4_000_000;
/** Values of λ closer than this, relatively, are one, computed in two ways. */
const SAME = 1e-9;
const DOING = "find a router's curve";

/** What is known of the stretch between two neighbours of the ladder. */
interface Step {
  readonly from: number;
  readonly to: number;
  /** No λ between costs less or yields more; `null` where all prompts that change their model do so at once. */
  readonly corner: OperatingPoint | null;
  /** A value between, at which the stretch is cut. */
  readonly middle: number;
}

/**
 * Walks along a router's curve: a first ladder of λ at quantiles of the values where two models change places, then
 * more where the hull of the exact curve could still rise above that of the points.
 *
 * Between two neighbours λ < λ′ a prompt's choice moves from model a to model b by way of models whose predicted
 * quality and cost lie between theirs. So no λ between yields more quality than Σ max qⱼ or less cost than Σ min cⱼ
 * over these models: a corner. The hull of all points and corners bounds the exact curve's hull from above. Where all
 * prompts change at one value there is nothing between.
 *
 * @param options `costRangeUsd`: the range over which the AIQ averages
 */
export async function lambdaLadder(
  warehouse: Warehouse,
  { part, nExpected }: SizedPart,
  { predictor, costRangeUsd }: {
    readonly predictor: PromptPredictor;
    readonly costRangeUsd: readonly [low: number, high: number];
  },
): Promise<LambdaLadder> {
  const run = (sql: string): Promise<string[][]> => warehouse.connection.rows(sql, DOING, { byPrompt: true });
  const [[quantiles]] = await run(crossingsQuery(warehouse, part, { predictor, nExpected }));
  const points = new Map<number, LadderPoint>();
  const steps = new Map<string, Step>();
  let wanted = insideOf(numbersIn(quantiles).filter(Number.isFinite));
  for (let round = 0; round < N_ROUNDS && wanted.length > 0; round++) {
    const values = [...points.keys(), ...wanted].sort((a, b) => a - b);
    const pairs = values.slice(1).map((to, at): Pair => [values[at], to])
      .filter((pair) => !steps.has(pair.join()));
    const rows = await run(stepsQuery(warehouse, part, { predictor, pairs }));
    for (const row of rows) addStep(row.map(Number), pairs, { points, steps });
    wanted = boundOf(points, steps, costRangeUsd) < CLOSE_ENOUGH ? [] : toRefine(points, steps);
  }
  return { points: inOrder(points), bound: boundOf(points, steps, costRangeUsd) };
}

type Pair = readonly [from: number, to: number];

/**
 * 0, a value between each two neighbours of the quantiles, and infinity: never a value at which models change places.
 */
function insideOf(quantiles: readonly number[]): number[] {
  const distinct = [...new Set(quantiles)].filter((value) => value > 0).sort((a, b) => a - b);
  const between = distinct.slice(1).map((value, at) => Math.sqrt(value) * Math.sqrt(distinct[at]));
  return [...new Set([0, ...between, Infinity])];
}

/** The query for the values of λ at which two models change places on a prompt, at equal shares. */
export function crossingsQuery(
  warehouse: Warehouse,
  part: PromptPart,
  { predictor, nExpected }: { readonly predictor: PromptPredictor; readonly nExpected: number },
): string {
  const m = warehouse.models.length;
  const [from, to] = part.places;
  const share = Math.min(1, MOST_CROSSINGS / (m * m) / Math.max(1, nExpected));
  const fewer: PromptPart = { ...part, places: [from, from + Math.ceil((to - from) * share)] };
  const sql = overLevels(promptRows(warehouse, fewer), levelsOfPredictor(predictor));
  const worth = "if(u > p_l AND v > y_l, (v - y_l) / (u - p_l), 0.0)";
  const crossings = overLevels(overSettings(sql, { l: Array.from({ length: m }, (_, j) => j + 1) }), [
    { p_l: "p[toUInt32(l)]", y_l: "y[toUInt32(l)]" },
    { crossings: `arrayMap((u, v) -> ${worth}, ${besideColumns("p", ["p_l", "y_l"])}, y)` },
  ]);
  const levels = Array.from({ length: N_FIRST }, (_, at) => (at + 0.5) / N_FIRST);
  return select({
    columns: { quantiles: `quantilesExact(0, ${levels.join(", ")}, 1)(x)` },
    from: inner(select({ columns: { x: "arrayJoin(crossings)" }, from: inner(crossings) })),
    where: ["x > 0", `x < ${INFINITE}`],
  });
}

/** The query for the two ends and the corner of each step, and where between them prompts change their model. */
export function stepsQuery(
  warehouse: Warehouse,
  part: PromptPart,
  { predictor, pairs }: { readonly predictor: PromptPredictor; readonly pairs: readonly Pair[] },
): string {
  const finite = (at: 0 | 1): number[] => pairs.map((pair) => Math.min(pair[at], INFINITE));
  const rows = overLevels(promptRows(warehouse, part), levelsOfPredictor(predictor));
  const between = "u >= p_a AND u <= p_b AND v >= y_a AND v <= y_b";
  const beside = (array: string): string => besideColumns(array, ["p_a", "p_b", "y_a", "y_b"]);
  const levels: Levels = [
    { a: choiceAt("from"), b: choiceAt("to") },
    {
      ...Object.fromEntries(
        ["q", "c", "p", "y"].flatMap((name) => [[`${name}_a`, `${name}[a]`], [`${name}_b`, `${name}[b]`]]),
      ),
    },
    { at: "if(p_b > p_a, (y_b - y_a) / (p_b - p_a), 0.0)" },
    { worth: "at * p_a - y_a" },
    {
      most_q: `arrayReduce('max', arrayMap((w, u, v) -> if(${between}, w, 0.0), ${beside("q")}, p, y))`,
      least_c: `arrayReduce('min', arrayMap((w, u, v) -> if(${between}, w, 1e300), ${beside("c")}, p, y))`,
      // Models that would be chosen between the two.
      passed: `arrayCount((u, v) -> at * u - v > worth + ${SAME} * abs(worth), ${
        besideColumns("p", ["at", "worth"])
      }, y)`,
    },
  ];
  return select({
    columns: {
      i: "i",
      n: "count()",
      cost_a: "sum(c_a)",
      quality_a: "sum(q_a)",
      cost_b: "sum(c_b)",
      quality_b: "sum(q_b)",
      cost: "sum(least(c_a, least_c))",
      quality: "sum(greatest(q_a, most_q))",
      first: "min(if(a = b, 1e300, at))",
      last: "max(if(a = b, 0.0, at))",
      n_passed: "sum(if(a = b, 0, passed))",
    },
    from: inner(overLevels(overSettings(rows, { from: finite(0), to: finite(1) }), levels)),
    groupBy: ["i"],
  });
}

/** Adds what a row of {@linkcode stepsQuery} tells. */
function addStep(
  [i, n, costA, qualityA, costB, qualityB, cost, quality, first, last, nPassed]: readonly number[],
  pairs: readonly Pair[],
  { points, steps }: { readonly points: Map<number, LadderPoint>; readonly steps: Map<string, Step> },
): void {
  const [from, to] = pairs[i];
  points.set(from, { willingnessToPay: from, costUsd: costA / n, quality: qualityA / n });
  points.set(to, { willingnessToPay: to, costUsd: costB / n, quality: qualityB / n });
  const isOneJump = last === 0 || (nPassed === 0 && last - first <= SAME * last);
  const corner = isOneJump ? null : { costUsd: cost / n, quality: quality / n };
  const middle = Math.sqrt(Math.max(first, from)) * Math.sqrt(Math.min(last, to));
  steps.set(`${from},${to}`, { from, to, corner, middle });
}

function inOrder(points: ReadonlyMap<number, LadderPoint>): LadderPoint[] {
  return [...points.values()].sort((a, b) => a.willingnessToPay - b.willingnessToPay);
}

/** The stretches that were not cut since and have something between. */
function open(points: readonly LadderPoint[], steps: ReadonlyMap<string, Step>): (Step & { corner: OperatingPoint })[] {
  return points.slice(1).flatMap(({ willingnessToPay }, at) => {
    const step = steps.get(`${points[at].willingnessToPay},${willingnessToPay}`)!;
    return step.corner === null ? [] : [{ ...step, corner: step.corner }];
  });
}

/** How far the hull with corners is above that without, on average over the range of costs. */
function boundOf(
  points: ReadonlyMap<number, LadderPoint>,
  steps: ReadonlyMap<string, Step>,
  [low, high]: readonly [low: number, high: number],
): number {
  const known = inOrder(points);
  const area = (all: readonly OperatingPoint[]): number => {
    const hull = nonDecreasingHull(all), last = hull[hull.length - 1];
    const origin = hull[0].costUsd === 0 ? [] : [{ costUsd: 0, quality: 0 }];
    const end = { costUsd: Math.max(high, last.costUsd), quality: last.quality };
    return areaUnder([...origin, ...hull, end], [low, high]) / (high - low);
  };
  return Math.max(0, area([...known, ...open(known, steps).map(({ corner }) => corner)]) - area(known));
}

/** Values of λ in the stretches whose corners stand highest above the hull. */
function toRefine(points: ReadonlyMap<number, LadderPoint>, steps: ReadonlyMap<string, Step>): number[] {
  const known = inOrder(points), hull = nonDecreasingHull(known);
  return open(known, steps)
    .map((step) => ({ ...step, above: step.corner.quality - qualityAtCost(hull, step.corner.costUsd) }))
    .filter(({ above, from, to, middle }) => above > 0 && middle > from && middle < to)
    .toSorted((a, b) => b.above - a.above)
    .slice(0, N_ADDED)
    .map(({ middle }) => middle);
}
