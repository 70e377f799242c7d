import { LEAST_RESAMPLES } from "../../base/statistics.ts";
import { counted } from "../../base/words.ts";
import type { CostQuality } from "../../evaluation/cost_quality.ts";
import { predictedCosts } from "../../experiments/predicted_costs.ts";
import { evaluateRouters, type Evaluation, type Protocol } from "../../evaluation/evaluate.ts";
import type { EvaluationData } from "../../evaluation/evaluation_data.ts";
import { fittedOnce } from "../../evaluation/fitted_once.ts";
import { oracleCurve } from "../../evaluation/oracle_curve.ts";
import { cascade, rerank } from "../../evaluation/recipes.ts";
import type { SweepPoint } from "../../evaluation/policy.ts";
import {
  chosenRouters,
  JUDGE_ERRORS,
  LEAST_TO_LEARN_FROM,
  paperRouters,
  REWARD_NOISES,
} from "../../experiments/paper_routers.ts";
import { measurePredictors, type NamedPredictor } from "./predictor_table.ts";

/** The apparent gain of a system whose settings are chosen on the prompts on which it is measured. */
export interface OptimismRow {
  /** The evaluation. */
  readonly evalName: string;
  /** The system. */
  readonly system: string;
  /** Number of test prompts. */
  readonly nTest: number;
  /** AIQ by the formula on the test prompts, settings chosen on validation prompts. */
  readonly chosenOnValidation: number;
  /** The same system, settings chosen on the test prompts. */
  readonly chosenOnTest: number;
  /** The second less the first. */
  readonly optimism: number;
  /** The same for the gain over Zero, whose settings are chosen in the same way; `null` for Zero. */
  readonly optimismOverZero: number | null;
}

/** One evaluation by one protocol. */
export interface MeasuredEvaluation {
  readonly evaluation: Evaluation;
  /** The predictors behind the learned routers. */
  readonly predictors: readonly NamedPredictor[];
  /** The optimism of choosing on the test prompts; by our protocol only. */
  readonly optimism: readonly OptimismRow[];
  /** The oracle at every willingness to pay. */
  readonly oracleCurve: readonly SweepPoint[];
  /** Why learned routers are missing, if they are. */
  readonly leftOut: string | null;
  /** How well costs per prompt are predicted; by our protocol only, as the paper's decides by list prices. */
  readonly costs?: readonly CostQuality[];
}

/** Measures one evaluation by one protocol. Each router is fitted once. */
export async function measureEvaluation(
  data: EvaluationData,
  { evalName, protocol, seed, ownNetworks }: {
    readonly evalName: string;
    readonly protocol: Protocol;
    readonly seed: number;
    /** The paper's protocol with the reference code's networks, one for each model. */
    readonly ownNetworks: boolean;
  },
): Promise<MeasuredEvaluation> {
  const leftOut = leftOutOf(protocol, data);
  const learned = [
    ...paperRouters({ ownNetworks: ownNetworks && protocol === "paper" }),
    ...(protocol === "ours" ? chosenRouters(data.fit) : []),
  ];
  const routers = leftOut === null ? fittedOnce(learned, { seed }) : [];
  const recipes = [...routers, ...JUDGE_ERRORS[protocol].map((judgeError) => cascade({ judgeError }))];
  const options = { protocol, seed };
  const reranks = REWARD_NOISES.map((rewardNoise) => rerank({ rewardNoise }));
  const evaluation = await evaluateRouters(data, [...recipes, ...reranks], options);
  const onTest = protocol === "ours"
    ? await evaluateRouters({ ...data, validation: data.test }, recipes, { ...options, nResamples: LEAST_RESAMPLES })
    : null;
  return {
    evaluation,
    predictors: await measurePredictors(data, routers, { evalName, protocol }),
    optimism: onTest === null ? [] : optimismRows(evalName, { onValidation: evaluation, onTest }),
    oracleCurve: oracleCurve(data.test.outcomes),
    leftOut,
    ...(protocol === "ours" && leftOut === null ? { costs: await predictedCosts(data) } : {}),
  };
}

function optimismRows(
  evalName: string,
  { onValidation, onTest }: { readonly onValidation: Evaluation; readonly onTest: Evaluation },
): OptimismRow[] {
  const gains = onValidation.systems.map((system, at) => onTest.systems[at].aiqFormula - system.aiqFormula);
  const [zero] = gains;
  return onValidation.systems.map(({ name, aiqFormula }, at): OptimismRow => ({
    evalName,
    system: name,
    nTest: onValidation.nPrompts.test,
    chosenOnValidation: aiqFormula,
    chosenOnTest: onTest.systems[at].aiqFormula,
    optimism: gains[at],
    optimismOverZero: at === 0 ? null : gains[at] - zero,
  }));
}

/** Why learned routers are left out, if they are. */
function leftOutOf(protocol: Protocol, { fit, train }: EvaluationData): string | null {
  const nLearned = (protocol === "ours" ? fit : train).outcomes.promptIds.length;
  return nLearned >= LEAST_TO_LEARN_FROM
    ? null
    : `learned routers left out: ${counted(nLearned, "prompt")} to learn from, ${LEAST_TO_LEARN_FROM} are needed`;
}
