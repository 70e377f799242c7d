import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { LoadOptions } from "../../../lib/files/load_options.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import reference from "../../reference/tool_logs.json" with { type: "json" };
import { inFolder, withFile } from "../_files.ts";

const LOGS = fileURLToPath(new URL("../../fixtures/tool_logs/", import.meta.url));

/** The mean of each model's column of values. */
function means(values: Float64Array | null, nModels: number): number[] {
  const sums = new Array<number>(nModels).fill(0);
  values?.forEach((value, at) => sums[at % nModels] += value);
  return sums.map((sum) => sum / ((values?.length ?? 0) / nModels));
}

for (const { path, options, n_prompts, means: wanted } of reference.cases) {
  Deno.test(`loadOutcomes() reads ${path} as pandas does: prompts, models, mean quality, cost and latency`, async () => {
    const table = await loadOutcomes(LOGS + path, options as unknown as LoadOptions);
    assert.equal(table.promptIds.length, n_prompts);
    assert.deepEqual([...table.models].sort(), Object.keys(wanted).sort());
    const found = {
      quality: means(table.quality, table.models.length),
      cost: means(table.costUsd, table.models.length),
      seconds: means(table.latencySeconds, table.models.length),
    };
    table.models.forEach((model, j) => {
      for (const [what, value] of Object.entries(wanted[model as keyof typeof wanted] as Record<string, number>)) {
        const own = found[what as keyof typeof found][j];
        assert.ok(Math.abs(own - value) <= 1e-12 * Math.abs(value), `${what} of ${model}: ${own}, pandas ${value}`);
      }
    });
    assert.match(table.source.notes[0], /^read as .*, known by its columns/);
  });
}

Deno.test("logs without what is needed say which option or file gives it", async () => {
  const rejects = (path: string, options: LoadOptions, message: RegExp): Promise<void> =>
    assert.rejects(loadOutcomes(LOGS + path, options), message);
  await rejects("inspect_json", {}, /token counts and no costs; pass priceList \(--prices FILE\)/);
  await rejects("promptfoo/results.json", {}, /"mock:small" has \d+ of 0, .*pass priceList/);
  await rejects("helm", {}, /graded by one metric: it has "exact_match" and "quasi_exact_match"; choose one/);
  await rejects("alpaca_eval", { responseCostUsd: { small: 1, large: 1 } }, /has 0, .*--missing-values 0.*"0=1.5"/);
  await rejects("mt_bench", {}, /judgements of MT-bench has neither costs nor token counts/);
  for (const [name, ids] of [["litellm/spend_logs.json", "request_id"], ["otel/traces.jsonl", "span_id"]] as const) {
    await rejects(
      name,
      {},
      new RegExp(
        `tells costs and latencies, and no quality; put a file with the columns "${ids}" and "score" beside it`,
      ),
    );
  }
});

Deno.test("promptfoo's old results without numbers of tests meet by prompts' texts, and cached responses cost what is unknown", async () => {
  const result = (provider: string, i: number, change: object = {}): object => ({
    ...{ prompt: { raw: `Q ${i}`, label: "q" }, provider, score: i, success: i === 1, cost: 0.5, latencyMs: 250 },
    ...change,
  });
  const file = (change: object): string =>
    JSON.stringify({
      results: { version: 2, results: ["s", "l"].flatMap((name) => [result(name, 0), result(name, 1, change)]) },
    });
  await withFile("old.json", file({}), async (path) => {
    const { models, promptIds, quality, latencySeconds } = await loadOutcomes(path);
    assert.deepEqual([models, promptIds, [...quality]], [["s", "l"], ["1", "2"], [0, 0, 1, 1]]);
    assert.equal(latencySeconds![3], 0.25);
  });
  await withFile(
    "cached.json",
    file({ cost: 0, response: { cached: true } }),
    (path) => assert.rejects(loadOutcomes(path), /2 of 4 are missing, such as the cost of "s" on prompt "2"/),
  );
});

