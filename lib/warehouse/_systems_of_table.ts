import { evaluationPredictor, type LearnedMeans, learnedMeans, orderOfCascade, orderStatistics } from "./_learned.ts";
import type { PartsOfTable } from "./_parts.ts";
import type { WarehouseSystem } from "./_systems.ts";
import { ALPHA_LADDER } from "../routers/predicted_cost.ts";
import { fitEvaluations, fitQualities, groupPredictor, learnVectors, linearPredictor } from "./learned_vectors.ts";
import type { Warehouse } from "./open_warehouse.ts";
import type { WarehouseAudit } from "./warehouse_audit.ts";

/** The routers that sums over prompts allow; Zero and the oracle are always there. */
export const SUMMED_ROUTERS = ["predicted", "evaluation", "cascade"] as const;
/** The routers that can be asked for. */
export const WAREHOUSE_ROUTERS = [...SUMMED_ROUTERS, "linear", "group"] as const;

/** One of {@linkcode WAREHOUSE_ROUTERS}. */
export type WarehouseRouter = (typeof WAREHOUSE_ROUTERS)[number];

/**
 * The judge of a cascade accepts what is as good as the best twentieth: with finer grades it would refuse nearly right
 * answers.
 */
const MOST_GRADES = 11;
/** The rates of the judge's errors, as in memory. */
export const JUDGE_ERRORS: readonly number[] = [0, 0.1, 0.2];
/** Where the judge's threshold lies among the qualities. */
const ACCEPTED_SHARE = 0.95;

/** What is said where no column predicts. */
export const NO_PREDICTIONS =
  "There is no column of predicted qualities (predicted_quality): no router that was run already is measured";

/** Why there is no cascade, as a sentence; `null` where there is one. */
export function noCascade({ grades: { length } }: Pick<WarehouseAudit, "grades">): string | null {
  if (length < 2) return "The cascade is left out: all qualities are equal";
  return length <= MOST_GRADES
    ? null
    : `The cascade is left out: its judge needs answers that are right or wrong, or graded in at most ${MOST_GRADES} steps`;
}

/** The systems that a table allows, and what was left out. */
export async function systemsOfTable(
  warehouse: Warehouse,
  parts: PartsOfTable,
  { audit, routers = WAREHOUSE_ROUTERS }: {
    readonly audit: WarehouseAudit;
    readonly routers?: readonly WarehouseRouter[];
  },
): Promise<{
  readonly systems: readonly WarehouseSystem[];
  readonly learned: number;
  readonly notes: readonly string[];
}> {
  const { columns } = warehouse;
  const means = await learnedMeans(warehouse, parts.learn.part);
  const systems: WarehouseSystem[] = [];
  const notes: string[] = [];
  if (routers.includes("predicted")) {
    if (columns.predictedQuality === undefined) {
      notes.push(NO_PREDICTIONS);
    } else {
      const costUsd = columns.predictedCostUsd === undefined ? means.costUsd : "pc";
      const said = columns.predictedCostUsd === undefined ? "costs: the models' means" : "costs as predicted";
      systems.push({
        name: "Predicted",
        family: "other",
        notes: [said],
        kind: { predictor: { quality: "pq", costUsd } },
      });
    }
  }
  if (routers.includes("evaluation")) {
    const { length } = means.evaluations;
    if (length >= 2) {
      const said = `means of ${length} evaluations; it is told each prompt's`;
      const kind = { predictor: evaluationPredictor(means) };
      systems.push({ name: "By evaluation", family: "group", notes: [said], kind });
    }
  }
  if (routers.includes("cascade")) {
    const refused = noCascade(audit);
    if (refused !== null) notes.push(refused);
    else systems.push(...await cascadesOf(warehouse, parts, means));
  }
  if (routers.includes("linear") || routers.includes("group")) {
    if (columns.vector === undefined) notes.push(NO_VECTORS);
    else systems.push(...await routersOfVectors(warehouse, parts, { means, routers }));
  }
  return { systems, learned: means.nPrompts, notes };
}

/** What is said where prompts have no vectors. */
const NO_VECTORS = "There is no column of vectors (vector): no linear router and no group router is measured";
/** More evaluations are not told apart by a vector. */
const MOST_TOLD = 200;

/** Routers that learn from the prompts' vectors. */
async function routersOfVectors(
  warehouse: Warehouse,
  { learn }: PartsOfTable,
  { means, routers }: { readonly means: LearnedMeans; readonly routers: readonly WarehouseRouter[] },
): Promise<WarehouseSystem[]> {
  const names = means.evaluations.map(({ name }) => name);
  const isGrouped = routers.includes("group") && names.length >= 2 && names.length <= MOST_TOLD;
  const learned = await learnVectors(warehouse, learn.part, isGrouped ? names : []);
  const systems: WarehouseSystem[] = [];
  const how = (alpha: number): string => `α = ${alpha} by generalised cross-validation`;
  if (routers.includes("linear")) {
    const fit = fitQualities(learned, ALPHA_LADDER);
    const kind = { predictor: linearPredictor(fit, means.costUsd) };
    systems.push({ name: "Linear", family: "linear", notes: [how(fit.alpha), "costs: the models' means"], kind });
  }
  if (isGrouped) {
    const fit = fitEvaluations(learned, ALPHA_LADDER);
    const kind = { predictor: groupPredictor(fit, (place) => evaluationPredictor(means, place)) };
    const said = `${names.length} groups, told from the prompt's vector`;
    systems.push({ name: "Group", family: "group", notes: [said, how(fit.alpha)], kind });
  }
  return systems;
}

/** Cascades with several rates of errors; order and threshold come from what is learned from. */
async function cascadesOf(
  warehouse: Warehouse,
  { learn }: PartsOfTable,
  means: LearnedMeans,
): Promise<WarehouseSystem[]> {
  const placesOf = (nValues: number): readonly number[] => {
    const place = ACCEPTED_SHARE * (nValues - 1);
    return [Math.floor(place), Math.ceil(place)];
  };
  const [below, above] = await orderStatistics(warehouse, learn.part, { levels: [], list: "q" }, placesOf);
  const place = ACCEPTED_SHARE * (means.nPrompts * warehouse.models.length - 1);
  const acceptFromQuality = below + (place - Math.floor(place)) * (above - below);
  const order = orderOfCascade(warehouse.models, means);
  return JUDGE_ERRORS.map((judgeError) => ({
    name: `Cascade, ε = ${judgeError}`,
    family: "cascade",
    notes: [],
    kind: { cascade: { order, judgeError, acceptFromQuality } },
  }));
}
