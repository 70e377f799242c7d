import assert from "node:assert/strict";
import { outcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { addModel, repriceOutcomes, selectModels } from "../../lib/outcomes/what_if.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { cascadeOrder } from "../../lib/routers/cascade.ts";
import { randomTable } from "../_tables.ts";

const TABLE = randomTable(30, 3, 4);
const m = TABLE.models.length;
const OLD = {
  m0: { prompt: 1, completion: 2 },
  m1: { prompt: 10, completion: 30 },
  m2: { prompt: 0.5, completion: 0.5 },
};

/** A table whose costs are paid for random tokens, and its costs at other prices. */
function tokenTable(share: number | null): { table: typeof TABLE; costsAt: (prices: typeof OLD) => Float64Array } {
  const random = seededRandom(3, "tokens");
  const prices = Object.values(OLD);
  const tokens = Array.from({ length: 30 * m }, (_, at) => {
    const prompt = 1 + random.integer(500);
    const { prompt: p, completion: c } = prices[at % m];
    return { prompt, completion: share === null ? random.integer(500) : prompt * p * share / (1 - share) / c };
  });
  const costsAt = (prices: typeof OLD): Float64Array =>
    Float64Array.from(tokens, ({ prompt, completion }, at) => {
      const price = Object.values(prices)[at % m];
      return (prompt * price.prompt + completion * price.completion) / 1e6;
    });
  return { table: outcomeTable({ ...TABLE, costUsd: costsAt(OLD) }), costsAt };
}

function assertNear(actual: Float64Array, expected: Float64Array): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) =>
    assert.ok(Math.abs(value - expected[at]) <= 1e-12 * expected[at], `cell ${at}: ${value}, not ${expected[at]}`)
  );
}

Deno.test("repriceOutcomes() gives what the same tokens would have cost", () => {
  const half = { ...OLD, m1: { prompt: 5, completion: 15 } };
  const any = tokenTable(null);
  const repriced = repriceOutcomes(any.table, { from: OLD, to: { m1: half.m1, m2: OLD.m2 } });
  assertNear(repriced.costUsd, any.costsAt(half));
  assert.deepEqual(repriced.models, ["m0", "m1 (new price)", "m2"]);
  assert.deepEqual(repriced.source.notes, ["Prices changed: m1"]);
  assert.deepEqual(repriced.quality, any.table.quality);
  const uneven = { ...OLD, m0: { prompt: 3, completion: 1 } };
  const shared = tokenTable(0.8);
  assertNear(
    repriceOutcomes(shared.table, { from: OLD, to: { m0: uneven.m0 }, completionShare: 0.8 }).costUsd,
    shared.costsAt(uneven),
  );
});

Deno.test("repriceOutcomes() makes a cascade ask in the order of the new costs", () => {
  const table = simulateOutcomes({ nPromptsPerEval: 5, seed: 1 });
  const gpt4 = table.models.indexOf("gpt-4-1106-preview");
  assert.equal(cascadeOrder(table).at(-1), gpt4);
  assert.equal(
    cascadeOrder(repriceOutcomes(table, { to: { "gpt-4-1106-preview": { prompt: 0.01, completion: 0.03 } } }))[0],
    gpt4,
  );
});

Deno.test("repriceOutcomes() refuses unknown models, unknown prices, no amounts and a share that is missing", () => {
  const to = (to: object, more: object = {}): () => unknown => () =>
    repriceOutcomes(TABLE, { from: OLD, to: to as typeof OLD, ...more });
  assert.throws(
    to({ m7: OLD.m0 }),
    /RangeError: Cannot change prices as each model's old price must be known: "m7" has none; name it in from/,
  );
  assert.throws(to({ m10: OLD.m0 }, { from: { m10: OLD.m0 } }), /each model must be in the table: "m10" is not/);
  assert.throws(to({ m0: { prompt: -1, completion: 1 } }), /"m0" goes from 1\/2 to -1\/1/);
  assert.throws(
    to({ m0: OLD.m0 }, { from: { m0: { prompt: 0, completion: 2 } } }),
    /the old ones above 0: "m0" goes from 0\/2/,
  );
  assert.throws(
    to({ m0: { prompt: 2, completion: 2 } }),
    /different factors, 2.00 and 1.00: completionShare is undefined; pass the share/,
  );
  assert.throws(to({ m0: { prompt: 2, completion: 2 } }, { completionShare: 2 }), /completionShare is 2/);
});

