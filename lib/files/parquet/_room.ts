/** A page, unpacked, may not be larger: writers make them of about 1 MB. */
const MOST_PAGE_BYTES = 2 ** 28;
/** All pages together may unpack to this much, and to so many times the file. */
const MOST_UNPACKED_BYTES = 2 ** 30;
const MOST_UNPACKED_TIMES = 64;
/** Rows that a file may have, and how many for each of its bytes: its prompts differ, so a row cannot be packed to nothing. */
const MOST_ROWS = 2 ** 20;
const MOST_ROWS_PER_BYTE = 64;

/** The memory that a file may still take, as a few bytes of a hostile file can claim any amount. */
export class UnpackingRoom {
  private left: number;

  constructor(private readonly fileBytes: number) {
    this.left = MOST_UNPACKED_BYTES + MOST_UNPACKED_TIMES * fileBytes;
  }

  /** @throws SyntaxError where a page is too large, or all of them are */
  takePage(nBytes: number): void {
    if (!(nBytes >= 0 && nBytes <= MOST_PAGE_BYTES)) {
      throw new SyntaxError(`a page must be of at most ${MOST_PAGE_BYTES} bytes: one claims ${nBytes ?? "none"}`);
    }
    this.left -= nBytes;
    if (this.left < 0) {
      throw new SyntaxError(`its pages must not unpack to more than ${MOST_UNPACKED_TIMES} times the file: they do`);
    }
  }

  /** @throws SyntaxError where the rows are more than the file can hold */
  takeRows(nRows: number): void {
    const most = Math.max(MOST_ROWS, MOST_ROWS_PER_BYTE * this.fileBytes);
    if (!(nRows >= 0 && nRows <= most)) {
      throw new SyntaxError(`${this.fileBytes} bytes must hold at most ${most} rows: it claims ${nRows}`);
    }
  }
}
