import assert from "node:assert/strict";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { inFolder } from "../_files.ts";

const COSTS = { responseCostUsd: { org__small: 0.001, org__big: 0.01 } };

/** A line of a document as lm_eval's evaluation_tracker writes it. */
function sample(doc_id: number, filter: string, metrics: Readonly<Record<string, number>>): string {
  return JSON.stringify({
    ...{ doc_id, doc: { question: `What is ${doc_id} + 1?` }, target: "x" },
    ...{ arguments: { gen_args_0: { arg_0: `Q: What is ${doc_id} + 1?`, arg_1: { until: ["\n"] } } }, resps: [["4"]] },
    ...{ filtered_resps: ["4"], filter, metrics: Object.keys(metrics), doc_hash: `h${doc_id}`, ...metrics },
  }) + "\n";
}

async function write(folder: string, model: string, lines: readonly string[]): Promise<void> {
  await Deno.mkdir(`${folder}/${model}`, { recursive: true });
  await Deno.writeTextFile(`${folder}/${model}/samples_gsm8k_2026-01-02T03-04-05.123456.jsonl`, lines.join(""));
  await Deno.writeTextFile(
    `${folder}/${model}/results_2026-01-02T03-04-05.123456.json`,
    '{"results": {"gsm8k": {}}, "n": 1}',
  );
}

Deno.test("samples of lm-evaluation-harness: the folder is the model, the file the evaluation, a filter is asked for", () =>
  inFolder(async (folder) => {
    const lines = (grades: readonly number[]): string[] =>
      grades.flatMap((grade, at) => [
        sample(at, "strict-match", { exact_match: grade }),
        sample(at, "flexible-extract", { exact_match: 1 }),
      ]);
    await write(folder, "org__small", lines([0, 1, 0]));
    await write(folder, "org__big", lines([1, 1, 0]));
    await assert.rejects(
      loadOutcomes(folder, COSTS),
      /"strict-match" or "flexible-extract"; choose one by filter \(--filter NAME\)/,
    );
    await assert.rejects(
      loadOutcomes(folder, { ...COSTS, filter: "strict" }),
      /"strict" is none; it has "strict-match" or/,
    );
    await assert.rejects(
      loadOutcomes(folder, { filter: "strict-match" }),
      /neither costs nor token counts; pass responseCostUsd/,
    );
    const table = await loadOutcomes(folder, { ...COSTS, filter: "strict-match" });
    assert.deepEqual(table.models, ["org__big", "org__small"]);
    assert.deepEqual(table.evalNames, ["gsm8k", "gsm8k", "gsm8k"]);
    assert.deepEqual(table.prompts, [0, 1, 2].map((at) => `Q: What is ${at} + 1?`));
    assert.deepEqual([...table.quality], [1, 0, 1, 1, 0, 0]);
    assert.match(table.source.notes[1], /"exact_match" the quality after the filter "strict-match"/);
    const lenient = await loadOutcomes(folder, { ...COSTS, filter: "flexible-extract" });
    assert.deepEqual([...lenient.quality], [1, 1, 1, 1, 1, 1]);
  }));

Deno.test("samples of lm-evaluation-harness: of several metrics one is asked for", () =>
  inFolder(async (folder) => {
    for (const model of ["org__small", "org__big"]) {
      await write(folder, model, [0, 1].map((at) => sample(at, "none", { acc: at, acc_norm: 1 - at })));
    }
    await assert.rejects(loadOutcomes(folder, COSTS), /it has "acc" and "acc_norm"; choose one by columns\.quality/);
    const { quality } = await loadOutcomes(folder, { ...COSTS, columns: { quality: "acc_norm" } });
    assert.deepEqual([...quality], [1, 1, 0, 0]);
  }));