Deno.test("LiteLLM's callbacks are joined to qualities by the request's id, and prompts are the messages", () =>
  inFolder(async (folder) => {
    const payload = (model: string, i: number): string =>
      JSON.stringify({
        ...{
          id: `${model}-${i}`,
          call_type: "completion",
          response_cost: 0.25,
          prompt_tokens: 9,
          completion_tokens: 3,
        },
        ...{ startTime: 1795859248.25, endTime: 1795859248.75, model, model_group: "", response: { choices: [] } },
        messages: [{ role: "user", content: `Q ${i}` }],
      });
    const cells = ["s", "l"].flatMap((model) => [0, 1].map((i) => [model, i] as const));
    await Deno.writeTextFile(`${folder}/log.jsonl`, cells.map(([model, i]) => payload(model, i)).join("\n"));
    const scores = cells.map(([model, i]) => `${model}-${i},${model === "l" ? 1 : i}`);
    await Deno.writeTextFile(`${folder}/scores.csv`, ["id,score", ...scores].join("\n"));
    const { models, prompts, quality, costUsd, latencySeconds } = await loadOutcomes(folder);
    assert.deepEqual([models, prompts, [...quality]], [["s", "l"], ["Q 0", "Q 1"], [0, 1, 1, 1]]);
    assert.deepEqual([[...costUsd], [...latencySeconds!]], [[0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0.5, 0.5]]);
  }));

Deno.test("MT-bench's pairs are refused, and prompts are first turns of questions", async () => {
  const pair = '{"question_id":81,"model_1":"a","model_2":"b","g1_winner":"tie","g2_winner":"tie","judge":["j","p"]}\n';
  await withFile(
    "pair.jsonl",
    pair,
    (path) =>
      assert.rejects(loadOutcomes(path), /"g1_winner" tells which of a pair is better, and no answer's quality/),
  );
  const table = await loadOutcomes(`${LOGS}mt_bench`, { responseCostUsd: { small: 1, large: 1 } });
  assert.equal(table.prompts![0], "What is 3 times 1?");
  assert.deepEqual([...new Set(table.evalNames)], ["writing", "math"]);
});

Deno.test("a span's own evaluation is its quality, and a log of Inspect that is cut is named", async () => {
  const attribute = (key: string, value: object): object => ({ key, value });
  const span = (model: string, score: number): object => ({
    ...{ traceId: "t", spanId: model, startTimeUnixNano: "1000000000", endTimeUnixNano: "1500000000" },
    attributes: [
      attribute("gen_ai.request.model", { stringValue: model }),
      attribute("gen_ai.prompt", { stringValue: "Hi" }),
      attribute("gen_ai.usage.cost", { doubleValue: 0.25 }),
    ],
    events: [{
      name: "gen_ai.evaluation.result",
      attributes: [
        attribute("gen_ai.evaluation.name", { stringValue: "relevance" }),
        attribute("gen_ai.evaluation.score.value", { doubleValue: score }),
      ],
    }],
  });
  const file = { resourceSpans: [{ scopeSpans: [{ spans: [span("s", 0.5), span("l", 1)] }] }] };
  await withFile("traces.json", JSON.stringify(file, null, 1), async (path) => {
    const { models, prompts, quality, costUsd, latencySeconds } = await loadOutcomes(path);
    assert.deepEqual([models, prompts, [...quality], [...costUsd]], [["s", "l"], ["Hi"], [0.5, 1], [0.25, 0.25]]);
    assert.deepEqual([...latencySeconds!], [0.5, 0.5]);
  });
  const whole = await Deno.readFile(`${LOGS}inspect_eval/small.eval`);
  const damaged = (await Deno.readFile(`${LOGS}inspect_eval/large.eval`)).map((byte, at) =>
    at === 2000 ? byte ^ 1 : byte
  );
  await withFile(
    "large.eval",
    damaged,
    (path) =>
      assert.rejects(loadOutcomes(path), /"samples\/\d+_epoch_\d\.json" (is damaged|cannot be unpacked|has \d+ of)/),
  );
  await inFolder(async (folder) => {
    for (const length of [100, whole.length - 40, whole.length - 1]) {
      await Deno.writeFile(`${folder}/cut.eval`, whole.subarray(0, length));
      await assert.rejects(
        loadOutcomes(`${folder}/cut.eval`),
        /must be whole and stored, deflated or packed by Zstandard/,
      );
    }
  });
});
