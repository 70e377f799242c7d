import assert from "node:assert/strict";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { exportOutcomes } from "../../lib/files/export_outcomes.ts";
import { type LoadedOutcomes, loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { LoadOptions } from "../../lib/files/load_options.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { inFolder } from "./_files.ts";

const table = simulateOutcomes({ nPromptsPerEval: 300, seed: 4 });
const random = seededRandom(5);
const n = table.promptIds.length;
const m = table.models.length;

type Row = Readonly<Record<string, string | number | null>>;

/** A long table in random order with all that goes wrong in one: holes, rows said twice, texts that differ, numbers as ids in two evaluations. */
const ROWS: readonly Row[] = random.shuffle(
  Array.from({ length: n * m }, (_, at): Row => {
    const i = Math.floor(at / m);
    const j = at % m;
    return {
      sample: i % 400,
      task: `${table.evalNames[i]} ${Math.floor(i / 400)}`,
      prompt: table.prompts![i] + (at % 997 === 0 ? " " : ""),
      model: table.models[j],
      quality: at % 1009 === 0 ? null : table.quality[at],
      cost: table.costUsd[at],
      latency: at % 2003 === 0 ? null : i / 7,
      response: `never read ${at}`,
    };
  }).flatMap((row, at) => at % 501 === 0 ? [row, row] : [row]),
);

function csvOf(rows: readonly Row[]): string {
  const cell = (value: string | number | null): string =>
    value === null ? "" : `"${String(value).replaceAll('"', '""')}"`;
  return [Object.keys(rows[0]).join(","), ...rows.map((row) => Object.values(row).map(cell).join(","))].join("\n");
}

function parquetOf(rows: readonly Row[]): Uint8Array {
  const columnData = Object.keys(rows[0]).map((name): ColumnSource => ({
    name,
    data: rows.map((row) => row[name]),
    type: name === "sample"
      ? "INT32"
      : typeof rows.find((row) => row[name] !== null)![name] === "number"
      ? "DOUBLE"
      : "STRING",
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 10_000, pageSize: 20_000 }));
}

/** A table and its counts without the file's name and hash. */
function bare({ table, counts }: LoadedOutcomes): unknown {
  return { ...table, source: table.source.notes, counts };
}

const WAYS: Record<string, LoadOptions> = {
  "prompts with holes dropped": { missing: "drop", columns: { promptId: "sample" } },
  "repeats averaged": { missing: "drop", repeats: "mean", columns: { promptId: "sample" } },
  "prompts found by their texts": { missing: "drop", repeats: "mean" },
};
for (const [what, options] of Object.entries(WAYS)) {
  Deno.test(`loadOutcomes() makes of Parquet what it makes of CSV: ${what}`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/long.csv`, csvOf(ROWS));
      await Deno.writeFile(`${folder}/long.parquet`, parquetOf(ROWS));
      const ofParquet = await loadWithCounts(`${folder}/long.parquet`, options);
      const { nLeftOut, nMergedRows, nAveraged, nRows } = ofParquet.counts;
      assert.ok(nLeftOut > 10 && nMergedRows + nAveraged > 10 && nRows === ROWS.length);
      assert.deepEqual(bare(ofParquet), bare(await loadWithCounts(`${folder}/long.csv`, options)));
    }));
}

Deno.test("loadOutcomes() makes of a wide Parquet file what it makes of CSV and of the table itself", () =>
  inFolder(async (folder) => {
    await exportOutcomes(table, `${folder}/wide.csv`);
    await exportOutcomes(table, `${folder}/wide.parquet`);
    const ofParquet = await loadWithCounts(`${folder}/wide.parquet`);
    assert.deepEqual(bare(ofParquet), bare(await loadWithCounts(`${folder}/wide.csv`)));
    assert.deepEqual([ofParquet.table.quality, ofParquet.table.costUsd, ofParquet.table.prompts], [
      table.quality,
      table.costUsd,
      table.prompts,
    ]);
  }));
