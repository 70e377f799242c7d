import { suggestion } from "../base/suggestion.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import {
  checkedTrainingSet,
  checkEmbeddings,
  type EmbeddedOutcomes,
  type QualityPredictions,
  type Router,
} from "./router.ts";

/** What a router of one's own says of a prompt: one quality a model, in the table's order, or the name of the one model to ask. */
export type PromptPrediction = ArrayLike<number> | string;

/**
 * A router as a plain function of a prompt's text; the vector is there too. It is called once a prompt and may be async. Its name in tables
 * is the function's.
 */
export type PromptFunction = (prompt: string, vector: Float32Array) => PromptPrediction | Promise<PromptPrediction>;

/** A router as an object: what {@linkcode Router} is, with less to write. */
export interface CustomRouter {
  /** Its name in tables and figures. */
  readonly name: string;
  /** What the user should know of it, a sentence each. */
  readonly notes?: readonly string[];
  /**
   * Predicts for many prompts at once, given their vectors and texts (`null` where the table has none): one {@linkcode PromptPrediction} a
   * prompt, or a whole {@linkcode QualityPredictions}, which may have its own expectation of costs.
   */
  predict(
    embeddings: Embeddings,
    prompts: readonly string[] | null,
  ): QualityPredictions | readonly PromptPrediction[] | Promise<QualityPredictions | readonly PromptPrediction[]>;
}

/**
 * A router of one's own, from a function that predicts for one prompt's vector and wants the training prompts too. Where it does not,
 * {@linkcode evaluateRouters} takes a {@linkcode PromptFunction} or a {@linkcode CustomRouter} as it is.
 *
 * A name of a model counts as quality 1 of that model and 0 of all others: at λ → ∞ every prompt goes where the function says, and as λ falls
 * the dearest go to the cheapest model first.
 *
 * @param name shown in tables and figures
 * @param train the prompts it was made from; gives the models and their mean costs
 * @param predictPrompt from a prompt's vector and its text (`null` where the table has none) to a prediction
 * @throws TypeError, when it predicts, where the function returns neither one finite number a model nor a model's name
 * @example
 * ```ts
 * import { customRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const router = customRouter("first model", { outcomes, embeddings }, () => outcomes.models.map((_, j) => j === 0 ? 1 : 0));
 * assert.equal((await router.predict(embeddings)).quality[0], 1);
 * ```
 */
export function customRouter(
  name: string,
  train: EmbeddedOutcomes,
  predictPrompt: (vector: Float32Array, prompt: string | null) => PromptPrediction | Promise<PromptPrediction>,
): Router {
  const predict: CustomRouter["predict"] = async ({ nPrompts, nDims, values }, prompts) => {
    const rows: PromptPrediction[] = [];
    for (let i = 0; i < nPrompts; i++) {
      rows.push(await predictPrompt(values.slice(i * nDims, (i + 1) * nDims), prompts?.[i] ?? null));
    }
    return rows;
  };
  return checkedRouter({ name, predict }, train);
}

/**
 * What a user passes as a router, as one that keeps the contract of {@linkcode Router}: its predictions are checked each time.
 *
 * @param train gives the models, their mean costs, and the shape of the vectors
 * @throws TypeError where it has no name or cannot predict; when it predicts, where the predictions do not fit the prompts and models
 */
export function checkedRouter(router: CustomRouter | PromptFunction, train: EmbeddedOutcomes): Router {
  if (typeof router === "function") {
    return customRouter(nameOf(router), train, (vector, prompt) => router(neededText(router.name, prompt), vector));
  }
  const name = nameOf(router), { models, meanCostUsd } = checkedTrainingSet(train);
  return {
    name,
    notes: router.notes ?? [],
    predict: async (embeddings, prompts = null) => {
      checkEmbeddings(embeddings, train.embeddings);
      const predicted = await router.predict(embeddings, prompts);
      return isWhole(predicted) ? checkedWhole(name, predicted, { nPrompts: embeddings.nPrompts, models }) : {
        nPrompts: embeddings.nPrompts,
        models,
        quality: qualityOfRows(name, predicted, { ...embeddings, models }),
        costUsd: meanCostUsd,
      };
    },
  };
}

