import type { PickleInput } from "./_input.ts";
import { HEAD_BYTES, type Literals, MadeNumber, PickledList, u32 } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import { MISSING, notNeeded } from "./_foreign_names.ts";
import { isBuildable, isGlobal, type PickledGlobal, type Room } from "./_pickled_values.ts";

const PROTOCOLS = [2, 3, 4, 5];
/** The memory taken is checked after so many bytes. */
const MOST_AT_ONCE = 2 ** 18;
const MEMOIZE = 0x94;
const SHORT_BINUNICODE = 0x8c;
const BINUNICODE = 0x58;
const BINFLOAT = 0x47;
const STOP = 0x2e;

/** Bytes that an object takes in memory, roughly. */
const SLOT = 8;
const ENTRY = 64;
const LITERAL = 48;
const BYTES = 96;
const LIST = 64;
const DICTIONARY = 192;

/** The action of an opcode. */
export type Step = (machine: PickleMachine) => void;

/**
 * The stack machine of one pickle. A number on the stack, in the memo or in a list is the offset of a literal ({@linkcode Literals}); tuples,
 * dictionaries and what globals are given have the literals themselves.
 */
export class PickleMachine {
  /** The values since the last mark; those before each mark, the first of all first. */
  private stack: unknown[] = [];
  private readonly beforeMarks: unknown[][] = [];
  /** What was memoized, in order; entries that were put out of order stand in `sparse`. */
  private readonly memo: unknown[] = [];
  private readonly sparse = new Map<number, unknown>();

  constructor(
    readonly input: PickleInput,
    private readonly literals: Literals,
    private readonly room: Room,
    private readonly globals: ReadonlyMap<string, PickledGlobal>,
  ) {}

  /** Runs the pickle to its STOP and returns what is on top of the stack. */
  run(steps: readonly (Step | undefined)[]): unknown {
    if (this.input.source.size === 0 || this.input.window.part(0, 1)[0] !== 0x80) {
      throw new SyntaxError(
        "Cannot read the pickle as it must begin with its protocol: it does not; pass a file that pandas wrote",
      );
    }
    for (;;) {
      this.passLiterals();
      const opcode = this.input.u8();
      const step = steps[opcode];
      if (opcode === STOP) return this.literals.valueOf(this.pop());
      if (step === undefined) {
        throw new SyntaxError(
          `Cannot read the pickle as its opcodes must be those of plain data: 0x${opcode.toString(16)} stands at byte ${
            this.input.at - 1
          }`,
        );
      }
      step(this);
    }
  }

  /**
   * Puts the literals and memo entries that come next on the stack and into the memo, as far as they stand in the window: nearly all of a table.
   * Anything cut or misplaced is left to the single steps, which report errors.
   */
  private passLiterals(): void {
    const at = this.input.window.at(this.input.at, HEAD_BYTES);
    const { stack, memo } = this;
    const { bytes, first, last } = this.input.window;
    const end = Math.min(last - first, at + MOST_AT_ONCE) - HEAD_BYTES;
    const rest = this.input.source.size - first;
    let next = at;
    let count = 0;
    for (; next < end; count++) {
      const opcode = bytes[next];
      let length = 0;
      if (opcode === MEMOIZE) {
        const top = stack[stack.length - 1];
        if (top === undefined) break;
        memo.push(top);
        next++;
        continue;
      } else if (opcode === SHORT_BINUNICODE) length = 2 + bytes[next + 1];
      else if (opcode === BINUNICODE) length = 5 + u32(bytes, next + 1);
      else if (opcode === BINFLOAT) length = 9;
      if (length === 0 || length > rest - next) break;
      stack.push(first + next);
      next += length;
    }
    this.input.at = first + next;
    this.room.take(SLOT * count);
  }

  /** A literal whose opcode and `nRead` more bytes were read; `length` bytes follow. */
  literal(nRead: number, length: number): void {
    const start = this.input.at - nRead - 1;
    this.input.take(length);
    this.push(start);
  }

