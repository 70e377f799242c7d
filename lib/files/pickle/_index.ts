import { type BlockValues, NdArray } from "./_numpy_array.ts";
import { type PandasColumn, plainText } from "./_numpy_types.ts";
import { PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import { cellsOf } from "./_times.ts";

/** An index: names of columns, or labels of rows. */
export class PickledIndex {
  constructor(private readonly data: ReadonlyMap<unknown, unknown>) {}

  private get values(): unknown {
    return this.data.get("data");
  }

  private list(key: string): readonly unknown[] {
    const found = this.data.get(key);
    return found instanceof PickledList ? found.values() : Array.isArray(found) ? found : [];
  }

  /** True for labels of several levels. */
  get isMulti(): boolean {
    return this.data.has("levels");
  }

  /** Its values, one for each row. */
  cells(): PandasColumn {
    if (this.values !== undefined) return cellsOf(this.values);
    throw new SyntaxError(
      "Cannot read the pickle as an index or categories must be texts, numbers or times: some are intervals or another kind; change them by astype(str)",
    );
  }

  /** Number of rows. */
  get length(): number {
    if (this.isMulti) {
      const [codes] = this.list("codes");
      if (codes instanceof NdArray) return codes.shape[0] ?? 0;
    } else if (this.values instanceof NdArray) return this.values.shape[0] ?? 0;
    else if (this.values !== undefined) {
      const { shape } = this.values as BlockValues;
      if (Array.isArray(shape)) return shape[1] ?? 0;
    } else {
      const [start, stop, step] = ["start", "stop", "step"].map((name) => this.data.get(name));
      const isRange = typeof start === "number" && typeof stop === "number" && typeof step === "number";
      const length = isRange ? Math.max(0, Math.ceil((stop - start) / step)) : NaN;
      if (Number.isInteger(length)) return length;
    }
    throw noIndex();
  }

  /** The columns that `reset_index()` makes of labels that say something: those with a name, and texts without one. */
  columns(): (readonly [name: string, cells: () => PandasColumn])[] {
    if (this.isMulti) {
      const names = this.list("names");
      const codes = this.list("codes");
      return this.list("levels").map((
        level,
        at,
      ) => [nameOf(names[at]) ?? `level_${at}`, () => labels(level, codes[at])]);
    }
    const name = nameOf(this.data.get("name"));
    if (this.values === undefined && name === null) return [];
    const areTexts = !(this.values instanceof NdArray) || this.values.hasTexts;
    return name !== null || areTexts ? [[name ?? "index", () => this.cells()]] : [];
  }

  /** The names of columns. */
  names(): string[] {
    if (this.isMulti) {
      throw new SyntaxError(
        "Cannot read the pickle as its columns must have one name each: they have several levels; join them before saving, as by df.columns = ['|'.join(map(str, names)) for names in df.columns]",
      );
    }
    if (this.values === undefined) return Array.from({ length: this.length }, (_, at) => String(at));
    return Array.from(this.cells(), (name) => plainText(name, "a column's name"));
  }
}

/** The labels of one level. */
function labels(level: unknown, codes: unknown): PandasColumn {
  if (!(level instanceof PickledIndex) || !(codes instanceof NdArray)) throw noIndex();
  const known = level.cells();
  return codes.items().map((code) => {
    if (code === -1) return null;
    if (typeof code !== "number" || !(code >= 0 && code < known.length)) throw noIndex();
    return known[code];
  });
}

function nameOf(name: unknown): string | null {
  return name instanceof PickledText || typeof name === "number" ? plainText(name, "an index's name") : null;
}

function noIndex(): SyntaxError {
  return new SyntaxError("Cannot read the pickle as its rows must have an index: they have none");
}
