import { numberOfCell } from "../frame.ts";
import { type Literals, PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import type { Buildable, Room } from "./_pickled_values.ts";

/** A column: numbers where the file has a block of numbers, else single objects (texts, numbers, `null`). */
export type PandasColumn = Float64Array | readonly unknown[];

/** An array that is a block of columns, or part of one. */
export interface BlockValues {
  /** Numbers of columns and rows. */
  readonly shape: readonly number[];
  /** One column. */
  column(at: number): PandasColumn;
}

/** A cell that holds something else than a text, a number or nothing: it is passed over unless somebody asks for its column. */
export class OtherCell {
  toString(): string {
    return "(a Python object)";
  }
}
const OTHER = new OtherCell();

/** A text that the pickle gives where one must be; anything else, a list in lists above all, has no text. */
export function plainText(value: unknown, what: string): string {
  if (value instanceof PickledText && value.length <= 1000) return String(value);
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SyntaxError(`Cannot read the pickle as ${what} must be a short text: one is none`);
}

/** numpy's dtype. */
export class Dtype implements Buildable {
  /** Such as `f8`, `i4`, `b1`, `O8`; `<` and `|` before it say nothing on the machines there are. */
  readonly code: string;
  constructor(code: unknown) {
    this.code = plainText(code, "an array's type").replace(/^[<|=]/, "");
    if (this.code.startsWith(">")) throw bigEndian();
  }
  build(state: unknown): void {
    if (
      Array.isArray(state) && state[1] instanceof PickledText &&
      plainText(state[1], "an array's order of bytes") === ">"
    ) {
      throw bigEndian();
    }
  }
}

function bigEndian(): SyntaxError {
  return new SyntaxError("Cannot read the pickle as its numbers must be little-endian: they are big-endian");
}

/** How a number is read. */
interface NumberKind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  /** Whole numbers of 64 bits, which a double may not hold. */
  readonly exact?: (view: DataView, at: number) => bigint;
}

/** A whole number that keeps its digits: as a number where a double holds it, else as a text. */
function digitsOf(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Readers of numbers, by the dtype's code. */
const NUMBERS: ReadonlyMap<string, NumberKind> = new Map([
  ["b1", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["i1", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["i2", { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  ["i4", { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  [
    "i8",
    {
      bytes: 8,
      read: (view, at) => Number(view.getBigInt64(at, true)),
      exact: (view, at) => view.getBigInt64(at, true),
    },
  ],
  ["u1", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["u2", { bytes: 2, read: (view, at) => view.getUint16(at, true) }],
  ["u4", { bytes: 4, read: (view, at) => view.getUint32(at, true) }],
  [
    "u8",
    {
      bytes: 8,
      read: (view, at) => Number(view.getBigUint64(at, true)),
      exact: (view, at) => view.getBigUint64(at, true),
    },
  ],
  ["f4", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["f8", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/** The texts of an array of type `U`: each of as many 4-byte characters, zeros after its end. `null` where it is of another type. */
function textsOf({ code }: Dtype, data: unknown, room: Room): string[] | null {
  const length = /^U([1-9]\d*)$/.exec(code)?.[1];
  if (length === undefined || !(data instanceof Uint8Array)) return null;
  const width = 4 * Number(length);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const texts: string[] = [];
  room.take(Math.ceil(data.length / 2) + 48 * (data.length / width));
  for (let start = 0; start + width <= data.length; start += width) {
    let text = "";
    for (let at = start; at < start + width; at += 4) {
      const character = view.getUint32(at, true);
      if (character > 0x10ffff) {
        throw new SyntaxError("Cannot read the pickle as its texts must be Unicode: one is not");
      }
      if (character === 0) break;
      text += String.fromCodePoint(character);
    }
    texts.push(text);
  }
  return texts;
}

/** numpy's array of one or two axes. Numbers stay bytes until a column is asked for. */
export class NdArray implements Buildable, BlockValues {
  shape: readonly number[] = [];
  private objects: readonly unknown[] = [];
  private texts: readonly string[] | null = null;
  private numbers: { readonly view: DataView; readonly kind: NumberKind } | null = null;
  private columnMajor = false;

  constructor(private readonly literals: Literals, private readonly room: Room) {}

  build(state: unknown): void {
    const [, shape, dtype, columnMajor, data] = Array.isArray(state) ? state : [];
    this.fill({ shape, dtype, columnMajor: columnMajor === true, data });
  }

  fill(
    { shape, dtype, columnMajor, data }: { shape: unknown; dtype: unknown; columnMajor: boolean; data: unknown },
  ): this {
    const isShape = Array.isArray(shape) && shape.length <= 2 &&
      shape.every((length) => Number.isInteger(length) && length >= 0);
    if (!isShape || !(dtype instanceof Dtype)) {
      throw new SyntaxError("Cannot read the pickle as an array must have a shape and a type: one has not");
    }
    const size = shape.reduce((product: number, length: number) => product * length, 1);
    const kind = NUMBERS.get(dtype.code);
    const objects = dtype.code === "O8" && data instanceof PickledList ? data.items : null;
    const texts = textsOf(dtype, data, this.room);
    const numbers = kind !== undefined && data instanceof Uint8Array
      ? { view: new DataView(data.buffer, data.byteOffset, data.byteLength), kind }
      : null;
    const found = (objects ?? texts)?.length ??
      (numbers === null ? null : numbers.view.byteLength / numbers.kind.bytes);
    if (found === null) {
      throw new SyntaxError(
        `Cannot read the pickle as an array must hold objects or numbers: one of type "${
          dtype.code.slice(0, 20)
        }" does not`,
      );
    }
    if (found !== size) {
      throw new SyntaxError(
        `Cannot read the pickle as an array of ${shape.join("×")} must have ${size} items: one has ${found}`,
      );
    }
    this.objects = objects ?? [];
    this.texts = texts;
    this.numbers = numbers;
    this.shape = shape;
    // numpy writes lists of objects in row-major order even where the array in memory was not.
    this.columnMajor = columnMajor && objects === null;
    return this;
  }

  column(at: number): PandasColumn {
    const [rows, length] = this.shape;
    return this.columnMajor ? this.cells(at, length, rows) : this.cells(at * length, length, 1);
  }

  /** All items of an array of one axis. */
  items(): readonly unknown[] {
    return Array.from(this.cells(0, this.shape[0] ?? 0, 1));
  }

  /** All numbers of an array of two axes, row-major. */
  matrix(): Float64Array {
    const [rows = 0, length = 0] = this.shape;
    const all = new Float64Array(rows * length);
    for (let row = 0; row < rows; row++) {
      const cells = this.column(row);
      for (let i = 0; i < length; i++) all[row * length + i] = numberOfCell(cells[i]) ?? NaN;
    }
    return all;
  }

  private cells(first: number, length: number, step: number): PandasColumn {
    this.room.take(8 * length);
    const { texts } = this;
    if (texts !== null) return Array.from({ length }, (_, i) => texts[first + i * step]);
    if (this.numbers === null) {
      const range = { first, length };
      return this.literals.numbers(this.objects, range) ??
        this.literals.cells(this.objects, { ...range, other: OTHER });
    }
    const { view, kind: { bytes, read, exact = null } } = this.numbers;
    const cells = new Float64Array(length);
    for (let i = 0, at = first * bytes; i < length; i++, at += step * bytes) {
      cells[i] = read(view, at);
      if (bytes === 8 && exact !== null && !Number.isSafeInteger(cells[i])) {
        this.room.take(64 * length);
        return Array.from({ length }, (_, row) => digitsOf(exact(view, (first + row * step) * bytes)));
      }
    }
    return cells;
  }
}
