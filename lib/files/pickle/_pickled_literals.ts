import { type ByteSource, ByteWindow } from "../byte_source.ts";
import { PickledText, SHORT_BYTES } from "./pickled_text.ts";
import type { Room } from "./_pickled_values.ts";

/** The value of a literal. */
export type Literal = PickledText | number | bigint | boolean | null;

/** A literal's opcode and what tells its length or value take at most so many bytes. */
export const HEAD_BYTES = 9;
const WINDOW_BYTES = 2 ** 18;
/** Price of moving the window, in bytes of {@linkcode Room}, so that a file that makes the window jump cannot take very long. */
const MOVE = 256;

/**
 * The texts, numbers, truth values and nothings of a pickle. They stay in the file: the machine handles them as the offsets of their opcodes, which
 * takes no memory beside the number, and what nobody asks for is never made.
 */
export class Literals {
  private readonly window: ByteWindow;

  constructor(source: ByteSource, private readonly room: Room) {
    this.window = new ByteWindow(source, WINDOW_BYTES, () => room.take(MOVE));
  }

  /** The value of an item: an offset stands for its literal, anything else for itself. */
  valueOf(item: unknown): unknown {
    return typeof item === "number" ? this.at(item) : item instanceof MadeNumber ? item.value : item;
  }

  /** The values of a list's items. */
  valuesOf(items: readonly unknown[]): unknown[] {
    this.room.take(TEXT * items.length);
    return items.map((item) => this.valueOf(item));
  }

  /** The literal whose opcode stands at `offset`. */
  at(offset: number): Literal {
    const at = this.window.at(offset, HEAD_BYTES);
    const { bytes } = this.window;
    const opcode = bytes[at];
    switch (opcode) {
      case 0x8c: // SHORT_BINUNICODE
        return this.text(offset + 2, bytes[at + 1]);
      case 0x58: // BINUNICODE
        return this.text(offset + 5, u32(bytes, at + 1));
      case 0x8d: // BINUNICODE8; the machine has checked that the upper half is small
        return this.text(offset + 9, u32(bytes, at + 1) + 2 ** 32 * u32(bytes, at + 5));
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return opcode === 0x88;
      case 0x8a: // LONG1
        return this.long(offset + 2, bytes[at + 1]);
      default:
        return this.number(bytes, at);
    }
  }

  /** BININT1, BININT2, BININT or BINFLOAT. */
  private number(bytes: Uint8Array, at: number): number {
    if (bytes[at] === 0x4b) return bytes[at + 1];
    if (bytes[at] === 0x4d) return bytes[at + 1] | bytes[at + 2] << 8;
    if (bytes[at] === 0x4a) return u32(bytes, at + 1) | 0;
    for (let i = 0; i < 8; i++) FLOAT_BYTES[7 - i] = bytes[at + 1 + i];
    return FLOAT[0];
  }

  private text(start: number, length: number): PickledText {
    return new PickledText(this.window, start, start + length);
  }

  /** A whole number of `length` bytes, little-endian, two's complement. */
  private long(start: number, length: number): number | bigint {
    const bytes = this.window.part(start, start + length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[i]);
    if (length > 0 && bytes[length - 1] >= 128) value -= 1n << BigInt(8 * length);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  /** A column of numbers and nothings, which become `NaN`; `null` where one is something else. */
  numbers(
    items: readonly unknown[],
    { first, length }: { readonly first: number; readonly length: number },
  ): Float64Array | null {
    const numbers = new Float64Array(length);
    const { window } = this;
    for (let i = 0; i < length; i++) {
      const item = items[first + i];
      if (item instanceof MadeNumber) {
        numbers[i] = item.value;
        continue;
      }
      if (item === null) {
        numbers[i] = NaN;
        continue;
      }
      if (typeof item !== "number") return null;
      const at = window.at(item, HEAD_BYTES);
      const opcode = window.bytes[at];
      if (opcode === 0x4e) numbers[i] = NaN;
      else if (opcode === 0x47 || opcode === 0x4b || opcode === 0x4a || opcode === 0x4d) {
        numbers[i] = this.number(window.bytes, at);
      } else return null;
    }
    return numbers;
  }

  /** A column of anything: short texts are strings, of which each is made once; long ones stay ranges; `other` stands for objects. */
  cells(
    items: readonly unknown[],
    { first, length, other }: { readonly first: number; readonly length: number; readonly other: unknown },
  ): unknown[] {
    const cells: unknown[] = new Array(length);
    const known = new Map<number, unknown>();
    this.room.take(TEXT * length);
    for (let i = 0; i < length; i++) {
      const item = items[first + i];
      if (typeof item !== "number") {
        cells[i] = item instanceof MadeNumber ? item.value : typeof item === "string" || item === null ? item : other;
        continue;
      }
      let cell = known.get(item);
      if (cell === undefined) {
        cell = this.at(item);
        if (cell instanceof PickledText && cell.length <= SHORT_BYTES) known.set(item, cell = String(cell));
      }
      cells[i] = cell;
    }
    return cells;
  }
}

/** A number that a global made. It is wrapped, as a plain number would be the offset of a literal. */
export class MadeNumber {
  constructor(readonly value: number) {}
}

/** Bytes that a text takes in memory while it is a range, roughly. */
const TEXT = 56;
const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);

/** Four bytes as a number, little-endian. */
export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}

/** A list: its items are offsets of literals, or objects. */
export class PickledList {
  /** The items as the machine has them. */
  readonly items: unknown[] = [];
  constructor(private readonly literals: Literals) {}

  /** The values of the items. */
  values(): unknown[] {
    return this.literals.valuesOf(this.items);
  }
}
