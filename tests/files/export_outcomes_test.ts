import assert from "node:assert/strict";
import fc from "fast-check";
import { exportOutcomes } from "../../lib/files/export_outcomes.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { type OutcomeTable, outcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { testOnRealRows } from "../_tables.ts";
import { inFolder } from "./_files.ts";

const ENDINGS = [".csv", ".jsonl", ".parquet", ".csv.gz", ".jsonl.gz"];

const bitsOf = (values: Float64Array | null): BigUint64Array | null =>
  values && new BigUint64Array(values.slice().buffer);

function assertSame(again: OutcomeTable, table: OutcomeTable): void {
  for (const field of ["models", "promptIds", "evalNames", "prompts"] as const) {
    assert.deepEqual(again[field], table[field], field);
  }
  for (const field of ["quality", "costUsd", "latencySeconds"] as const) {
    assert.deepEqual(bitsOf(again[field]), bitsOf(table[field]), field);
  }
}

/** Texts that break careless writers: quotes, separators, line ends, white space, look-alikes of numbers and of nothing, other scripts. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    " ",
    "\r",
    "\n",
    "\r\n",
    'a"b',
    ",",
    ";",
    "\t",
    "NaN",
    "null",
    "1e5",
    "true",
    "=1+1",
    "größer",
    "日本",
    "😀",
    "\uFEFF",
    "\0",
    "|",
    "__proto__",
  ),
);
const names = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  fc.constantFrom("a|b", "a,b", 'a"b', "quality", "gpt-4", "__proto__", "x\ny"),
)
  .filter((name) => name.trim() !== "" && name !== "");
const table = fc.tuple(
  fc.uniqueArray(names, { minLength: 1, maxLength: 4 }),
  fc.uniqueArray(names, { minLength: 1, maxLength: 5 }),
  fc.boolean(),
  fc.boolean(),
).chain(([models, promptIds, hasTexts, hasLatency]) => {
  const n = promptIds.length;
  const size = n * models.length;
  const cells = (max: number): fc.Arbitrary<Float64Array> =>
    fc.array(fc.double({ min: 0, max, noNaN: true }), { minLength: size, maxLength: size }).map((values) =>
      Float64Array.from(values)
    );
  return fc.record({
    models: fc.constant(models),
    promptIds: fc.constant(promptIds),
    evalNames: fc.array(names, { minLength: n, maxLength: n }),
    prompts: hasTexts ? fc.array(nasty, { minLength: n, maxLength: n }) : fc.constant(null),
    quality: cells(1),
    costUsd: cells(1e308),
    latencySeconds: hasLatency ? cells(1e6) : fc.constant(null),
    source: fc.constant({ kind: "file" as const, name: "made", sha256: "", notes: [] }),
  });
}).map(outcomeTable);

for (const ending of ENDINGS) {
  Deno.test(`exportOutcomes() writes ${ending} that loads back bit by bit`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/table${ending}`;
      await fc.assert(
        fc.asyncProperty(table, async (table) => {
          await exportOutcomes(table, path);
          assertSame(await loadOutcomes(path), table);
        }),
        { numRuns: 300, seed: 7 },
      );
    }));
}

Deno.test("exportOutcomes() keeps minus zero, half surrogate pairs and the real rows; CSV refuses what it cannot hold", () =>
  inFolder(async (folder) => {
    const odd = outcomeTable({
      models: ["m"],
      promptIds: ["p"],
      evalNames: ["e"],
      prompts: ["\uD800x"],
      quality: Float64Array.of(-0),
      costUsd: Float64Array.of(5e-324),
      latencySeconds: null,
      source: { kind: "file", name: "made", sha256: "", notes: [] },
    });
    await exportOutcomes(odd, `${folder}/odd.jsonl`);
    assertSame(await loadOutcomes(`${folder}/odd.jsonl`), odd);
    await assert.rejects(
      exportOutcomes(odd, `${folder}/odd.csv`),
      /TypeError: Cannot export outcomes to CSV as every text must be Unicode/,
    );
    await assert.rejects(
      exportOutcomes(odd, `${folder}/odd.parquet`),
      /to Parquet as every text must be Unicode.*write \.jsonl/,
    );
    const n = 300;
    const zeros = Float64Array.from({ length: n }, (_, i) => i % 3 === 0 ? -0 : 0);
    const signed = outcomeTable({
      ...{
        models: ["m"],
        promptIds: Array.from(zeros, (_, i) => `${i}`),
        evalNames: Array.from(zeros, () => "e"),
        prompts: null,
      },
      ...{ quality: zeros, costUsd: zeros, latencySeconds: null, source: odd.source },
    });
    for (const ending of ENDINGS) {
      await exportOutcomes(signed, `${folder}/signed${ending}`);
      assertSame(await loadOutcomes(`${folder}/signed${ending}`), signed);
    }
  }));

testOnRealRows(
  "exportOutcomes() writes the real rows so that loadOutcomes() gives them back",
  (path) =>
    inFolder(async (folder) => {
      const rows = await loadOutcomes(path);
      for (const ending of ENDINGS) {
        await exportOutcomes(rows, `${folder}/real${ending}`);
        assertSame(await loadOutcomes(`${folder}/real${ending}`), rows);
      }
    }),
);

Deno.test("exportOutcomes() says what is wrong with a name or a place", async () => {
  const table = outcomeTable({
    models: ["m"],
    promptIds: ["p"],
    evalNames: ["e"],
    prompts: null,
    quality: Float64Array.of(1),
    costUsd: Float64Array.of(1),
    latencySeconds: null,
    source: { kind: "file", name: "made", sha256: "", notes: [] },
  });
  await assert.rejects(exportOutcomes(table, "x.xlsx"), /the name must end in \.csv or \.jsonl or \.parquet/);
  await assert.rejects(exportOutcomes(table, "/nowhere/at/all/x.csv"), /the file must be writable/);
});
