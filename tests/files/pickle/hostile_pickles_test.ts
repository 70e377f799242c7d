import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readPandasFrame } from "./_pandas_frame.ts";
import { seededRandom } from "../../../lib/base/random.ts";
import { mutated } from "../_mutations.ts";
import { fateOf } from "../_read_any.ts";
import expected from "../../fixtures/hostile/expected.json" with { type: "json" };

const FIXTURES = new URL("../../fixtures/", import.meta.url);
const hostile = (name: string): Uint8Array =>
  new Uint8Array(gunzipSync(Deno.readFileSync(new URL(`hostile/${name}.pkl.gz`, FIXTURES))));

for (const [name, words] of Object.entries(expected)) {
  Deno.test(`readPandasFrame() or its columns refuse the hostile pickle ${name} by what it asks for`, () => {
    const bytes = hostile(name);
    const before = Deno.memoryUsage().rss;
    const start = performance.now();
    assert.throws(() => [...readPandasFrame(bytes).columns.values()], (error: Error) => {
      assert.ok(error instanceof SyntaxError, String(error));
      assert.match(error.message, /^Cannot read the pickle as [^\n]{1,400}$/);
      assert.ok(error.message.includes(words), error.message);
      return true;
    });
    assert.ok(performance.now() - start < 5000, "it takes no time");
    assert.ok(Deno.memoryUsage().rss - before < 2 * bytes.length + 256e6, "it takes no memory");
  });
}

Deno.test("a mutated pickle is read or refused in one clear line, never more (deno task fuzz tries more)", () => {
  const random = seededRandom(1, "fuzz");
  const fates = new Map<string, number>();
  const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) => name.endsWith(".pkl")).sort();
  const files = names.map((name) => Deno.readFileSync(new URL(name, FIXTURES)));
  for (let i = 0; i < 4000; i++) {
    const { bytes } = mutated(files[random.integer(files.length)], random);
    const fate = fateOf(bytes);
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
  }
  // the mutations reach deep enough to be worth their time: some files are still tables, some frames without one
  assert.ok(
    fates.get("table")! > 100 && fates.get("no table")! > 20 && fates.get("refused")! > 1000,
    JSON.stringify([...fates]),
  );
});