function nameOf({ name }: { readonly name: string }): string {
  if (typeof name === "string" && name !== "") return name;
  throw new TypeError(
    "Cannot evaluate a router as it needs a name for tables and figures: it has none; write const mine = (prompt) => … and pass mine, or { name, predict }",
  );
}

function neededText(name: string, prompt: string | null): string {
  if (prompt !== null) return prompt;
  throw new TypeError(
    `Cannot predict with "${name}" as a function of the prompt needs the prompts' texts: there are none; pass { name, predict(embeddings) }, which sees the vectors`,
  );
}

function isWhole(predicted: unknown): predicted is QualityPredictions {
  return typeof predicted === "object" && predicted !== null && "quality" in predicted;
}

/** Predictions of prompts one by one as one matrix, row-major `[n · m]`. */
function qualityOfRows(
  name: string,
  rows: readonly PromptPrediction[],
  { nPrompts, models }: { readonly nPrompts: number; readonly models: readonly string[] },
): Float64Array {
  if (rows?.length !== nPrompts) {
    throw new TypeError(
      `Cannot predict with "${name}" as it must return one prediction a prompt: it returned ${
        rows?.length ?? String(rows)
      } for ${nPrompts} prompts; return an array of rows, or { nPrompts, models, quality, costUsd }`,
    );
  }
  const m = models.length, quality = new Float64Array(nPrompts * m);
  rows.forEach((row, i) => {
    if (typeof row === "string") quality[i * m + indexOfModel(name, row, models)] = 1;
    else quality.set(finiteRow(name, row, m), i * m);
  });
  return quality;
}

function indexOfModel(name: string, model: string, models: readonly string[]): number {
  const at = models.indexOf(model);
  if (at >= 0) return at;
  throw new TypeError(
    `Cannot predict with "${name}" as it must name a model of the table: "${model}" is none${
      suggestion(model, models, "")
    }; there are ${models.join(", ")}`,
  );
}

function finiteRow(name: string, row: ArrayLike<number>, nModels: number): ArrayLike<number> {
  const wanted =
    `Cannot predict with "${name}" as its function must return one finite quality a model, or a model's name`;
  if (typeof row !== "object" || row === null || !("length" in row)) {
    throw new TypeError(
      `${wanted}: it returned ${String(row)} for ${nModels} models; return an array of ${nModels} numbers`,
    );
  }
  if (row.length !== nModels || !Array.from(row).every(Number.isFinite)) {
    throw new TypeError(
      `${wanted}: it returned ${row.length} numbers [${
        Array.from(row).slice(0, 3)
      }…] for ${nModels} models; check its order and its divisions`,
    );
  }
  return row;
}

function checkedWhole(
  name: string,
  predicted: QualityPredictions,
  wanted: { readonly nPrompts: number; readonly models: readonly string[] },
): QualityPredictions {
  const n = wanted.nPrompts, m = wanted.models.length, { nPrompts, models, quality, costUsd } = predicted;
  if (nPrompts !== n || models?.length !== m || models.some((model, j) => model !== wanted.models[j])) {
    throw new TypeError(
      `Cannot predict with "${name}" as it must predict the table's models in their order: it predicts ${nPrompts} prompts and [${models}], wanted are ${n} and [${wanted.models}]`,
    );
  }
  if (quality.length !== n * m || (costUsd?.length !== m && costUsd?.length !== n * m)) {
    throw new TypeError(
      `Cannot predict with "${name}" as quality must be prompts × models and costUsd one a model or one a cell: they are ${quality.length} and ${costUsd?.length} for ${n}×${m}`,
    );
  }
  if (!quality.every(Number.isFinite) || !costUsd.every(Number.isFinite)) {
    throw new TypeError(
      `Cannot predict with "${name}" as qualities and costs must be finite: one is not; check its divisions`,
    );
  }
  return predicted;
}
