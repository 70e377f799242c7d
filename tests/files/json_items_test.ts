import fc from "fast-check";
import assert from "node:assert/strict";
import { chunksOf } from "../../lib/files/byte_chunks.ts";
import { bytesInMemory } from "../../lib/files/byte_source.ts";
import { readJsonArrayFrame } from "../../lib/files/json_frame.ts";

async function read(text: string, chunkBytes: number): Promise<unknown[]> {
  const source = bytesInMemory(new TextEncoder().encode(text));
  const { nRows, columns } = await readJsonArrayFrame(chunksOf(source, chunkBytes));
  const names = [...columns.keys()];
  return Array.from(
    { length: nRows },
    (_, row) =>
      Object.fromEntries(
        names.flatMap((name) => columns.get(name)![row] === null ? [] : [[name, columns.get(name)![row]]]),
      ),
  );
}

Deno.test("readJsonArrayFrame() reads what JSON.parse() reads, in parts of any length", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: fc.string({ unit: "binary" }), b: fc.oneof(fc.integer(), fc.boolean()) })),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 1),
      async (items, chunkBytes, indent) => {
        const text = JSON.stringify(items, null, indent);
        assert.deepEqual(await read(text, chunkBytes), JSON.parse(text));
      },
    ),
    { seed: 5, numRuns: 50 },
  ));

Deno.test("readJsonArrayFrame() keeps signs of JSON that stand in texts and fields", async () => {
  const items = [{ a: 'x"],[{\\', b: { c: [1, { d: "]" }] } }, { a: '\\"}', b: { c: [] } }];
  const wanted = [{ a: 'x"],[{\\', "b.c": '[1,{"d":"]"}]' }, { a: '\\"}', "b.c": "[]" }];
  for (const length of [1, 2, 7, 1000]) {
    assert.deepEqual(await read(` \uFEFF`.trim() + JSON.stringify(items), length), wanted);
  }
});

for (
  const [text, found] of [
    ["[", /behind item 0 \(it ends too soon\)/],
    ['[{"a":1}', /behind item 0 \(it ends too soon\)/],
    ['[{"a":1},{"a":"', /behind item 1 \(it ends too soon\)/],
    ['[{"a":1},,{"a":1}]', /behind item 1 \(an item is empty\)/],
    ['[{"a":1}][{"a":1}]', /behind item 1 \(text follows the array\)/],
    ['[{"a":1}}', /behind item 0 \(a brace closes the array\)/],
    ['[{"a":1} {"a":1}]', /item 1 is not JSON/],
    ['[{"a":1]', /item 1 is not JSON|ends too soon/],
    ["[1]", /item 1 is 1/],
    ["[[1]]", /pandas' orient "values"/],
    ['[{"a":1},[1]]', /item 2 is an array/],
  ] as const
) {
  Deno.test(`readJsonArrayFrame() refuses ${text} in one line`, () =>
    assert.rejects(read(text, 3), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, found);
      assert.ok(error.message.startsWith("Cannot read the JSON") && !error.message.includes("\n"));
      return true;
    }));
}
