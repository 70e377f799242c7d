const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** How the cells and rows of a file are parted. */
export interface Dialect {
  /** The byte between two cells. */
  readonly delimiter: number;
  /** True where a carriage return alone ends a row, as old programs of the Macintosh write it. */
  readonly endsByReturn: boolean;
}

/** How a cell is written. */
export const PLAIN = 0;
export const QUOTED = 1;
/** In quotes, with quotes in it that are written twice. */
export const DOUBLED = 2;

/** The cells of one row, as the places of their bytes. */
export class CsvRow {
  /** Where each cell begins and ends, and how it is written. */
  readonly places: number[] = [];
  nCells = 0;
  /** Line feeds (or returns) that were passed, those in quotes included. */
  nLines = 0;
  private readonly stops = new Uint8Array(256);

  /**
   * Finds the cells of the row that begins at `from`.
   *
   * @param isLast whether the file ends with these bytes
   * @returns where the next row begins, −1 where these bytes end before the row does
   * @throws SyntaxError where a quote is left open, or text follows the quote that closes a cell
   */
  read(
    bytes: Uint8Array,
    from: number,
    { delimiter, endsByReturn, isLast }: Dialect & { readonly isLast: boolean },
  ): number {
    const end = bytes.length;
    const linesBefore = this.nLines;
    this.nCells = 0;
    for (let at = from;;) {
      let next = at;
      if (at < end && bytes[at] === QUOTE) {
        next = this.quoted(bytes, at, isLast);
        if (next < 0) return this.cut(linesBefore);
        const follows = bytes[next];
        if (next < end && follows !== delimiter && follows !== LINE_FEED && follows !== CARRIAGE_RETURN) {
          throw new SyntaxError(
            `a cell in quotes on line ${
              this.nLines + 1
            } must end with its quote: text follows it; write a quote in a cell twice`,
          );
        }
      } else {
        const stops = this.stopsAt(delimiter);
        for (; next < end; next++) {
          if (stops[bytes[next]] === 0) continue;
          if (bytes[next] !== CARRIAGE_RETURN || endsByReturn || next + 1 >= end || bytes[next + 1] === LINE_FEED) {
            break;
          }
        }
        this.put(at, next, PLAIN);
      }
      if (next < end && bytes[next] === delimiter) {
        at = next + 1;
        continue;
      }
      const isReturn = bytes[next] === CARRIAGE_RETURN;
      if (next >= end || (isReturn && !endsByReturn && next + 1 >= end)) return isLast ? end : this.cut(linesBefore);
      this.nLines++;
      return next + (isReturn && bytes[next + 1] === LINE_FEED ? 2 : 1);
    }
  }

  /** Notes the cell whose first quote stands at `at`; returns what follows its last one. */
  private quoted(bytes: Uint8Array, at: number, isLast: boolean): number {
    const end = bytes.length;
    let kind = QUOTED;
    for (let next = at + 1; next < end; next++) {
      const byte = bytes[next];
      if (byte === LINE_FEED) this.nLines++;
      if (byte !== QUOTE) continue;
      if (next + 1 === end && !isLast) return -1;
      if (bytes[next + 1] !== QUOTE) {
        this.put(at + 1, next, kind);
        return next + 1;
      }
      kind = DOUBLED;
      next++;
    }
    if (isLast) {
      throw new SyntaxError(
        "each quote that opens a cell must be closed: the last is not; close it, or write a quote in a cell twice",
      );
    }
    return -1;
  }

  /** 1 for each byte that may end a plain cell: one look at a table is faster than three comparisons. */
  private stopsAt(delimiter: number): Uint8Array {
    if (this.stops[delimiter] === 0) {
      this.stops.fill(0);
      for (const byte of [delimiter, LINE_FEED, CARRIAGE_RETURN]) this.stops[byte] = 1;
    }
    return this.stops;
  }

  private put(from: number, to: number, kind: number): void {
    const at = 3 * this.nCells++;
    this.places[at] = from;
    this.places[at + 1] = to;
    this.places[at + 2] = kind;
  }

  private cut(lines: number): number {
    this.nLines = lines;
    return -1;
  }

  /** True where all cells are empty. */
  get isBlank(): boolean {
    for (let cell = 0; cell < this.nCells; cell++) {
      if (this.places[3 * cell + 1] > this.places[3 * cell]) return false;
    }
    return true;
  }
}

/** Makes one quote of each two that stand for it, in place; returns where the text then ends. */
export function singleQuotes(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  for (let at = from; at < to; at++) {
    bytes[end++] = bytes[at];
    if (bytes[at] === QUOTE) at++;
  }
  return end;
}
