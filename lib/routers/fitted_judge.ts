import { fitLogistic, logit } from "../compute/logistic.ts";
import { quantileOfSorted } from "../base/quantile.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { chanceOfGood, type GoodAnswer, type Judge, meansOfAnswers } from "./judge.ts";
import type { QualityPredictions } from "./router.ts";

/** A number that a user has of an answer, such as a reward model's, a self-rating or a mean log probability; higher may mean better or worse. */
export type AnswerScore = (promptId: string, model: string) => number;

/** How a judge is fitted. */
export interface FittedJudgeOptions extends GoodAnswer {
  /** A score of each answer; default: none, what an answer cost is then all that is known of it. */
  readonly score?: AnswerScore;
  /**
   * So many answers whose signals come as often with good as with bad ones are mixed into each model's, as a few answers must not look like
   * proof. `Infinity` trusts no signal: one call is then made for each prompt.
   */
  readonly shrinkBy: number;
}

/** Signals of a fitted judge: its scores in so many classes of equal counts. */
const N_SIGNALS = 6;
/** Weight of the squared weights of the score. */
const PENALTY = 1;

/**
 * Fits a judge that does not know the outcome: it reads what can be known of an answer once it is there, how much dearer it was than expected
 * (a long answer of a model that usually answers shortly) and a score that the user has.
 *
 * For each model a logistic regression, from the predicted quality on, tells good answers from bad ones by these numbers; its evidence is cut
 * into six classes of equal counts, and how often each class comes with good and with bad answers is what {@linkcode Judge} needs. Fit it on
 * prompts from which the predictions were not learned, such as validation prompts: on those that were, predictions look better than they are.
 *
 * **Shapes**: n × m outcomes and predictions of the same prompts. Scores enter standardised, model by model.
 *
 * @throws RangeError where a score is not finite or `shrinkBy` is negative
 */
export function fitJudge(
  outcomes: OutcomeTable,
  predictions: QualityPredictions,
  { acceptFromQuality, score, shrinkBy }: FittedJudgeOptions,
): Judge {
  if (!(shrinkBy >= 0)) {
    throw new RangeError(`Cannot fit a judge as shrinkBy must be 0 or more: it is ${shrinkBy}; pass one such as 10`);
  }
  const { models: { length: m }, promptIds: { length: n }, quality } = outcomes;
  const answers = meansOfAnswers(outcomes, { acceptFromQuality });
  const columns = columnsOf(outcomes, predictions, score);
  const scales = columns.map((column) => scalesOf(column, m));
  const d = columns.length;
  const weights: Float64Array[] = [];
  const evidenceOf = (cells: readonly Float64Array[], at: number): number =>
    weights[at % m].subarray(1).reduce((sum, weight, k) => sum + weight * scales[k](cells[k][at], at % m), 0);
  const whenGood = new Float64Array(m * N_SIGNALS);
  const whenBad = new Float64Array(m * N_SIGNALS);
  const cuts: number[][] = [];
  for (let j = 0; j < m; j++) {
    const cells = outcomes.promptIds.map((_, i) => i * m + j);
    const isGood = cells.map((at) => Number(quality[at] >= acceptFromQuality));
    const x = new Float64Array(n * (d + 1));
    cells.forEach((at, i) => x.set([1, ...columns.map((column, k) => scales[k](column[at], j))], i * (d + 1)));
    const offset = cells.map((at) => logit(chanceOfGood(answers, { model: j, predicted: predictions.quality[at] })));
    weights.push(fitLogistic({ rows: n, cols: d + 1, values: x }, isGood, { offset, penalty: PENALTY }));
    const evidence = cells.map((at) => evidenceOf(columns, at));
    const sorted = Float64Array.from(evidence).sort();
    cuts.push(Array.from({ length: N_SIGNALS - 1 }, (_, s) => quantileOfSorted(sorted, (s + 1) / N_SIGNALS)));
    const signals = evidence.map((value) => signalOf(value, cuts[j]));
    whenGood.set(sharesOf(signals, { isGood, kind: 1, shrinkBy }), j * N_SIGNALS);
    whenBad.set(sharesOf(signals, { isGood, kind: 0, shrinkBy }), j * N_SIGNALS);
  }
  return {
    name: score === undefined ? "judge fitted" : "judge fitted with a score",
    nSignals: N_SIGNALS,
    whenGood,
    whenBad,
    ...answers,
    signals: (asked, expected) => {
      const cells = columnsOf(asked, expected, score);
      const signals = new Float64Array(asked.quality.length * N_SIGNALS);
      for (let at = 0; at < asked.quality.length; at++) {
        signals[at * N_SIGNALS + signalOf(evidenceOf(cells, at), cuts[at % m])] = 1;
      }
      return signals;
    },
  };
}

/** What is known of each answer, a column `[n · m]` each: the logarithm of its cost over the expected one, and the score. */
function columnsOf(outcomes: OutcomeTable, { costUsd }: QualityPredictions, score?: AnswerScore): Float64Array[] {
  const { models, promptIds } = outcomes;
  const m = models.length;
  const perModel = costUsd.length === m;
  const surprise = outcomes.costUsd.map((cost, at) => {
    const expected = costUsd[perModel ? at % m : at];
    return cost > 0 && expected > 0 ? Math.log(cost / expected) : 0;
  });
  if (score === undefined) return [surprise];
  const scores = surprise.map((_, at) => {
    const [promptId, model] = [promptIds[Math.floor(at / m)], models[at % m]];
    const value = score(promptId, model);
    if (Number.isFinite(value)) return value;
    throw new RangeError(
      `Cannot judge answers as each needs a finite score: that of "${model}" on prompt "${promptId}" is ${value}; give it one`,
    );
  });
  return [surprise, scores];
}

/** Standardises the values of each model by their mean and deviation. */
function scalesOf(column: Float64Array, m: number): (value: number, model: number) => number {
  const n = column.length / m;
  const means = new Float64Array(m);
  const variances = new Float64Array(m);
  column.forEach((value, at) => means[at % m] += value / n);
  column.forEach((value, at) => variances[at % m] += (value - means[at % m]) ** 2 / n);
  return (value, model) => variances[model] === 0 ? 0 : (value - means[model]) / Math.sqrt(variances[model]);
}

/** Number of cuts that lie below a value. */
function signalOf(value: number, cuts: readonly number[]): number {
  return cuts.reduce((count, cut) => count + Number(value > cut), 0);
}

/** How often each signal comes with answers of a kind, mixed with how often it comes at all. */
function sharesOf(
  signals: readonly number[],
  { isGood, kind, shrinkBy }: {
    readonly isGood: readonly number[];
    readonly kind: 0 | 1;
    readonly shrinkBy: number;
  },
): Float64Array {
  const all = new Float64Array(N_SIGNALS);
  const ofKind = new Float64Array(N_SIGNALS);
  signals.forEach((signal, i) => {
    all[signal] += 1 / signals.length;
    if (isGood[i] === kind) ofKind[signal]++;
  });
  const count = ofKind.reduce((a, b) => a + b);
  // The limit of the mixture as shrinkBy grows, and where there is no answer of the kind.
  const own = shrinkBy === Infinity || count === 0 ? 0 : count / (count + shrinkBy);
  return all.map((share, s) => own === 0 ? share : own * ofKind[s] / count + (1 - own) * share);
}
