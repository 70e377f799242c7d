import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesInMemory, ByteWindow } from "../../lib/files/byte_source.ts";
import { codesOf, sameTexts } from "../../lib/files/coded_column.ts";
import { PickledText } from "../../lib/files/pickle/pickled_text.ts";

Deno.test("codesOf() and sameTexts() tell a pickle's texts, long and short, among strings, as a map of strings does", () => {
  const cell = fc.constantFrom(
    "",
    "a",
    "ü",
    "x".repeat(64),
    "x".repeat(65),
    "ü".repeat(40),
    `${"x".repeat(65)}y`,
    "😀".repeat(200),
    null,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, fc.boolean()), { maxLength: 30 }), (rows) => {
      const wanted = rows.map(([text]) => text);
      const known = [...new Set(wanted)];
      const parts = wanted.map((text) => new TextEncoder().encode(text ?? ""));
      const ends = parts.map(((end) => ({ length }) => end += length)(0));
      const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
      const window = new ByteWindow({ ...bytesInMemory(bytes), whole: null }, 100);
      const column = rows.map(([text, isPickled], i) => {
        return isPickled && text !== null ? new PickledText(window, ends[i] - parts[i].length, ends[i]) : text;
      });
      const { codes, texts } = codesOf(column, rows.length);
      const { areSame, isMissing } = sameTexts(column);
      assert.deepEqual(texts, known);
      assert.deepEqual([...codes], wanted.map((text) => known.indexOf(text)));
      for (let a = 0; a < rows.length; a++) {
        assert.equal(isMissing(a), wanted[a] === null);
        for (let b = 0; b < rows.length; b++) assert.equal(areSame(a, b), wanted[a] === wanted[b]);
      }
    }),
    { seed: 5 },
  );
});
