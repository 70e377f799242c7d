import type { BlockValues, PandasColumn } from "./_numpy_array.ts";
import { NdArray } from "./_numpy_array.ts";
import { bytesInMemory, ByteWindow } from "../byte_source.ts";
import { PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import type { Buildable, Room } from "./_pickled_values.ts";

/** pandas' column of texts over a numpy array of objects: `StringArray`. */
export class StringArray implements Buildable, BlockValues {
  private values: NdArray | null = null;

  build(state: unknown): void {
    const found = (Array.isArray(state) ? state : []).find((part) => part instanceof NdArray);
    if (!(found instanceof NdArray)) {
      throw new SyntaxError("Cannot read the pickle as a column of texts must have an array: one has none");
    }
    this.values = found;
  }

  get shape(): readonly number[] {
    return this.values === null ? [] : [1, this.values.shape[0] ?? 0];
  }

  column(): PandasColumn {
    return this.values?.items() ?? [];
  }
}

/** pandas' column of texts over Arrow's: `ArrowStringArray`. */
export class ArrowStringArray implements Buildable, BlockValues {
  private texts: ArrowTexts | null = null;

  build(state: unknown): void {
    const found = state instanceof Map ? state.get("_pa_array") : undefined;
    if (!(found instanceof ArrowTexts)) {
      throw new SyntaxError(
        "Cannot read the pickle as a column of texts must have an Arrow array of texts: one has none",
      );
    }
    this.texts = found;
  }

  get shape(): readonly number[] {
    return this.texts === null ? [] : [1, this.texts.length];
  }

  column(): PandasColumn {
    return this.texts?.cells() ?? [];
  }
}

/** Arrow's array of texts: a bitmap of what is there, offsets of 4 or 8 bytes, and the texts' bytes one after another. */
export class ArrowTexts {
  private constructor(
    readonly length: number,
    private readonly offset: number,
    private readonly wide: boolean,
    private readonly buffers: readonly (Uint8Array | null)[],
    private readonly room: Room,
  ) {}

  /**
   * What `pyarrow.lib._restore_array` makes of its state: type, length, number of nulls, offset, buffers, children, dictionary.
   *
   * @throws SyntaxError where it is not an array of texts, or an offset lies outside its buffer
   */
  static restored(state: unknown, room: Room): ArrowTexts {
    const [type, length, , offset, listed] = Array.isArray(state) ? state : [];
    const buffers = listed instanceof PickledList ? listed.values() : listed;
    const wide = type === "large_string" || type === "large_utf8";
    if ((!wide && type !== "string" && type !== "utf8") || !Array.isArray(buffers) || buffers.length !== 3) {
      throw malformed("another kind");
    }
    if (![length, offset].every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 40)) {
      throw malformed("a wrong length");
    }
    const parts = buffers.map((buffer): Uint8Array | null => buffer instanceof Uint8Array ? buffer : null);
    const nOffsets = (length + offset + 1) * (wide ? 8 : 4);
    if (length > 0 && (parts[1] === null || parts[1].length < nOffsets)) throw malformed("too few offsets");
    if (parts[0] !== null && parts[0].length * 8 < length + offset) throw malformed("too short a bitmap");
    return new ArrowTexts(length, offset, wide, parts, room);
  }

  /** The texts, `null` where one is missing. */
  cells(): unknown[] {
    this.room.take((48 + 8) * this.length);
    const [bitmap, offsets, data] = this.buffers;
    const cells: unknown[] = [];
    const bytes = data ?? new Uint8Array(0);
    const window = new ByteWindow(bytesInMemory(bytes), 0);
    const view = new DataView(
      offsets?.buffer ?? new ArrayBuffer(0),
      offsets?.byteOffset ?? 0,
      offsets?.byteLength ?? 0,
    );
    const startOf = (at: number): number =>
      this.wide ? Number(view.getBigInt64(at * 8, true)) : view.getInt32(at * 4, true);
    for (let i = this.offset; i < this.offset + this.length; i++) {
      const start = startOf(i);
      const end = startOf(i + 1);
      if (!(start >= 0 && start <= end && end <= bytes.length)) throw malformed("an offset outside its buffer");
      const isThere = bitmap === null || (bitmap[i >> 3] >> (i & 7) & 1) === 1;
      cells.push(isThere ? new PickledText(window, start, end) : null);
    }
    return cells;
  }
}

function malformed(found: string): SyntaxError {
  return new SyntaxError(
    `Cannot read the pickle as a column of Arrow must hold texts: it has ${found}; save the column as objects`,
  );
}
