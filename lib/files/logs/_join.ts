import { selectRows, withColumns } from "../benchmarks/layout.ts";
import { CONVENTIONS, found, plainName } from "../column_names.ts";
import { type Frame, textOfCell } from "../frame.ts";

/** Options of a join of qualities. */
export interface JoinedBy {
  /** The tool, in sentences. */
  readonly title: string;
  /** Columns of ids that both kinds of rows may have, the finer first. */
  readonly ids: readonly string[];
  /** A column that only rows of the tool have. */
  readonly model: string;
  /** The column of qualities that the options name. */
  readonly given: string | undefined;
  /** True where the tool's own rows may tell a quality. */
  readonly hasOwn: boolean;
}

/**
 * The tool's rows with the qualities of other rows that have the same id: logs of requests know costs and latencies, and somebody else knows how good
 * an answer was. Other columns of those rows, such as the prompt's text or id, are joined with them.
 *
 * @returns the column of qualities, `null` where only the tool's own rows have some
 * @throws TypeError where no row tells any quality: it says which file to add
 */
export function joinedQuality(
  whole: Frame,
  { title, ids, model, given, hasOwn }: JoinedBy,
): { readonly frame: Frame; readonly quality: string | null } {
  const names = [...whole.columns.keys()];
  const usual = new Set(CONVENTIONS.quality.map(plainName));
  const quality = given !== undefined && names.includes(given)
    ? given
    : names.find((name) => usual.has(plainName(name))) ?? null;
  const models = whole.columns.get(model)!;
  const isTools = (row: number): boolean => textOfCell(models[row]) !== null;
  if (quality === null) {
    if (hasOwn) return { frame: selectRows(whole, isTools), quality: null };
    throw new TypeError(
      `each outcome must have a quality: ${title} tells costs and latencies, and no quality; put a file with the columns "${
        ids[0]
      }" and "score" beside it and load the folder, or name a column of qualities by columns.quality (--columns quality=NAME); ${
        found(names)
      }`,
    );
  }
  const id = ids.find((name) => rowsWith(whole, name, (row) => !isTools(row)) > 0) ?? ids[0];
  const keys = whole.columns.get(id) ?? [];
  const others = new Map<string, number>();
  for (let row = 0; row < whole.nRows; row++) {
    const key = textOfCell(keys[row]);
    if (!isTools(row) && key !== null) others.set(key, row);
  }
  if (others.size === 0) return { frame: selectRows(whole, isTools), quality };
  const filled = Object.fromEntries(names.map((name) => {
    const cells = whole.columns.get(name)!;
    const other = (row: number): number => others.get(textOfCell(keys[row]) ?? "") ?? row;
    return [
      name,
      Array.from({ length: whole.nRows }, (_, row) => textOfCell(cells[row]) === null ? cells[other(row)] : cells[row]),
    ];
  }));
  return { frame: selectRows(withColumns(whole, filled), isTools), quality };
}

function rowsWith({ columns, nRows }: Frame, name: string, holds: (row: number) => boolean): number {
  const cells = columns.get(name);
  let count = 0;
  for (let row = 0; cells !== undefined && row < nRows; row++) {
    if (holds(row) && textOfCell(cells[row]) !== null) count++;
  }
  return count;
}
