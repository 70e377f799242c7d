import { type Buildable, type PickledGlobal, PickledText } from "./_pickle_machine.ts";
import { readPickle } from "./pickle_reader.ts";

/** A column: numbers where the file has a block of numbers, else single objects (texts, numbers, `null`). */
export type PandasColumn = Float64Array | readonly unknown[];

/** The columns of a pickled pandas data frame, by name, in the file's order. */
export interface PandasFrame {
  /** Number of rows. */
  readonly nRows: number;
  /** The columns. */
  readonly columns: ReadonlyMap<string, PandasColumn>;
}

/**
 * Reads a pickled `pandas.DataFrame` of object and float64 columns without executing anything.
 *
 * **Source**: pandas' `BlockManager` as versions 1.5 and 2 write it (paper.md section 3): blocks of rows = columns, and their placements.
 *
 * @throws SyntaxError where the bytes are not such a pickle, are cut, or name another global
 */
export function readPandasFrame(bytes: Uint8Array): PandasFrame {
  const frame = readPickle(bytes, GLOBALS);
  if (!(frame instanceof Frame) || frame.manager === null) {
    throw new SyntaxError("Cannot read the pickle as it must hold a pandas data frame: it holds something else");
  }
  const { blocks, axes } = frame.manager;
  const names = namesOf(axes[0]), nRows = lengthOf(axes[1]);
  const found = new Map<string, PandasColumn>();
  for (const block of blocks) {
    if (block.values.shape.length !== 2 || block.values.shape[0] !== block.places.length || block.values.shape[1] !== nRows) {
      throw new SyntaxError(`Cannot read the pickle as each block must hold ${nRows} rows: one is ${block.values.shape.join("×")}`);
    }
    block.places.forEach((place, row) => found.set(need(names[place], "a block's column has no name"), block.values.rowOfFirstAxis(row)));
  }
  return { nRows, columns: new Map(names.map((name) => [name, need(found.get(name), `column "${name}" is in no block`)])) };
}

function need<T>(value: T | undefined, found: string): T {
  if (value === undefined) throw new SyntaxError(`Cannot read the pickle as its data frame must be whole: ${found}`);
  return value;
}

/** numpy's dtype: only objects and 8-byte numbers occur. */
class Dtype implements Buildable {
  constructor(readonly code: string) {}
  build(state: unknown): void {
    if (Array.isArray(state) && state[1] instanceof PickledText && String(state[1]) === ">") {
      throw new SyntaxError("Cannot read the pickle as its numbers must be little-endian: they are big-endian");
    }
  }
}

/** numpy's array of one or two axes. */
class NdArray implements Buildable {
  shape: number[] = [];
  private values: readonly unknown[] | Float64Array = [];
  private columnMajor = false;

  build(state: unknown): void {
    const [, shape, dtype, columnMajor, data] = Array.isArray(state) ? state : [];
    this.fill(shape, dtype, columnMajor === true, data);
  }

  fill(shape: unknown, dtype: unknown, columnMajor: boolean, data: unknown): this {
    if (!Array.isArray(shape) || shape.some((length) => !Number.isInteger(length) || length < 0) || !(dtype instanceof Dtype)) {
      throw new SyntaxError("Cannot read the pickle as an array must have a shape and a type: one has not");
    }
    const size = shape.reduce((product, length) => product * length, 1);
    if (dtype.code === "O8" && Array.isArray(data)) this.values = data;
    else if (["f8", "i8"].includes(dtype.code) && data instanceof Uint8Array && data.length === 8 * size) {
      this.values = numbers(data, dtype.code);
    } else {throw new SyntaxError(
        `Cannot read the pickle as an array must hold objects or 8-byte numbers: one of type "${dtype.code}" does not`,
      );}
    if (this.values.length !== size) {
      throw new SyntaxError(
        `Cannot read the pickle as an array of ${shape.join("×")} must have ${size} items: one has ${this.values.length}`,
      );
    }
    this.shape = shape;
    // numpy writes lists of objects in row-major order even where the array in memory was not.
    this.columnMajor = columnMajor && this.values instanceof Float64Array;
    return this;
  }

