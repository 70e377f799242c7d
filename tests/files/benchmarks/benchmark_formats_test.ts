import assert from "node:assert/strict";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import type { LoadOptions } from "../../../lib/files/load_options.ts";
import type { OutcomeTable } from "../../../lib/outcomes/outcome_table.ts";
import { llmRouterBenchFile, MADE, type MadeFiles, PRICES, withMade } from "./_benchmark_files.ts";

async function load(made: Pick<MadeFiles, "files" | "load">, options: LoadOptions): Promise<OutcomeTable> {
  let table: OutcomeTable | undefined;
  await withMade(made, async (path) => void (table = await loadOutcomes(path, options)));
  return table!;
}
const fixture = (name: string): string => new URL(`../../fixtures/${name}`, import.meta.url).pathname;

/** What the files of a format say, in its own words. */
const WANTED: Readonly<
  Record<string, { readonly ids: readonly string[]; readonly evalName: string; readonly hasText?: boolean }>
> = {
  "routellm: MMLU": { ids: ["1", "2"], evalName: "mmlu_sums" },
  "routellm: GSM8K, with answers": { ids: ["1", "2"], evalName: "gsm8k" },
  "mt-bench: judgements": { ids: ["81", "82"], evalName: "all", hasText: false },
  "embedllm: one file": { ids: ["7", "8"], evalName: "mmlu" },
  "llmrouterbench: a folder of results": { ids: ["1", "2"], evalName: "aime" },
  "routerarena: predictions": { ids: ["AIME_0", "AIME_1"], evalName: "AIME" },
  "routerarena: a folder of cached results": { ids: ["AIME_0", "AIME_1"], evalName: "AIME" },
  "sprout: JSON Lines": { ids: ["1", "2"], evalName: "openhermes" },
};

for (const [format, what, made] of MADE) {
  for (const named of [true, false]) {
    Deno.test(`loadOutcomes() reads ${format}: ${what}, ${named ? "named" : "known by its columns"}`, async () => {
      const table = await load(made, { ...made.options, ...(named ? { format } : {}) });
      const { ids, evalName, hasText = true } = WANTED[`${format}: ${what}`];
      // Files are read in the order of their paths.
      const order = table.models[0] === "small" ? [0, 1] : [1, 0];
      const at = (values: Float64Array): number[] => [0, 1].flatMap((i) => order.map((j) => values[2 * i + j]));
      assert.deepEqual(order.map((j) => table.models[j]), ["small", "large"]);
      assert.deepEqual([table.promptIds, table.evalNames], [ids, [evalName, evalName]]);
      assert.deepEqual(table.prompts, hasText ? ["What is\n2, and 2?", 'Say "no".'] : null);
      // Formats of right and wrong cannot say one half.
      const half = format === "embedllm" ? 0 : format === "routellm" ? 1 : 0.5;
      assert.deepEqual(at(table.quality), [1, 1, 0, half]);
      const second = ["routellm", "mt-bench", "embedllm"].includes(format) ? 1 : 2,
        wanted = [1e-5, 1e-3, second * 1e-5, second * 1e-3];
      at(table.costUsd).forEach((cost, k) =>
        assert.ok(Math.abs(cost - wanted[k]) < 1e-15, `${cost} is not ${wanted[k]}`)
      );
      assert.match(
        table.source.notes[0],
        named
          ? /^read as (an? [A-Z]\S+|a file of) .*[^)]$/
          : /^read as .*, known by its columns \(if it is none: --format any\)$/,
      );
    });
  }
}

for (const [name, evalName] of [["routereval", "routereval"], ["routereval_texts", "routereval_texts"]]) {
  Deno.test(`loadOutcomes() reads one group of models of ${name}_router_dataset.pkl`, async () => {
    const costs = { responseCostUsd: { "maker/small": 1e-5, "maker/large": 1e-3 } };
    const table = await loadOutcomes(fixture(`${name}_router_dataset.pkl`), {
      ...costs,
      pool: "easy/3/strong_to_weak",
    });
    assert.deepEqual(table.models, ["maker/small", "maker/large"]);
    assert.deepEqual(table.promptIds, ["train/4", "train/0", "val/2", "test/1", "test/3"]);
    assert.deepEqual(table.prompts, ["Zero?", "One – größer?", "Two \u{1f600}?", "Three?", "Four?"]);
    assert.deepEqual([...table.quality], [1, 0, 0, 1, 1, 1, 0.25, 0.75, 0, 0]);
    assert.deepEqual([...new Set(table.evalNames)], [evalName]);
    assert.deepEqual([...table.costUsd.slice(0, 2)], [1e-5, 1e-3]);
    const one = await loadOutcomes(fixture(`${name}_router_dataset.pkl`), {
      ...costs,
      pool: "hard/10/all_weak",
      format: "routereval",
    });
    assert.deepEqual([one.models, [...one.quality]], [["maker/small"], [1, 0, 1, 0.25, 0]]);
  });
}

Deno.test("loadOutcomes() reads RouterBench's tables under their names as without", async () => {
  const [wide, raw] = [fixture("pandas2_protocol4.pkl"), fixture("pandas2_raw.pkl")];
  assert.deepEqual(
    (({ source: _, ...table }): unknown => table)(await loadOutcomes(wide, { format: "routerbench" })),
    (({ source: _, ...table }): unknown => table)(await loadOutcomes(wide)),
  );
  assert.deepEqual(
    (({ source: _, ...table }): unknown => table)(await loadOutcomes(raw, { format: "routerbench-raw" })),
    (({ source: _, ...table }): unknown => table)(await loadOutcomes(raw)),
  );
});

