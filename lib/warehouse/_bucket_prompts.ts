import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { N_GROUPS, N_PLACES, type PromptPart } from "./_prompt_query.ts";
import type { BucketRows } from "./_scratch_rows.ts";

/** Prompts of a part whose outcomes are all there. */
export interface StreamedPrompts {
  /** Their outcomes; their ids are left out. */
  readonly outcomes: OutcomeTable;
  /** Predicted quality, `[n · m]`; `null` where the file has none. */
  readonly predictedQuality: Float64Array | null;
  /** Predicted cost, `[n · m]`, USD; `null` where the file has none. */
  readonly predictedCostUsd: Float64Array | null;
  /** The group of each prompt, `[n]`. */
  readonly groups: Uint16Array;
}

/** How rows are kept: which numbers and words. */
export interface RowLayout {
  /** The models. */
  readonly models: readonly string[];
  /** The evaluations. */
  readonly evalNames: readonly string[];
  /** Whether predicted qualities, and costs, are kept behind quality and cost. */
  readonly predicted: { readonly quality: boolean; readonly costUsd: boolean };
}

/** Words of a row: the two halves of its prompt's hash, and its model and evaluation. */
export const N_WORDS = 3;
/** What a word of model and evaluation holds of each. */
export const MOST_STREAMED_MODELS = 2 ** 12, MOST_STREAMED_EVALUATIONS = 2 ** 20;

/** Model and evaluation in one word. */
export function wordOf(model: number, evaluation: number): number {
  return model * MOST_STREAMED_EVALUATIONS + evaluation;
}

/** Model and evaluation of a word. */
export function partsOfWord(word: number): [model: number, evaluation: number] {
  return [Math.floor(word / MOST_STREAMED_EVALUATIONS), word % MOST_STREAMED_EVALUATIONS];
}

/** Numbers of a row. */
export function nNumbersOf({ predicted }: Pick<RowLayout, "predicted">): number {
  return 2 + (predicted.quality ? 1 : 0) + (predicted.costUsd ? 1 : 0);
}

/** The rows of a bucket by prompt. */
export interface GroupedRows {
  /** Number of prompts. */
  readonly nPrompts: number;
  /** The row of each cell, `[n · m]`; −1 where there is none. */
  readonly rowOf: Int32Array;
  /** Rows that repeat another of the same prompt and model. */
  readonly nRepeated: number;
}

/** Brings the rows of each prompt together. */
export function groupedRows(
  { nRows, words }: BucketRows,
  nModels: number,
  takes: (row: number) => boolean = () => true,
): GroupedRows {
  let bits = 4;
  while (2 ** bits < 2 * nRows) bits++;
  const mask = 2 ** bits - 1;
  // The first row of each prompt, + 1, and its place, by the prompt's hash.
  const firstRows = new Int32Array(2 ** bits);
  const prompts = new Int32Array(2 ** bits);
  const promptOf = new Int32Array(nRows).fill(-1);
  let nPrompts = 0;
  for (let row = 0; row < nRows; row++) {
    if (!takes(row)) continue;
    const place = words[row * N_WORDS], group = words[row * N_WORDS + 1];
    let slot = (place ^ group) & mask;
    for (; firstRows[slot] !== 0; slot = (slot + 1) & mask) {
      const other = (firstRows[slot] - 1) * N_WORDS;
      if (words[other] === place && words[other + 1] === group) break;
    }
    if (firstRows[slot] === 0) {
      firstRows[slot] = row + 1;
      prompts[slot] = nPrompts++;
    }
    promptOf[row] = prompts[slot];
  }
  const rowOf = new Int32Array(nPrompts * nModels).fill(-1);
  let nRepeated = 0;
  for (let row = 0; row < nRows; row++) {
    if (promptOf[row] < 0) continue;
    const at = promptOf[row] * nModels + Math.floor(words[row * N_WORDS + 2] / MOST_STREAMED_EVALUATIONS);
    if (rowOf[at] >= 0) nRepeated++;
    rowOf[at] = row;
  }
  return { nPrompts, rowOf, nRepeated };
}

/** The prompts of a bucket that belong to a part. */
export function promptsOfBucket(bucket: BucketRows, layout: RowLayout, part: PromptPart): StreamedPrompts {
  const { models, evalNames, predicted } = layout;
  const { words, numbers } = bucket;
  const m = models.length, nNumbers = nNumbersOf(layout);
  const [from, to] = part.places;
  const evaluation = part.evalName === null ? -1 : evalNames.indexOf(part.evalName);
  const evaluationOf = (row: number): number => words[row * N_WORDS + 2] % MOST_STREAMED_EVALUATIONS;
  const { nPrompts, rowOf } = groupedRows(bucket, m, (row) => {
    const place = words[row * N_WORDS] % N_PLACES;
    return place >= from && place < to && (evaluation < 0 || evaluationOf(row) === evaluation);
  });
  const whole: number[] = [];
  for (let prompt = 0; prompt < nPrompts; prompt++) {
    if (!rowOf.subarray(prompt * m, (prompt + 1) * m).includes(-1)) whole.push(prompt);
  }
  const column = (at: number): Float64Array => {
    const cells = new Float64Array(whole.length * m);
    whole.forEach((prompt, i) => {
      for (let j = 0; j < m; j++) cells[i * m + j] = numbers[rowOf[prompt * m + j] * nNumbers + at];
    });
    return cells;
  };
  const firstRow = (prompt: number): number => rowOf[prompt * m];
  return {
    outcomes: {
      models,
      promptIds: whole.map(() => ""),
      evalNames: whole.map((prompt) => evalNames[evaluationOf(firstRow(prompt))]),
      prompts: null,
      quality: column(0),
      costUsd: column(1),
      latencySeconds: null,
      source: { kind: "file", name: "part", sha256: "", notes: [] },
    },
    predictedQuality: predicted.quality ? column(2) : null,
    predictedCostUsd: predicted.costUsd ? column(nNumbers - 1) : null,
    groups: Uint16Array.from(whole, (prompt) => words[firstRow(prompt) * N_WORDS + 1] % N_GROUPS),
  };
}

/** Several lots of prompts as one. */
export function joinedPrompts(lots: readonly StreamedPrompts[]): StreamedPrompts {
  const joined = (of: (lot: StreamedPrompts) => Float64Array): Float64Array => {
    const all = new Float64Array(lots.reduce((sum, lot) => sum + of(lot).length, 0));
    let at = 0;
    for (const lot of lots) {
      all.set(of(lot), at);
      at += of(lot).length;
    }
    return all;
  };
  const [first] = lots;
  return {
    outcomes: {
      ...first.outcomes,
      promptIds: lots.flatMap(({ outcomes }) => outcomes.promptIds),
      evalNames: lots.flatMap(({ outcomes }) => outcomes.evalNames),
      quality: joined(({ outcomes }) => outcomes.quality),
      costUsd: joined(({ outcomes }) => outcomes.costUsd),
    },
    predictedQuality: first.predictedQuality && joined(({ predictedQuality }) => predictedQuality!),
    predictedCostUsd: first.predictedCostUsd && joined(({ predictedCostUsd }) => predictedCostUsd!),
    groups: Uint16Array.from(lots.flatMap(({ groups }) => [...groups])),
  };
}
