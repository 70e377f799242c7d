import { countUpTo } from "../../base/quantile.ts";
import { toMatrix64 } from "../../compute/matrix.ts";
import { predictRidge } from "../../compute/ridge.ts";
import type { Embeddings } from "../../embeddings/embeddings.ts";
import { meanOf } from "../../base/statistics.ts";
import { fitRidgeByLeaveOneOut } from "../../routers/predicted_cost.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, vectorsOf } from "../../routers/router.ts";
import { vectorKindOf } from "../../routers/router_state.ts";
import { timesOf } from "./latencies.ts";

/** What is expected of the times of every model on every prompt. */
export interface PredictedLatency {
  /** Number of models, m. */
  readonly nModels: number;
  /** Expected seconds, row-major `[n · m]`. */
  readonly meanSeconds: Float64Array;
  /** Probability that the answer takes longer than a limit, `[n · m]`. */
  lateShare(limitSeconds: number): Float64Array;
  /**
   * A quantile of the times of all prompts together where prompt i goes to model `choices[i]`: the distributions of the single answers, mixed.
   *
   * @param share in 0..1, such as .95
   */
  quantileSeconds(choices: Int32Array, share: number): number;
}

/** Predicts how long models take. */
export interface LatencyPredictor {
  /** Row i of the vectors is prompt i. */
  predict(embeddings: Embeddings): Promise<PredictedLatency>;
}

/** Halvings of an interval of logarithms of seconds in search of a quantile: its width is then that of a double's last digits. */
const HALVINGS = 60;
/** What a time of 0 counts as in a logarithm, seconds. */
const SHORTEST = 1e-3;

/**
 * Fits a predictor of times: ridge regression of the logarithm of each model's seconds on the prompt's vector, with the penalty chosen by
 * leave-one-out errors. Around each prediction lie that model's leave-one-out residuals, as many as there are training prompts: means are the mean
 * over them (smearing), quantiles are read off them, and no bell curve is assumed.
 *
 * **Units**: seconds. **Source**: Duan 1983, *Smearing estimate*; Hastie, Tibshirani, Friedman 2009, section 3.4.1.
 *
 * @throws TypeError where the outcomes have no times
 */
export async function fitLatencyPredictor(train: EmbeddedOutcomes): Promise<LatencyPredictor> {
  const { models: { length: m } } = checkedTrainingSet(train);
  const logs = timesOf(train.outcomes).map((seconds) => Math.log(Math.max(SHORTEST, seconds)));
  const n = logs.length / m;
  const { regression, leftOutResiduals } = await fitRidgeByLeaveOneOut(train.embeddings, {
    rows: n,
    cols: m,
    values: logs,
  });
  const left = await leftOutResiduals();
  const residuals = Array.from(
    { length: m },
    (_, j) => Float64Array.from({ length: n }, (_, i) => left[i * m + j]).sort(),
  );
  const smearing = residuals.map((of) => meanOf(of.map(Math.exp)));
  const reads = vectorKindOf(train.embeddings);
  return {
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, reads);
      const { values } = await predictRidge(regression, toMatrix64(vectorsOf(embeddings)));
      return predictionOf(values, residuals, smearing);
    },
  };
}

function predictionOf(
  logs: Float64Array,
  residuals: readonly Float64Array[],
  smearing: readonly number[],
): PredictedLatency {
  const m = residuals.length;
  const shareUpTo = (at: number, log: number): number => {
    const of = residuals[at % m];
    return countUpTo(of, log - logs[at]) / of.length;
  };
  return {
    nModels: m,
    meanSeconds: logs.map((log, at) => Math.exp(log) * smearing[at % m]),
    lateShare: (limitSeconds) => logs.map((_, at) => 1 - shareUpTo(at, Math.log(limitSeconds))),
    quantileSeconds: (choices, share) => {
      const cells = Array.from(choices, (model, i) => i * m + model);
      const ends = cells.flatMap((at) => [logs[at] + residuals[at % m][0], logs[at] + residuals[at % m].at(-1)!]);
      let low = ends.reduce((a, b) => Math.min(a, b));
      let high = ends.reduce((a, b) => Math.max(a, b));
      for (let step = 0; step < HALVINGS; step++) {
        const middle = (low + high) / 2;
        const below = cells.reduce((sum, at) => sum + shareUpTo(at, middle), 0) / cells.length;
        if (below < share) low = middle;
        else high = middle;
      }
      return Math.exp(high);
    },
  };
}
