import { mersenne } from "pure-rand/generator/mersenne";
import { seededRandom } from "../base/random.ts";
import { type OutcomeTable, selectPrompts } from "./outcome_table.ts";

/** A table cut in two. */
export interface OutcomeSplit {
  /** What routers may learn from. */
  readonly train: OutcomeTable;
  /** What they are measured on. */
  readonly test: OutcomeTable;
  /** Row of the whole table of each training prompt, ascending. */
  readonly trainRows: readonly number[];
  /** Row of the whole table of each test prompt, ascending. */
  readonly testRows: readonly number[];
  /** Number of test prompts whose exact text is also among the training prompts. */
  readonly nCrossing: number;
}

/**
 * Splits a table at random so that no prompt text stands on both sides; each evaluation gives the same share.
 *
 * Prompts of one text (of one id, where there are no texts) go to the same side together. In each evaluation the
 * training side gets at most ⌊trainShare · n⌋ prompts, and that many unless groups of duplicates stand in the way. An
 * evaluation is cut in the same way whatever other evaluations stand in the table; a text of several evaluations counts
 * as one of the first.
 *
 * **Differs from** the reference code, which shuffles ids and lets duplicates cross: {@linkcode paperSplit}.
 *
 * @throws RangeError where `trainShare` is not between 0 and 1, or leaves one side without prompts
 * @example
 * ```ts
 * import { simulateOutcomes, splitOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const { train, test, nCrossing } = splitOutcomes(outcomes, { trainShare: 0.7, seed: 1 });
 * assert.equal(train.promptIds.length + test.promptIds.length, 280);
 * assert.equal(nCrossing, 0);
 * ```
 */
export function splitOutcomes(
  table: OutcomeTable,
  { trainShare, seed }: { readonly trainShare: number; readonly seed: number },
): OutcomeSplit {
  if (!(trainShare > 0 && trainShare < 1)) {
    throw new RangeError(
      `Cannot split outcomes as the training share must be between 0 and 1: it is ${trainShare}; pass one such as 0.7`,
    );
  }
  const groups = [...Map.groupBy(table.promptIds.keys(), (row) => textOf(table, row)).values()];
  const trainRows: number[] = [];
  for (const [evalName, ofEval] of Map.groupBy(groups, ([first]) => table.evalNames[first])) {
    let room = Math.floor(trainShare * ofEval.reduce((sum, group) => sum + group.length, 0));
    for (const group of seededRandom(seed, `split ${evalName}`).shuffle(ofEval)) {
      if (group.length > room) continue;
      for (const row of group) trainRows.push(row);
      room -= group.length;
    }
  }
  return cut(table, trainRows);
}

/**
 * Splits a table as its makers did: the prompts in `testIds` are for the test, the others for training.
 *
 * @throws RangeError where a side is left without prompts
 */
export function givenSplit(table: OutcomeTable, testIds: ReadonlySet<string>): OutcomeSplit {
  return cut(table, [...table.promptIds.keys()].filter((row) => !testIds.has(table.promptIds[row])));
}

/**
 * The order of the ids that the paper's split cuts.
 *
 * - `shuffled`: numpy's legacy generator with seed 42, as in the reference code.
 * - `by id`: sorted by their text, as in the released files. These are the test prompts of the printed numbers: with
 *   them the means and total costs of Table 1 come out of the 5-shot file to every digit on MBPP and Winogrande, and
 *   the costs on ARC.
 */
export type PaperOrder = "shuffled" | "by id";

/**
 * The paper's split: the first ⌊.7 n⌋ ids are for training. Kept for comparison.
 *
 * It ignores duplicated prompts; `nCrossing` counts the test prompts that are also in the training part.
 *
 * **Source**: reference code, `np.random.seed(42); np.random.shuffle(sample_ids)`, per evaluation
 * (data/paper/README.md, "Split"); that the printed numbers are of unshuffled ids was found by comparing them with the
 * released rows.
 *
 * @throws RangeError where a side is left without prompts
 */
export function paperSplit(
  table: OutcomeTable,
  { order = "shuffled" }: { readonly order?: PaperOrder } = {},
): OutcomeSplit {
  const rows = [...table.promptIds.keys()];
  const ids = table.promptIds;
  const ordered = order === "shuffled" ? numpyShuffle(rows, 42) : rows.sort((a, b) => ids[a] < ids[b] ? -1 : 1);
  return cut(table, ordered.slice(0, Math.floor(0.7 * ordered.length)));
}

/** numpy's legacy `shuffle`: MT19937, whole numbers by masking and redrawing. */
export function numpyShuffle<T>(items: readonly T[], seed: number): T[] {
  const generator = mersenne(seed);
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const mask = 2 ** (32 - Math.clz32(i)) - 1;
    let j = (generator.next() & mask) >>> 0;
    while (j > i) j = (generator.next() & mask) >>> 0;
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

function cut(table: OutcomeTable, rows: readonly number[]): OutcomeSplit {
  const inTrain = new Set(rows);
  const trainRows = [...rows].sort((a, b) => a - b);
  const testRows = [...table.promptIds.keys()].filter((row) => !inTrain.has(row));
  if (trainRows.length === 0 || testRows.length === 0) {
    throw new RangeError(
      `Cannot split outcomes as both sides need prompts: ${trainRows.length} for training, ${testRows.length} for the test; use more prompts or another share`,
    );
  }
  const trainTexts = new Set(trainRows.map((row) => textOf(table, row)));
  return {
    train: selectPrompts(table, trainRows),
    test: selectPrompts(table, testRows),
    trainRows,
    testRows,
    nCrossing: testRows.filter((row) => trainTexts.has(textOf(table, row))).length,
  };
}

function textOf(table: OutcomeTable, row: number): string {
  return table.prompts === null ? table.promptIds[row] : table.prompts[row];
}
