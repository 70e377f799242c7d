/** A file for each router. @module */

import type { Matrix } from "../compute/matrix.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";
import type { RouterState, VectorKind } from "./router_state.ts";

/** Prompts with their recorded outcomes, from which routers learn and on which they are measured. Row i of the vectors belongs to prompt i of the outcomes. */
export interface EmbeddedOutcomes {
  /** The recorded outcomes. */
  readonly outcomes: OutcomeTable;
  /** The prompts' vectors. */
  readonly embeddings: Embeddings;
}

/** A router's predictions for every model on every prompt. {@linkcode sweepWillingnessToPay} decides which model is chosen. */
export interface QualityPredictions {
  /** Number of prompts, n. */
  readonly nPrompts: number;
  /** The models, m names in the order of the columns. */
  readonly models: readonly string[];
  /** Predicted quality, row-major `[n · m]`; finite, not bound to 0..1. */
  readonly quality: Float64Array;
  /** Predicted cost of a response, USD: one price a model `[m]` or one a prompt and model `[n · m]`. */
  readonly costUsd: Float64Array;
}

/** One setting that was tried when a router's own settings were chosen. */
export interface LadderStep {
  /** The setting in words, such as "k = 40, costs predicted". */
  readonly setting: string;
  /** Its AIQ by the paper's formula on the validation prompts. */
  readonly aiq: number;
  /** True for the one that was taken. */
  readonly isChosen: boolean;
}

/** A fitted predictive router. */
export interface Router {
  /** Its name with the settings that matter, such as "KNN, k = 40". */
  readonly name: string;
  /** Remarks on the fit, a sentence each. */
  readonly notes: readonly string[];
  /** The settings among which its own were chosen on validation prompts; absent where nothing was chosen. */
  readonly ladder?: readonly LadderStep[];
  /** The router as plain data, with which it can be saved. Absent where it is code, such as a user's own function. */
  readonly state?: RouterState;
  /** The name of the router of which this is a variant, such as one network for each model instead of one for all; absent where it is none. */
  readonly variantOf?: string;
  /**
   * Predicts the quality of every model on every prompt. A router that reads texts is given them as `prompts`, row by row beside the vectors;
   * `null` where the table has none.
   */
  predict(embeddings: Embeddings, prompts?: readonly string[] | null): Promise<QualityPredictions>;
}

/**
 * Checks that outcomes and vectors belong together, and returns the models and their mean training costs, which every router needs.
 *
 * @throws TypeError where the rows do not match
 */
export function checkedTrainingSet(
  { outcomes, embeddings }: EmbeddedOutcomes,
): { readonly models: readonly string[]; readonly meanCostUsd: Float64Array } {
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  if (embeddings.nPrompts !== n || embeddings.values.length !== n * embeddings.nDims) {
    throw new TypeError(
      `Cannot join embeddings to outcomes as both must have equal rows: embeddings are ${embeddings.nPrompts}×${embeddings.nDims}, outcomes are ${n}×${m}`,
    );
  }
  return { models: outcomes.models, meanCostUsd: modelMeans(outcomes).costUsd };
}

/**
 * Checks that vectors can be given to a router.
 *
 * @throws TypeError where they are of another length or another encoder than those it was fitted on
 */
export function checkEmbeddings(embeddings: Embeddings, fittedOn: VectorKind): void {
  const { nPrompts, nDims, values, encoder } = embeddings;
  if (nDims !== fittedOn.nDims || encoder !== fittedOn.encoder || values.length !== nPrompts * nDims) {
    throw new TypeError(
      `Cannot predict as prompts must be embedded like the training prompts: they are ${nPrompts}×${nDims} by "${encoder}", trained on ${fittedOn.nDims} dimensions by "${fittedOn.encoder}"`,
    );
  }
}

/** The vectors as a matrix, row i for prompt i. */
export function vectorsOf({ nPrompts, nDims, values }: Embeddings): Matrix {
  return { rows: nPrompts, cols: nDims, values };
}
