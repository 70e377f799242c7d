import { isBuildable, isGlobal, type PickledGlobal, PickledText, Room } from "./_pickled_values.ts";

const MARK = Symbol("mark");
const PROTOCOLS = [2, 3, 4, 5];
/** Names of globals and keys of dictionaries are short; a long one, asked for again and again, would take for ever to decode. */
const MOST_NAME_BYTES = 1000;

/** Bytes that an object takes in memory, roughly. */
const SLOT = 8, ENTRY = 64, TEXT = 48, BYTES = 96, LIST = 48, DICTIONARY = 192;

/** What an opcode does. */
export type Step = (machine: PickleMachine) => void;

/** The stack machine of one pickle. */
export class PickleMachine {
  private at = 0;
  private stack: unknown[] = [];
  /** What was memoized, in order; entries that were put out of order stand in `sparse`. */
  private readonly memo: unknown[] = [];
  private readonly sparse = new Map<number, unknown>();
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly globals: ReadonlyMap<string, PickledGlobal>,
    private readonly room = new Room(bytes.length),
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Runs the pickle to its STOP and returns what is on top of the stack. */
  run(steps: ReadonlyMap<number, Step>): unknown {
    if (this.bytes[0] !== 0x80) {
      throw new SyntaxError("Cannot read the pickle as it must begin with its protocol: it does not; pass a file that pandas wrote");
    }
    for (;;) {
      const opcode = this.bytes[this.take(1)];
      if (opcode === 0x2e) return this.pop();
      const step = steps.get(opcode);
      if (step === undefined) {
        throw new SyntaxError(
          `Cannot read the pickle as its opcodes must be those of plain data: 0x${opcode.toString(16)} stands at byte ${this.at - 1}`,
        );
      }
      step(this);
    }
  }

  /** Moves over `length` bytes and returns where they start. */
  take(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw new SyntaxError(
        `Cannot read the pickle as it must be whole: it ends at byte ${this.bytes.length} where ${length} more are needed from ${start}; fetch the file again`,
      );
    }
    this.at += length;
    return start;
  }

  u8 = (): number => this.bytes[this.take(1)];
  u16 = (): number => this.view.getUint16(this.take(2), true);
  i32 = (): number => this.view.getInt32(this.take(4), true);
  u32 = (): number => this.view.getUint32(this.take(4), true);
  f64 = (): number => this.view.getFloat64(this.take(8), false);
  u64(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(this.bytes.length)) this.take(Infinity);
    return Number(value);
  }

  /** A whole number of `length` bytes, little-endian, two's complement. */
  long(length: number): number {
    const start = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = value << 8n | BigInt(this.bytes[start + i]);
    if (length > 0 && this.bytes[start + length - 1] >= 128) value -= 1n << BigInt(8 * length);
    return Number(value);
  }

  text(length: number): void {
    const start = this.take(length);
    this.room.take(TEXT);
    this.push(new PickledText(this.bytes, start, start + length));
  }

  raw(length: number): void {
    const start = this.take(length);
    this.room.take(BYTES);
    this.push(this.bytes.subarray(start, start + length));
  }

  /** A text up to the next line feed, as the oldest opcodes write it. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    const start = this.take(end < 0 ? Infinity : end - this.at + 1);
    return this.decoded(new PickledText(this.bytes, start, end));
  }

  push(value: unknown): void {
    this.room.take(SLOT);
    this.stack.push(value);
  }

  list(items: unknown[]): void {
    this.room.take(LIST + SLOT * items.length);
    this.push(items);
  }

  dictionary(): void {
    this.room.take(DICTIONARY);
    this.push(new Map());
  }

  /** A short text: a name or a key. */
  private decoded(text: PickledText): string {
    if (text.end - text.start > MOST_NAME_BYTES) this.malformed(`a name has ${text.end - text.start} bytes`);
    return String(text);
  }

  pop(): unknown {
    if (this.stack.length === 0 || this.stack[this.stack.length - 1] === MARK) this.malformed("a value is missing on the stack");
    return this.stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.stack.push(MARK);
  }

  /** The values above the last mark, which goes too. */
  popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) this.malformed("a mark is missing on the stack");
    const values = this.stack.slice(mark + 1);
    this.stack.length = mark;
    return values;
  }

  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  put(index: number): void {
    if (index > this.bytes.length) this.malformed(`memo entry ${index} is beyond the file's size`);
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
    if (index >= this.memo.length && !this.sparse.has(index)) this.malformed(`memo entry ${index} is not there`);
    this.push(index < this.memo.length ? this.memo[index] : this.sparse.get(index));
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) return this.malformed("items are added to what is not a list");
    this.room.take(SLOT * values.length);
    for (const value of values) list.push(value);
  }

  setItems(values: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map) || values.length % 2 !== 0) return this.malformed("pairs are added to what is not a dictionary");
    this.room.take(ENTRY * values.length);
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i];
      map.set(key instanceof PickledText ? this.decoded(key) : key, values[i + 1]);
    }
  }

  global(module: string, name: string): void {
    const found = this.globals.get(`${module}.${name}`);
    if (found === undefined) {
      throw new SyntaxError(
        `Cannot read the pickle as it may name only what a table of outcomes needs: it names "${module}.${name}"; nothing was executed, do not trust the file`,
      );
    }
    this.push(found);
  }

  stackGlobal(): void {
    const [module, name] = this.popMany(2);
    if (!(module instanceof PickledText) || !(name instanceof PickledText)) return this.malformed("a global's name is not a text");
    this.global(this.decoded(module), this.decoded(name));
  }

  call(): void {
    const [callee, args] = this.popMany(2);
    if (!isGlobal(callee) || !Array.isArray(args)) return this.malformed("what is called is not a global");
    this.push(callee.call(args));
  }

  build(): void {
    const [target, state] = this.popMany(2);
    if (!isBuildable(target)) return this.malformed("a state is given to what takes none");
    target.build(state);
    this.push(target);
  }

  protocol(version: number): void {
    if (!PROTOCOLS.includes(version)) this.malformed(`its protocol is ${version}, known are ${PROTOCOLS.join(", ")}`);
  }

  malformed(found: string): never {
    throw new SyntaxError(`Cannot read the pickle as it must be well-formed: ${found} before byte ${this.at}; fetch the file again`);
  }
}
