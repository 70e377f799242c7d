import { type Random, seededRandom } from "../../base/random.ts";
import { meanOf } from "../../base/statistics.ts";
import type { Evaluation } from "../../evaluation/evaluate.ts";
import { type OutcomeTable, outcomeTable } from "../../outcomes/outcome_table.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { acceptanceQuality, affordableCalls, cascadeOrder, PAPER_BUDGETS_USD } from "../../routers/cascade.ts";

/** How far single runs of a simulated cascade lie above its expectation. */
export interface RunsAbove {
  /** Mean over the runs of what is measured, minus what the expectation gives. */
  readonly meanAbove: number;
  /** Standard deviation over the runs. */
  readonly standardDeviation: number;
}

/** Enough for the mean to be known to a sixth of the standard deviation. */
const N_RUNS = 40;

/**
 * How far one run of the reference code's simulation lies above the expectation: it draws the judge's errors anew for
 * each of its eleven budgets, and the hull keeps the luckiest draws.
 *
 * @param cascade the test prompts and the rate of the judge's errors
 * @param options `measure`: a number of a hull; `expected`: that number of the hull of expectations
 */
export function runsAbove(
  { evaluation, judgeError }: { readonly evaluation: Evaluation; readonly judgeError: number },
  { measure, expected }: {
    readonly measure: (hull: readonly OperatingPoint[]) => number;
    readonly expected: number;
  },
): RunsAbove {
  const measured = hullsOfRuns(evaluation, judgeError).map(measure);
  const mean = meanOf(measured);
  const squares = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { meanAbove: mean - expected, standardDeviation: Math.sqrt(squares / (N_RUNS - 1)) };
}

/**
 * The hulls of the runs of each evaluation, by the judge's error. Many numbers of a figure are read from the same ones.
 */
const HULLS = new WeakMap<Evaluation, Map<number, readonly OperatingPoint[][]>>();

function hullsOfRuns(evaluation: Evaluation, judgeError: number): readonly OperatingPoint[][] {
  const known = HULLS.get(evaluation) ?? new Map<number, readonly OperatingPoint[][]>();
  HULLS.set(evaluation, known);
  const hulls = known.get(judgeError) ?? simulatedHulls(testTable(evaluation), judgeError);
  known.set(judgeError, hulls);
  return hulls;
}

function simulatedHulls(table: OutcomeTable, judgeError: number): OperatingPoint[][] {
  const order = cascadeOrder(table);
  const acceptFromQuality = acceptanceQuality(table);
  const n = table.promptIds.length;
  const m = table.models.length;
  const calls = table.promptIds.map((_, i) => order.map((j) => i * m + j));
  const affordable = PAPER_BUDGETS_USD.map((budgetUsd) =>
    calls.map((cells) => affordableCalls(cells.map((at) => table.costUsd[at]), budgetUsd))
  );
  const random = seededRandom(1, "runs of a cascade");
  const runOnce = (nCalls: readonly number[]): OperatingPoint => {
    let costUsd = 0;
    let quality = 0;
    calls.forEach((cells, i) => {
      const last = lastCall(cells.slice(0, nCalls[i]), { table, judgeError, acceptFromQuality, random });
      for (const at of cells.slice(0, last + 1)) costUsd += table.costUsd[at];
      quality += table.quality[cells[last]];
    });
    return { costUsd: costUsd / n, quality: quality / n };
  };
  return Array.from({ length: N_RUNS }, () => nonDecreasingHull(affordable.map(runOnce)));
}

/** The index of the call whose answer is returned. */
function lastCall(
  cells: readonly number[],
  { table, judgeError, acceptFromQuality, random }: {
    readonly table: OutcomeTable;
    readonly judgeError: number;
    readonly acceptFromQuality: number;
    readonly random: Random;
  },
): number {
  const accepted = cells.findIndex((at) =>
    (table.quality[at] >= acceptFromQuality) !== (random.uniform() < judgeError)
  );
  return accepted < 0 ? cells.length - 1 : accepted;
}

/** The test prompts of an evaluation, without their texts. */
function testTable({ models, modelSample, nPrompts: { test: n } }: Evaluation): OutcomeTable {
  const m = models.length;
  const rows = (values: Float64Array): Float64Array => values.map((_, at) => values[at % m * n + Math.floor(at / m)]);
  return outcomeTable({
    models: models.map(({ model }) => model),
    promptIds: Array.from({ length: n }, (_, i) => `${i}`),
    evalNames: Array.from({ length: n }, () => "test"),
    prompts: null,
    quality: rows(modelSample.quality),
    costUsd: rows(modelSample.costUsd),
    latencySeconds: null,
    source: { kind: "file", name: "test prompts", sha256: "", notes: [] },
  });
}
