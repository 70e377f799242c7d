import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { checkedRouter, type CustomRouter, type PromptPrediction } from "./checked_router.ts";
import type { EmbeddedOutcomes, Router } from "./router.ts";

/** A training prompt with its outcomes. */
export interface TrainingRow {
  /** The text; `null` where the table has none. */
  readonly prompt: string | null;
  /** The evaluation that it belongs to. */
  readonly evalName: string;
  /** Its vector. */
  readonly vector: Float32Array;
  /** The quality of each model's answer, 0..1, by the model's name. */
  readonly quality: Readonly<Record<string, number>>;
  /** The cost of each model's answer, USD, by the model's name. */
  readonly costUsd: Readonly<Record<string, number>>;
}

/** The input of one's own router for one prompt. */
export interface PromptToRoute {
  /** The text. Reading it throws where the table has no texts. */
  readonly prompt: string;
  /** Its vector. */
  readonly vector: Float32Array;
  /** The training prompts. */
  readonly train: readonly TrainingRow[];
  /** The names of the models. */
  readonly models: readonly string[];
}

/** The function of one's own router. It is called once for each prompt and may be async. */
export type Prediction = (prompt: PromptToRoute) => PromptPrediction | Promise<PromptPrediction>;

/**
 * Makes one's own router from a function that predicts for one prompt. The result is a recipe: pass it to {@linkcode evaluateRouters}, or call its
 * `fit` for the router itself.
 *
 * The function returns the quality that it expects of each model, by name, or the name of one model. A name counts as quality 1 of that model
 * and 0 of all others: at λ → ∞ every prompt goes to the model that the function names; as λ falls, the dearest go to the cheapest model first. The
 * expected cost of each model is its mean cost on the training prompts.
 *
 * @param name the name in tables and figures
 * @param predict called once a prompt, with the training prompts at hand
 * @throws TypeError, when it predicts, where the function returns neither a finite number for each model nor a model's name
 * @example A kernel average: each training prompt counts by its similarity
 * ```ts
 * import { customRouter, openEncoder, similarity, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const mine = customRouter("Mine", ({ vector, train, models }) => {
 *   const weights = train.map((row) => Math.exp(12 * similarity(row.vector, vector)));
 *   const total = weights.reduce((sum, weight) => sum + weight);
 *   const mean = (model: string) => train.reduce((sum, row, i) => sum + weights[i] * row.quality[model], 0) / total;
 *   return Object.fromEntries(models.map((model) => [model, mean(model)]));
 * });
 * const { quality } = await mine.fit({ outcomes, embeddings }).predict(embeddings);
 * assert.ok(quality.every((value) => value >= 0 && value <= 1));
 * ```
 */
export function customRouter(
  name: string,
  predict: Prediction,
): { readonly family: "other"; readonly fit: (train: EmbeddedOutcomes) => Router } {
  const fit = (training: EmbeddedOutcomes): Router => {
    const { models } = training.outcomes;
    const train = trainingRows(training);
    const predictAll: CustomRouter["predict"] = async ({ nPrompts, nDims, values }, prompts) => {
      const rows: PromptPrediction[] = [];
      for (let i = 0; i < nPrompts; i++) {
        const vector = values.subarray(i * nDims, (i + 1) * nDims);
        rows.push(await predict(new OnePrompt({ name, text: prompts?.[i] ?? null, vector, train, models })));
      }
      return rows;
    };
    return checkedRouter({ name, predict: predictAll }, training);
  };
  return { family: "other", fit };
}

/**
 * The cosine of the angle between two vectors: 1 where they have the same direction, 0 where they are orthogonal or one is zero.
 *
 * @example
 * ```ts
 * import { similarity } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * assert.equal(similarity([1, 0], [3, 0]), 1);
 * assert.equal(similarity([1, 0], [0, 2]), 0);
 * ```
 */
export function similarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let aSquared = 0;
  let bSquared = 0;
  for (let d = 0; d < a.length; d++) {
    const x = a[d];
    const y = b[d];
    product += x * y;
    aSquared += x * x;
    bSquared += y * y;
  }
  return product === 0 ? 0 : product / Math.sqrt(aSquared * bSquared);
}

/** The input for one prompt. The text is a getter, so that functions of the vector alone work on tables without texts. */
class OnePrompt implements PromptToRoute {
  readonly vector: Float32Array;
  readonly train: readonly TrainingRow[];
  readonly models: readonly string[];
  readonly #name: string;
  readonly #text: string | null;

  constructor({ name, text, ...rest }: Omit<PromptToRoute, "prompt"> & { name: string; text: string | null }) {
    this.#name = name;
    this.#text = text;
    this.vector = rest.vector;
    this.train = rest.train;
    this.models = rest.models;
  }

  get prompt(): string {
    if (this.#text !== null) return this.#text;
    throw new TypeError(
      `Cannot predict with "${this.#name}" as a function of the prompt's text needs texts: the table has none; use the vector instead`,
    );
  }
}

function trainingRows({ outcomes, embeddings: { nDims, values } }: EmbeddedOutcomes): TrainingRow[] {
  const { promptIds, evalNames, prompts, quality, costUsd } = outcomes;
  return promptIds.map((_, i): TrainingRow => ({
    prompt: prompts?.[i] ?? null,
    evalName: evalNames[i],
    vector: values.subarray(i * nDims, (i + 1) * nDims),
    quality: byModel(outcomes, quality, i),
    costUsd: byModel(outcomes, costUsd, i),
  }));
}

function byModel({ models }: OutcomeTable, cells: Float64Array, row: number): Record<string, number> {
  return Object.fromEntries(models.map((model, j) => [model, cells[row * models.length + j]]));
}
