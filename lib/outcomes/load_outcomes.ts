import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { OutcomeTable } from "./outcome_table.ts";
import { readPandasFrame } from "./pandas_frame.ts";
import { outcomesOfWideFrame } from "./routerbench_wide.ts";

/** SHA-256 of the released files (paper.md section 3), by which they are known. */
const RELEASED_SHA256: ReadonlySet<string> = new Set([
  "ba4f77f19517610a707c374e99322d7750c30fc4ae7ff5527888595a1e65d36d",
  "fbd7d3d16fba2759a18fa0ad44409d3e0e92ba80d03d90827eed1a6d084c9ffe",
]);

/**
 * Loads a table of outcomes. Nothing in the file is executed.
 *
 * Known so far: the released RouterBench pickles (`.pkl`, wide layout). Rows that share an id are merged and incomplete prompts are left
 * out; `source.notes` says how many.
 *
 * @param path the file
 * @throws Error where the file cannot be read; SyntaxError where it is not a whole pickle of a data frame; TypeError where columns are
 * missing; RangeError where a quality or cost is out of range
 * @example
 * ```ts
 * import { loadOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * await assert.rejects(loadOutcomes("nowhere.pkl"), /Cannot load "nowhere.pkl"/);
 * ```
 */
export async function loadOutcomes(path: string): Promise<OutcomeTable> {
  const bytes = await Deno.readFile(path).catch((cause) => {
    throw new Error(`Cannot load "${path}" as the file must be readable: ${reason(cause)}; check the path`, { cause });
  });
  if (bytes[0] !== 0x80) {
    throw new SyntaxError(
      `Cannot load "${path}" as it must be a pickle of a pandas data frame: its first byte is ${
        bytes[0] ?? "missing"
      }; pass one of the released .pkl files`,
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return outcomesOfWideFrame(readPandasFrame(bytes), {
      kind: RELEASED_SHA256.has(sha256) ? "released" : "file",
      name: basename(path),
      sha256,
    });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    cause.message = `${cause.message} (file "${path}")`;
    throw cause;
  }
}

function reason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) return "reading it is not permitted";
  return cause instanceof Error ? cause.message : String(cause);
}
