import { suggestion } from "../base/suggestion.ts";
import { listed } from "../base/words.ts";
import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import type { QualityPredictions } from "../routers/router.ts";
import { chooseModels } from "./policy.ts";

/** A policy on the prompts of a log: the probability of each model on each prompt. */
export interface TargetPolicy {
  /** Its name in tables. */
  readonly name: string;
  /** Probability of each model on each prompt, row-major `[n · m]`; rows add up to 1. */
  readonly probabilities: Float64Array;
}

/**
 * The policy that sends every prompt to one model.
 *
 * @throws TypeError where the log has no such model
 */
export function constantPolicy({ models, requestIds }: LoggedOutcomes, model: string): TargetPolicy {
  const j = models.indexOf(model);
  if (j < 0) {
    const meant = suggestion(model, models, "");
    throw new TypeError(
      `Cannot make a policy as its model must be one of the log's: "${model}" is none${meant}; there are ${
        listed(models)
      }`,
    );
  }
  return { name: model, probabilities: oneHot(new Int32Array(requestIds.length).fill(j), models.length) };
}

/**
 * The policy that made the log.
 *
 * @throws TypeError where only the propensities of the choices were logged
 */
export function loggingPolicy({ propensities }: LoggedOutcomes): TargetPolicy {
  if (propensities === null) {
    throw new TypeError(
      "Cannot make the logging policy as the propensities of all models must be logged: only those of the choices are; take the plain means of the log",
    );
  }
  return { name: "Logging policy", probabilities: propensities };
}

/**
 * A router at one willingness to pay: each prompt goes to the model with the greatest
 * `λ · predicted quality − predicted cost`.
 *
 * The router must not have learned from the prompts that it is evaluated on.
 *
 * @param predictions for the log's prompts and models, in their order
 * @throws TypeError where prompts or models are not the log's; RangeError where λ is negative or not a number
 */
export function routerPolicy(
  log: LoggedOutcomes,
  predictions: QualityPredictions,
  { name, willingnessToPay }: { readonly name: string; readonly willingnessToPay: number },
): TargetPolicy {
  const { models, nPrompts } = predictions;
  if (nPrompts !== log.requestIds.length || models.join("\0") !== log.models.join("\0")) {
    throw new TypeError(
      `Cannot make a policy as predictions must be for the log's prompts and models: they are for ${nPrompts} prompts and ${
        listed(models)
      }, the log has ${log.requestIds.length} and ${listed(log.models)}`,
    );
  }
  return { name, probabilities: oneHot(chooseModels(predictions, willingnessToPay), models.length) };
}

/** Probability 1 for each prompt's model, `[n · m]`. */
function oneHot(choices: Int32Array, nModels: number): Float64Array {
  const probabilities = new Float64Array(choices.length * nModels);
  choices.forEach((model, i) => probabilities[i * nModels + model] = 1);
  return probabilities;
}
