import { armOf, BETWEEN_NAMES, NO_RETRIEVER } from "../outcomes/arm.ts";
import { counted } from "../base/words.ts";
import { codesOf } from "./coded_column.ts";
import type { ModelColumns } from "./column_names.ts";
import { type Frame, numberOfCell, rowError, textOfCell } from "./frame.ts";
import type { PromptsOfRows } from "./_prompts_of_rows.ts";

/** What a retriever found for a prompt. */
export interface RetrievedRecord {
  /** The text that it found; `null` where the file has none. */
  readonly text: string | null;
  /** How well it fits the prompt, as the retriever says; `null` where the file does not tell. */
  readonly score: number | null;
}

/** What retrievers found: records by prompt's id, by retriever. Empty where the file tells neither texts nor scores. */
export type RetrievedRecords = ReadonlyMap<string, ReadonlyMap<string, RetrievedRecord>>;

/** Nothing, or what pandas writes for it. */
const NOTHING = /^(none|nan|<na>|null)?$/i;

/**
 * The retriever that a cell names; an empty cell and "none" are {@linkcode NO_RETRIEVER}.
 *
 * @throws TypeError for a name with the sign that stands between a retriever and a model
 */
export function retrieverOf(cell: string | null, row: number): string {
  const name = cell?.trim() ?? "";
  if (NOTHING.test(name)) return NO_RETRIEVER;
  if (!name.includes(BETWEEN_NAMES)) return name;
  throw rowError(
    new TypeError(
      `a retriever's name must be without "${BETWEEN_NAMES}", which stands between it and the model's: row ${
        row + 1
      } has "${name}"; write another sign`,
    ),
    row,
  );
}

/** Says that a table is read as pairs, and of which. */
export function pairsNote(arms: readonly string[], { retriever, model }: ModelColumns): string[] {
  if (retriever === undefined) return [];
  const named = arms.map(armOf);
  const retrievers = [...new Set(named.map((arm) => arm.retriever))];
  const nModels = new Set(named.map((arm) => arm.model)).size;
  return [
    `"${retriever}" and "${model}" are read as one choice, RETRIEVER${BETWEEN_NAMES}MODEL: ${
      counted(retrievers.length, "retriever")
    } (${retrievers.join(", ")}) and ${counted(nModels, "model")}`,
  ];
}

/** What the rows of a long table say about what was retrieved: of several rows of a prompt and retriever the first that says it. */
export function retrievedOf(
  frame: Frame,
  { retriever, retrieved, retrievalScore }: ModelColumns,
  { ids, promptOfRow }: PromptsOfRows,
): RetrievedRecords {
  const found = new Map<string, Map<string, RetrievedRecord>>();
  if (retriever === undefined || (retrieved === undefined && retrievalScore === undefined)) return found;
  const retrievers = codesOf(frame.columns.get(retriever)!, frame.nRows);
  const texts = retrieved === undefined ? null : frame.columns.get(retrieved)!;
  const scores = retrievalScore === undefined ? null : frame.columns.get(retrievalScore)!;
  for (let row = 0; row < frame.nRows; row++) {
    const name = retrieverOf(retrievers.texts[retrievers.codes[row]], row);
    const records = found.get(name) ?? new Map<string, RetrievedRecord>();
    found.set(name, records);
    const id = ids[promptOfRow[row]];
    const before = records.get(id);
    const text = before?.text ?? (texts && textOfCell(texts[row]));
    const score = before?.score ?? (scores && scoreOf(scores[row], retrievalScore!, row));
    if (before?.text !== text || before?.score !== score) records.set(id, { text, score });
  }
  return found;
}

function scoreOf(cell: unknown, column: string, row: number): number | null {
  const score = numberOfCell(cell);
  if (score === undefined) {
    throw rowError(
      new TypeError(`what a retriever says must be a number: row ${row + 1} of "${column}" has "${String(cell)}"`),
      row,
    );
  }
  return Number.isFinite(score) ? score : null;
}
