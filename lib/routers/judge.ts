import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { QualityPredictions } from "./router.ts";

/**
 * What tells after a call how good the answer was, by one of B signals, such as "accepted" and "refused". A prompt's answers count as good or
 * bad, and how often each signal comes with either is known: by Bayes' rule a predicted probability of a good answer becomes a judged one.
 */
export interface Judge {
  /** In words, such as "ε = 0.1". */
  readonly name: string;
  /** Number of signals, B. */
  readonly nSignals: number;
  /** Probability of each signal where the answer is good, `[m · B]`; each model's add up to 1. */
  readonly whenGood: Float64Array;
  /** Probability of each signal where the answer is bad, `[m · B]`. */
  readonly whenBad: Float64Array;
  /** Mean quality of each model's good answers, `[m]`: 1 where answers are right or wrong. */
  readonly goodQuality: Float64Array;
  /** Mean quality of each model's bad answers, `[m]`: 0 where answers are right or wrong. */
  readonly badQuality: Float64Array;
  /**
   * Probability of each signal for the recorded answers, `[n · m · B]`: an erring judge draws, another is certain. The predictions for the same
   * prompts say what was expected before the calls.
   */
  signals(outcomes: OutcomeTable, predictions: QualityPredictions): Float64Array;
}

/** What counts as a good answer. */
export interface GoodAnswer {
  /** An answer is good from this quality on; the paper: the .95 quantile of all qualities, {@linkcode acceptanceQuality}. */
  readonly acceptFromQuality: number;
}

/** Nothing predicted is so sure that no judge could change it. */
const LEAST_PROBABILITY = 1e-3;

/** The two signals of a judge that says yes or no. */
const ACCEPTED = 0;
const REFUSED = 1;

/**
 * The paper's judge: it knows whether an answer is good, and with probability ε says the contrary, independently at each call.
 *
 * @param learned outcomes from which the mean qualities of good and of bad answers are taken
 * @throws RangeError where ε is not in 0..1
 */
export function erringJudge(
  learned: OutcomeTable,
  { judgeError, acceptFromQuality }: GoodAnswer & { readonly judgeError: number },
): Judge {
  if (!(judgeError >= 0 && judgeError <= 1)) {
    throw new RangeError(
      `Cannot judge answers as the judge's error must be in 0..1: it is ${judgeError}; pass one such as 0.1`,
    );
  }
  const m = learned.models.length;
  const rates = (accepted: number): Float64Array =>
    Float64Array.from({ length: 2 * m }, (_, at) => at % 2 === ACCEPTED ? accepted : 1 - accepted);
  return {
    name: `ε = ${judgeError}`,
    nSignals: 2,
    whenGood: rates(1 - judgeError),
    whenBad: rates(judgeError),
    ...meansOfAnswers(learned, { acceptFromQuality }),
    signals: ({ quality }) => {
      const signals = new Float64Array(2 * quality.length);
      quality.forEach((value, at) => {
        const accepted = value >= acceptFromQuality ? 1 - judgeError : judgeError;
        signals[2 * at + ACCEPTED] = accepted;
        signals[2 * at + REFUSED] = 1 - accepted;
      });
      return signals;
    },
  };
}

/**
 * Mean quality of the good and of the bad answers of each model. A model without answers of one kind takes the mean of all models' of that kind,
 * and where there is none at all 1 and 0.
 */
export function meansOfAnswers(
  { models: { length: m }, quality }: OutcomeTable,
  { acceptFromQuality }: GoodAnswer,
): Pick<Judge, "goodQuality" | "badQuality"> {
  const meansWhere = (isCounted: (value: number) => boolean, otherwise: number): Float64Array => {
    const sums = new Float64Array(m);
    const counts = new Float64Array(m);
    quality.forEach((value, at) => {
      if (!isCounted(value)) return;
      sums[at % m] += value;
      counts[at % m]++;
    });
    const nAll = counts.reduce((a, b) => a + b);
    const ofAll = nAll === 0 ? otherwise : sums.reduce((a, b) => a + b) / nAll;
    return sums.map((sum, j) => counts[j] === 0 ? ofAll : sum / counts[j]);
  };
  return {
    goodQuality: meansWhere((value) => value >= acceptFromQuality, 1),
    badQuality: meansWhere((value) => value < acceptFromQuality, 0),
  };
}

/** The probability of a good answer that a predicted quality stands for: the share of the way from the mean bad to the mean good answer. */
export function chanceOfGood(
  { goodQuality, badQuality }: Pick<Judge, "goodQuality" | "badQuality">,
  { model, predicted }: { readonly model: number; readonly predicted: number },
): number {
  const spread = goodQuality[model] - badQuality[model];
  const share = spread > 0 ? (predicted - badQuality[model]) / spread : 0.5;
  return Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, share));
}
