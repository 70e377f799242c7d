import { PickledText } from "./_pickled_text.ts";
import type { ModelColumns } from "./column_names.ts";
import { type Frame, textOfCell } from "./frame.ts";

/** The prompts of a frame, and which rows speak of which. */
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

/** The evaluation of tables that name none. */
const ONE_EVALUATION = "all";
const NONE = -1;

/**
 * Finds the prompts of a frame by their ids, within an evaluation. Where there are no ids, `by-text` takes equal texts of one evaluation
 * for one prompt, `by-row` each row for a prompt of its own; their ids are then the numbers of their first rows.
 *
 * Where an id stands in several evaluations, all ids become `EVALUATION/ID`.
 *
 * @param weights of a prompt's rows the one with the greatest weight, the first of equals, gives the text
 * @throws TypeError where ids and texts are missing and the rows of a prompt cannot be found
 */
export function promptsOfRows(
  frame: Frame,
  columns: ModelColumns,
  without: "by-text" | "by-row",
  weights?: ArrayLike<number>,
): PromptsOfRows {
  const column = (name: string | undefined): ArrayLike<unknown> | undefined => name === undefined ? undefined : frame.columns.get(name);
  const ids = column(columns.promptId), texts = column(columns.prompt), evals = column(columns.evalName);
  if (ids === undefined && texts === undefined && without === "by-text") {
    throw new TypeError(
      `each row must say which prompt it is about, by a column prompt_id, sample_id or id, or prompt, query or question: the file has ${
        [...frame.columns.keys()].slice(0, 12).map((name) => `"${name}"`).join(", ")
      }; name it by columns.promptId or columns.prompt (--columns promptId=NAME)`,
    );
  }
  const keyCells = ids ?? (without === "by-text" ? texts : undefined);
  const promptOfRow = new Int32Array(frame.nRows), firstRows: number[] = [], textRows: number[] = [];
  const evalNames: string[] = [], severalTexts = new Set<number>();
  // The first prompt of each id, and for each prompt the next one of its id, which stands in another evaluation.
  const known = new Map<string, number>(), nextOfId: number[] = [];
  let idsRepeat = false;
  for (let row = 0; row < frame.nRows; row++) {
    const evalName = evalOf(evals, row), id = keyCells === undefined ? String(row + 1) : textOfCell(keyCells[row]);
    if (id === null || (ids !== undefined && id === "")) {
      throw new TypeError(`each row must say which prompt it is about: row ${row + 1} of "${columns.promptId ?? columns.prompt}" is empty`);
    }
    let prompt = known.get(id) ?? NONE, last = NONE;
    for (; prompt !== NONE && evalNames[prompt] !== evalName; prompt = nextOfId[prompt]) last = prompt;
    if (prompt === NONE) {
      prompt = firstRows.length;
      if (last === NONE) known.set(id, prompt);
      else nextOfId[last] = prompt;
      if (last !== NONE && ids !== undefined) idsRepeat = true;
      nextOfId.push(NONE);
      evalNames.push(evalName);
      firstRows.push(row);
      textRows.push(row);
    } else if (texts !== undefined && ids !== undefined) {
      if (!isSameText(texts[textRows[prompt]], texts[row])) severalTexts.add(prompt);
      if (weights !== undefined ? weights[row] > weights[textRows[prompt]] : textOfCell(texts[textRows[prompt]]) === null) {
        textRows[prompt] = row;
      }
    }
    promptOfRow[row] = prompt;
  }
  const idOf = (row: number, prompt: number): string =>
    ids === undefined ? String(row + 1) : idsRepeat ? `${evalNames[prompt]}/${textOfCell(ids[row])}` : textOfCell(ids[row])!;
  return {
    promptOfRow,
    ids: firstRows.map(idOf),
    evalNames,
    texts: texts === undefined ? null : textRows.map((row) => textOfCell(texts[row])),
    nWithSeveralTexts: severalTexts.size,
  };
}

/** Whether two cells hold the same text; texts of a pickle are compared as bytes. */
function isSameText(a: unknown, b: unknown): boolean {
  return a instanceof PickledText && b instanceof PickledText ? a.equals(b) : textOfCell(a) === textOfCell(b);
}

function evalOf(evals: ArrayLike<unknown> | undefined, row: number): string {
  if (evals === undefined) return ONE_EVALUATION;
  const name = textOfCell(evals[row]);
  return name === null || name === "" ? ONE_EVALUATION : name;
}
