import { codedColumn } from "../coded_column.ts";
import { numberOfCell } from "../frame.ts";
import { PickledIndex } from "./_index.ts";
import { type BlockValues, NdArray } from "./_numpy_array.ts";
import type { PandasColumn } from "./_numpy_types.ts";
import { type Buildable, partOf, partsOf } from "./_pickled_values.ts";

/** The categories of a column. */
export class CategoricalDtype implements Buildable {
  categories: PickledIndex | null = null;

  build(state: unknown): void {
    const found = partsOf(state).find((part) => part instanceof PickledIndex);
    this.categories = found instanceof PickledIndex ? found : null;
  }
}

/** pandas' column of categories: a whole number for each row, −1 where a cell is missing. */
export class Categorical implements Buildable, BlockValues {
  private codes: NdArray | null = null;
  private categories: PickledIndex | null = null;

  build(state: unknown): void {
    this.codes = partOf(state, NdArray, "a column of categories");
    this.categories = partOf(state, CategoricalDtype, "a column of categories").categories;
  }

  get shape(): readonly number[] {
    return [1, this.codes?.shape[0] ?? 0];
  }

  column(): PandasColumn {
    const known = this.categories === null ? [] : this.categories.cells();
    this.codes?.claim(16);
    const numbers = this.codes?.items() ?? [];
    const codes = Int32Array.from(numbers, (code) => code === -1 ? known.length : Number(code));
    if (!codes.every((code) => code >= 0 && code <= known.length)) {
      throw new SyntaxError("Cannot read the pickle as a column's codes must be those of its categories: one is not");
    }
    return codedColumn({ codes, cells: [...Array.from(known), null] }) as readonly unknown[];
  }
}

/** pandas' nullable numbers and truth values: the values, and a mask that is true where one is missing. */
export class MaskedArray implements Buildable, BlockValues {
  private values: NdArray | null = null;
  private mask: NdArray | null = null;

  build(state: unknown): void {
    const parts = state instanceof Map ? [state.get("_data"), state.get("_mask")] : [];
    if (!(parts[0] instanceof NdArray) || !(parts[1] instanceof NdArray)) {
      throw new SyntaxError(
        "Cannot read the pickle as a column of nullable numbers must have values and a mask: one has not",
      );
    }
    if (parts[0].shape[0] !== parts[1].shape[0]) {
      throw new SyntaxError("Cannot read the pickle as a mask must have as many items as its column: one has not");
    }
    [this.values, this.mask] = parts;
  }

  get shape(): readonly number[] {
    return [1, this.values?.shape[0] ?? 0];
  }

  column(): PandasColumn {
    const values = this.values?.items() ?? [];
    const mask = this.mask?.items() ?? [];
    const cells = values.map((value, row) => mask[row] ? null : value);
    return values.every((value) => typeof value === "number")
      ? Float64Array.from(cells, (cell) => numberOfCell(cell)!)
      : cells;
  }
}

/** A column of a kind that is not read: an error when it is asked for, and no obstacle to the others. */
export class UnreadArray implements Buildable, BlockValues {
  /** Its size is not known. */
  readonly shape = null;

  constructor(private readonly type: string) {}

  build(): void {}

  column(): never {
    throw new SyntaxError(
      `Cannot read the pickle as its columns must be texts, numbers, categories or times: one is of ${this.type}; change it by astype(str), or save the table by to_parquet()`,
    );
  }
}
