import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { loadOutcomes } from "routerbench";
import { loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { withFile } from "./_files.ts";

interface PairRow {
  readonly prompt_id: string;
  readonly prompt: string;
  readonly retriever: string | null;
  readonly model: string;
  readonly retrieved: string | null;
  readonly retrieval_score: number | null;
  readonly quality: number;
  readonly cost_usd: number;
  readonly latency_seconds: number;
}

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** The rows of tests/fixtures/make_pairs.py. */
const ROWS: readonly PairRow[] = Array.from({ length: 36 }, (_, at) => {
  const [i, r, m] = [Math.floor(at / 6), Math.floor(at / 2) % 3, at % 2];
  const retriever = [null, "bm25", "dense"][r];
  return {
    prompt_id: `made.${i}`,
    prompt: `Question ${i}?`,
    retriever,
    model: ["small", "large"][m],
    retrieved: retriever === null ? null : `Passage ${i} of ${retriever}`,
    retrieval_score: retriever === null ? null : i / 4 + r,
    quality: (i + r * m) % 3 > 0 ? 1 : 0,
    cost_usd: (1 + r / 8) * (1 + 9 * m) / 1024,
    latency_seconds: 0.5 + r / 4 + m,
  };
});
const JOINT = ROWS.map(({ retriever, model, ...row }) => {
  return { ...row, model: retriever === null ? model : `${retriever}+${model}` };
});

function csvOf(rows: readonly object[]): string {
  const lines = rows.map((row) => Object.values(row).map((cell) => cell ?? "").join(","));
  return [Object.keys(rows[0]).join(","), ...lines].join("\n") + "\n";
}

function numbersOf({ source: _, ...table }: OutcomeTable): Omit<OutcomeTable, "source"> {
  return table;
}

const NOTE =
  '"retriever" and "model" are read as one choice, RETRIEVER+MODEL: 3 retrievers (none, bm25, dense) and 2 models';

const FILES: readonly [name: string, contents: string][] = [
  ["pairs.csv", csvOf(ROWS)],
  ["pairs.json", JSON.stringify(ROWS)],
  ["pairs.jsonl", ROWS.map((row) => JSON.stringify(row)).join("\n")],
];

Deno.test("a column of retrievers gives the table of names with a plus, in every format", async () => {
  let joint: OutcomeTable | null = null;
  await withFile("joint.csv", csvOf(JOINT), async (path) => {
    joint = await loadOutcomes(path);
    assert.deepEqual((await loadWithCounts(path)).retrieved, new Map());
  });
  const check = async (path: string): Promise<void> => {
    const { table, retrieved } = await loadWithCounts(path);
    assert.deepEqual(numbersOf(table), numbersOf(joint!), path);
    assert.ok(table.source.notes.includes(NOTE), `${path}: ${table.source.notes}`);
    assert.deepEqual(retrieved.get("dense")?.get("made.3"), { text: "Passage 3 of dense", score: 2.75 }, path);
  };
  for (const [name, contents] of FILES) await withFile(name, contents, check);
  for (const name of ["pairs.parquet", "pairs.pkl"]) await check(fixture(name));
});

Deno.test("the column of retrievers can be named, and its cells may say none", async () => {
  const rows = ROWS.map(({ retriever, ...row }) => ({ ...row, rag: retriever ?? "None" }));
  await withFile("named.csv", csvOf(rows), async (path) => {
    const { models, source } = await loadOutcomes(path, { columns: { retriever: "rag" } });
    assert.deepEqual(models, ["small", "large", "bm25+small", "bm25+large", "dense+small", "dense+large"]);
    assert.ok(source.notes.some((note) => note.includes('"rag" as retriever')));
    await assert.rejects(loadOutcomes(path), /"small" has several on "made.0"/);
  });
});

Deno.test("a price list prices the model of a pair, and costs of responses name the pair", async () => {
  const rows = ROWS.map(({ cost_usd: _, ...row }) => ({ ...row, prompt_tokens: 1000, completion_tokens: 100 }));
  const small = { prompt: 1, completion: 2 }, large = { prompt: 10, completion: 20 };
  await withFile("tokens.csv", csvOf(rows), async (path) => {
    const { costUsd, models } = await loadOutcomes(path, { priceList: { small, large } });
    assert.deepEqual([...costUsd.subarray(0, 6)].map((cost) => Math.round(cost * 1e6)), [
      ...[1200, 12000, 1200, 12000, 1200, 12000],
    ]);
    const responseCostUsd = Object.fromEntries(models.map((name, at) => [name, at + 1]));
    assert.deepEqual([...(await loadOutcomes(path, { responseCostUsd })).costUsd.subarray(0, 6)], [1, 2, 3, 4, 5, 6]);
  });
});

Deno.test("names of retrievers and scores that cannot be read are refused with their row", async () => {
  const other = (change: object): string => csvOf([{ ...ROWS[3], ...change }, ...ROWS]);
  await withFile("plus.csv", other({ retriever: "bm25+rerank", prompt_id: "x" }), async (path) => {
    await assert.rejects(loadOutcomes(path), /must be without "\+", .*: row 1 has "bm25\+rerank"/);
  });
  await withFile("score.csv", other({ retrieval_score: "high", prompt_id: "made.0" }), async (path) => {
    await assert.rejects(
      loadOutcomes(path, { repeats: "mean" }),
      /must be a number: row 1 of "retrieval_score" has "high"/,
    );
  });
});
