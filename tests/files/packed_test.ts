import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { inFolder, withFile } from "./_files.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

function needTable({ promptIds, models, quality, costUsd }: Awaited<ReturnType<typeof loadOutcomes>>): void {
  assert.deepEqual([promptIds.length, models, promptIds[49]], [50, ["s", "l"], "49"]);
  assert.deepEqual([...quality.subarray(94)], [1, 1, 0, 0, 1, 1]);
  assert.deepEqual([...costUsd.subarray(96)], [0.001, 0.01, 0.001, 0.01]);
}

for (const packing of ["gz", "bz2", "xz"]) {
  const bytes = Deno.readFileSync(new URL(`packed.csv.${packing}`, FIXTURES));

  Deno.test(`loadOutcomes() reads a table packed as .${packing}, whatever its name`, () =>
    withFile("table.csv", bytes, async (path) => needTable(await loadOutcomes(path))));

  Deno.test(`loadOutcomes() reads two .${packing} files one after another as one`, () =>
    withFile("two", Deno.readFileSync(new URL(`packed_two.csv.${packing}`, FIXTURES)), async (path) => {
      needTable(await loadOutcomes(path));
    }));

  Deno.test(`loadOutcomes() refuses a .${packing} file that is cut or damaged, in one line`, async () => {
    const damaged = bytes.slice();
    damaged[Math.floor(bytes.length / 2)] ^= 0x55;
    for (const wrong of [bytes.slice(0, -12), bytes.slice(0, Math.floor(bytes.length / 2)), damaged]) {
      await withFile("wrong", wrong, (path) =>
        assert.rejects(loadOutcomes(path), (error: Error) => {
          assert.match(
            String(error),
            /^SyntaxError: Cannot unpack the file as it must be a whole \w+ file: [^\n]+; fetch it again/,
          );
          return true;
        }));
    }
  });
}

Deno.test("loadOutcomes() refuses a file that was packed twice", () =>
  withFile(
    "twice.csv.gz",
    new Uint8Array(gzipSync(gzipSync("id,model\n1,s\n"))),
    (path) => assert.rejects(loadOutcomes(path), /it is packed twice/),
  ));

Deno.test("loadOutcomes() refuses Zstandard by its name", () =>
  withFile(
    "table.csv.zst",
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0),
    (path) =>
      assert.rejects(loadOutcomes(path), /it is packed by Zstandard, which is not read; save it as one of them/),
  ));

Deno.test("loadOutcomes() reads the packed files of a folder", () =>
  inFolder(async (folder) => {
    for (const packing of ["gz", "bz2", "xz"]) {
      await Deno.mkdir(`${folder}/${packing}`);
      const from = new URL(`packed.csv.${packing}`, FIXTURES);
      await Deno.copyFile(from, `${folder}/${packing}/table.csv.${packing}`);
    }
    const { source, promptIds } = await loadOutcomes(folder);
    assert.equal(promptIds.length, 50);
    assert.match(source.notes.join("\n"), /200 rows merged/);
  }));

Deno.test(
  "loadOutcomes() refuses a pipe at once",
  { ignore: Deno.build.os === "windows" },
  () =>
    inFolder(async (folder) => {
      await new Deno.Command("mkfifo", { args: [`${folder}/pipe.csv`] }).output();
      await assert.rejects(
        loadOutcomes(`${folder}/pipe.csv`),
        /^Error: Cannot load ".*" as the file must be readable: it is a pipe or a device, [^\n]*; write it into a file/,
      );
    }),
);
