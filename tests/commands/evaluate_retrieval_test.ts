import assert from "node:assert/strict";
import { loadOutcomes } from "routerbench";
import { simulateRetrieval } from "routerbench/axes";
import { retrievedVectors } from "../../lib/axes/retrieval/retrieved_vectors.ts";
import { evaluateWithRetrieval } from "../../lib/commands/evaluate_retrieval.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { RetrievedRecord, RetrievedRecords } from "../../lib/files/retrieved_records.ts";
import { armOf } from "../../lib/outcomes/arm.ts";
import { selectModels } from "../../lib/outcomes/what_if.ts";
import { withFile } from "../files/_files.ts";

const SETTINGS = { seed: 1, split: "chance", trainShare: 0.7, routers: ["linear"], evalNames: null } as const;
const ENCODER = lexicalEncoder({ nDims: 32 });
const { pairs: { outcomes: SIMULATED }, retrieved: SCORES } = simulateRetrieval({ nPrompts: 500, seed: 1 });

/** The simulated outcomes, one line an outcome; `cells` writes the pair. */
function csvOf(header: string, cells: (name: string, prompt: number) => string): string {
  const { models, promptIds, prompts, quality, costUsd } = SIMULATED;
  const lines = promptIds.flatMap((id, i) =>
    models.map((name, j) => {
      const at = i * models.length + j;
      return [id, `"${prompts![i]}"`, quality[at], costUsd[at], cells(name, i)].join(",");
    })
  );
  return [`prompt_id,prompt,quality,cost_usd,${header}`, ...lines].join("\n") + "\n";
}

function scored(name: string, prompt: number): string {
  const { retriever, model } = armOf(name);
  return retriever in SCORES ? `${model},${retriever},${SCORES[retriever].values[prompt]}` : `${model},,`;
}

async function evaluated(path: string): Promise<NonNullable<Awaited<ReturnType<typeof evaluateWithRetrieval>>>> {
  const { table: outcomes, retrieved } = await loadWithCounts(path);
  const embeddings = await ENCODER.encode(outcomes.prompts!);
  const given = { outcomes, retrieved, embeddings, encoder: ENCODER, settings: SETTINGS, testIds: undefined };
  return (await evaluateWithRetrieval(given))!;
}

Deno.test("a column of retrievers and names with a plus are evaluated alike, down to the last bit", async () => {
  const plain = csvOf("model,retriever", (name, prompt) => scored(name, prompt).split(",").slice(0, 2).join());
  await withFile("column.csv", plain, async (column) => {
    await withFile("names.csv", csvOf("model", (name) => name), async (names) => {
      const [ofColumn, ofNames] = [await evaluated(column), await evaluated(names)];
      assert.deepEqual(ofColumn, ofNames);
      assert.deepEqual(ofColumn.tables.get("retrieval")!.rows.map(([system]) => system), [
        "Zero",
        "Zero without retrieval",
        "Joint",
        "Fixed retriever",
        "Two stages, one look",
        "Two stages",
      ]);
      assert.match(ofColumn.sentences[0], /does not say what was retrieved/);
      // Without anything to look at, the second look is the first.
      assert.deepEqual(ofColumn.tables.get("retrieval_gains")!.rows[0], ["one look", 0, 0, 0]);
    });
  });
});

Deno.test("scores of a table are what the second look sees, and its gain has an interval", async () => {
  await withFile("scored.csv", csvOf("model,retriever,retrieval_score", scored), async (path) => {
    const { sentences, tables } = await evaluated(path);
    assert.match(sentences[0], /at what bm25 and dense found, adds [+−]0\.\d{4} \[/);
    const [, difference, low, high] = tables.get("retrieval_gains")!.rows[0] as [string, number, number, number];
    assert.ok(low < difference && difference < high);
  });
});

Deno.test("a table without pairs, or with a pair that is missing, is not evaluated so", async () => {
  const given = { retrieved: new Map(), encoder: ENCODER, settings: SETTINGS, testIds: undefined };
  const of = async (models: readonly string[]): ReturnType<typeof evaluateWithRetrieval> => {
    const outcomes = selectModels(SIMULATED, models);
    return await evaluateWithRetrieval({ ...given, outcomes, embeddings: await ENCODER.encode(outcomes.prompts!) });
  };
  assert.equal(await of(["small", "large"]), null);
  const lacking = await of(["small", "large", "bm25+small"]);
  assert.match(lacking!.sentences[0], /as "bm25\+large" has no outcomes/);
  await withFile(
    "one.csv",
    "prompt,model,retriever,quality,cost\nWhat?,a,bm25,1,1\nWhat?,b,bm25,0,2\n",
    async (path) => {
      assert.deepEqual((await loadOutcomes(path)).models, ["bm25+a", "bm25+b"]);
    },
  );
});

Deno.test("retrievedVectors() puts a text's vector and a standardised score side by side", async () => {
  const records: RetrievedRecords = new Map<string, Map<string, RetrievedRecord>>([
    ["none", new Map([["a", { text: null, score: null }]])],
    ["bm25", new Map([["a", { text: "one", score: 1 }], ["b", { text: null, score: 3 }]])],
  ]);
  const encode = (texts: readonly string[]): ReturnType<typeof ENCODER.encode> => ENCODER.encode(texts);
  const found = await retrievedVectors(records, { promptIds: ["a", "b", "c"], encode });
  assert.deepEqual(Object.keys(found), ["bm25"]);
  const { nDims, values } = found.bm25;
  assert.deepEqual([nDims, values[32], values[65], values[98]], [33, -1, 1, 0]);
  const own = await ENCODER.encode(["one", ""]);
  assert.deepEqual(values.subarray(0, 32), own.values.subarray(0, 32));
});