Deno.test("loadOutcomes() takes the newest run of LLMRouterBench's results, and no demo", async () => {
  const files = {
    "small/aime-test-small-20250101_000000.json": llmRouterBenchFile("small", {}, () => 7),
    "small/aime-test-small-20250301_000000.json": llmRouterBenchFile("small"),
    "small/aime-test-small-20250401_000000.json": llmRouterBenchFile("small", { demo: true }, () => 8),
    "large/aime-test-large-20250101_000000.json": llmRouterBenchFile("large"),
  };
  const table = await load({ files, load: "" }, {});
  assert.deepEqual([...table.costUsd], [1e-3, 1e-5, 2e-3, 2e-5]);
  assert.equal(table.source.notes[1], "4 rows of demos or of results that were made again left out");
});

Deno.test("loadOutcomes() names the splits of LLMRouterBench's evaluations that have several", async () => {
  const files = Object.fromEntries(
    (["small", "large"] as const).flatMap((model) =>
      ["a", "b"].map((split) => [`${model}-${split}.json`, llmRouterBenchFile(model, { split })])
    ),
  );
  assert.deepEqual((await load({ files, load: "" }, {})).promptIds, ["a/1", "a/2", "b/1", "b/2"]);
});

Deno.test("loadOutcomes() takes no cost of 0 for a response of some tokens", async () => {
  const files = { "small.json": llmRouterBenchFile("small", {}, () => 0), "large.json": llmRouterBenchFile("large") };
  await assert.rejects(
    load({ files, load: "" }, {}),
    /TypeError: Cannot load ".*" as a response of some tokens must have a cost: "small" has 2 of 0, .*; pass priceList \(--prices FILE\), or responseCostUsd \(--response-costs FILE\), with "small", at 0 only where a model is free$/,
  );
  const table = await load({ files, load: "" }, PRICES);
  assert.deepEqual([...table.costUsd], [1e-3, 1e-5, 2e-3, 2e-5]);
  assert.equal(table.source.notes[1], "2 costs of 0 replaced by the options' prices");
  assert.deepEqual([
    ...(await load({ files, load: "" }, { priceList: { small: { prompt: 0, completion: 0 } } })).costUsd,
  ], [
    1e-3,
    0,
    2e-3,
    0,
  ]);
});

Deno.test("loadOutcomes() leaves RouterArena's prompts of one model out where asked, and says how many", async () => {
  const rows = JSON.parse(MADE.find(([, what]) => what === "predictions")![2].files["my-router.json"]);
  const made = { files: { "my-router.json": JSON.stringify(rows.slice(0, 3)) }, load: "my-router.json" };
  await assert.rejects(
    load(made, {}),
    /1 of 4 are missing, such as the quality of "large" on prompt "AIME_1"; pass missing: "drop" \(--missing drop\)/,
  );
  const table = await load(made, { missing: "drop" });
  assert.deepEqual([table.promptIds, table.source.notes.at(-1)], [
    ["AIME_0"],
    "1 prompt left out because a model's quality is missing",
  ]);
});

Deno.test("loadOutcomes() keeps one EmbedLLM prompt of two categories apart, and holes holes", async () => {
  const head = "prompt_id,model_id,category_id,category,model_name,prompt,label\n";
  const costs = { responseCostUsd: { s: 1, l: 2 } };
  const rows = "1,0,0,a,s,Hi,1\n1,1,0,a,l,Hi,0\n1,0,1,b,s,Hi,0\n1,1,1,b,l,Hi,1\n2,0,0,a,s,Ho,1\n";
  const table = await load({ files: { "val.csv": head + rows }, load: "val.csv" }, { ...costs, missing: "drop" });
  assert.deepEqual([table.promptIds, [...table.quality]], [["a/1", "b/1"], [1, 0, 0, 1]]);
  await assert.rejects(load({ files: { "val.csv": head + rows }, load: "val.csv" }, costs), /1 of 6 are missing/);
  await assert.rejects(
    load({ files: { "val.csv": head + rows + "1,0,0,a,s,Hi,0\n" }, load: "val.csv" }, costs),
    /"s" has several on "a\/1".*--repeats mean/,
  );
});

Deno.test("loadOutcomes() reads nested JSON of one object a model by the usual names", async () => {
  const row = { id: 1, prompt: "Hi", "gpt-4.1": { score: 1, cost: 2 }, small: { score: 0, cost: 1, response: "no" } };
  const table = await load({ files: { "nested.json": JSON.stringify([row]) }, load: "nested.json" }, {});
  assert.deepEqual([table.models, [...table.quality], [...table.costUsd]], [["gpt-4.1", "small"], [1, 0], [2, 1]]);
});

Deno.test("loadOutcomes() reads a folder's files as one table, in the order of their paths", async () => {
  const files = {
    "b.csv": "id,model,score,cost\n2,s,1,2\n",
    "a/c.jsonl": '{"id":1,"model":"s","score":0,"cost":1}\n',
    "README.md": "no",
    ".x.csv": "no",
  };
  const table = await load({ files, load: "" }, {});
  assert.deepEqual([table.promptIds, [...table.quality], [...table.costUsd]], [["1", "2"], [0, 1], [1, 2]]);
});

Deno.test("loadOutcomes() says of a benchmark's file of one model that the folder makes the comparison", async () => {
  const table = await load({ files: { "small.json": llmRouterBenchFile("small") }, load: "small.json" }, {});
  assert.equal(table.source.notes[1], "one model only: load the folder of the models' files to compare them");
});
