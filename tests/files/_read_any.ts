import { bytesInMemory, type ByteSource } from "../../lib/files/byte_source.ts";
import { readPickled } from "../../lib/files/file_format.ts";
import { outcomesOfFrame } from "../../lib/files/outcomes_of_frame.ts";
import { tableOfCells } from "../../lib/files/table_of_cells.ts";

/** What RouterEval's datasets need beside the file. */
const BESIDE = { pool: "easy/3/strong_to_weak", responseCostUsd: { "maker/small": 1e-5, "maker/large": 1e-3 } };

/** What became of bytes: a table, a data frame that is no table, or bytes that were refused. */
export type Fate = "table" | "no table" | "refused";

/** As {@linkcode fateOfSource}; the bytes of a file have the same fate as bytes in memory. */
export function fateOf(bytes: Uint8Array): Fate {
  const fate = fateOfSource(bytes);
  const asFile = fateOfSource({ ...bytesInMemory(bytes), whole: null });
  if (fate !== asFile) throw new Error(`in memory it is ${fate}, read as a file ${asFile}`);
  return fate;
}

/**
 * Reads bytes as a pickle of outcomes, all the way to the table, and asks for every cell.
 *
 * @throws Error where anything else happens than a table or one clear refusal
 */
function fateOfSource(bytes: Uint8Array | ByteSource): Fate {
  let fate: Fate = "refused";
  try {
    const { frame, format } = readPickled(bytes, BESIDE);
    fate = "no table";
    for (const column of frame.columns.values()) {
      for (let row = 0; row < Math.min(column.length, 1000); row++) String(column[row]);
    }
    const parts = [{ path: "mutated", nRows: frame.nRows }];
    const options = format === "routereval" ? BESIDE : {};
    const outcomes = outcomesOfFrame(frame, { parts, fileFormat: null, options });
    tableOfCells(outcomes, { kind: "file", name: "mutated", sha256: "" }, { missing: "drop" });
    return "table";
  } catch (error) {
    const isClear = error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
    // V8's own errors are of these classes too: a clear one is a sentence of ours.
    if (isClear && /(^Cannot | must )/.test(error.message)) return fate;
    throw error;
  }
}
