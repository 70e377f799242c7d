import { bytesInMemory, type ByteSource } from "../../lib/files/byte_source.ts";
import { openFrame, readPickled } from "../../lib/files/file_format.ts";
import type { Frame } from "../../lib/files/frame.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
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

/** What no message for a user may hold: words of JavaScript, a message in a message, several lines. */
const UNCLEAR =
  /undefined|\[object |Maximum call stack|is not a function|Cannot read properties|\n|Cannot load .*Cannot load /;

/**
 * Writes bytes to a file and reads it as `loadOutcomes` does, and all of its columns.
 *
 * @throws Error where anything else happens than a table or one clear refusal
 */
export async function fateOfFile(bytes: Uint8Array, path: string): Promise<Fate> {
  await Deno.writeFile(path, bytes);
  let fate: Fate = "refused";
  try {
    await using file = await openFrame(path);
    fate = "no table";
    readColumns(file.frame);
    await file.sha256();
  } catch (error) {
    needClear(error);
  }
  try {
    await loadOutcomes(path, { missing: "drop" });
    return "table";
  } catch (error) {
    needClear(error);
    return fate;
  }
}

/** Asks for every cell; a column may be refused by itself. */
function readColumns({ columns }: Frame): void {
  for (const name of columns.keys()) {
    try {
      const column = columns.get(name)!;
      for (let row = 0; row < Math.min(column.length, 1000); row++) String(column[row]);
    } catch (error) {
      needClear(error);
    }
  }
}

function needClear(error: unknown): void {
  // The bytes of the file may stand in quotes: only what is around them is ours.
  const said = error instanceof Error ? error.message.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""') : "";
  const isKnown = error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError ||
    error instanceof Error;
  if (isKnown && /^(Cannot |the column )/.test(error.message) && !UNCLEAR.test(said) && said.length < 2000) return;
  throw error;
}
