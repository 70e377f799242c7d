import { sameTexts } from "./coded_column.ts";
import { type Frame, rowError, textOfCell } from "./frame.ts";
import { isAnswerColumn } from "./frame.ts";

/** Columns with more different values than this are taken for measurements, not for the reason of repeated rows. */
const MOST_VALUES = 50;
/** At most so many columns are named. */
const MOST_NAMED = 3;

/** Finds rows that give one id to different texts, which are different prompts and no repetition. */
export class TextsOfCells {
  private readonly rowOfCell: Int32Array | null;

  constructor(
    private readonly frame: Frame,
    private readonly columns: { readonly promptId?: string; readonly prompt?: string },
    nCells: number,
  ) {
    const isTold = columns.promptId !== undefined && columns.prompt !== undefined &&
      columns.promptId !== columns.prompt;
    this.rowOfCell = isTold ? new Int32Array(nCells) : null;
    this.texts = isTold ? sameTexts(frame.columns.get(columns.prompt!)!) : null;
  }
  private readonly texts: ReturnType<typeof sameTexts> | null;

  /**
   * Notes the row of a cell.
   *
   * @throws TypeError where the cell has a row of another text
   */
  put(cell: number, row: number, { id, model }: { readonly id: string; readonly model: string }): void {
    const { rowOfCell, texts, frame, columns } = this;
    if (rowOfCell === null || texts === null) return;
    const before = rowOfCell[cell] - 1;
    rowOfCell[cell] = row + 1;
    if (before < 0 || texts.areSame(before, row) || texts.isMissing(before) || texts.isMissing(row)) return;
    const isFolder = frame.columns.has("file.name");
    throw rowError(
      new TypeError(
        `ids of prompts must be unique, and they are not: "${model}" has different texts under "${id}" (rows ${
          before + 1
        } and ${row + 1}); ${
          isFolder ? "if ids begin anew in each file, pass columns.evalName (--columns evalName=file.name), or " : ""
        }name the evaluation by columns.evalName (--columns evalName=NAME), or tell prompts apart by their texts (--columns "promptId=${columns.prompt}")`,
      ),
      row,
    );
  }
}

/** The columns in which two rows of one prompt and model differ, such as a run, a filter or a router, as a part of a sentence. */
export function tellingColumns(
  frame: Frame,
  isTaken: (name: string) => boolean,
  [a, b]: readonly [number, number],
): string {
  const found: string[] = [];
  for (const [name, column] of readable(frame)) {
    if (isTaken(name) || isAnswerColumn(name)) continue;
    const values = [textOfCell(column[a]), textOfCell(column[b])];
    if (values[0] === values[1] || values.some((value) => value === null || value.length > 60)) continue;
    if (distinctUpTo(column, frame.nRows) > MOST_VALUES) continue;
    found.push(`"${name}" (${values.map((value) => `"${value}"`).join(", ")})`);
    if (found.length === MOST_NAMED) break;
  }
  return found.join(", ");
}

/** The columns whose cells are texts and numbers: one of lists or of Python's objects is of no help here. */
function* readable(frame: Frame): Generator<[string, ArrayLike<unknown>]> {
  for (const name of frame.columns.keys()) {
    let column: ArrayLike<unknown> | undefined;
    try {
      column = frame.columns.get(name);
      for (let row = 0; column !== undefined && row < frame.nRows; row++) textOfCell(column[row]);
    } catch {
      continue;
    }
    if (column !== undefined) yield [name, column];
  }
}

function distinctUpTo(column: ArrayLike<unknown>, nRows: number): number {
  const values = new Set<string | null>();
  for (let row = 0; row < nRows && values.size <= MOST_VALUES; row++) values.add(textOfCell(column[row]));
  return values.size;
}
