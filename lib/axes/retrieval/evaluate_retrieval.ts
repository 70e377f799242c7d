import type { Embeddings } from "../../embeddings/embeddings.ts";
import { compareCurves, type CurveComparison, DEFAULT_RESAMPLES } from "../../evaluation/compare_curves.ts";
import { evaluateRouters, type Evaluation } from "../../evaluation/evaluate.ts";
import { splitForEvaluation } from "../../evaluation/evaluation_data.ts";
import type { RouterRecipe } from "../../evaluation/recipe.ts";
import { NO_RETRIEVER } from "../../outcomes/arm.ts";
import type { PairOutcomes } from "./arms.ts";
import { fixedRetriever, zeroWithoutRetrieval } from "./retrieval_recipes.ts";
import { twoStage } from "./two_stage.ts";

/** Routers of pairs, evaluated beside each other. */
export interface RetrievalEvaluation {
  /** Zero over all pairs, Zero without retrieval, a joint router, a fixed retriever, two stages without and with a second look. */
  readonly evaluation: Evaluation;
  /** AIQ of two stages with a second look less that of two stages without. */
  readonly secondLook: CurveComparison;
  /** AIQ of two stages with a second look less that of the joint router. */
  readonly overJoint: CurveComparison;
  /** The same less that of the fixed retriever. */
  readonly overFixed: CurveComparison;
}

/** Names of the systems, in the order of the evaluation after Zero. */
export const RETRIEVAL_SYSTEMS = [
  "Zero without retrieval",
  "Joint",
  "Fixed retriever",
  "Two stages, one look",
  "Two stages",
] as const;

/**
 * Evaluates routers that choose a retriever and a model, by our protocol on one split: the joint router chooses among pairs from the prompt alone;
 * a fixed retriever leaves the model to a router; two stages choose the retriever, look at what was retrieved, and choose the model. All have the same
 * kind of router inside. What the second look adds is measured against the same two stages without it.
 *
 * @param input the pairs, the prompts' vectors, what each retriever found, and the router
 * @throws as {@linkcode evaluateRouters}
 */
export async function evaluateRetrieval(
  { pairs, embeddings, retrieved, router }: {
    readonly pairs: PairOutcomes;
    readonly embeddings: Embeddings;
    readonly retrieved: Readonly<Record<string, Embeddings>>;
    readonly router: RouterRecipe;
  },
  { seed, nResamples = DEFAULT_RESAMPLES, ...split }: {
    readonly seed: number;
    readonly nResamples?: number;
    /** Share of the prompts for training, and ids of the test prompts, as of `splitForEvaluation`. */
    readonly trainShare?: number;
    readonly testIds?: ReadonlySet<string>;
  },
): Promise<RetrievalEvaluation> {
  const data = splitForEvaluation(pairs.outcomes, embeddings, { ...split, seed });
  const joint: RouterRecipe = {
    ...router,
    fit: async (train, context) => ({ ...await router.fit(train, context), name: "Joint" }),
  };
  const shared = { pairs, embeddings, router };
  const evaluation = await evaluateRouters(data, [
    ...(pairs.retrievers.includes(NO_RETRIEVER) ? [zeroWithoutRetrieval(pairs)] : []),
    joint,
    fixedRetriever({ ...shared, retrieved }),
    twoStage({ ...shared, name: "Two stages, one look" }),
    twoStage({ ...shared, retrieved }),
  ], { seed, nResamples });
  const of = (name: string): Evaluation["systems"][number] =>
    evaluation.systems.find((system) => system.name === name)!;
  const over = (name: typeof RETRIEVAL_SYSTEMS[number]): CurveComparison =>
    compareCurves(of("Two stages").sample, of(name).sample, {
      costRangeUsd: evaluation.costRangeUsd,
      nResamples,
      seed,
    });
  return {
    evaluation,
    secondLook: over("Two stages, one look"),
    overJoint: over("Joint"),
    overFixed: over("Fixed retriever"),
  };
}
