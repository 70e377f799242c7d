import type { BlockValues } from "./_numpy_array.ts";
import type { PandasColumn } from "./_numpy_types.ts";
import { NdArray } from "./_numpy_array.ts";
import { ArrowNumbers, type ArrowState, arrowState, malformed } from "./_arrow_numbers.ts";
import { bytesInMemory, ByteWindow } from "../byte_source.ts";
import { PickledText } from "./pickled_text.ts";
import { type Buildable, partsOf, type Room } from "./_pickled_values.ts";

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

type ArrowArray = ArrowTexts | ArrowNumbers;

/** Arrow's arrays one after another: `pyarrow.lib.chunked_array`. */
export class ArrowChunks {
  /** @throws SyntaxError where they are no arrays */
  constructor(readonly arrays: readonly unknown[]) {
    if (!arrays.every(isArrow)) throw malformed("chunks of another kind");
  }
}

function isArrow(value: unknown): value is ArrowArray {
  return value instanceof ArrowTexts || value instanceof ArrowNumbers;
}

/** pandas' column over Arrow's arrays: `ArrowStringArray`, `ArrowExtensionArray`. */
export class ArrowColumn implements Buildable, BlockValues {
  private arrays: readonly ArrowArray[] = [];

  build(state: unknown): void {
    const found = partsOf(state).find((part) => isArrow(part) || part instanceof ArrowChunks);
    if (found === undefined) {
      throw new SyntaxError("Cannot read the pickle as a column of Arrow must have an array: one has none");
    }
    this.arrays = (found instanceof ArrowChunks ? found.arrays : [found]) as readonly ArrowArray[];
  }

  get shape(): readonly number[] {
    return [1, this.arrays.reduce((sum, { length }) => sum + length, 0)];
  }

  column(): PandasColumn {
    const parts = this.arrays.map((array) => array.cells());
    return parts.length === 1 ? parts[0] : parts.flatMap((part) => Array.from(part));
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

  /** @throws SyntaxError where its buffers are too short */
  static of({ type, length, offset, buffers }: ArrowState, room: Room): ArrowTexts {
    const wide = type.startsWith("large_");
    if (buffers.length !== 3) throw malformed("another kind");
    const nOffsets = (length + offset + 1) * (wide ? 8 : 4);
    if (length > 0 && (buffers[1] === null || buffers[1].length < nOffsets)) throw malformed("too few offsets");
    return new ArrowTexts(length, offset, wide, buffers, room);
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

const TEXTS: ReadonlySet<string> = new Set(["string", "utf8", "large_string", "large_utf8"]);

/**
 * What `pyarrow.lib._restore_array` makes of its state: type, length, number of nulls, offset, buffers, children, dictionary.
 *
 * @throws SyntaxError where it is not an array of texts, numbers or truth values, or its parts do not fit together
 */
export function restoredArrow(state: unknown, room: Room): ArrowTexts | ArrowNumbers {
  const array = arrowState(state);
  return TEXTS.has(array.type) ? ArrowTexts.of(array, room) : ArrowNumbers.of(array, room);
}
