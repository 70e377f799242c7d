import assert from "node:assert/strict";
import {
  evalNamesOf,
  modelMeans,
  type OutcomeTable,
  outcomeTable,
  selectEvals,
  selectPrompts,
} from "../../lib/outcomes/outcome_table.ts";
import { tableOf } from "../_tables.ts";

const TABLE = tableOf({
  quality: [[1, 0.5], [0, 1], [0.25, 0.75]],
  costUsd: [[1, 2], [3, 4], [5, 6]],
  evalNames: ["mmlu-law", "mbpp", "mmlu-art"],
});

Deno.test("selectEvals() takes every evaluation that begins so, in the table's order", () => {
  assert.deepEqual(selectEvals(TABLE, ["mmlu"]).promptIds, ["p0", "p2"]);
  assert.deepEqual(selectEvals(TABLE, ["mbpp", "mmlu"]).evalNames, ["mmlu-law", "mbpp", "mmlu-art"]);
  assert.throws(
    () => selectEvals(TABLE, ["gsm8k"]),
    /^RangeError: Cannot select evaluations as each name must begin one of the table's: "gsm8k" does not; it has "mmlu-law", "mbpp", "mmlu-art"$/,
  );
});

Deno.test("selectPrompts() carries the cells of each row along", () => {
  const picked = selectPrompts(TABLE, [2, 0]);
  assert.deepEqual([...picked.quality], [0.25, 0.75, 1, 0.5]);
  assert.deepEqual([...picked.costUsd], [5, 6, 1, 2]);
  assert.deepEqual(evalNamesOf(picked), ["mmlu-art", "mmlu-law"]);
  assert.throws(() => selectPrompts(TABLE, [3]), /RangeError: Cannot select prompts/);
});

Deno.test("modelMeans() are means over prompts", () => {
  assert.deepEqual(modelMeans(TABLE), { quality: Float64Array.of(1.25 / 3, 0.75), costUsd: Float64Array.of(3, 4) });
});

const BAD: [string, Partial<OutcomeTable>, RegExp][] = [
  [
    "a NaN",
    { quality: Float64Array.of(1, NaN, 0, 1, 0, 1) },
    /RangeError: Cannot make an outcome table as a quality must be in 0..1: model "m1" on prompt "p0" has NaN/,
  ],
  [
    "a quality of 1.2",
    { quality: Float64Array.of(1, 1, 0, 1.2, 0, 1) },
    /RangeError: .* a quality must be in 0..1: model "m1" on prompt "p1" has 1.2/,
  ],
  [
    "a negative cost",
    { costUsd: Float64Array.of(1, 1, -1, 1, 0, 1) },
    /RangeError: .* a cost must be a finite number of USD, 0 or more: model "m0" on prompt "p1" has -1/,
  ],
  ["two models of one name", { models: ["a", "a"] }, /TypeError: .* its models must differ: "a" stands twice/],
  [
    "two prompts of one id",
    { promptIds: ["p", "q", "p"] },
    /TypeError: .* its prompt ids must differ: "p" stands twice/,
  ],
  [
    "a missing cell",
    { quality: Float64Array.of(1) },
    /TypeError: .* its quality cells must match its prompts: 1 stand for 6/,
  ],
  ["too few texts", { prompts: ["one"] }, /TypeError: .* its prompts must match/],
  ["no models", { models: [] }, /TypeError: .* needs prompts and models: it has 3 prompts and 0 models/],
];

for (const [name, change, message] of BAD) {
  Deno.test(`outcomeTable() refuses ${name}`, () => {
    assert.throws(() => outcomeTable({ ...TABLE, ...change }), message);
  });
}
