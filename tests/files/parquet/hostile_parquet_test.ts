import assert from "node:assert/strict";
import { type FileMetaData, parquetMetadata } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { bytesInMemory } from "../../../lib/files/byte_source.ts";
import type { Frame } from "../../../lib/files/frame.ts";
import { readParquetFrame } from "../../../lib/files/parquet/parquet_frame.ts";
import { seededRandom } from "../../../lib/base/random.ts";
import { MUTATIONS } from "../_mutations.ts";

const FOLDER = new URL("../../fixtures/", import.meta.url);
const FILES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".parquet")).sort();
const bytesOf = (name: string): Uint8Array => Deno.readFileSync(new URL(name, FOLDER));
const NESTED =
  /^TypeError: the column "[^]*" must have one list for each row: it has lists in lists; save it as JSON Lines, or unfold it$/;

/** Reads every column; lists in lists refuse to be read in the whole files too. */
async function readAll(bytes: Uint8Array): Promise<Frame> {
  const frame = await readParquetFrame(bytesInMemory(bytes));
  for (const name of frame.columns.keys()) {
    try {
      assert.equal(frame.columns.get(name)!.length, frame.nRows);
    } catch (error) {
      if (!NESTED.test(String(error))) throw error;
    }
  }
  return frame;
}

const REFUSAL = /^SyntaxError: Cannot read the Parquet file as it must be whole: [^\n]{5,300}; write it again$/;

Deno.test("readParquetFrame() refuses every cut of a file with one clear line", async () => {
  for (const name of ["long_snappy.parquet", "encodings_v2.parquet"]) {
    const whole = bytesOf(name);
    for (let length = 0; length < whole.length; length += 7) {
      await assert.rejects(readAll(whole.slice(0, length)), REFUSAL, `cut at ${length}`);
    }
  }
});

for (const [kind, mutate] of Object.entries(MUTATIONS)) {
  Deno.test(`readParquetFrame() reads or refuses files with ${kind}`, async () => {
    const random = seededRandom(3, kind);
    const originals = FILES.map(bytesOf);
    let nRefused = 0;
    for (let run = 0; run < 150; run++) {
      const bytes = mutate(originals[run % originals.length], random);
      try {
        await readAll(bytes);
      } catch (error) {
        assert.match(String(error), REFUSAL);
        nRefused++;
      }
    }
    assert.ok(nRefused > 10, `${nRefused} were refused`);
  });
}

/** A file whose description is changed, and nothing else. */
function forged(name: string, change: (metadata: FileMetaData) => void): Uint8Array {
  const bytes = bytesOf(name);
  const metadata = parquetMetadata(bytes.buffer as ArrayBuffer);
  const writer = new ByteWriter();
  const length = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  const end = bytes.length - 8 - length;
  change(metadata);
  writeMetadata(writer, metadata, undefined);
  writer.appendBytes(new TextEncoder().encode("PAR1"));
  return Uint8Array.from([...bytes.subarray(0, end), ...new Uint8Array(writer.getBuffer())]);
}

const CLAIMS: Record<string, readonly [(metadata: FileMetaData) => void, RegExp]> = {
  "a thousand million rows": [(metadata) => {
    metadata.num_rows = metadata.row_groups[0].num_rows = 10n ** 9n;
  }, /bytes must hold at most \d+ rows: it claims 1000000000/],
  "fewer than no rows": [(metadata) => {
    metadata.num_rows = metadata.row_groups[0].num_rows = -8n;
  }, /its groups must have its -8 rows/],
  "more rows than its pages have": [(metadata) => {
    metadata.num_rows = metadata.row_groups[0].num_rows = 100_000n;
  }, /its parts do not fit together|ended without STOP/],
  "more rows than its groups have": [(metadata) => {
    metadata.num_rows = 9n;
  }, /its groups must have its 9 rows: they have 8/],
  "a column beyond its end": [(metadata) => {
    metadata.row_groups[0].columns[0].meta_data!.data_page_offset = 10n ** 12n;
    metadata.row_groups[0].columns[0].meta_data!.dictionary_page_offset = undefined;
  }, /a column must lie in the file: it is at 1000000000000/],
  "a column of a terabyte": [(metadata) => {
    metadata.row_groups[0].columns[0].meta_data!.total_compressed_size = 2n ** 40n;
  }, /a column must lie in the file/],
  "cells that lie in another file": [(metadata) => {
    metadata.row_groups[0].columns[0].file_path = "/etc/passwd";
  }, /the cells of "query_id" must be in the file: they are elsewhere/],
  "a name twice": [(metadata) => {
    metadata.schema[2].name = metadata.schema[1].name;
    metadata.row_groups[0].columns[1].meta_data!.path_in_schema = [metadata.schema[1].name];
  }, /each column must be named once: "query_id" stands twice/],
  "fewer columns than it names": [(metadata) => {
    metadata.row_groups[0].columns.pop();
  }, /each group must have 7 columns: one has 6/],
};
for (const [what, [change, wanted]] of Object.entries(CLAIMS)) {
  Deno.test(`readParquetFrame() refuses a file that claims ${what}`, async () => {
    await readAll(forged("long_snappy.parquet", () => {}));
    await assert.rejects(readAll(forged("long_snappy.parquet", change)), (error) => {
      assert.match(String(error), REFUSAL);
      assert.match(String(error), wanted);
      return true;
    });
  });
}
