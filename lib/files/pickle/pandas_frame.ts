import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { type BlockValues, Dtype, NdArray, type PandasColumn, plainText } from "./_numpy_array.ts";
import { PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import type { Buildable, PickledGlobal, Room } from "./_pickled_values.ts";
import { ArrowStringArray, ArrowTexts, StringArray } from "./_text_arrays.ts";
import type { PickleContext } from "./pickle_reader.ts";

export type { PandasColumn };

/** The columns of a pickled pandas data frame, by name, in the file's order. */
export interface PandasFrame {
  /** Number of rows. */
  readonly nRows: number;
  /** The columns. */
  readonly columns: ReadonlyMap<string, PandasColumn>;
}

/**
 * The columns of a pickled `pandas.DataFrame` of texts, objects, numbers and truth values, which {@linkcode pandasGlobals} made without executing
 * anything. Texts stay ranges of bytes until somebody asks for them.
 *
 * **Source**: pandas' `BlockManager` as versions 1.5, 2 and 3 write it (data/paper/README.md, "Data"): blocks of rows = columns, and their placements;
 * columns of texts of pandas 3 with and without pyarrow.
 *
 * @throws SyntaxError where the pickle holds something else, or its parts do not fit together
 */
export function frameOfPickle(frame: unknown): PandasFrame {
  if (!(frame instanceof PickledDataFrame) || frame.manager === null) {
    throw new SyntaxError("Cannot read the pickle as it must hold a pandas data frame: it holds something else");
  }
  const { blocks, axes } = frame.manager;
  const names = namesOf(axes[0]);
  const nRows = lengthOf(axes[1]);
  const found = new Map<string, () => PandasColumn>();
  for (const { values, places } of blocks) {
    const [nColumns, length] = values.shape;
    if (values.shape.length !== 2 || nColumns !== places.length || length !== nRows) {
      throw new SyntaxError(
        `Cannot read the pickle as each block must hold ${nRows} rows: one is ${values.shape.join("×")}`,
      );
    }
    places.forEach((place, at) =>
      found.set(need(names[place], "a block's column has no name"), () => values.column(at))
    );
  }
  return {
    nRows,
    columns: new ColumnsOnDemand(
      names.map((name) => [name, need(found.get(name), `column "${name.slice(0, 60)}" is in no block`)]),
    ),
  };
}

function need<T>(value: T | undefined, found: string): T {
  if (value === undefined) throw new SyntaxError(`Cannot read the pickle as its data frame must be whole: ${found}`);
  return value;
}

/** An index: names of columns, or the range of rows. */
class Index {
  constructor(readonly data: ReadonlyMap<unknown, unknown>) {}
}

function namesOf(index: unknown): string[] {
  const data = index instanceof Index ? index.data.get("data") : undefined;
  const names = data instanceof NdArray
    ? data.items()
    : data instanceof StringArray || data instanceof ArrowStringArray
    ? Array.from(data.column())
    : null;
  if (names === null) throw new SyntaxError("Cannot read the pickle as its columns must have names: they have none");
  return names.map((name) => plainText(name, "a column's name"));
}

function lengthOf(index: unknown): number {
  if (index instanceof Index) {
    const data = index.data.get("data");
    if (data instanceof NdArray) return data.shape[0] ?? 0;
    if (data instanceof StringArray || data instanceof ArrowStringArray) return data.shape[1] ?? 0;
    const [start, stop, step] = ["start", "stop", "step"].map((name) => index.data.get(name));
    const length = isNumber(start) && isNumber(stop) && isNumber(step) ? Math.ceil((stop - start) / step) : NaN;
    if (Number.isInteger(length) && length >= 0) return length;
  }
  throw new SyntaxError("Cannot read the pickle as its rows must have an index: they have none");
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

interface Block {
  readonly values: BlockValues;
  readonly places: readonly number[];
}

/** The manager of a data frame's blocks. */
class BlockManager {
  constructor(readonly blocks: readonly Block[], readonly axes: readonly unknown[]) {}
}

function managerOf(args: readonly unknown[]): BlockManager {
  const [blocks, axes] = args.map((list) => list instanceof PickledList ? list.values() : list);
  if (!Array.isArray(blocks) || !blocks.every((block) => block instanceof PickledBlock) || !Array.isArray(axes)) {
    throw new SyntaxError("Cannot read the pickle as a data frame must have blocks and axes: it has not");
  }
  return new BlockManager(blocks, axes);
}

class PickledBlock implements Block {
  constructor(readonly values: BlockValues, readonly places: readonly number[]) {}
}

function blockOf([values, placement]: readonly unknown[]): PickledBlock {
  const places = placement instanceof NdArray
    ? placement.items()
    : placement instanceof Slice
    ? placement.places()
    : null;
  const isBlock = values instanceof NdArray || values instanceof StringArray || values instanceof ArrowStringArray;
  if (!isBlock || places === null || !places.every(isNumber)) {
    throw new SyntaxError("Cannot read the pickle as a block must have values and places: one has not");
  }
  return new PickledBlock(values, places);
}

/** The data frame that the pickle builds. */
class PickledDataFrame implements Buildable {
  manager: BlockManager | null = null;
  build(state: unknown): void {
    const manager = state instanceof Map ? state.get("_mgr") : undefined;
    if (manager instanceof BlockManager) this.manager = manager;
  }
}

/** `slice(start, stop, step)`; the places it stands for are counted out where a block needs them. */
class Slice {
  constructor(private readonly parts: readonly unknown[], private readonly room: Room) {}

  places(): number[] {
    const [first, end, by = 1] = this.parts.map((part) => part ?? undefined);
    if (
      !isNumber(first) || !isNumber(end) || !isNumber(by) || ![first, end, by].every(Number.isInteger) || by <= 0 ||
      end - first > 1e6
    ) {
      throw new SyntaxError("Cannot read the pickle as a block's places must be a short range: they are not");
    }
    const length = Math.max(0, Math.ceil((end - first) / by));
    this.room.take(8 * length);
    return Array.from({ length }, (_, i) => first + i * by);
  }
}

/** The bytes of a text whose characters are bytes: `_codecs.encode(text, "latin1")`, as protocol 2 writes bytes. */
function latin1(text: unknown, encoding: unknown, room: Room): Uint8Array {
  if (!(text instanceof PickledText) || !["latin1", "latin-1"].includes(plainText(encoding, "an encoding"))) {
    throw new SyntaxError("Cannot read the pickle as its bytes must be written as Latin-1: some are not");
  }
  room.take(3 * (text.length));
  const bytes = Uint8Array.from(String(text), (character) => character.codePointAt(0)!);
  return bytes;
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined) return new Uint8Array(0);
  throw new SyntaxError("Cannot read the pickle as a buffer must hold bytes: one does not");
}

/** A global that is there under several names. */
function named(names: readonly string[], call: PickledGlobal["call"]): [string, PickledGlobal][] {
  return names.map((name) => [name, { call }]);
}

/** The allow-list of data/paper/README.md, "Data", with what older protocols and pandas 3 add: everything else is an error that names the global. */
export function pandasGlobals({ literals, room }: PickleContext): ReadonlyMap<string, PickledGlobal> {
  const isColumnMajor = (order: unknown): boolean =>
    order !== undefined && plainText(order, "an array's order") === "F";
  return new Map([
    ...named(["pandas.core.frame.DataFrame", "pandas.DataFrame"], () => new PickledDataFrame()),
    ...named(["pandas.core.internals.managers.BlockManager"], managerOf),
    ...named(["pandas._libs.internals._unpickle_block"], blockOf),
    ...named(["pandas.core.indexes.base._new_Index"], ([, data]) => new Index(data instanceof Map ? data : new Map())),
    ...named([
      "pandas.core.indexes.base.Index",
      "pandas.Index",
      "pandas.core.indexes.range.RangeIndex",
      "pandas.RangeIndex",
    ], () => null),
    ...named(["builtins.slice", "__builtin__.slice"], (parts) => new Slice(parts, room)),
    ...named(["builtins.bytearray", "__builtin__.bytearray", "__builtin__.bytes"], ([value]) => bytesOf(value)),
    ...named(["_codecs.encode"], ([text, encoding]) => latin1(text, encoding, room)),
    ...named(["numpy.ndarray"], () => null),
    ...named(["numpy.dtype"], ([code]) => new Dtype(code)),
    ...named(
      ["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"],
      () => new NdArray(literals, room),
    ),
    ...named(
      ["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"],
      ([dtype, data]) => new NdArray(literals, room).fill({ shape: [1], dtype, columnMajor: false, data }).items()[0],
    ),
    ...named(
      ["numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"],
      ([data, dtype, shape, order]) =>
        new NdArray(literals, room).fill({ shape, dtype, columnMajor: isColumnMajor(order), data }),
    ),
    ...named(["pandas.StringDtype", "pandas.core.arrays.string_.StringDtype"], () => null),
    ...named(["pandas._libs.arrays.__pyx_unpickle_NDArrayBacked"], () => new StringArray()),
    ...named(["pandas.arrays.StringArray", "pandas.core.arrays.string_.StringArray"], () => new StringArray()),
    ...named(
      ["pandas.arrays.ArrowStringArray", "pandas.core.arrays.string_arrow.ArrowStringArray"],
      () => new ArrowStringArray(),
    ),
    ...named(["pyarrow.lib._restore_array"], ([state]) => ArrowTexts.restored(state, room)),
    ...named(["pyarrow.lib.type_for_alias"], ([name]) => plainText(name, "a type's name")),
    ...named(["pyarrow.lib.py_buffer"], ([bytes]) => bytesOf(bytes)),
  ]);
}
