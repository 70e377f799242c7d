import { codesOf, sameTexts, type TextCodes } from "./coded_column.ts";
import type { ModelColumns } from "./column_names.ts";
import { textOfPrompt } from "./_chat_text.ts";
import { type Frame, rowError, textOfCell } from "./frame.ts";

/** The prompts of a frame, and the prompt of each row. */
export interface PromptsOfRows {
  /** Index of each row's prompt. */
  readonly promptOfRow: Int32Array;
  /** Each prompt's id. */
  readonly ids: readonly string[];
  /** Each prompt's evaluation. */
  readonly evalNames: readonly string[];
  /** Each prompt's text, `null` in all where the frame has no texts; a single `null` is a missing text. */
  readonly texts: readonly (string | null)[] | null;
  /** Prompts whose rows have different texts. */
  readonly nWithSeveralTexts: number;
}

/** The evaluation's name in tables without one. */
const ONE_EVALUATION = "all";

/**
 * Finds the prompts of a frame by their ids, within an evaluation. Where there are no ids, `by-text` takes equal texts of one evaluation
 * for one prompt, `by-row` each row for a prompt of its own; their ids are then the numbers of their first rows.
 *
 * Where an id stands in several evaluations, all ids become `EVALUATION/ID`.
 *
 * @param weights the row of a prompt with the greatest weight, the first of equals, gives its text
 * @throws TypeError where ids and texts are missing and the rows of a prompt cannot be found
 */
export function promptsOfRows(
  frame: Frame,
  columns: ModelColumns,
  { without, weights }: { readonly without: "by-text" | "by-row"; readonly weights?: ArrayLike<number> },
): PromptsOfRows {
  const column = (name: string | undefined): ArrayLike<unknown> | undefined =>
    name === undefined ? undefined : frame.columns.get(name);
  const ids = column(columns.promptId);
  const texts = column(columns.prompt);
  const evals = column(columns.evalName);
  if (ids === undefined && texts === undefined && without === "by-text") {
    throw new TypeError(
      `each row must say which prompt it is about, by a column prompt_id, sample_id or id, or prompt, query or question: the file has ${
        [...frame.columns.keys()].slice(0, 12).map((name) => `"${name}"`).join(", ")
      }; name it by columns.promptId or columns.prompt (--columns promptId=NAME)`,
    );
  }
  const keyCells = ids ?? (without === "by-text" ? texts : undefined);
  const keys = keyCells === undefined ? null : codesOf(keyCells, frame.nRows);
  if (ids !== undefined) needIds(ids, keys!, columns);
  const evaluationOf = evaluationsOf(evals, frame.nRows);
  const known = new KnownPrompts(keys);
  const merging = texts === undefined || ids === undefined ? null : sameTexts(texts);
  const promptOfRow = new Int32Array(frame.nRows);
  const firstRows: number[] = [];
  const textRows: number[] = [];
  const severalTexts = new Set<number>();
  for (let row = 0; row < frame.nRows; row++) {
    if (keys !== null) {
      const id = keys.texts[keys.codes[row]];
      if (id === null || (ids !== undefined && id === "")) {
        throw rowError(
          new TypeError(
            `each row must say which prompt it is about: row ${row + 1} of "${
              columns.promptId ?? columns.prompt
            }" is empty`,
          ),
          row,
        );
      }
    }
    const prompt = known.promptOf(row, evaluationOf(row));
    if (prompt === firstRows.length) {
      firstRows.push(row);
      textRows.push(row);
    } else if (merging !== null) {
      const before = textRows[prompt];
      if (!merging.areSame(before, row)) severalTexts.add(prompt);
      if (weights !== undefined ? weights[row] > weights[before] : merging.isMissing(before)) textRows[prompt] = row;
    }
    promptOfRow[row] = prompt;
  }
  const evalNames = firstRows.map((row) => evalOf(evals, row));
  const idOf = (row: number, prompt: number): string =>
    ids === undefined
      ? String(row + 1)
      : known.idsRepeat
      ? `${evalNames[prompt]}/${textOfCell(ids[row])}`
      : textOfCell(ids[row])!;
  return {
    promptOfRow,
    ids: firstRows.map(idOf),
    evalNames,
    texts: texts === undefined
      ? null
      : textRows.map((row) =>
        textOfPrompt(keyCells === texts ? keys!.texts[keys!.codes[row]] : textOfCell(texts[row]))
      ),
    nWithSeveralTexts: severalTexts.size,
  };
}

