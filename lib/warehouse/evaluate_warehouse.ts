import { comparedEvaluation, type Evaluation } from "../evaluation/compared_evaluation.ts";
import { DEFAULT_RESAMPLES } from "../evaluation/compare_curves.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import { levelsOfSpending } from "./_cascade_settings.ts";
import { orderStatistics } from "./_learned.ts";
import { measuredEvaluation, type MeasuredInput, rangeOf, ZERO } from "./_measured_sums.ts";
import { partsOfTable, type SizedPart } from "./_parts.ts";
import { modelsAndOracle } from "./_prompt_settings.ts";
import { promptSystemOf, type WarehouseSystem } from "./_systems.ts";
import { systemsOfTable, type WarehouseRouter } from "./_systems_of_table.ts";
import { type GroupSums, groupSums, meansOf, promptsOf, type SumsInput } from "./group_sums.ts";
import { lambdaLadder } from "./lambda_ladder.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { needWholePrompts, type WarehouseAudit } from "./warehouse_audit.ts";

/** How a table in a warehouse is evaluated. */
export interface WarehouseEvaluationOptions {
  /** Decides which prompts are learned from, chosen on and measured, and the resamples. */
  readonly seed: number;
  /** What was counted: {@linkcode auditWarehouse}. */
  readonly audit: WarehouseAudit;
  /** Default all that the table has columns for. */
  readonly routers?: readonly WarehouseRouter[];
  /** Only prompts of this evaluation; default all. */
  readonly evalName?: string;
  /** What happens to prompts on which a model has no outcome. Default `"error"`. */
  readonly missing?: "error" | "drop";
  /** Share of the prompts for learning and choosing. Default .7. */
  readonly trainShare?: number;
  /** Resamples of the intervals. Default 10,000. */
  readonly nResamples?: number;
  /** Called after each step. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A system with what is known of how its settings were chosen. */
export interface ChosenOnLadder {
  /** The system's name. */
  readonly name: string;
  /** Values of λ that were tried. */
  readonly nTried: number;
  /**
   * By how much the exact curve's AIQ can exceed that of the values tried, on the prompts on which settings were
   * chosen.
   */
  readonly bound: number;
}

/** An evaluation, and how far its curves were followed. */
export interface WarehouseEvaluation {
  /**
   * The same as of a table in memory; `sample` and `modelSample` hold {@linkcode sampleOfGroups} in place of prompts.
   */
  readonly evaluation: Evaluation;
  /** How exactly each router's settings were chosen. */
  readonly ladders: readonly ChosenOnLadder[];
  /** What was left out, a sentence each. */
  readonly notes: readonly string[];
}

/** Budgets that a cascade tries, as in memory. */
const N_BUDGETS = 120;
/** Steps beside those of the routers: learning, Zero, measuring. */
const N_STEPS = 3;

/**
 * Evaluates routers on a table that stays in the warehouse, by our protocol: settings of all systems are chosen on
 * validation prompts and measured on test prompts. Only sums come back.
 *
 * A hash of the prompt's id and the seed decides its part, so that the result does not depend on how rows lie on
 * shards. At most 200,000 prompts are learned from and settings are chosen on at most 50,000; all test prompts are
 * measured.
 *
 * @throws RangeError where a part is empty, or prompts are incomplete or repeated; WarehouseError where the server does
 * not answer or refuses
 */
export async function evaluateWarehouse(
  warehouse: Warehouse,
  options: WarehouseEvaluationOptions,
): Promise<WarehouseEvaluation> {
  const { audit, seed, missing = "error", nResamples = DEFAULT_RESAMPLES, onProgress } = options;
  const hasGaps = needWholePrompts(audit, missing);
  const parts = partsOfTable(warehouse, { ...options, hasGaps });
  const { systems, learned, notes } = await systemsOfTable(warehouse, parts, options);
  const total = N_STEPS + systems.length;
  onProgress?.(1, total);

  const m = warehouse.models.length;
  const single = modelsAndOracle(m);
  const places = Array.from({ length: m + 1 }, (_, at) => at + 1);
  const chosenModels = await sumsOf(warehouse, parts.choose, {
    system: single,
    values: places.slice(0, m),
    isGrouped: false,
  });
  const modelPoints = meansOf(chosenModels).map((point, model) => ({ ...point, value: model }));
  onProgress?.(2, total);
  const range = rangeOf(modelPoints);
  const test = await sumsOf(warehouse, parts.test, { system: single, values: places });
  onProgress?.(N_STEPS, total);
  const zero: MeasuredInput = { ...ZERO, range, hull: nonDecreasingHull(modelPoints), sums: test };
  const measured: MeasuredInput[] = [zero];
  const ladders: ChosenOnLadder[] = [];
  for (const system of systems) {
    const { points, ladder } = await pointsOf(warehouse, parts.choose, system, range);
    if (ladder !== null) ladders.push({ name: system.name, ...ladder });
    const hull = nonDecreasingHull(points);
    const values = hull.map(({ value }) => value);
    const sums = await sumsOf(warehouse, parts.test, { system: promptSystemOf(system), values });
    measured.push({ ...system, range, hull, sums });
    onProgress?.(N_STEPS - 1 + measured.length, total);
  }
  const nPrompts = { learned, chosen: promptsOf(chosenModels), test: promptsOf(test) };
  const evaluation = comparedEvaluation(measuredEvaluation(warehouse.models, { nPrompts, test, measured }), {
    nResamples,
    seed,
  });
  return { evaluation, ladders, notes };
}

function sumsOf(warehouse: Warehouse, part: SizedPart, input: SumsInput): Promise<GroupSums> {
  return groupSums(warehouse, part, input, "measure routers");
}

/** A system's points on a part: a router's on a ladder of λ, a cascade's on budgets. */
async function pointsOf(
  warehouse: Warehouse,
  part: SizedPart,
  system: WarehouseSystem,
  costRangeUsd: readonly [number, number],
): Promise<{ readonly points: MeasuredInput["hull"]; readonly ladder: Omit<ChosenOnLadder, "name"> | null }> {
  const { kind } = system;
  if ("predictor" in kind) {
    const { points, bound } = await lambdaLadder(warehouse, part, { ...kind, costRangeUsd });
    return {
      points: points.map(({ willingnessToPay, ...point }) => ({ ...point, value: willingnessToPay })),
      ladder: { nTried: points.length, bound },
    };
  }
  const list = { levels: levelsOfSpending(kind.cascade), list: "spent" };
  const budgets = await orderStatistics(
    warehouse,
    part.part,
    list,
    (nValues) => Array.from({ length: N_BUDGETS }, (_, b) => Math.round(b * (nValues - 1) / (N_BUDGETS - 1))),
  );
  // A call is made if it costs less than what is left, so the dearest prompt's last call needs a hair more than their
  // sum.
  const values = [...new Set(budgets.map((budget) => budget * (1 + 1e-9)))];
  const sums = await sumsOf(warehouse, part, { system: promptSystemOf(system), values, isGrouped: false });
  return { points: meansOf(sums).map((point, at) => ({ ...point, value: values[at] })), ladder: null };
}
