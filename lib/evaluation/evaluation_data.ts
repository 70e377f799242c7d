import { type Embeddings, selectEmbeddings } from "../embeddings/embeddings.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { givenSplit, type PaperOrder, paperSplit, splitOutcomes } from "../outcomes/split_outcomes.ts";
import type { EmbeddedOutcomes } from "../routers/router.ts";

/** Outcomes and vectors cut into the parts of an evaluation. */
export interface EvaluationData {
  /** The whole training split: fit and validation. */
  readonly train: EmbeddedOutcomes;
  /** The prompts from which routers learn by our protocol. */
  readonly fit: EmbeddedOutcomes;
  /** The prompts on which settings are chosen by our protocol. */
  readonly validation: EmbeddedOutcomes;
  /** The prompts on which everything is measured. */
  readonly test: EmbeddedOutcomes;
  /** Row of the whole table of each test prompt. */
  readonly testRows: readonly number[];
}

/** Share of the prompts for training (the paper's), and of the training prompts for fitting (ours). */
export const TRAIN_SHARE = 0.7;
export const FIT_SHARE = 0.7;

/**
 * Cuts outcomes and their vectors into the parts of an evaluation: 30 % test; of the rest 30 % validation. No prompt
 * text is in two parts.
 *
 * @param options `seed`; `trainShare`: share of the prompts for fitting and validation together, default .7; or
 * `testIds`: ids of the prompts that the table's makers hold out for the test
 * @throws TypeError where rows differ; RangeError where a part would be empty
 */
export function splitForEvaluation(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  { seed, trainShare = TRAIN_SHARE, testIds }: {
    readonly seed: number;
    readonly trainShare?: number;
    readonly testIds?: ReadonlySet<string>;
  },
): EvaluationData {
  checkRows(outcomes, embeddings);
  const { train, test, trainRows, testRows } = testIds === undefined
    ? splitOutcomes(outcomes, { trainShare, seed })
    : givenSplit(outcomes, testIds);
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
 * One evaluation cut as the paper cuts it: {@linkcode paperSplit} of its prompts, 70 % training, 30 % test. There is no
 * validation part: where one is asked for, it is the test split, as in the reference code.
 *
 * @param options.order the order of the ids that is cut; default the reference code's shuffle
 * @returns the parts, and how many test prompts have a text that stands in the training part too
 * @throws TypeError where rows differ; RangeError where a part would be empty
 */
export function paperSplitForEvaluation(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  { order }: { readonly order?: PaperOrder } = {},
): EvaluationData & { readonly nCrossing: number } {
  checkRows(outcomes, embeddings);
  const split = paperSplit(outcomes, { order });
  const train = { outcomes: split.train, embeddings: selectEmbeddings(embeddings, split.trainRows) };
  const test = { outcomes: split.test, embeddings: selectEmbeddings(embeddings, split.testRows) };
  return { train, fit: train, validation: test, test, testRows: split.testRows, nCrossing: split.nCrossing };
}

/**
 * Several evaluations, each cut by {@linkcode paperSplitForEvaluation} and put together, for learning from some and
 * measuring on others by the paper's protocol.
 *
 * @param options.names as of {@linkcode selectEvals}; prompts of other evaluations are left out
 * @param options.order as of {@linkcode paperSplitForEvaluation}
 * @throws TypeError where rows differ; RangeError for a name that no evaluation starts with, or where a part would be
 * empty
 */
export function paperSplitOfEvals(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  { names, order }: { readonly names: readonly string[]; readonly order?: PaperOrder },
): EvaluationData {
  checkRows(outcomes, embeddings);
  const splits = names.map((name) => {
    const rows = rowsOfEvals(outcomes, [name]);
    const { trainRows, testRows } = paperSplit(selectPrompts(outcomes, rows), { order });
    return { train: trainRows.map((row) => rows[row]), test: testRows.map((row) => rows[row]) };
  });
  const part = (rows: readonly number[]): EmbeddedOutcomes => {
    return { outcomes: selectPrompts(outcomes, rows), embeddings: selectEmbeddings(embeddings, rows) };
  };
  const testRows = splits.flatMap(({ test }) => test);
  const train = part(splits.flatMap(({ train }) => train));
  const test = part(testRows);
  return { train, fit: train, validation: test, test, testRows };
}

/**
 * The prompts of some evaluations, each left in its part.
 *
 * @param names as of {@linkcode selectEvals}
 * @throws RangeError for a name that no evaluation starts with, in any part
 */
export function restrictToEvals(data: EvaluationData, names: readonly string[]): EvaluationData {
  const ofEvals = ({ outcomes }: EmbeddedOutcomes): number[] => rowsOfEvals(outcomes, names);
  return selectParts(data, { learn: ofEvals, test: ofEvals });
}

/** The rows of a part to keep; `null` keeps the part itself. */
export type RowChoice = ((part: EmbeddedOutcomes) => readonly number[]) | null;

/** Some rows of each part: `learn` for the whole training split, fit and validation, `test` for the test split. */
export function selectParts(
  data: EvaluationData,
  { learn, test }: { readonly learn: RowChoice; readonly test: RowChoice },
): EvaluationData {
  const part = (whole: EmbeddedOutcomes, rowsOf: RowChoice): EmbeddedOutcomes => {
    const rows = rowsOf?.(whole);
    if (rows === undefined) return whole;
    return { outcomes: selectPrompts(whole.outcomes, rows), embeddings: selectEmbeddings(whole.embeddings, rows) };
  };
  return {
    train: part(data.train, learn),
    fit: part(data.fit, learn),
    validation: part(data.validation, learn),
    test: part(data.test, test),
    testRows: test === null ? data.testRows : test(data.test).map((row) => data.testRows[row]),
  };
}

/** Indices of the prompts of the evaluations that `keeps` names. */
export function rowsWhere(outcomes: OutcomeTable, keeps: (evalName: string) => boolean): number[] {
  return outcomes.evalNames.flatMap((evalName, i) => keeps(evalName) ? [i] : []);
}

function checkRows(outcomes: OutcomeTable, embeddings: Embeddings): void {
  if (embeddings.nPrompts !== outcomes.promptIds.length) {
    throw new TypeError(
      `Cannot split for an evaluation as outcomes and embeddings must have equal rows: they have ${outcomes.promptIds.length} and ${embeddings.nPrompts}`,
    );
  }
}
