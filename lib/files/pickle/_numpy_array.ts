import { numberOfCell } from "../frame.ts";
import { type Literals, PickledList } from "./_pickled_literals.ts";
import { Dtype, type NumberKind, NUMBERS, type PandasColumn, textsOf, wholeCells } from "./_numpy_types.ts";
import type { Buildable, Room } from "./_pickled_values.ts";

/** An array that is a block of columns, or part of one. */
export interface BlockValues {
  /** Numbers of columns and rows; `null` where they are not known. */
  readonly shape: readonly number[] | null;
  /** One column. */
  column(at: number): PandasColumn;
}

/** Whether a value may be a block's values. */
export function isBlockValues(value: unknown): value is BlockValues {
  return typeof value === "object" && value !== null && "column" in value && "shape" in value;
}

/** A cell with a value other than a text, a number or nothing. It is an error only if its column is used: as texts all would look like one. */
export class OtherCell {
  toString(): string {
    throw new SyntaxError(
      "Cannot read the pickle as the cells that are used must be texts, numbers or times: some are other objects of Python; change their column by astype(str), or save the table by to_parquet()",
    );
  }
}
const OTHER = new OtherCell();

/** All items of an array of one axis, or of two of which one has length 1. */
export function itemsOf(array: NdArray): readonly unknown[] {
  return array.shape.length === 1 ? array.items() : Array.from(array.column(0));
}

/** numpy's array of one or two axes. Numbers stay bytes until a column is asked for. */
export class NdArray implements Buildable, BlockValues {
  shape: readonly number[] = [];
  private objects: readonly unknown[] = [];
  private texts: readonly string[] | null = null;
  private numbers: { readonly view: DataView; readonly kind: NumberKind } | null = null;
  private columnMajor = false;
  private dtype: Dtype | null = null;

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
        }" does not; change it by astype("float64"), or make a data frame of it by pd.DataFrame(data)`,
      );
    }
    if (found !== size) {
      throw new SyntaxError(
        `Cannot read the pickle as an array of ${shape.join("×")} must have ${size} items: one has ${found}`,
      );
    }
    this.dtype = dtype;
    this.objects = objects ?? [];
    this.texts = texts;
    this.numbers = numbers;
    this.shape = shape;
    // numpy writes lists of objects in row-major order even where the array in memory was not.
    this.columnMajor = columnMajor && objects === null;
    return this;
  }

  /** What times or durations count; `null` where the array has others. */
  get unit(): string | null {
    return this.dtype?.unit ?? null;
  }

  /** True where it holds texts or other objects. */
  get hasTexts(): boolean {
    return this.texts !== null || this.objects.length > 0;
  }

  /** Takes room for what is made of its items. */
  claim(bytesOfItem: number): void {
    this.room.take(bytesOfItem * this.shape.reduce((product, length) => product * length, 1));
  }

  get isDuration(): boolean {
    return this.dtype?.code.startsWith("m8") ?? false;
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
    return wholeCells(this.numbers, { first, length, step, room: this.room });
  }
}
