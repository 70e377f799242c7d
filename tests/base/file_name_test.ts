import assert from "node:assert/strict";
import { fileNameOf, isReservedFileName } from "../../lib/base/file_name.ts";
import { csvOf } from "../../lib/base/table.ts";

Deno.test("fileNameOf() gives names that every system takes, each once", () => {
  const texts = [
    "mmlu",
    "MMLU",
    "-rf",
    "--out",
    "..",
    "../../etc",
    "",
    "CON",
    "con.txt",
    "lpt1",
    "a. ",
    "a\u0000b",
    "数学",
  ];
  const used = new Set<string>();
  const names = texts.map((text) => fileNameOf(text, used));
  for (const name of names) {
    assert.ok(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(name) && !name.endsWith(".") && !isReservedFileName(name), name);
  }
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  assert.equal(names.at(-1), "数学");
  assert.equal(names[0], "mmlu");
});

Deno.test("fileNameOf() cuts long names and no character in two", () => {
  const name = fileNameOf("𝔞".repeat(100), new Set());
  assert.equal([...name].length, 60);
  assert.ok(name.isWellFormed() && new TextEncoder().encode(name).length < 250);
});

Deno.test("isReservedFileName() knows the devices of Windows", () => {
  for (const name of ["con", "NUL.csv", "COM1", "lpt9.txt", "aux"]) assert.ok(isReservedFileName(name), name);
  for (const name of ["console", "nullify", "com", "com10", "auxiliary"]) assert.ok(!isReservedFileName(name), name);
});

Deno.test("csvOf() writes cells as they are, and guards formulas where it is asked to", () => {
  const table = { columns: ["model", "gain"], rows: [["=cmd|' /C calc'!A0", -0.5], ["@x", 1], ["-y", null], ["z", 2]] };
  assert.equal(csvOf(table), "model,gain\n=cmd|' /C calc'!A0,-0.5\n@x,1\n-y,\nz,2\n");
  assert.equal(
    csvOf(table, { escapeFormulas: true }),
    "model,gain\n'=cmd|' /C calc'!A0,-0.5\n'@x,1\n'-y,\nz,2\n",
  );
});
