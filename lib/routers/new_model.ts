import { selectEmbeddings } from "../embeddings/embeddings.ts";
import { type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { selectModels } from "../outcomes/what_if.ts";
import { seededRandom } from "../base/random.ts";
import { checkedTrainingSet, type EmbeddedOutcomes, type QualityPredictions, type Router } from "./router.ts";

/** Options of {@linkcode fitWithNewModel}. */
export interface NewModelOptions {
  /** The new model, one of the table's. */
  readonly model: string;
  /** Number of training prompts on which its outcomes are known. */
  readonly nLabelled: number;
  /** Fits a router: once for the other models on all prompts, once for the new model alone on the labelled ones. */
  readonly fit: (train: EmbeddedOutcomes) => Router | Promise<Router>;
  /** Decides which prompts are labelled. */
  readonly seed: number;
}

/**
 * A router for a table of which one model is new: it learns the other models from all training prompts and the new one from `nLabelled` of
 * them, drawn at random. It shows how many prompts have to be labelled before a router can use a new
 * model.
 *
 * The new model's expected cost is its mean over the labelled prompts.
 *
 * @throws RangeError where the model is not in the table or alone in it, or `nLabelled` is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { fitKnnRouter, fitWithNewModel, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const options = { model: "gpt-4-1106-preview", nLabelled: 20, seed: 1 };
 * const router = await fitWithNewModel({ outcomes, embeddings }, { ...options, fit: (train) => fitKnnRouter(train, { k: 5 }) });
 * assert.equal(router.name, "KNN, k = 5, 20 labels of GPT-4");
 * ```
 */
export async function fitWithNewModel(
  train: EmbeddedOutcomes,
  { model, nLabelled, fit, seed }: NewModelOptions,
): Promise<Router> {
  const { models } = checkedTrainingSet(train);
  const n = train.outcomes.promptIds.length;
  const column = models.indexOf(model);
  if (column < 0 || models.length === 1) {
    throw new RangeError(
      `Cannot fit with a new model as it must be one of several models of the table: "${model}" among [${models}]`,
    );
  }
  if (!(Number.isInteger(nLabelled) && nLabelled >= 1 && nLabelled <= n)) {
    throw new RangeError(
      `Cannot fit with a new model as the labelled prompts must be 1 to ${n}, the training prompts: they are ${nLabelled}; pass one such as 30`,
    );
  }
  const order = seededRandom(seed, "labelled").shuffle([...train.outcomes.promptIds.keys()]);
  // In the table's order, so that labelling all prompts gives the table itself.
  const labelled = order.slice(0, nLabelled).sort((a, b) => a - b);
  const known = await fit({ ...train, outcomes: selectModels(train.outcomes, models.filter((_, j) => j !== column)) });
  const added = await fit({
    outcomes: selectModels(selectPrompts(train.outcomes, labelled), [model]),
    embeddings: selectEmbeddings(train.embeddings, labelled),
  });
  return {
    name: `${known.name}, ${nLabelled} labels of ${shortModelName(model)}`,
    notes: [...new Set([...known.notes, ...added.notes])],
    predict: async (embeddings, prompts) =>
      sideBySide(await known.predict(embeddings, prompts), await added.predict(embeddings, prompts), {
        models,
        column,
      }),
  };
}

/** Joins the predictions of all models but one with those of that one, with columns in the order of `models`. */
function sideBySide(
  known: QualityPredictions,
  added: QualityPredictions,
  { models, column }: { readonly models: OutcomeTable["models"]; readonly column: number },
): QualityPredictions {
  const { nPrompts } = known;
  const m = models.length;
  const joined = (first: Float64Array, second: Float64Array): Float64Array =>
    Float64Array.from({ length: first.length + second.length }, (_, at) => {
      const row = Math.floor(at / m);
      const j = at - row * m;
      return j === column ? second[row] : first[row * (m - 1) + (j < column ? j : j - 1)];
    });
  /** One cost a cell, where only one of the two has so many. */
  const perCell = (costs: Float64Array, nModels: number): Float64Array =>
    costs.length === nModels
      ? Float64Array.from({ length: nPrompts * nModels }, (_, at) => costs[at % nModels])
      : costs;
  const isPerModel = known.costUsd.length === m - 1 && added.costUsd.length === 1;
  return {
    nPrompts,
    models,
    quality: joined(known.quality, added.quality),
    costUsd: isPerModel
      ? joined(known.costUsd, added.costUsd)
      : joined(perCell(known.costUsd, m - 1), perCell(added.costUsd, 1)),
  };
}
