import type { ByteWindow } from "../byte_source.ts";
import { codedColumn } from "../coded_column.ts";
import { type CellLevels, readParquetColumn } from "./_column.ts";
import type { ParquetLeaf } from "./_schema.ts";
import type { UnpackingRoom } from "./_room.ts";

/** The values of one field of the items of all lists. */
interface Field {
  readonly name: string;
  readonly cells: ArrayLike<unknown>;
  readonly levels: CellLevels;
  readonly nCells: number;
  /** Definition level of an item that is there. */
  readonly itemLevel: number;
}

/**
 * Reads a column of lists of texts, numbers or structs of these, such as the messages of a chat, as the JSON that a cell of JSON Lines would have.
 *
 * **Source**: S. Melnik et al., "Dremel", VLDB 2010, section 4.1: a repetition level of 0 begins a row, the definition level says how much is there.
 *
 * @param leaves the fields of the items
 * @throws SyntaxError where the fields do not have the same items, or lists lie in lists
 */
export function readParquetList(
  window: ByteWindow,
  leaves: readonly ParquetLeaf[],
  { nRows, room }: { readonly nRows: number; readonly room: UnpackingRoom },
): ArrayLike<unknown> {
  const fields = leaves.map((leaf) => fieldOf(window, leaf, room));
  const ends = new Int32Array(fields.length);
  const codes = new Int32Array(nRows);
  const cells: (string | null)[] = [];
  const known = new Map<string | null, number>();
  for (let row = 0; row < nRows; row++) {
    const starts = ends.slice();
    fields.forEach((field, at) => ends[at] = endOfRow(field, starts[at]));
    const text = jsonOfRow(fields, starts, ends);
    const code = known.get(text) ?? cells.length;
    if (code === cells.length) known.set(text, cells.push(text) - 1);
    codes[row] = code;
  }
  return codedColumn({ codes, cells });
}

function fieldOf(window: ByteWindow, leaf: ParquetLeaf, room: UnpackingRoom): Field {
  const chunks = leaf.chunks.map(({ meta }) => ({ meta, nRows: Number(meta.num_values) }));
  const nCells = chunks.reduce((sum, { nRows }) => sum + nRows, 0);
  room.takeRows(nCells);
  const levels = { repetitions: new Uint8Array(nCells), definitions: new Uint8Array(nCells) };
  const cells = readParquetColumn(window, { ...leaf, chunks }, { nRows: nCells, room, levels });
  return { name: leaf.list!.field, cells, levels, nCells, itemLevel: leaf.list!.level };
}

function endOfRow({ levels: { repetitions }, nCells }: Field, start: number): number {
  if (start >= nCells || repetitions[start] !== 0) throw new SyntaxError("each row must have a list: one has none");
  let end = start + 1;
  while (end < nCells && repetitions[end] !== 0) end++;
  return end;
}

/** The list of a row as JSON; `null` where there is none. */
function jsonOfRow(fields: readonly Field[], starts: Int32Array, ends: Int32Array): string | null {
  const [{ levels, itemLevel }] = fields;
  const length = ends[0] - starts[0];
  if (fields.some((_, at) => ends[at] - starts[at] !== length)) {
    throw new SyntaxError("the fields of a list must have as many items as each other: they have not");
  }
  const defined = levels.definitions[starts[0]];
  if (defined < itemLevel - 1) return null;
  if (defined < itemLevel) return "[]";
  return JSON.stringify(Array.from({ length }, (_, item) => {
    const valueOf = ({ cells }: Field, at: number): unknown => plain(cells[starts[at] + item]);
    if (fields.length === 1 && fields[0].name === "") return valueOf(fields[0], 0);
    return Object.fromEntries(fields.map((field, at) => [field.name, valueOf(field, at)]));
  }));
}

function plain(cell: unknown): unknown {
  return cell === undefined || (typeof cell === "number" && Number.isNaN(cell)) ? null : cell;
}
