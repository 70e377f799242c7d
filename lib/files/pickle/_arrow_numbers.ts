import { type NumberKind, NUMBERS, type PandasColumn, wholeCells } from "./_numpy_types.ts";
import { PickledList } from "./_pickled_literals.ts";
import type { Room } from "./_pickled_values.ts";

/** An array of Arrow as pyarrow pickles it. */
export interface ArrowState {
  /** The name of its type. */
  readonly type: string;
  readonly length: number;
  /** Items before the first. */
  readonly offset: number;
  /** A bitmap of what is there, and the values; `null` where one is left out. */
  readonly buffers: readonly (Uint8Array | null)[];
}

/** numpy's codes of Arrow's numbers. */
const CODES: ReadonlyMap<string, string> = new Map([
  ...["int8", "int16", "int32", "int64"].map((name, at): [string, string] => [name, `i${2 ** at}`]),
  ...["uint8", "uint16", "uint32", "uint64"].map((name, at): [string, string] => [name, `u${2 ** at}`]),
  ...[["float", "f4"], ["float32", "f4"], ["double", "f8"], ["float64", "f8"]] as const,
]);

/** The parts of a pickled array, checked as far as they do not depend on its type. */
export function arrowState(state: unknown): ArrowState {
  const [type, length, , offset, listed] = Array.isArray(state) ? state : [];
  const buffers = listed instanceof PickledList ? listed.values() : listed;
  if (typeof type !== "string" || !Array.isArray(buffers) || buffers.length < 2) throw malformed("another kind");
  if (![length, offset].every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 40)) {
    throw malformed("a wrong length");
  }
  const parts = buffers.map((buffer): Uint8Array | null => buffer instanceof Uint8Array ? buffer : null);
  if (parts[0] !== null && parts[0].length * 8 < length + offset) throw malformed("too short a bitmap");
  return { type, length, offset, buffers: parts };
}

/** Arrow's array of numbers or truth values. */
export class ArrowNumbers {
  private constructor(
    readonly length: number,
    private readonly offset: number,
    private readonly buffers: readonly (Uint8Array | null)[],
    private readonly kind: NumberKind | null,
    private readonly room: Room,
  ) {}

  /** @throws SyntaxError where it has other values, or too few */
  static of({ type, length, offset, buffers }: ArrowState, room: Room): ArrowNumbers {
    const kind = NUMBERS.get(CODES.get(type) ?? "") ?? null;
    if (kind === null && type !== "bool") throw malformed(`values of type "${type.slice(0, 40)}"`);
    const nBytes = kind === null ? Math.ceil((length + offset) / 8) : (length + offset) * kind.bytes;
    if (length > 0 && (buffers[1]?.length ?? 0) < nBytes) throw malformed("too few values");
    return new ArrowNumbers(length, offset, buffers, kind, room);
  }

  /** The numbers, `NaN` (or `null`, where whole numbers keep every digit as texts) where one is missing. */
  cells(): PandasColumn {
    this.room.take(16 * this.length);
    const { offset, length, kind } = this;
    const [bitmap, values] = this.buffers;
    const isThere = (row: number): boolean => bitmap === null || isSet(bitmap, offset + row);
    if (values === null) return [];
    if (kind === null) {
      return Float64Array.from({ length }, (_, row) => isThere(row) ? Number(isSet(values, offset + row)) : NaN);
    }
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    const cells = wholeCells({ view, kind }, { first: offset, length, step: 1, room: this.room });
    if (!(cells instanceof Float64Array)) return cells.map((cell, row) => isThere(row) ? cell : null);
    for (let row = 0; row < length; row++) if (!isThere(row)) cells[row] = NaN;
    return cells;
  }
}

function isSet(bits: Uint8Array, at: number): boolean {
  return (bits[at >> 3] >> (at & 7) & 1) === 1;
}

/** The error of an array that is not whole, or not read. */
export function malformed(found: string): SyntaxError {
  return new SyntaxError(
    `Cannot read the pickle as a column of Arrow must hold texts, numbers or truth values: it has ${found}; save the column as objects, by astype(object)`,
  );
}
