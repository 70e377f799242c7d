import { toMatrix64 } from "../compute/matrix.ts";
import { predictRidge, type RidgeCoefficients, ridgeLadder } from "../compute/ridge.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { basisOf } from "./_ridge_basis.ts";
import { ALPHA_LADDER, leastAt } from "./predicted_cost.ts";
import {
  checkedTrainingSet,
  checkEmbeddings,
  type EmbeddedOutcomes,
  type QualityPredictions,
  type Router,
  vectorsOf,
} from "./router.ts";
import { type GroupState, type RouterState, vectorKindOf } from "./router_state.ts";

/** Options of {@linkcode fitGroupRouter}. */
export interface GroupOptions {
  /** Number of prompts with the mean of all groups that are mixed into each group. In a group of that size both count half. Default 20. */
  readonly shrinkBy?: number;
  /** Penalty of a ridge regression that also predicts the residuals of the group's means; `null` for none. Default `null`. */
  readonly residualAlpha?: number | null;
}

/** Default of `shrinkBy`. */
const SHRINK_BY = 20;

/**
 * Fits a group router: it classifies a prompt by its vector into one of the evaluations, and predicts the mean quality of each model in
 * that group, shrunk towards the mean over all training prompts.
 *
 * The classifier is a ridge regression of the groups' indicators, with a penalty chosen by leave-one-out errors: the greatest prediction wins.
 * Costs are the group's mean costs, shrunk likewise.
 *
 * **Source**: ridge classification as in scikit-learn's `RidgeClassifier`; shrunk means as in James and Stein 1961, with a fixed weight.
 *
 * @throws RangeError where `shrinkBy` is negative or `residualAlpha` is not above 0
 */
export async function fitGroupRouter(train: EmbeddedOutcomes, options: GroupOptions = {}): Promise<Router> {
  const { shrinkBy = SHRINK_BY, residualAlpha = null } = options;
  const { models } = checkedTrainingSet(train);
  if (!(shrinkBy >= 0)) {
    throw new RangeError(
      `Cannot fit a group router as shrinkBy must be 0 or more: it is ${shrinkBy}; pass one such as ${SHRINK_BY}`,
    );
  }
  const { evalNames, quality, costUsd } = train.outcomes;
  const m = models.length;
  const groups = [...new Set(evalNames)].sort();
  const groupOf = Int32Array.from(evalNames, (name) => groups.indexOf(name));
  const basis = await basisOf(train.embeddings);
  const known = CLASSIFIERS.get(train) ?? fitIndicators(groupOf, groups.length, basis);
  CLASSIFIERS.set(train, known);
  const classifier = await known;
  const means = shrunkMeans(quality, { groupOf, nGroups: groups.length, m, shrinkBy });
  const costs = shrunkMeans(costUsd, { groupOf, nGroups: groups.length, m, shrinkBy });
  const left = quality.map((value, at) => value - means[groupOf[Math.floor(at / m)] * m + at % m]);
  const residual = residualAlpha === null
    ? null
    : await (await ridgeLadder(basis, { rows: groupOf.length, cols: m, values: left }, { alphas: [residualAlpha] }))
      .fit(0);
  const name = residualAlpha === null ? "Group" : `Group and residual, α = ${residualAlpha}`;
  const notes = [`${groups.length} groups, told from the prompt's vector`];
  const predictor: GroupState = {
    kind: "group",
    quality: means,
    costUsd: costs,
    classifier,
    residual,
  };
  const reads = vectorKindOf(train.embeddings);
  return groupRouterOf({ name, notes, models, reads, predictor, costs: null }, predictor);
}

/** The router of a state. */
export function groupRouterOf(state: RouterState, { quality, costUsd, classifier, residual }: GroupState): Router {
  const { name, notes, models, reads } = state;
  const m = models.length;
  const predict = async (embeddings: Embeddings): Promise<QualityPredictions> => {
    checkEmbeddings(embeddings, reads!);
    const nPrompts = embeddings.nPrompts;
    const x = toMatrix64(vectorsOf(embeddings));
    const told = classifier === null ? new Int32Array(nPrompts) : greatestOfRows(await predictRidge(classifier, x));
    const extra = residual === null ? null : (await predictRidge(residual, x)).values;
    const spread = (values: Float64Array): Float64Array =>
      Float64Array.from({ length: nPrompts * m }, (_, at) => values[told[Math.floor(at / m)] * m + at % m]);
    const expected = spread(quality);
    if (extra !== null) { for (let at = 0; at < expected.length; at++) expected[at] += extra[at]; }
    return { nPrompts, models, quality: expected, costUsd: spread(costUsd) };
  };
  return { name, notes, state, predict };
}

/** The classifiers of training sets, which group routers with and without a residual share. */
const CLASSIFIERS = new WeakMap<EmbeddedOutcomes, ReturnType<typeof fitIndicators>>();

/** Ridge regression of one indicator a group, with the penalty of the least leave-one-out error; `null` for one group. */
async function fitIndicators(
  groupOf: Int32Array,
  nGroups: number,
  basis: Awaited<ReturnType<typeof basisOf>>,
): Promise<RidgeCoefficients | null> {
  if (nGroups === 1) return null;
  const indicators = new Float64Array(groupOf.length * nGroups);
  groupOf.forEach((group, i) => indicators[i * nGroups + group] = 1);
  const ladder = await ridgeLadder(basis, { rows: groupOf.length, cols: nGroups, values: indicators }, {
    alphas: ALPHA_LADDER,
  });
  const errors = await ladder.leaveOneOutErrors();
  return await ladder.fit(leastAt(errors.map((of) => of.reduce((a, b) => a + b))));
}

/** Mean of each column in each group, `[groups · m]`, as if `shrinkBy` prompts of the mean over all belonged to each. */
function shrunkMeans(
  values: Float64Array,
  { groupOf, nGroups, m, shrinkBy }: {
    readonly groupOf: Int32Array;
    readonly nGroups: number;
    readonly m: number;
    readonly shrinkBy: number;
  },
): Float64Array {
  const all = new Float64Array(m);
  const sums = new Float64Array(nGroups * m);
  const counts = new Float64Array(nGroups);
  groupOf.forEach((group, i) => {
    counts[group]++;
    for (let j = 0; j < m; j++) {
      all[j] += values[i * m + j] / groupOf.length;
      sums[group * m + j] += values[i * m + j];
    }
  });
  return sums.map((sum, at) => (sum + shrinkBy * all[at % m]) / (counts[Math.floor(at / m)] + shrinkBy));
}

function greatestOfRows(
  { rows, cols, values }: { readonly rows: number; readonly cols: number; readonly values: Float64Array },
): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let k = 1; k < cols; k++) if (values[i * cols + k] > values[i * cols + best]) best = k;
    return best;
  });
}
