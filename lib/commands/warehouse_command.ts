import { progressBar } from "../base/progress.ts";
import { counted } from "../base/words.ts";
import { loadOutcomes } from "../files/load_outcomes.ts";
import { isWarehouseAddress, loadWarehouse, tableLayout, warehouseAddress } from "../warehouse/mod.ts";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { type CommandInput, COUNT, numberOption } from "./command_options.ts";
import { tableOf } from "./known_tables.ts";
import { filesOfTable, loadOptionsOf, TABLE_OPTIONS } from "./table_options.ts";
import { passwordOf, reachOf } from "./warehouse_options.ts";

/** `deno task warehouse`: puts outcomes into a table in ClickHouse, and says how such a table is made. */
export const WAREHOUSE: Command = {
  name: "warehouse",
  summary: "Puts outcomes into a table in ClickHouse, on which deno task evaluate clickhouse://… then runs.",
  word: {
    name: "WORDS",
    says:
      "load FILE: writes the outcomes of a file into the table that --to names, in batches; what is there already is " +
      "left out, so that a repeated or interrupted load continues. layout ADDRESS: prints the statements that make a table",
    times: "any",
  },
  options: {
    "to": { value: "ADDRESS", says: "the table: clickhouse://USER@HOST:8123/DATABASE/TABLE" },
    "create": { says: "makes the table, on one server, where it is not there" },
    "cluster": { value: "NAME", says: "of layout: statements for each server of a cluster of this name" },
    "batch-rows": { value: "N", says: "rows that are sent at a time", default: "50000" },
    ...TABLE_OPTIONS,
  },
  notes: "The password is taken from the environment variable CLICKHOUSE_PASSWORD, or from the one that the address " +
    "names: clickhouse://…?password_env=NAME.",
  example: "load mine.parquet --to clickhouse://127.0.0.1:8123/default/outcomes --create",
  access: accessOf,
  run: runLoadOrLayout,
};

function accessOf(input: CommandInput, { raw }: ProjectFolders): Access {
  const { file, address } = wordsOf(input);
  if (file === null) return { read: [], write: [], net: [], env: [] };
  const words = { ...input, words: [file] };
  return { read: filesOfTable(words, raw), write: [], ...reachOf(address) };
}

/** Which of the two is asked for: `file` is `null` for the layout. */
function wordsOf(input: CommandInput): { readonly file: string | null; readonly address: string } {
  const [verb, second, ...rest] = input.words;
  const to = input.text("to");
  if (verb === "layout" && second !== undefined && rest.length === 0) return { file: null, address: second };
  if (verb === "load" && second !== undefined && rest.length === 0 && to !== null) {
    if (isWarehouseAddress(second)) {
      throw new TypeError(`Cannot load as the words must be load FILE: "${second}" is an address; write it after --to`);
    }
    return { file: second, address: to };
  }
  throw new TypeError(
    `Cannot run warehouse as it needs load FILE --to ADDRESS, or layout ADDRESS: it is "${input.words.join(" ")}"${
      verb === "load" && to === null ? " without --to" : ""
    }; see --help`,
  );
}

async function runLoadOrLayout(
  input: CommandInput,
  { raw }: ProjectFolders,
  say: (text: string) => void,
): Promise<void> {
  const { file, address } = wordsOf(input);
  if (file === null) {
    const statements = tableLayout(warehouseAddress(address), { cluster: input.text("cluster") });
    return say(statements.map((statement) => `${statement};`).join("\n\n"));
  }
  const words = { ...input, words: [file] };
  const outcomes = await loadOutcomes(tableOf(words, raw).path, await loadOptionsOf(words));
  for (const note of outcomes.source.notes) say(`  ${note}`);
  const progress = progressBar("Loading rows");
  const { nRows, nThere, nWritten } = await loadWarehouse(address, outcomes, {
    password: passwordOf(address),
    create: input.isOn("create"),
    batchRows: numberOption(input, "batch-rows", COUNT),
    onProgress: (done, total) => progress.update(done, total),
  }).finally(() => progress.stop());
  say(
    `${counted(nWritten, "row")} written, ${counted(nThere, "row")} were there: ${counted(nRows, "row")} of ${
      counted(outcomes.promptIds.length, "prompt")
    } × ${counted(outcomes.models.length, "model")}.`,
  );
}