  raw(length: number): void {
    this.room.take(BYTES + (this.input.source.whole === null ? Math.min(length, this.input.source.size) : 0));
    this.push(this.input.bytes(length));
  }

  push(value: unknown): void {
    this.room.take(SLOT);
    this.stack.push(value);
  }

  /** A tuple of literals and objects. */
  tuple(items: readonly unknown[]): void {
    this.room.take(LIST + (SLOT + LITERAL) * items.length);
    this.push(items.map((item) => this.literals.valueOf(item)));
  }

  list(): void {
    this.room.take(LIST);
    this.push(new PickledList(this.literals));
  }

  dictionary(): void {
    this.room.take(DICTIONARY);
    this.push(new Map());
  }

  pop(): unknown {
    if (this.stack.length === 0) this.input.malformed("a value is missing on the stack");
    return this.stack.pop();
  }

  private top(): unknown {
    if (this.stack.length === 0) this.input.malformed("a value is missing on the stack");
    return this.stack[this.stack.length - 1];
  }

  mark(): void {
    this.room.take(LIST);
    this.beforeMarks.push(this.stack);
    this.stack = [];
  }

  /** The values since the last mark, which goes too. */
  popToMark(): unknown[] {
    const values = this.stack;
    const before = this.beforeMarks.pop();
    if (before === undefined) return this.input.malformed("a mark is missing on the stack");
    this.stack = before;
    return values;
  }

  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  put(index: number): void {
    if (index > this.input.source.size) this.input.malformed(`memo entry ${index} is beyond the file's size`);
    const value = this.top();
    if (index < this.memo.length) this.memo[index] = value;
    else if (index === this.memo.length) this.remember(value);
    else {
      this.room.take(ENTRY);
      this.sparse.set(index, value);
    }
  }

  private remember(value: unknown): void {
    this.room.take(SLOT);
    this.memo.push(value);
  }

  memoize(): void {
    this.remember(this.top());
  }

  get(index: number): void {
    if (index >= this.memo.length && !this.sparse.has(index)) this.input.malformed(`memo entry ${index} is not there`);
    this.push(index < this.memo.length ? this.memo[index] : this.sparse.get(index));
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!(list instanceof PickledList)) return this.input.malformed("items are added to what is not a list");
    this.room.take(SLOT * values.length);
    for (const value of values) list.items.push(value);
  }

  setItems(values: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map) || values.length % 2 !== 0) {
      return this.input.malformed("pairs are added to what is not a dictionary");
    }
    this.room.take(ENTRY * values.length);
    for (let i = 0; i < values.length; i += 2) {
      const key = this.literals.valueOf(values[i]);
      map.set(key instanceof PickledText ? this.input.name(key) : key, this.literals.valueOf(values[i + 1]));
    }
  }

  global(module: string, name: string): void {
    const whole = `${module}.${name}`;
    // The one object that stands for a missing cell.
    if (MISSING.has(whole)) return this.push(null);
    const found = this.globals.get(whole);
    if (found === undefined) throw notNeeded(module, name);
    this.push(found);
  }

  stackGlobal(): void {
    const [module, name] = this.popMany(2).map((item) => this.literals.valueOf(item));
    if (!(module instanceof PickledText) || !(name instanceof PickledText)) {
      return this.input.malformed("a global's name is not a text");
    }
    this.global(this.input.name(module), this.input.name(name));
  }

  call(): void {
    const [callee, args] = this.popMany(2);
    if (!isGlobal(callee) || !Array.isArray(args)) return this.input.malformed("what is called is not a global");
    const made = callee.call(args);
    this.push(typeof made === "number" ? new MadeNumber(made) : made);
  }

  build(): void {
    const [target, state] = this.popMany(2);
    if (!isBuildable(target)) return this.input.malformed("a state is given to what takes none");
    target.build(this.literals.valueOf(state));
    this.push(target);
  }

  protocol(version: number): void {
    if (!PROTOCOLS.includes(version)) {
      this.input.malformed(`its protocol is ${version}, known are ${PROTOCOLS.join(", ")}`);
    }
  }
}