  /** Row `row` of an array of two axes: one column of the data frame. */
  rowOfFirstAxis(row: number): PandasColumn {
    const { values, shape: [rows, length] } = this;
    if (this.columnMajor) return Float64Array.from({ length }, (_, i) => values[i * rows + row] as number);
    const range = [row * length, (row + 1) * length];
    return values instanceof Float64Array ? values.subarray(...range) : values.slice(...range);
  }

  items(): readonly unknown[] {
    return Array.from(this.values);
  }
}

function numbers(data: Uint8Array, code: string): Float64Array {
  const aligned = data.slice().buffer;
  return code === "f8" ? new Float64Array(aligned) : Float64Array.from(new BigInt64Array(aligned), Number);
}

/** An index: names of columns, or the range of rows. */
class Index {
  constructor(readonly data: ReadonlyMap<unknown, unknown>) {}
}

function namesOf(index: unknown): string[] {
  const data = index instanceof Index ? index.data.get("data") : undefined;
  if (!(data instanceof NdArray)) throw new SyntaxError("Cannot read the pickle as its columns must have names: they have none");
  return data.items().map(String);
}

function lengthOf(index: unknown): number {
  if (index instanceof Index) {
    const data = index.data.get("data");
    if (data instanceof NdArray) return data.shape[0];
    const [start, stop, step] = ["start", "stop", "step"].map((name) => Number(index.data.get(name)));
    const length = Math.ceil((stop - start) / step);
    if (Number.isInteger(length) && length >= 0) return length;
  }
  throw new SyntaxError("Cannot read the pickle as its rows must have an index: they have none");
}

interface Block {
  readonly values: NdArray;
  readonly places: readonly number[];
}

interface BlockManager {
  readonly blocks: readonly Block[];
  readonly axes: readonly unknown[];
}

function blockOf([values, placement]: readonly unknown[]): Block {
  const places = placement instanceof NdArray ? placement.items().map(Number) : Array.isArray(placement) ? placement : null;
  if (!(values instanceof NdArray) || places === null) {
    throw new SyntaxError("Cannot read the pickle as a block must have values and places: one has not");
  }
  return { values, places };
}

/** The data frame that the pickle builds. */
class Frame implements Buildable {
  manager: BlockManager | null = null;
  build(state: unknown): void {
    const manager = state instanceof Map ? state.get("_mgr") : undefined;
    if (typeof manager === "object" && manager !== null && "blocks" in manager) this.manager = manager as BlockManager;
  }
}

/** `slice(start, stop, step)` as the places it stands for. */
function placesOfSlice([start, stop, step]: readonly unknown[]): number[] {
  const [first, end, by] = [start, stop, step ?? 1].map(Number);
  if (![first, end, by].every(Number.isInteger) || by <= 0 || end - first > 1e6) {
    throw new SyntaxError("Cannot read the pickle as a block's places must be a short range: they are not");
  }
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / by)) }, (_, i) => first + i * by);
}

const inert = (): PickledGlobal => ({ call: () => null });
const both = (
  name: string,
  global: PickledGlobal,
): [string, PickledGlobal][] => [[`numpy.core.${name}`, global], [`numpy._core.${name}`, global]];

/** The allow-list of paper.md section 3: everything else is an error that names the global. */
const GLOBALS: ReadonlyMap<string, PickledGlobal> = new Map([
  ["pandas.core.frame.DataFrame", { call: () => new Frame() }],
  ["pandas.core.internals.managers.BlockManager", { call: ([blocks, axes]) => ({ blocks, axes }) }],
  ["pandas._libs.internals._unpickle_block", { call: (args) => blockOf(args) }],
  ["pandas.core.indexes.base._new_Index", { call: ([, data]) => new Index(data instanceof Map ? data : new Map()) }],
  ["pandas.core.indexes.base.Index", inert()],
  ["pandas.core.indexes.range.RangeIndex", inert()],
  ["builtins.slice", { call: (args) => placesOfSlice(args) }],
  ["numpy.ndarray", inert()],
  ["numpy.dtype", { call: ([code]) => new Dtype(String(code)) }],
  ...both("multiarray._reconstruct", { call: () => new NdArray() }),
  ...both("numeric._frombuffer", { call: ([data, dtype, shape, order]) => new NdArray().fill(shape, dtype, String(order) === "F", data) }),
]);
