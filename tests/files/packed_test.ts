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

for (const packing of ["gz", "bz2", "xz", "zst"]) {
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

Deno.test("loadOutcomes() reads the only table of a zip file, and refuses several", async () => {
  const [one, two] = ["packed.csv.zip", "packed_two.csv.zip"].map((name) => Deno.readFileSync(new URL(name, FIXTURES)));
  await withFile("table.csv.zip", one, async (path) => needTable(await loadOutcomes(path)));
  await withFile(
    "two.zip",
    two,
    (path) =>
      assert.rejects(loadOutcomes(path), /it is a zip file of 2 tables, "a\.csv", "b\.csv"; unpack it into a folder/),
  );
});

Deno.test("loadOutcomes() passes over what Zstandard's frames may skip, and refuses bytes behind them", async () => {
  const packed = Deno.readFileSync(new URL("packed.csv.zst", FIXTURES));
  const skipped = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7);
  const bytes = new Uint8Array([...packed, ...skipped, ...skipped]);
  await withFile("table.zst", bytes, async (path) => needTable(await loadOutcomes(path)));
  await withFile(
    "more.zst",
    new Uint8Array([...packed, 1, 2, 3, 4, 5]),
    (path) => assert.rejects(loadOutcomes(path), /a whole Zstandard file: other bytes follow it; fetch it again/),
  );
});

for (const [order, isLittle] of [["little", true], ["big", false]] as const) {
  Deno.test(`loadOutcomes() reads UTF-16, ${order} end first, and refuses half a character`, async () => {
    const text = `\uFEFFid,prompt,model,score,cost\n1,${"ü😀".repeat(40)},s,1,0.5\n`;
    const view = new DataView(new ArrayBuffer(2 * text.length));
    for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), isLittle);
    const bytes = new Uint8Array(view.buffer);
    await withFile("table.csv", bytes, async (path) => {
      assert.deepEqual((await loadOutcomes(path)).prompts, ["ü😀".repeat(40)]);
    });
    await withFile(
      "cut.csv",
      bytes.slice(0, -1),
      (path) => assert.rejects(loadOutcomes(path), /must be a whole UTF-16.E file: [^\n]+; fetch it again/),
    );
  });
}

Deno.test("loadOutcomes() reads the packed files of a folder", () =>
  inFolder(async (folder) => {
    for (const packing of ["gz", "bz2", "xz", "zst"]) {
      await Deno.mkdir(`${folder}/${packing}`);
      const from = new URL(`packed.csv.${packing}`, FIXTURES);
      await Deno.copyFile(from, `${folder}/${packing}/table.csv.${packing}`);
    }
    const { source, promptIds } = await loadOutcomes(folder);
    assert.equal(promptIds.length, 50);
    assert.match(source.notes.join("\n"), /300 rows merged/);
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
