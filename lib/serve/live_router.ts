import { chooseModels } from "../evaluation/policy.ts";
import type { Random } from "../base/random.ts";
import type { QualityPredictions } from "../routers/router.ts";

/** A point on a router's saved curve. */
export interface LiveSetting {
  /** What clients call it: "95" is asked for as `router-95`. */
  readonly name: string;
  /** λ: a prompt goes to the model with the greatest `λ · predicted quality − predicted cost`. */
  readonly willingnessToPay: number;
}

/** A fitted router with its encoder and its settings: all that the server needs to decide. */
export interface LiveRouter {
  /** Its name with the settings that matter. */
  readonly name: string;
  /** SHA-256 of the file that it was read from, lower-case hex. */
  readonly sha256: string;
  /** The models that it chooses among. */
  readonly models: readonly string[];
  /** Its settings; `router` alone means the first. */
  readonly settings: readonly LiveSetting[];
  /** Embeds texts and predicts quality and cost of every model for each of them. */
  predict(texts: readonly string[]): Promise<QualityPredictions>;
}

/** What a router expects of each model on one prompt. */
export interface PromptExpectation {
  /** Predicted quality, `[m]`. */
  readonly quality: Float64Array;
  /** Predicted cost of a response, `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** A choice with what it was made from. */
export interface Decision extends PromptExpectation {
  /** The setting by which it was made. */
  readonly setting: LiveSetting;
  /** Index of the model that the router prefers. */
  readonly preferred: number;
  /** Index of the model that was drawn: the preferred one, but for a share of requests that explore. */
  readonly chosen: number;
  /** With which probability each model would have been chosen, `[m]`; they sum to 1. */
  readonly propensities: Float64Array;
  /** Who chose: the router, or chance, which sent the request to the default model. */
  readonly arm: "router" | "default";
}

/** An A/B test: a share of the requests is routed, the others go to one model. */
export interface RoutedShare {
  /** The share that is routed, 0..1. */
  readonly share: number;
  /** Index of the model to which the others go. */
  readonly defaultModel: number;
}

/** How a decision is made. */
export interface DecisionOptions {
  /** The point on the router's curve. */
  readonly setting: LiveSetting;
  /** Share of requests whose model is drawn uniformly from all, the preferred one among them; 0 explores nothing. */
  readonly explore: number;
  /** Which requests are routed; `null`: all. */
  readonly routedShare?: RoutedShare | null;
  /** Where chance comes from. */
  readonly random: Random;
}

/** The expectations of row `row` of some predictions. */
export function expectationOf(predictions: QualityPredictions, row: number): PromptExpectation {
  const m = predictions.models.length;
  const at = predictions.costUsd.length === m ? 0 : row * m; // one price a model, or one a prompt and model
  return {
    quality: predictions.quality.slice(row * m, row * m + m),
    costUsd: predictions.costUsd.slice(at, at + m),
  };
}

/**
 * Decides which model answers a prompt, and says with which probability.
 *
 * **Rule.** With probability 1 − explore the model with the greatest `λ · quality − cost`, else a uniform draw from all
 * m models. So the preferred model's probability is `1 − explore + explore / m` and each other's `explore / m`, which
 * is what an evaluation from logs needs to know. Where only a share of the requests is routed, these are multiplied by
 * the share, and what is missing to 1 is added to the default model's.
 *
 * @example
 * ```ts
 * import { seededRandom } from "../base/random.ts";
 * import { decide } from "./live_router.ts";
 * import assert from "node:assert/strict";
 *
 * const expectation = { quality: Float64Array.of(0.5, 0.9), costUsd: Float64Array.of(0.001, 0.01) };
 * const setting = { name: "best", willingnessToPay: 1 };
 * const decision = decide(expectation, { setting, explore: 0.25, random: seededRandom(1) });
 * assert.equal(decision.preferred, 1);
 * assert.deepEqual([...decision.propensities], [0.125, 0.875]);
 * ```
 */
export function decide(
  expectation: PromptExpectation,
  { setting, explore, routedShare = null, random }: DecisionOptions,
): Decision {
  const m = expectation.quality.length;
  const preferred = preferredOf(expectation, setting);
  const byRouter = new Float64Array(m).fill(explore / m);
  byRouter[preferred] = 1 - explore + explore / m;
  const drawn = explore > 0 && random.uniform() < explore ? random.integer(m) : preferred;
  const { share, defaultModel } = routedShare ?? { share: 1, defaultModel: preferred };
  const isRouted = share === 1 || random.uniform() < share;
  return {
    ...expectation,
    setting,
    preferred,
    chosen: isRouted ? drawn : defaultModel,
    propensities: byRouter.map((propensity, j) => share * propensity + (j === defaultModel ? 1 - share : 0)),
    arm: isRouted ? "router" : "default",
  };
}

/**
 * The models in the order in which they are tried: the chosen one, then by the router's own prediction at the same
 * setting. The order is made only as far as it is asked for, as most first models answer.
 */
export function* orderOfTrial(decision: Decision): Generator<number> {
  yield decision.chosen;
  let rest = Array.from(decision.quality.keys()).filter((j) => j !== decision.chosen);
  while (rest.length > 0) {
    const next = rest[preferredOf(amongOf(decision, rest), decision.setting)];
    yield next;
    rest = rest.filter((j) => j !== next);
  }
}

function amongOf({ quality, costUsd }: PromptExpectation, among: readonly number[]): PromptExpectation {
  return {
    quality: Float64Array.from(among, (j) => quality[j]),
    costUsd: Float64Array.from(among, (j) => costUsd[j]),
  };
}

/** By the same code as an evaluation chooses, so that both choose alike where predictions tie. */
function preferredOf({ quality, costUsd }: PromptExpectation, { willingnessToPay }: LiveSetting): number {
  const models = Array.from({ length: quality.length }, () => "");
  return chooseModels({ nPrompts: 1, models, quality, costUsd }, willingnessToPay)[0];
}
