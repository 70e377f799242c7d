import type { LoadOptions, TableFormat } from "../../../lib/files/load_options.ts";
import { inFolder } from "../_files.ts";

/** Made-up files of a published format: all of the same two prompts and two models, as far as the format can say. */
export interface MadeFiles {
  /** By path below the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The path that is loaded, below the folder; `""` is the folder. */
  readonly load: string;
  /** What must be given beside the files. */
  readonly options: LoadOptions;
}

const COSTS: LoadOptions = { responseCostUsd: { small: 1e-5, large: 1e-3 } };
/** 10 tokens of prompt and 5 of answer, or 20 and 10, cost what `COSTS` says, or twice as much. */
export const PRICES: LoadOptions = {
  priceList: { small: { prompt: 0.5, completion: 1 }, large: { prompt: 50, completion: 100 } },
};

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join("\n") + "\n";
const QUALITY = { small: [1, 0], large: [1, 0.5] } as const;
const PROMPTS = ["What is\n2, and 2?", 'Say "no".'] as const;
const tokens = (i: number): { input_tokens: number; output_tokens: number } => ({
  input_tokens: 10 * (i + 1),
  output_tokens: 5 * (i + 1),
});
const costOf = (model: "small" | "large", i: number): number => (model === "small" ? 1e-5 : 1e-3) * (i + 1);
const each = <T>(make: (model: "small" | "large", i: number) => T): T[] =>
  (["small", "large"] as const).flatMap((model) => [0, 1].map((i) => make(model, i)));

/** A result file of LLMRouterBench, written as the benchmark writes it: over several lines. */
export function llmRouterBenchFile(
  model: "small" | "large",
  own: Readonly<Record<string, unknown>> = {},
  cost = costOf,
): string {
  const records = [0, 1].map((i) => ({
    ...{
      index: i + 1,
      origin_query: `${PROMPTS[i]} (asked)`,
      prompt: PROMPTS[i],
      prompt_tokens: 10 * (i + 1),
      completion_tokens: 5 * (i + 1),
    },
    ...{
      cost: cost(model, i),
      score: QUALITY[model][i],
      prediction: "4",
      ground_truth: "4",
      raw_output: ["4"],
      extra_fields: {},
    },
  }));
  const totals = { performance: 0.5, time_taken: 3, prompt_tokens: 30, completion_tokens: 15, cost: 9, counts: 2 };
  return JSON.stringify(
    { ...totals, model_name: model, dataset_name: "aime", split: "test", demo: false, ...own, records },
    null,
    2,
  );
}

const prediction = (model: "small" | "large", i: number): unknown => ({
  ...{ "global index": `AIME_${i}`, prompt: PROMPTS[i], prediction: model },
  ...{
    generated_result: { generated_answer: "4", success: true, token_usage: tokens(i), provider: "made", error: null },
  },
  ...{ cost: costOf(model, i), accuracy: QUALITY[model][i], for_optimality: model === "small" },
});
const cached = (model: "small" | "large", i: number): unknown => ({
  ...{
    global_index: `AIME_${i}`,
    question: PROMPTS[i],
    llm_selected: model,
    generated_answer: "4",
    token_usage: tokens(i),
    success: true,
  },
  evaluation_result: {
    extracted_answer: "4",
    ground_truth: "4",
    score: QUALITY[model][i],
    metric: "math_metric",
    inference_cost: costOf(model, i),
  },
});
const sprout = (model: "small" | "large", i: number): unknown => ({
  ...{
    judge_response: "fine",
    num_input_tokens: 10 * (i + 1),
    num_output_tokens: 5 * (i + 1),
    response: "4",
    score: QUALITY[model][i],
  },
});
const csvText = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Files of each format that texts can make. RouterEval's are in tests/fixtures. */
export const MADE: readonly (readonly [TableFormat, string, MadeFiles])[] = [
  ["routellm", "MMLU", {
    files: {
      "mmlu_sums.csv": `prompt,small,large\n${csvText(PROMPTS[0])},True,True\n${csvText(PROMPTS[1])},False,True\n`,
    },
    ...{ load: "mmlu_sums.csv", options: COSTS },
  }],
  ["routellm", "GSM8K, with answers", {
    files: {
      "gsm8k_responses.csv": `prompt,small,large,small_response,large_response\n${
        csvText(PROMPTS[0])
      },True,True,"4, True","4"\n${csvText(PROMPTS[1])},False,True,,no\n`,
    },
    ...{ load: "gsm8k_responses.csv", options: COSTS },
  }],
  ["mt-bench", "judgements", {
    files: {
      "judgements.jsonl": lines([1, 2].flatMap((turn) =>
        each((model, i) => ({
          ...{ question_id: 81 + i, model, judge: ["gpt-4", "single-v1"], user_prompt: "…", judgment: "Rating" },
          ...{ score: 1 + 9 * QUALITY[model][i], turn, tstamp: 1.5 },
        }))
      )),
    },
    ...{ load: "judgements.jsonl", options: COSTS },
  }],
  ["embedllm", "one file", {
    files: {
      "train.csv": "prompt_id,model_id,category_id,category,model_name,prompt,label\n" +
        each((model, i) =>
          `${7 + i},${model === "small" ? 0 : 1},3,mmlu,${model},${csvText(PROMPTS[i])},${
            Math.floor(QUALITY[model][i])
          }\n`
        ).join(""),
    },
    ...{ load: "train.csv", options: COSTS },
  }],
  ["llmrouterbench", "a folder of results", {
    files: {
      "aime/test/small/aime-test-small-20250101_000000.json": llmRouterBenchFile("small"),
      "aime/test/large/aime-test-large-20250101_000000.json": llmRouterBenchFile("large"),
    },
    ...{ load: "", options: {} },
  }],
  ["routerarena", "predictions", {
    files: { "my-router.json": JSON.stringify(each(prediction), null, 2) },
    ...{ load: "my-router.json", options: {} },
  }],
  ["routerarena", "a folder of cached results", {
    files: {
      "a-small.jsonl": lines([cached("small", 0), cached("small", 1)]),
      "b-large.jsonl": lines([cached("large", 0), cached("large", 1)]),
    },
    ...{ load: "", options: {} },
  }],
  ["sprout", "JSON Lines", {
    files: {
      "sprout.jsonl": lines([0, 1].map((i) => ({
        ...{
          key: 5,
          dataset: "openhermes",
          dataset_level: "0",
          dataset_idx: i,
          prompt: PROMPTS[i],
          golden_answer: "4",
        },
        ...{ small: sprout("small", i), large: sprout("large", i) },
      }))),
    },
    ...{ load: "sprout.jsonl", options: PRICES },
  }],
];

/** Runs a body with the path of made-up files. */
export function withMade(
  { files, load }: Pick<MadeFiles, "files" | "load">,
  body: (path: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    await body(load === "" ? folder : `${folder}/${load}`);
  });
}
