import { type Embeddings, selectEmbeddings } from "../embeddings/embeddings.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { splitOutcomes } from "../outcomes/split_outcomes.ts";
import type { EmbeddedOutcomes } from "../routers/router.ts";

/** Outcomes and vectors cut into the parts of an evaluation. */
export interface EvaluationData {
  /** The whole training split: fit and validation. */
  readonly train: EmbeddedOutcomes;
  /** Where routers learn in our protocol. */
  readonly fit: EmbeddedOutcomes;
  /** Where settings are chosen in our protocol. */
  readonly validation: EmbeddedOutcomes;
  /** Where everything is measured. */
  readonly test: EmbeddedOutcomes;
  /** Row of the whole table of each test prompt. */
  readonly testRows: readonly number[];
}

/** Share of the prompts for training (the paper's), and of the training prompts for fitting (ours). */
export const TRAIN_SHARE = 0.7, FIT_SHARE = 0.7;

/**
 * Cuts outcomes and their vectors into the parts of an evaluation: 30 % test; of the rest 30 % validation. No prompt text is in two parts.
 *
 * @throws TypeError where rows differ; RangeError where a part would be empty
 */
export function splitForEvaluation(outcomes: OutcomeTable, embeddings: Embeddings, { seed }: { readonly seed: number }): EvaluationData {
  if (embeddings.nPrompts !== outcomes.promptIds.length) {
    throw new TypeError(
      `Cannot split for an evaluation as outcomes and embeddings must have equal rows: they have ${outcomes.promptIds.length} and ${embeddings.nPrompts}`,
    );
  }
  const { train, test, trainRows, testRows } = splitOutcomes(outcomes, { trainShare: TRAIN_SHARE, seed });
  const inner = splitOutcomes(train, { trainShare: FIT_SHARE, seed });
  const trained = selectEmbeddings(embeddings, trainRows);
  return {
    train: { outcomes: train, embeddings: trained },
    fit: { outcomes: inner.train, embeddings: selectEmbeddings(trained, inner.trainRows) },
    validation: { outcomes: inner.test, embeddings: selectEmbeddings(trained, inner.testRows) },
    test: { outcomes: test, embeddings: selectEmbeddings(embeddings, testRows) },
    testRows,
  };
}

/**
 * The prompts of some evaluations, each left in its part.
 *
 * @param names as of {@linkcode selectEvals}
 * @throws RangeError for a name that no evaluation starts with, in any part
 */
export function restrictToEvals(data: EvaluationData, names: readonly string[]): EvaluationData {
  const restricted = ({ outcomes, embeddings }: EmbeddedOutcomes): EmbeddedOutcomes => {
    const rows = rowsOfEvals(outcomes, names);
    return { outcomes: selectPrompts(outcomes, rows), embeddings: selectEmbeddings(embeddings, rows) };
  };
  return {
    train: restricted(data.train),
    fit: restricted(data.fit),
    validation: restricted(data.validation),
    test: restricted(data.test),
    testRows: rowsOfEvals(data.test.outcomes, names).map((row) => data.testRows[row]),
  };
}
