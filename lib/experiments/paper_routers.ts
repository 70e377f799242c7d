import type { Protocol, RouterRecipe } from "../evaluation/evaluate.ts";
import { bestRouter, chosenKnn, chosenLinear, group, kernelAverage } from "../evaluation/chosen_recipes.ts";
import { knn, linear, mlp } from "../evaluation/recipes.ts";
import { MEANED_MLP } from "../routers/mlp.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";

/** With fewer prompts to learn from, learned routers are left out, as the paper does with MT-Bench's 80. */
export const LEAST_TO_LEARN_FROM = 100;

/** With fewer, a mean of networks costs more time than it tells. */
const LEAST_FOR_NETWORKS = 1000;

/** The rates of the judge's errors: the paper's eight by its protocol, four of them by ours. */
export const JUDGE_ERRORS: Readonly<Record<Protocol, readonly number[]>> = {
  ours: [0, 0.01, 0.1, 0.2],
  paper: [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8],
};

/** The noise of the reward of overgenerate-and-rerank, for which the paper has no number: none, half a right answer. */
export const REWARD_NOISES: readonly number[] = [0, 0.5];

/** The systems that a panel draws; of the variants of one family it is the paper's best. */
export const DRAWN: readonly string[] = [
  "Zero",
  "KNN, k = 40",
  "MLP, 100-100",
  "Linear",
  "Best router",
  "Cascade, ε = 0.1",
];

/** Overgenerate-and-rerank as a panel draws it. */
export const DRAWN_RERANKS: readonly string[] = ["Rerank, σ = 0.5"];

/** The paper's numbers of neighbours, the best one last. */
const KNN_NEIGHBOURS: readonly number[] = [5, 10, 40];

/** How the paper's routers are fitted. */
export interface PaperRouterOptions {
  /** The reference code's networks, one for each model, of one and of two hidden layers: ten times the work of one. */
  readonly ownNetworks?: boolean;
}

/** The routers of the paper, with its settings, and the linear one of later work. */
export function paperRouters({ ownNetworks = false }: PaperRouterOptions = {}): RouterRecipe[] {
  const networks = ownNetworks ? "per-model" : "one";
  const sizes = ownNetworks ? [[100], [100, 100]] : [[100, 100]];
  return [
    ...KNN_NEIGHBOURS.map((k) => knn({ k })),
    ...sizes.map((hiddenSizes) => mlp({ hiddenSizes, networks })),
    linear(),
  ];
}

/** What says which routers can learn from prompts. */
export interface LearnedFrom {
  readonly outcomes: Pick<OutcomeTable, "evalNames" | "promptIds">;
}

/**
 * The routers whose settings are chosen on validation prompts, by our protocol only, and the mean of several networks
 * beside the paper's one. A group router needs prompts of several evaluations, the networks a thousand prompts to learn
 * from.
 *
 * @param learned the prompts that are learned from
 */
export function chosenRouters({ outcomes: { evalNames, promptIds } }: LearnedFrom): RouterRecipe[] {
  const groups = new Set(evalNames).size > 1 ? [group(), group({ residual: true })] : [];
  const networks = promptIds.length >= LEAST_FOR_NETWORKS ? [mlp(MEANED_MLP)] : [];
  return [chosenKnn(), chosenLinear(), kernelAverage(), ...groups, ...networks, bestRouter()];
}

/** The routers that are trained out of domain and on groups: the best of each family, without the slow MLP if asked. */
export function groupRouters({ withMlp }: { readonly withMlp: boolean }): RouterRecipe[] {
  const others = paperRouters().filter(({ family }) => family !== "knn" && (withMlp || family !== "mlp"));
  return [...KNN_NEIGHBOURS.slice(-1).map((k) => knn({ k })), ...others];
}
