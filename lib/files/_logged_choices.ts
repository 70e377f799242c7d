import { counted, isOrAre } from "../base/words.ts";
import { type LoggedOutcomes, loggedOutcomes, type LoggedPredictions } from "../outcomes/logged_outcomes.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";

/** A choice and its outcome, as a file has it. */
export interface LoggedChoice {
  readonly requestId: string;
  /** Equal for equal prompts. */
  readonly promptId: string;
  /** `null` where the text was not logged. */
  readonly prompt: string | null;
  readonly model: string;
  /** `NaN` where it is unknown. */
  readonly quality: number;
  /** `NaN` where there was no answer. */
  readonly costUsd: number;
  readonly propensity: number;
  /** Who chose in an A/B test; `null` where there was none. */
  readonly arm: string | null;
  /** Propensities and predictions of all models; `null` where the file has only the choice. */
  readonly offer: Offer | null;
}

/** A router's numbers for the models, in their order. */
export interface Offer {
  readonly models: readonly string[];
  readonly propensities: readonly number[];
  /** `null` where they were not logged. */
  readonly predictedQuality: readonly number[] | null;
  readonly predictedCostUsd: readonly number[] | null;
}

/** The result of a reader. */
export interface FoundChoices {
  readonly choices: readonly LoggedChoice[];
  /** A sentence for everything that was changed or left out. */
  readonly notes: readonly string[];
}

/**
 * The log of some choices. Choices whose quality or cost is not known are left out, and counted in `source.notes`.
 *
 * @throws RangeError where none is left; as {@linkcode loggedOutcomes}
 */
export function logOfChoices(
  { choices, notes }: FoundChoices,
  source: Omit<OutcomeSource, "notes">,
): LoggedOutcomes {
  const kept = choices.filter(({ quality, costUsd }) => !Number.isNaN(quality) && !Number.isNaN(costUsd));
  const said = [...notes, ...leftOutNotes(choices)];
  if (kept.length === 0) {
    throw new RangeError(
      `a choice must remain whose quality and cost are known: of ${counted(choices.length, "choice")} none is; ${
        choices.length === 0
          ? "log requests that the router decides on"
          : "log feedback, lines of request_id and quality"
      }`,
    );
  }
  const models = [...new Set(kept.flatMap(({ model, offer }) => offer === null ? [model] : offer.models))];
  const propensities = kept.every(({ offer }) => offer !== null)
    ? matrixOf(kept, models, (offer) => offer.propensities)
    : null;
  const prompts = kept.flatMap(({ prompt }) => prompt ?? []);
  if (prompts.length > 0 && prompts.length < kept.length) {
    said.push(
      `${counted(kept.length - prompts.length, "request")} of ${kept.length.toLocaleString("en-US")} ${
        isOrAre(kept.length - prompts.length)
      } without a text: no text is used`,
    );
  }
  return loggedOutcomes({
    models,
    requestIds: kept.map(({ requestId }) => requestId),
    promptIds: kept.map(({ promptId }) => promptId),
    prompts: prompts.length === kept.length ? prompts : null,
    chosen: Int32Array.from(kept, ({ model }) => models.indexOf(model)),
    quality: Float64Array.from(kept, ({ quality }) => quality),
    costUsd: Float64Array.from(kept, ({ costUsd }) => costUsd),
    propensity: Float64Array.from(kept, ({ propensity }) => propensity),
    propensities,
    predictions: predictionsOf(kept, models),
    arms: armsOf(kept),
    source: { ...source, notes: said },
  });
}

/** Which arm each request was in; `null` where they were not logged, or all were in one. */
function armsOf(choices: readonly LoggedChoice[]): string[] | null {
  const arms = choices.flatMap(({ arm }) => arm ?? []);
  return arms.length < choices.length || new Set(arms).size < 2 ? null : arms;
}

function leftOutNotes(choices: readonly LoggedChoice[]): string[] {
  const total = choices.length.toLocaleString("en-US");
  const nWithout = choices.filter(({ costUsd }) => Number.isNaN(costUsd)).length;
  const nUntold = choices.filter(({ quality, costUsd }) => Number.isNaN(quality) && !Number.isNaN(costUsd)).length;
  return [
    ...(nWithout === 0 ? [] : [`${counted(nWithout, "choice")} of ${total} left out: the cost is not known`]),
    ...(nUntold === 0 ? [] : [
      `${
        counted(nUntold, "choice")
      } of ${total} left out: nobody told the quality. Estimates are right if that does not depend on the model or the quality`,
    ]),
  ];
}

/** A number of every model in every request; 0 for models that were not on offer. */
function matrixOf(
  choices: readonly LoggedChoice[],
  models: readonly string[],
  numbersOf: (offer: Offer) => readonly number[],
): Float64Array {
  const values = new Float64Array(choices.length * models.length);
  const columnOf = new Map(models.map((model, j) => [model, j]));
  choices.forEach(({ offer }, i) => {
    const numbers = numbersOf(offer!);
    offer!.models.forEach((model, at) => values[i * models.length + columnOf.get(model)!] = numbers[at]);
  });
  return values;
}

/** Predictions are kept where every request has them for every model. */
function predictionsOf(choices: readonly LoggedChoice[], models: readonly string[]): LoggedPredictions | null {
  const isWhole = choices.every(({ offer }) =>
    offer?.models.length === models.length && offer.predictedQuality !== null && offer.predictedCostUsd !== null
  );
  if (!isWhole) return null;
  return {
    quality: matrixOf(choices, models, (offer) => offer.predictedQuality!),
    costUsd: matrixOf(choices, models, (offer) => offer.predictedCostUsd!),
  };
}
