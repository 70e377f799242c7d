import { extname } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import type { ColumnSource } from "hyparquet-writer";
import { writeWhole } from "../base/write_whole.ts";
import { MODEL_SEPARATOR } from "./column_names.ts";
import { type OutcomeTable, outcomeTable } from "../outcomes/outcome_table.ts";

/** The writer for each ending of a file's name. */
const WRITERS: Readonly<Record<string, (table: OutcomeTable) => string | Promise<Uint8Array<ArrayBuffer>>>> = {
  ".csv": csvOf,
  ".jsonl": jsonLinesOf,
  ".parquet": parquetOf,
};

/**
 * Writes a table so that {@linkcode loadOutcomes} gives it back: wide, one row a prompt, as `.parquet`, `.jsonl` or `.csv` by the file's
 * name; `.gz` after it packs the file.
 *
 * Columns: `prompt_id`, `eval_name`, `prompt` where there are texts; for each model `MODEL|quality`, `MODEL|cost_usd` and, where recorded,
 * `MODEL|latency_seconds`. Numbers are written with as many digits as tell them from every other double, so they come back bit by bit. The
 * table's source does not: it becomes the file.
 *
 * The file is written beside its target and renamed; the same table gives the same bytes.
 *
 * @throws TypeError where the ending is not known, the table is not one, or a text has half a surrogate pair and the file is not JSON Lines
 * @throws Error with `cause` where the file cannot be written
 * @example
 * ```ts
 * import { exportOutcomes } from "./export_outcomes.ts";
 * import { loadOutcomes, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir(), table = simulateOutcomes({ nPromptsPerEval: 3, seed: 1 });
 * await exportOutcomes(table, `${folder}/outcomes.jsonl.gz`);
 * const again = await loadOutcomes(`${folder}/outcomes.jsonl.gz`);
 * await Deno.remove(folder, { recursive: true });
 * assert.deepEqual(again.costUsd, table.costUsd);
 * ```
 */
export async function exportOutcomes(table: OutcomeTable, path: string): Promise<void> {
  const isPacked = path.toLowerCase().endsWith(".gz");
  const ending = extname(isPacked ? path.slice(0, -3) : path).toLowerCase();
  if (!Object.hasOwn(WRITERS, ending)) {
    throw new TypeError(
      `Cannot export outcomes to "${path}" as the name must end in ${
        Object.keys(WRITERS).join(" or ")
      }, or that and .gz: it does not; rename the file`,
    );
  }
  const contents = await WRITERS[ending](outcomeTable(table));
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  try {
    await writeWhole(path, isPacked ? new Uint8Array(await promisify(gzip)(bytes)) : bytes);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot export outcomes to "${path}" as the file must be writable: ${found}; choose another place`,
      { cause },
    );
  }
}

/** The numbers of each outcome, by the names of their columns. */
function numbersOf({ quality, costUsd, latencySeconds }: OutcomeTable): (readonly [string, Float64Array])[] {
  const timed = latencySeconds === null ? [] : [["latency_seconds", latencySeconds] as const];
  return [["quality", quality], ["cost_usd", costUsd], ...timed];
}

/** Names of the columns, and for each row its cells. */
function wideOf(table: OutcomeTable): { readonly names: string[]; readonly rowAt: (i: number) => (string | number)[] } {
  const { models, promptIds, evalNames, prompts } = table;
  const m = models.length;
  const fields = numbersOf(table);
  return {
    names: [
      ...["prompt_id", "eval_name", ...(prompts === null ? [] : ["prompt"])],
      ...models.flatMap((model) => fields.map(([field]) => model + MODEL_SEPARATOR + field)),
    ],
    rowAt: (i) => [
      ...[promptIds[i], evalNames[i], ...(prompts === null ? [] : [prompts[i]])],
      ...models.flatMap((_, j) => fields.map(([, values]) => values[i * m + j])),
    ],
  };
}

function csvOf(table: OutcomeTable): string {
  const { names, rowAt } = wideOf(table);
  needUnicode(table, "CSV");
  // Every text is quoted, so that empty texts, white space and texts that look like numbers are read back as they are.
  const cells = (row: readonly (string | number)[]): string[] =>
    row.map((cell) => typeof cell === "number" ? numberText(cell) : cell);
  return stringify([names, ...table.promptIds.map((_, i) => cells(rowAt(i)))], {
    quoted_empty: true,
    quoted_match: /[\r\n\s]/,
  });
}

/** The same columns in Parquet: texts as UTF-8, numbers as doubles. */
async function parquetOf(table: OutcomeTable): Promise<Uint8Array<ArrayBuffer>> {
  needUnicode(table, "Parquet");
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const { promptIds, evalNames, prompts, models, promptIds: { length: n } } = table;
  const m = models.length;
  const text = (name: string, data: readonly string[]): ColumnSource => ({
    name,
    data: data as string[],
    type: "STRING",
    nullable: false,
  });
  // Numbers are written without a dictionary, as the writer's does not distinguish 0 and -0.
  const number = (name: string, data: Float64Array): ColumnSource => ({
    name,
    data,
    type: "DOUBLE",
    nullable: false,
    encoding: "PLAIN",
  });
  const columnData = [
    ...[
      text("prompt_id", promptIds),
      text("eval_name", evalNames),
      ...(prompts === null ? [] : [text("prompt", prompts)]),
    ],
    ...models.flatMap((model, j) =>
      numbersOf(table).map(([field, values]) =>
        number(model + MODEL_SEPARATOR + field, Float64Array.from({ length: n }, (_, i) => values[i * m + j]))
      )
    ),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Half a surrogate pair cannot be written as UTF-8. */
function needUnicode(table: OutcomeTable, format: string): void {
  const broken = [...table.promptIds, ...table.evalNames, ...(table.prompts ?? []), ...table.models].find((text) =>
    !text.isWellFormed()
  );
  if (broken !== undefined) {
    throw new TypeError(
      `Cannot export outcomes to ${format} as every text must be Unicode: ${
        JSON.stringify(broken.slice(0, 40))
      } has half a surrogate pair; write .jsonl, which can hold it`,
    );
  }
}

function jsonLinesOf(table: OutcomeTable): string {
  const { names, rowAt } = wideOf(table);
  const keys = names.map((name) => JSON.stringify(name));
  const line = (row: readonly (string | number)[]): string =>
    `{${
      row.map((cell, at) => `${keys[at]}:${typeof cell === "number" ? numberText(cell) : JSON.stringify(cell)}`).join(
        ",",
      )
    }}\n`;
  return table.promptIds.map((_, i) => line(rowAt(i))).join("");
}

/** The shortest decimal that is this double again; minus zero keeps its sign. */
function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
