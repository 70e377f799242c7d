import assert from "node:assert/strict";
import { loadLoggedOutcomes } from "../../lib/files/load_logged.ts";
import { inFolder, withFile } from "./_files.ts";

const MODELS = ["small", "large"];

function request(id: string, changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    request_id: id,
    time: "2026-01-31T12:00:00.000Z",
    prompt: `text of ${id}`,
    models: MODELS,
    predicted_quality: [0.5, 0.75],
    predicted_cost_usd: [0.001, 0.01],
    chosen: "small",
    propensities: [0.75, 0.25],
    cost_usd: 0.002,
    latency_seconds: 1.5,
    first_token_seconds: null,
    quality: null,
    ...changes,
  });
}

function feedback(id: string, quality: number): string {
  return JSON.stringify({ request_id: id, quality });
}

Deno.test("loadLoggedOutcomes() reads a folder of a router's requests and feedback", () =>
  inFolder(async (folder) => {
    const large = request("c", { chosen: "large", prompt: "text of a", cost_usd: 0.02, answered_by: "small" });
    await Deno.writeTextFile(`${folder}/1.jsonl`, [request("a"), feedback("a", 0.5), large, request("d")].join("\n"));
    const undecided = JSON.stringify({ request_id: "e", chosen: null, quality: null });
    const late = [
      feedback("c", 1),
      feedback("a", 0.25),
      feedback("lost", 1),
      undecided,
      request("f", { cost_usd: null }),
    ];
    await Deno.writeTextFile(`${folder}/2.jsonl`, late.join("\n") + "\n");
    const log = await loadLoggedOutcomes(folder);
    assert.deepEqual(log.models, MODELS);
    assert.deepEqual([log.requestIds, log.promptIds], [["a", "c"], ["a", "a"]]);
    assert.deepEqual(log.prompts, ["text of a", "text of a"]);
    assert.deepEqual([[...log.chosen], [...log.quality], [...log.costUsd]], [[0, 1], [0.25, 1], [0.002, 0.02]]);
    assert.deepEqual([[...log.propensity], [...log.propensities!]], [[0.75, 0.25], [0.75, 0.25, 0.75, 0.25]]);
    assert.deepEqual([...log.predictions!.quality], [0.5, 0.75, 0.5, 0.75]);
    assert.deepEqual(log.source.notes, [
      "1 line without a choice passed over",
      "Feedback on 1 request that is not in the log passed over",
      "1 request answered by another model than the chosen one, which failed: the outcome counts for the choice",
      "1 choice of 4 left out: the cost is not known",
      "1 choice of 4 left out: nobody told the quality. Estimates are right if that does not depend on the model or the quality",
    ]);
  }));

Deno.test("loadLoggedOutcomes() joins routers with other models: what was not on offer has propensity 0", () =>
  withFile(
    "log.jsonl",
    [
      request("a", { quality: 1 }),
      request("b", { quality: 0, models: ["large", "new"], chosen: "new", propensities: [0.5, 0.5], prompt: null }),
    ].join("\n"),
    async (path) => {
      const log = await loadLoggedOutcomes(path);
      assert.deepEqual(log.models, ["small", "large", "new"]);
      assert.deepEqual([...log.propensities!], [0.75, 0.25, 0, 0, 0.5, 0.5]);
      assert.deepEqual([log.predictions, log.prompts], [null, null]);
      assert.match(log.source.notes[0], /^1 request of 2 is without a text: no text is used$/);
    },
  ));

Deno.test("loadLoggedOutcomes() reads plain tables, whose choices alone have a propensity", () =>
  withFile(
    "log.csv",
    "Prompt,LLM,grade,cost,p\nhello,small,5,0.001,0.9\nhello,large,10,0.02,0.1\nbye,small,,0.001,0.9\n",
    async (path) => {
      const log = await loadLoggedOutcomes(path, {
        columns: { quality: "grade", propensity: "p" },
        qualityRange: [0, 10],
      });
      assert.deepEqual([log.requestIds, log.promptIds], [["row 1", "row 2"], ["hello", "hello"]]);
      assert.deepEqual([[...log.quality], [...log.propensity], log.propensities], [[0.5, 1], [0.9, 0.1], null]);
      assert.match(log.source.notes[0], /^1 choice of 3 left out: nobody told the quality/);
    },
  ));

const TABLE = "prompt,model,quality,cost,propensity\n";
const BAD: readonly (readonly [name: string, contents: string, message: RegExp])[] = [
  [
    "a table without propensities",
    "prompt,model,quality,cost\na,small,1,1\n",
    /^TypeError: Cannot load the log ".*" as each choice must have its propensity, in a column propensity: the file has "prompt", "model", "quality", "cost"; the effect of a choice can be estimated only with the probability by which it was drawn, so log it, or evaluate a table with the outcomes of all models$/,
  ],
  [
    "a log without propensities",
    request("a", { propensities: null }),
    /as each choice must have the propensities of all models: there are none; the effect of a choice .* \(request "a", row 1\)$/,
  ],
  [
    "a propensity of 0",
    TABLE + "a,small,1,1,0\n",
    /RangeError: .* a propensity must be above 0 and at most 1: row 1 of "propensity" has 0$/,
  ],
  ["a text for a propensity", TABLE + "a,small,1,1,often\n", /row 1 of "propensity" has often$/],
  [
    "a table without qualities",
    "prompt,model,cost,propensity\na,small,1,1\n",
    /each choice must have its quality, in a column quality, score/,
  ],
  ["a row without a model", TABLE + "a,,1,1,1\n", /each row must name its model: row 1 of "model" is empty$/],
  [
    "propensities that do not add up",
    request("a", { propensities: [0.5, 0.4], quality: 1 }),
    /RangeError: Cannot make logged outcomes as the propensities of a request must be 0 or more and add up to 1: those of "a" are \[0\.5,0\.4\] \(file/,
  ],
  [
    "too few propensities",
    request("a", { propensities: [1] }),
    /"propensities" must have a number for each of 2 models: it is \[1\] \(request "a", row 1\)$/,
  ],
  [
    "a choice that is no model",
    request("a", { chosen: "huge" }),
    /the choice must be one of its models: "huge" is none/,
  ],
  [
    "a choice of propensity 0",
    request("a", { propensities: [0, 1], quality: 1 }),
    /propensity of a choice must be above 0 and at most 1: in request "a" it is 0;/,
  ],
  [
    "a request that stands twice",
    request("a") + "\n" + request("a"),
    /a request must stand once in the log: it stands twice \(request "a", row 2\)$/,
  ],
  ["a line without an id", request("a") + '\n{"quality":1}', /each line must have a request_id: row 2 has none$/],
  ["models that are no array", request("a", { models: "small" }), /"models" must be an array/],
  [
    "a log without feedback",
    request("a"),
    /RangeError: Cannot load the log ".*" as a choice must remain whose quality and cost are known: of 1 choice none is; log feedback, lines of request_id and quality$/,
  ],
  [
    "a quality beyond its scale",
    TABLE + "a,small,7,1,1\n",
    /the quality must be in 0 to 1: row 1 of "quality" has 7; name its scale/,
  ],
];
for (const [name, contents, message] of BAD) {
  Deno.test(`loadLoggedOutcomes() refuses ${name}`, () =>
    withFile(contents.startsWith("{") ? "log.jsonl" : "log.csv", contents, async (path) => {
      await assert.rejects(loadLoggedOutcomes(path), (error: Error) => {
        assert.match(String(error), message);
        return true;
      });
    }));
}
