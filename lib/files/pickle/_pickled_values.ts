/** A global of the pickle: `call` makes the object, `build` gives it its state. */
export interface PickledGlobal {
  /** Makes the object from the arguments that the pickle gives. */
  call(args: readonly unknown[]): unknown;
}

/** An object that takes a state after it was made (the BUILD opcode). */
export interface Buildable {
  /** Takes the state. */
  build(state: unknown): void;
}

/**
 * Memory that a reader may take: twice the file's size and this much for small files. What a table of outcomes needs is far below; a few bytes of
 * a hostile file can ask for any amount.
 */
export class Room {
  private left: number;
  private static readonly SMALL_FILE = 2 ** 26;

  constructor(private readonly fileBytes: number) {
    this.left = 2 * fileBytes + Room.SMALL_FILE;
  }

  /** Takes room. */
  take(bytes: number): void {
    this.left -= bytes;
    if (!(this.left >= 0)) {
      throw new SyntaxError(
        `Cannot read the pickle as its objects must fit into twice its size: they are larger than that of ${this.fileBytes} bytes; do not trust the file`,
      );
    }
  }
}

/** Whether a value may be called. */
export function isGlobal(value: unknown): value is PickledGlobal {
  return typeof value === "object" && value !== null && "call" in value && typeof value.call === "function";
}

/** Whether a value takes a state. */
export function isBuildable(value: unknown): value is Buildable {
  return typeof value === "object" && value !== null && "build" in value && typeof value.build === "function";
}

/** The parts of a state: pandas' versions write a tuple, or a dictionary. */
export function partsOf(state: unknown): readonly unknown[] {
  if (state instanceof Map) return [...state.values()];
  return Array.isArray(state) ? state.flatMap((part) => part instanceof Map ? [...part.values()] : [part]) : [];
}

/** The part of a state that is of a kind. */
export function partOf<T>(state: unknown, Kind: new (...args: never[]) => T, what: string): T {
  const found = partsOf(state).find((part) => part instanceof Kind);
  if (found === undefined) throw new SyntaxError(`Cannot read the pickle as ${what} must be whole: a part is missing`);
  return found as T;
}