/** Refuses ids that have lost digits, or stand for lost ones: those of different prompts may be equal. */
export function needIds(ids: ArrayLike<unknown>, keys: TextCodes, columns: ModelColumns): void {
  needExactIds(ids, columns.promptId!);
  needWholeIds(keys, columns);
}

/** Refuses floating-point ids above 2^53: they have lost digits. */
function needExactIds(ids: ArrayLike<unknown>, name: string): void {
  const isLong = (id: unknown): boolean => typeof id === "number" && Math.abs(id) > Number.MAX_SAFE_INTEGER;
  const row = ids instanceof Float64Array ? ids.findIndex(isLong) : Array.prototype.findIndex.call(ids, isLong);
  if (row < 0) return;
  throw rowError(
    new TypeError(
      `ids of prompts must keep every digit: row ${row + 1} of "${name}" has ${
        ids[row]
      } as a floating-point number, which holds no more than 15 digits; save the ids as texts or whole numbers`,
    ),
    row,
  );
}

/** What programs write in place of an id: pandas for a missing one, spreadsheets for a long number, a narrow column or a broken formula. */
const NO_ID = /^(nan|<na>|none|null|nat|\d(\.\d+)?E\+\d{2,}|#+|#(ref|value|name|num|null|n\/a|div\/0)[!?]?)$/i;

function needWholeIds({ codes, texts }: TextCodes, { promptId, prompt = "NAME" }: ModelColumns): void {
  const code = texts.findIndex((text) => text !== null && NO_ID.test(text));
  if (code < 0) return;
  const row = codes.indexOf(code);
  throw rowError(
    new TypeError(
      `ids of prompts must be whole: row ${row + 1} of "${promptId}" has "${
        texts[code]
      }", as programs write where they have none, or not its digits; write the ids as texts, or name another column (--columns "promptId=${prompt}")`,
    ),
    row,
  );
}

/** Prompts by their key and evaluation, numbered as they come. */
class KnownPrompts {
  /** True where an id stands in several evaluations. */
  idsRepeat = false;
  private count = 0;
  /** The first prompt of each key, + 1, and its evaluation; most keys have only one. */
  private readonly firstOfKey: Int32Array;
  private readonly evaluationOfKey: Int32Array;
  /** Further prompts of a key, by both. */
  private readonly others = new Map<number, number>();

  constructor(private readonly keys: TextCodes | null) {
    this.firstOfKey = new Int32Array(keys?.texts.length ?? 0);
    this.evaluationOfKey = new Int32Array(keys?.texts.length ?? 0);
  }

  promptOf(row: number, evaluation: number): number {
    if (this.keys === null) return this.count++;
    const key = this.keys.codes[row];
    if (this.firstOfKey[key] === 0) {
      this.firstOfKey[key] = this.count + 1;
      this.evaluationOfKey[key] = evaluation;
      return this.count++;
    }
    if (this.evaluationOfKey[key] === evaluation) return this.firstOfKey[key] - 1;
    this.idsRepeat = true;
    const both = evaluation * this.firstOfKey.length + key;
    const prompt = this.others.get(both) ?? this.count;
    if (prompt === this.count) this.others.set(both, this.count++);
    return prompt;
  }
}

/** The number of each row's evaluation; rows without a name share one. */
function evaluationsOf(column: ArrayLike<unknown> | undefined, nRows: number): (row: number) => number {
  if (column === undefined) return () => 0;
  const { codes, texts } = codesOf(column, nRows);
  const numbers = new Map<string, number>();
  const numberOfCode = Int32Array.from(texts, (text) => {
    const name = text === null || text === "" ? ONE_EVALUATION : text;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return (row) => numberOfCode[codes[row]];
}

function evalOf(evals: ArrayLike<unknown> | undefined, row: number): string {
  if (evals === undefined) return ONE_EVALUATION;
  const name = textOfCell(evals[row]);
  return name === null || name === "" ? ONE_EVALUATION : name;
}
