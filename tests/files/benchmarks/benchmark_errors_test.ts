import assert from "node:assert/strict";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import type { LoadOptions, TableFormat } from "../../../lib/files/load_options.ts";
import { MADE, PRICES, withMade } from "./_benchmark_files.ts";

const rejects = (name: string, text: string, options: LoadOptions, message: RegExp): Promise<void> =>
  withMade({ files: { [name]: text }, load: name }, async (path) => {
    await assert.rejects(loadOutcomes(path, options), (error: Error) => {
      assert.match(String(error), message);
      return true;
    });
  });
const fixture = (name: string): string => new URL(`../../fixtures/${name}`, import.meta.url).pathname;

/** A table that is of no published format. */
const ORDINARY = "id,task,who,correct,cost\n1,x,s,1,1\n1,x,l,0,2\n";
const FOUND = 'the file has "id", "task", "who", "correct", "cost"';

/** What the error for an ordinary table says, by the format it is said to be of. */
const WRONG: readonly (readonly [TableFormat, RegExp])[] = [
  [
    "routerbench",
    /a RouterBench table must have its promptId in a column "sample_id": FOUND; name it by columns.promptId \(--columns promptId=NAME\)/,
  ],
  [
    "routerbench-raw",
    /a raw RouterBench table must have its promptId in a column "sample_id": FOUND; name it by columns.promptId/,
  ],
  [
    "routellm",
    /a RouteLLM response table must have its prompt in a column "prompt": FOUND; name it by columns.prompt \(--columns prompt=NAME\), or /,
  ],
  ["embedllm", /an EmbedLLM table must have its promptId in a column "prompt_id": FOUND; name it by columns.promptId/],
  [
    "routereval",
    /a RouterEval dataset must be a pickled dictionary with "easy" or "hard", .*: FOUND; name the file's format by format \(--format NAME\)/,
  ],
  [
    "llmrouterbench",
    /an LLMRouterBench result must have its promptId in a column "index": FOUND; name it by columns.promptId/,
  ],
  [
    "routerarena",
    /a RouterArena file must have its promptId in a column "global index" or "global_index": FOUND; name it by columns.promptId/,
  ],
  [
    "sprout",
    /a SPROUT table must have its prompt in a column "prompt": FOUND; name it by columns.prompt \(--columns prompt=NAME\)/,
  ],
];

for (const [format, message] of WRONG) {
  Deno.test(`loadOutcomes() says what a file lacks to be of the format ${format}, what it has, and which option helps`, () =>
    rejects(
      "mine.csv",
      ORDINARY,
      { format },
      new RegExp(`^TypeError: Cannot load ".*" as ${message.source.replace("FOUND", FOUND)}`),
    ));
}

for (const [format, what, made] of MADE.filter(([, , { options }]) => Object.keys(options).length > 0)) {
  Deno.test(`loadOutcomes() never takes ${format}'s missing costs for zero: ${what}`, () =>
    withMade(made, async (path) => {
      const hasTokens = format === "sprout";
      await assert.rejects(
        loadOutcomes(path),
        hasTokens
          ? /each outcome must have a cost: a SPROUT table has token counts and no costs; pass priceList \(--prices FILE\), USD per million tokens, or responseCostUsd \(--response-costs FILE\), USD of one response, for each of the models "small", "large"$/
          : /each outcome must have a cost: .* has neither costs nor token counts; pass responseCostUsd \(--response-costs FILE\), USD of one response, for each of the models "small", "large"$/,
      );
      await assert.rejects(
        loadOutcomes(path, hasTokens ? { priceList: {} } : { responseCostUsd: { large: 1 } }),
        hasTokens
          ? /priceList must have every model: it lacks 2 of 2, "small", "large"; add them to it \(--prices FILE\)/
          : /responseCostUsd must have every model: it lacks 1 of 2, "small"; add them to it \(--response-costs FILE\)/,
      );
      if (!hasTokens) {
        await assert.rejects(
          loadOutcomes(path, PRICES),
          /neither costs nor token counts, so a price list gives none; pass responseCostUsd/,
        );
      }
    }));
}

Deno.test("loadOutcomes() lists the groups of a RouterEval dataset where none of them is named", async () => {
  const path = fixture("routereval_router_dataset.pkl");
  const groups = '"easy/3/all_strong", "easy/3/strong_to_weak", "hard/10/all_weak"';
  await assert.rejects(
    loadOutcomes(path),
    new RegExp(`groups of models must be named: none is; pass pool \\(--pool NAME\\), one of ${groups}$`),
  );
  await assert.rejects(
    loadOutcomes(path, { pool: "hard/10" }),
    new RegExp(`"hard/10" is none of them; pass pool \\(--pool NAME\\), one of ${groups}$`),
  );
  await assert.rejects(
    loadOutcomes(path, { pool: "hard/10/all_weak" }),
    /a RouterEval dataset has neither costs .* \(--response-costs FILE\).*"maker\/small"$/,
  );
  await rejects(
    "mine.csv",
    ORDINARY,
    { pool: "x" },
    /a pool \(--pool\) must be a RouterEval dataset's group of models: the file is none; leave it out/,
  );
});

Deno.test("loadOutcomes() says which column of a RouteLLM table is no model's", () =>
  rejects(
    "mine.csv",
    "prompt,small,topic\nHi,True,sums\n",
    { format: "routellm" },
    /a RouteLLM response table must have only True and False in a model's column: "topic" has "sums" in row 1; if it is no model, name it by columns \(--columns evalName=topic\)/,
  ));

Deno.test("loadOutcomes() says that a RouterArena file is not graded", () =>
  rejects(
    "router.json",
    JSON.stringify([{
      "global index": "AIME_1",
      prompt: "Hi",
      prediction: "s",
      generated_result: null,
      cost: null,
      accuracy: null,
    }]),
    {},
    /a RouterArena file must hold graded answers: "accuracy" is empty in all of its 1 rows; grade it with .*\(--columns quality=NAME\)/,
  ));

Deno.test("loadOutcomes() names the file of a folder that cannot be read", () =>
  withMade(
    { files: { "a.csv": ORDINARY, "b.jsonl": "{" }, load: "" },
    (path) => assert.rejects(loadOutcomes(path), /\(in "b.jsonl"\) \(file ".*"\)$/),
  ));

Deno.test("loadOutcomes() says which file of a folder has the row that it names", async () => {
  const head = "id,model,score,cost\n",
    files = { "a.csv": `${head}1,s,1,1\n2,s,1,1\n`, "b.csv": `${head}3,s,good,1\n` };
  await withMade(
    { files, load: "" },
    (path) =>
      assert.rejects(
        loadOutcomes(path),
        /"score" must hold numbers, true or false: row 3 has "good"; .* \(row 3 is row 1 of "b.csv"\)$/,
      ),
  );
});

Deno.test("loadOutcomes() refuses an unknown format", () =>
  rejects(
    "mine.csv",
    ORDINARY,
    { format: "x" as TableFormat },
    /as format must be any, routerbench, .* or otel: it is "x"/,
  ));

Deno.test("loadOutcomes() reads a table of a published format by the usual names alone where asked", () => {
  const [, , { files, load }] = MADE.find(([format]) => format === "embedllm")!;
  return rejects(
    load,
    files[load],
    { format: "any" },
    /each outcome must have a quality, in a column quality, .*; name it by columns.quality/,
  );
});
