import { CONVENTIONS, plainName } from "./column_names.ts";
import { openBlocks } from "./frame_blocks.ts";

/** What a row of a long table takes while it is read and evaluated, beside its texts: measured on ten million rows. */
const BYTES_A_ROW = 100;
/** A row of text takes about so many bytes in a file, and so many times as much where it is packed. */
const TEXT_BYTES_A_ROW = 40, PACKED_TIMES = 5;
/** Smaller files always fit. */
const LEAST_BYTES = 2 ** 25;

/**
 * About how much memory it takes to read a file at once and to evaluate it, bytes; `null` for a small file, for a folder, and for formats that cannot be
 * read in parts either.
 *
 * Of Parquet the rows and the sizes of its columns of prompts are known; of text only the length of the file is, and so the number is a guess.
 */
export async function memoryNeeded(path: string): Promise<number | null> {
  const found = await Deno.stat(path).catch(() => null);
  if (found === null || !found.isFile || found.size < LEAST_BYTES) return null;
  try {
    await using file = await openBlocks(path);
    if (file.nRows === null || file.columnBytes === null) {
      const nBytes = file.nBytes * (file.isPacked ? PACKED_TIMES : 1);
      return nBytes / TEXT_BYTES_A_ROW * BYTES_A_ROW + nBytes;
    }
    const texts = [...file.columnBytes].filter(([name]) => CONVENTIONS.prompt.includes(plainName(name)));
    return file.nRows * BYTES_A_ROW + texts.reduce((sum, [, nBytes]) => sum + nBytes, 0);
  } catch (error) {
    // What is wrong with the file is said by reading it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
