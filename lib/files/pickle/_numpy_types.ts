import { PickledText } from "./pickled_text.ts";
import type { Buildable, Room } from "./_pickled_values.ts";

/** A column: numbers where the file has a block of numbers, else single objects (texts, numbers, `null`). */
export type PandasColumn = Float64Array | readonly unknown[];

/** A short text where the pickle must have one; any other value is refused. */
export function plainText(value: unknown, what: string): string {
  if (value instanceof PickledText && value.length <= 1000) return String(value);
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SyntaxError(`Cannot read the pickle as ${what} must be a short text: one is none`);
}

/** numpy's dtype. */
export class Dtype implements Buildable {
  /** Such as `f8`, `i4`, `b1`, `O8`; `<` and `|` before it say nothing on the machines there are. */
  readonly code: string;
  /** Of times and durations: what they count, such as `ns`. */
  unit: string | null = null;
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
    if (Array.isArray(state) && /^[Mm]8/.test(this.code)) this.unit = unitOf(state[8]);
  }
}

/** The unit in the metadata of a type of times: `({}, (b"ns", 1, 1, 1))`. */
function unitOf(metadata: unknown): string | null {
  const [unit, times] = Array.isArray(metadata) && Array.isArray(metadata[1]) ? metadata[1] : [];
  if (times !== 1) return null;
  return unit instanceof Uint8Array
    ? new TextDecoder().decode(unit.subarray(0, 4))
    : unit instanceof PickledText
    ? plainText(unit, "a unit")
    : null;
}

function bigEndian(): SyntaxError {
  return new SyntaxError("Cannot read the pickle as its numbers must be little-endian: they are big-endian");
}

/** The reader of a kind of number. */
export interface NumberKind {
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
const WHOLE: NumberKind = {
  bytes: 8,
  read: (view, at) => Number(view.getBigInt64(at, true)),
  exact: (view, at) => view.getBigInt64(at, true),
};
export const NUMBERS: ReadonlyMap<string, NumberKind> = new Map([
  ["M8", WHOLE],
  ["m8", WHOLE],
  ["b1", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["i1", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["i2", { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  ["i4", { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  ["i8", WHOLE],
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
export function textsOf({ code }: Dtype, data: unknown, room: Room): string[] | null {
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

/** Numbers of an array as doubles; where one is too long a whole number for a double, all as numbers and texts of their digits. */
export function wholeCells(
  { view, kind }: { readonly view: DataView; readonly kind: NumberKind },
  { first, length, step, room }: {
    readonly first: number;
    readonly length: number;
    readonly step: number;
    readonly room: Room;
  },
): PandasColumn {
  const { bytes, read, exact = null } = kind;
  const cells = new Float64Array(length);
  for (let i = 0, at = first * bytes; i < length; i++, at += step * bytes) {
    cells[i] = read(view, at);
    if (bytes === 8 && exact !== null && !Number.isSafeInteger(cells[i])) {
      room.take(64 * length);
      return Array.from({ length }, (_, row) => digitsOf(exact(view, (first + row * step) * bytes)));
    }
  }
  return cells;
}