Deno.test("selectModels() takes columns in the order named", () => {
  const some = selectModels(TABLE, ["m2", "m0"]);
  TABLE.promptIds.forEach((_, i) => {
    assert.deepEqual([...some.quality.slice(2 * i, 2 * i + 2)], [TABLE.quality[i * m + 2], TABLE.quality[i * m]]);
    assert.deepEqual([...some.costUsd.slice(2 * i, 2 * i + 2)], [TABLE.costUsd[i * m + 2], TABLE.costUsd[i * m]]);
  });
  assert.deepEqual(selectModels(TABLE, TABLE.models), TABLE);
  assert.throws(
    () => selectModels(simulateOutcomes({ nPromptsPerEval: 1, seed: 1 }), ["claude-v3"]),
    /"claude-v3" is not; did you mean "claude-v/,
  );
});

Deno.test("addModel() gives back the table from which the model was taken, on the prompts where it was tried", () => {
  const rows = [4, 0, 17];
  const promptIds = rows.map((row) => TABLE.promptIds[row]);
  const cell = (values: Float64Array) => (row: number): number => values[row * m + 2];
  const added = {
    model: "m2",
    promptIds,
    quality: rows.map(cell(TABLE.quality)),
    costUsd: rows.map(cell(TABLE.costUsd)),
  };
  const { source, ...table } = addModel(selectModels(TABLE, ["m0", "m1"]), added);
  const { source: _, ...expected } = selectPrompts(TABLE, rows);
  assert.deepEqual(table, expected);
  assert.deepEqual(source.notes, ['"m2" was added on 3 of 30 prompts']);
});

Deno.test("addModel() refuses lengths that differ, unknown and repeated prompts, a model that is there, and values out of range", () => {
  const add = (change: object): () => unknown => () =>
    addModel(TABLE, { model: "new", promptIds: ["p1", "p2"], quality: [0, 1], costUsd: [1, 1], ...change });
  assert.throws(
    add({ quality: [1] }),
    /TypeError: Cannot add "new" as each of its prompts needs a quality and a cost: there are 2 prompts, 1 qualities and 2 costs/,
  );
  assert.throws(
    add({ promptIds: ["p1", "q"] }),
    /RangeError: Cannot add "new" as its prompts must be the table's: "q" is not; check the ids/,
  );
  assert.throws(add({ promptIds: ["p1", "p1"] }), /"p1" stands twice/);
  assert.throws(add({ model: "m1" }), /"m1" stands twice/);
  assert.throws(add({ quality: [0, 2] }), /a quality must be in 0..1: model "new" on prompt "p2" has 2/);
});

Deno.test("a changed table is no longer the released one", () => {
  const source = { kind: "released" as const, name: "routerbench_0shot.pkl", sha256: "ab", notes: [] };
  const released = { ...simulateOutcomes({ nPromptsPerEval: 2, seed: 1 }), source };
  const changed = repriceOutcomes(released, { to: { "gpt-4-1106-preview": { prompt: 1, completion: 3 } } });
  const again = repriceOutcomes(changed, { to: { "claude-v1": { prompt: 1, completion: 3 } } });
  assert.deepEqual([changed.source.kind, changed.source.name, changed.source.sha256], [
    "file",
    "routerbench_0shot.pkl (changed)",
    "",
  ]);
  assert.deepEqual([again.source.name, again.source.notes.length], ["routerbench_0shot.pkl (changed)", 2]);
});
