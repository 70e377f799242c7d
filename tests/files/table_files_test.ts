import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Frame } from "../../lib/files/frame.ts";
import { csvFrameOf } from "../../lib/files/csv/csv_frame.ts";
import { loadOutcomes, loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { LoadOptions } from "../../lib/files/load_options.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { withFile } from "./_files.ts";

const load = async (name: string, contents: string | Uint8Array, options?: LoadOptions): Promise<OutcomeTable> => {
  let table: OutcomeTable | undefined;
  await withFile(name, contents, async (path) => {
    table = await loadOutcomes(path, options);
  });
  return table!;
};

const shortOf = ({ models, promptIds, evalNames, prompts, quality, costUsd }: OutcomeTable): unknown => ({
  models,
  promptIds,
  evalNames,
  prompts,
  quality: [...quality],
  costUsd: [...costUsd],
});

/** The same two prompts and two models, in each shape that files have. */
const WANTED = {
  models: ["small", "large"],
  promptIds: ["a", "b"],
  evalNames: ["mine", "mine"],
  prompts: ["What is\n2, and 2?", 'Say "no".'],
  quality: [1, 1, 0, 0.5],
  costUsd: [1e-5, 1e-3, 2e-5, 2e-3],
};
const LONG_CSV = `sample_id,task,question,model_name,score,cost
a,mine,"What is
2, and 2?",small,True,1e-5
b,mine,"Say ""no"".",large,0.5,.002
a,mine,"What is
2, and 2?",large,1,0.001
b,mine,"Say ""no"".",small,false,2E-05
`;
const SHAPES: Record<string, string | Uint8Array> = {
  "long.csv": LONG_CSV,
  "long, carriage returns, byte order mark.csv": "\uFEFF" +
    LONG_CSV.replaceAll("\nb,", "\r\nb,").replaceAll("\na,", "\r\na,"),
  "long.tsv": LONG_CSV.replace(/^.*\n/, (line) => line.replaceAll(",", "\t")).replaceAll(
    /^([ab]),mine,/gm,
    "$1\tmine\t",
  )
    .replaceAll(/",(\w+),([^,\n]+),/g, '"\t$1\t$2\t'),
  "long.csv.gz": new Uint8Array(gzipSync(LONG_CSV)),
  "wide.csv": `prompt_id,eval_name,prompt,small|quality,small|cost_usd,large|quality,large|cost_usd
a,mine,"What is
2, and 2?",1,0.00001,1,0.001
b,mine,"Say ""no"".",0,2e-5,0.5,2e-3
`,
  "routerbench.csv":
    `sample_id,prompt,eval_name,small,large,small|model_response,large|model_response,small|total_cost,large|total_cost,oracle_model_to_route_to
a,"What is
2, and 2?",mine,1.0,1.0,yes,"yes, no",1e-05,0.001,small
b,"Say ""no"".",mine,0.0,0.5,no,no,2e-05,0.002,large
`,
  "long.jsonl": [
    {
      id: "a",
      dataset: "mine",
      query: "What is\n2, and 2?",
      model: "small",
      correct: true,
      total_cost: 1e-5,
      response: "4",
    },
    { id: "a", dataset: "mine", query: "What is\n2, and 2?", model: "large", correct: 1, total_cost: 1e-3 },
    { id: "b", dataset: "mine", query: 'Say "no".', model: "small", correct: "false", total_cost: 2e-5 },
    { id: "b", dataset: "mine", query: 'Say "no".', model: "large", correct: 0.5, total_cost: "0.002" },
  ].map((line) => JSON.stringify(line)).join("\n\n"),
};
SHAPES["array.json"] = `[${String(SHAPES["long.jsonl"]).split("\n\n").join(",\n ")}]`;

for (const [name, contents] of Object.entries(SHAPES)) {
  Deno.test(`loadOutcomes() reads ${name}`, async () => assert.deepEqual(shortOf(await load(name, contents)), WANTED));
}

Deno.test("loadOutcomes() tells the format from the bytes, not from the name", async () => {
  assert.deepEqual(shortOf(await load("long.jsonl", LONG_CSV)), WANTED);
});

Deno.test("loadOutcomes() takes columns that the options name, and says which it took", async () => {
  const csv = "which,who,good,usd,score\na,small,1,2,9\n";
  const table = await load("odd.csv", csv, {
    columns: { promptId: "which", model: "who", quality: "good", costUsd: "usd" },
  });
  assert.deepEqual([table.models, table.promptIds, table.prompts, [...table.quality], [...table.costUsd]], [
    ["small"],
    ["a"],
    null,
    [1],
    [
      2,
    ],
  ]);
  assert.deepEqual(table.source.notes, [
    'columns taken: "which" as promptId, "good" as quality, "usd" as costUsd, "who" as model',
  ]);
});

Deno.test("loadOutcomes() brings rows together by text within an evaluation where there are no ids", async () => {
  const csv = "prompt,task,model,quality,cost\nHi,x,s,1,1\nHi,y,s,0,1\nHi,x,l,0,2\nHi,y,l,1,2\n";
  const table = await load("texts.csv", csv);
  assert.deepEqual([table.promptIds, table.evalNames, [...table.quality]], [["1", "2"], ["x", "y"], [1, 0, 0, 1]]);
});

Deno.test("loadOutcomes() keeps ids of different evaluations apart", async () => {
  const table = await load("ids.csv", "id,task,model,quality,cost\n0,x,s,1,1\n0,y,s,0,1\n1,y,s,0,1\n");
  assert.deepEqual(table.promptIds, ["x/0", "y/0", "y/1"]);
});

Deno.test("loadOutcomes() makes costs of tokens and prices, or of a price a response", async () => {
  const jsonl = '{"id":1,"model":"s","score":1,"usage":{"prompt_tokens":1000,"completion_tokens":10}}\n';
  const table = await load("tokens.jsonl", jsonl, { priceList: { s: { prompt: 2, completion: 30 } } });
  assert.deepEqual([...table.costUsd], [(1000 * 2 + 10 * 30) / 1e6]);
  assert.deepEqual([...(await load("none.csv", "id,model,score\n1,s,1\n", { responseCostUsd: { s: 0.25 } })).costUsd], [
    0.25,
  ]);
  await assert.rejects(
    load("tokens.jsonl", jsonl),
    /has "id", .*; token counts are there, so pass priceList \(--prices FILE\)/,
  );
  await assert.rejects(
    load("tokens.jsonl", jsonl, { priceList: { l: { prompt: 1, completion: 1 } } }),
    /the price list must have every model: it lacks "s"; it has "l"/,
  );
});

Deno.test("loadWithCounts() counts costs that tokens and prices contradict", async () => {
  const csv =
    "id,model,score,cost,input_tokens,output_tokens\n1,s,1,0.001,1000,0\n2,s,1,0.01,1000,0\n3,s,1,0.001005,1000,0\n";
  await withFile("both.csv", csv, async (path) => {
    const { counts } = await loadWithCounts(path, { priceList: { s: { prompt: 1, completion: 1 } } });
    assert.equal(counts.nCostContradictions, 1);
  });
});

Deno.test("loadOutcomes() reads latencies in seconds or milliseconds, and leaves them out where some are missing", async () => {
  const of = async (header: string, cells: string): Promise<unknown> => {
    const { latencySeconds, source } = await load(
      "l.csv",
      `id,model,score,cost,${header}\n1,s,1,1,${cells.split(",")[0]}\n1,l,1,1,${cells.split(",")[1]}\n`,
    );
    return latencySeconds === null ? source.notes : [...latencySeconds];
  };
  assert.deepEqual(await of("latency_seconds", "1.5,2"), [1.5, 2]);
  assert.deepEqual(await of("latency_ms", "1500,2000"), [1.5, 2]);
  assert.deepEqual(await of("latency_seconds", "1.5,"), [
    'columns taken: "id" as promptId, "score" as quality, "cost" as costUsd',
    "latencies left out because 1 of 2 are missing",
  ]);
});

Deno.test("loadOutcomes() maps qualities of another scale to 0..1", async () => {
  assert.deepEqual([
    ...(await load("q.csv", "id,model,score,cost\n1,s,1,1\n2,s,10,1\n3,s,5.5,1\n", { qualityRange: [1, 10] })).quality,
  ], [
    0,
    1,
    0.5,
  ]);
});

/** A long table of two prompts and two models with holes: a missing row, an empty quality, an empty cost. */
const HOLES = "id,model,score,cost\na,s,1,1\na,l,,2\nb,s,1,1\nb,l,0,2\nc,s,1,1\nd,s,1,1\nd,l,1,\n";

Deno.test("loadOutcomes() stops at holes, or leaves their prompts out and says how many; they are never zeros", async () => {
  await assert.rejects(
    load("holes.csv", HOLES),
    /RangeError: Cannot load ".*" as every model must have a quality and a cost on every prompt: 3 of 8 are missing, such as the quality of "l" on prompt "a"; pass missing: "drop" \(--missing drop\) to leave 3 prompts of 4 out/,
  );
  const table = await load("holes.csv", HOLES, { missing: "drop" });
  assert.deepEqual([table.promptIds, [...table.quality], [...table.costUsd]], [["b"], [1, 0], [1, 2]]);
  assert.equal(table.source.notes.at(-1), "3 prompts left out because a model's quality or cost is missing");
  await assert.rejects(
    load("none.csv", "id,model,score,cost\na,s,1,1\nb,l,0,2\n", { missing: "drop" }),
    /the models must share prompts: no prompt is shared by the 2 models, .*\(--columns promptId=NAME\)/,
  );
  await withFile("holes.csv", HOLES, async (path) => {
    const { counts } = await loadWithCounts(path, { missing: "drop" });
    assert.deepEqual([counts.nRows, counts.nPrompts, counts.nLeftOut, [...counts.holesByModel]], [7, 4, 3, [["l", 3]]]);
  });
});

Deno.test("loadOutcomes() stops at several outcomes of one model on a prompt, merges equal ones, averages on demand", async () => {
  const csv = "id,model,score,cost\na,s,1,1\na,s,0,3\na,l,1,1\n";
  await assert.rejects(
    load("twice.csv", csv),
    /a model must have one outcome on a prompt: "s" has several on "a" \(row 2 is one\); pass repeats: "mean"/,
  );
  const mean = await load("twice.csv", csv, { repeats: "mean" });
  assert.deepEqual([[...mean.quality], [...mean.costUsd]], [[0.5, 1], [2, 1]]);
  const equal = await load("equal.csv", "id,model,score,cost\na,s,1,1\na,s,1,1\na,l,1,1\n");
  assert.match(equal.source.notes.at(-1)!, /^1 row merged into another row of the same prompt and model$/);
});

/** What is wrong with a file, and the error: what was looked for, what was found, what helps. */
const BAD: [string, string | Uint8Array, LoadOptions, RegExp][] = [
  [
    "no model",
    "id,score,cost\n1,1,1\n",
    {},
    /^TypeError: .* a long table must have a column model, model_name, .* or|TypeError: .* a long table must have a column model, .*: the file has "id", "score", "cost"; name the column of models by columns\.model \(--columns model=NAME\)/,
  ],
  [
    "no quality",
    "id,model,cost\n1,s,1\n",
    {},
    /each outcome must have a quality, in a column quality, score, .*: the file has "id", "model", "cost"; name it by columns\.quality/,
  ],
  [
    "no cost",
    "id,model,score\n1,s,1\n",
    {},
    /each outcome must have a cost, in a column cost_usd, .*: the file has "id", "model", "score"; name it by columns\.costUsd \(--columns costUsd=NAME\)/,
  ],
  [
    "no prompt",
    "model,score,cost\ns,1,1\n",
    {},
    /each row must say which prompt it is about, by a column prompt_id, .*: the file has "model", "score", "cost"/,
  ],
  [
    "a column that is not there",
    "id,model,score,cost\n1,s,1,1\n",
    { columns: { quality: "acc" } },
    /its quality must be in the column "acc" that the options name: there is none; the file has "id", /,
  ],
  [
    "an unknown field",
    "",
    { columns: { qualty: "acc" } as LoadOptions["columns"] },
    /fields in columns must be among promptId, .*: "qualty" is not/,
  ],
  ["an unknown option", "", { mising: "drop" } as LoadOptions, /options must be among format, .*: "mising" is not/],
  [
    "an unknown way with holes",
    "",
    { missing: "zero" } as unknown as LoadOptions,
    /missing must be error or drop: it is "zero"/,
  ],
  [
    "a word for a number",
    "id,model,score,cost\n1,s,good,1\n",
    {},
    /TypeError: .* the column "score" must hold numbers, true or false: row 1 has "good"/,
  ],
  [
    "a cost in another currency",
    "id,model,score,cost\n1,s,1,€3\n",
    {},
    /the column "cost" must hold numbers of USD: row 1 has "€3"/,
  ],
  [
    "a quality out of range",
    "id,model,score,cost\n1,s,87,1\n",
    {},
    /RangeError: .* the quality must be in 0 to 1: row 1 of "score" has 87; name its scale by qualityRange/,
  ],
  [
    "a negative cost",
    "id,model,score,cost\n1,s,1,-1\n",
    {},
    /RangeError: .*column "cost" must hold finite numbers of USD, 0 or more: row 1 has -1; .*--missing-values -1\)/,
  ],
  [
    "an infinite cost",
    "id,model,score,cost\n1,s,1,1e999\n",
    {},
    /RangeError: .*must hold finite numbers of USD, 0 or more: row 1 has Infinity/,
  ],
  ["a ragged row", "id,model,score,cost\n1,s,1\n", {}, /SyntaxError: .*read as CSV, its rows must be whole: .*line 2/],
  ["an open quote", 'id,model\n1,"s\n', {}, /read as CSV, its rows must be whole/],
  ["a column twice", "id,model,score,cost,cost\n1,s,1,1,1\n", {}, /"cost" stands twice/],
  ["an empty file", "", {}, /it is empty/],
  ["no rows", "id,model,score,cost\n", {}, /the file has no rows/],
  ["bytes that are no text", Uint8Array.of(1, 2, 0, 4), {}, /it is not text/],
  [
    "Latin-1",
    Uint8Array.of(
      ...new TextEncoder().encode("id,model,score,cost\n1,gr"),
      0xfc,
      ...new TextEncoder().encode("n,1,1\n"),
    ),
    {},
    /it must be UTF-8: it has other bytes; save the file as UTF-8|must be UTF-8/,
  ],
  [
    "a zip",
    Uint8Array.of(0x50, 0x4b, 3, 4),
    {},
    /Cannot unpack the zip file as its files must be whole [^\n]*; fetch it again/,
  ],
  [
    "a cut gzip",
    new Uint8Array(gzipSync(LONG_CSV)).slice(0, 60),
    {},
    /SyntaxError: Cannot unpack the file as it must be a whole gzip file/,
  ],
  ["a line that is no JSON", '{"id":1}\n{"id":', {}, /line 2 is not JSON/],
  ["a line that is no object", '{"id":1}\n[1]', {}, /line 2 is an array/],
  [
    "a model without a name",
    "id,model,score,cost\n1,,1,1\n",
    {},
    /each row must name its model: row 1 of "model" is empty/,
  ],
  [
    "a row without an id",
    "id,model,score,cost\n,s,1,1\n",
    {},
    /each row must say which prompt it is about: row 1 of "id" is empty/,
  ],
];
for (const [name, contents, options, message] of BAD) {
  Deno.test(`loadOutcomes() refuses ${name} with one clear line`, async () => {
    await assert.rejects(load("wrong.csv", contents, options), (error: Error) => {
      assert.match(String(error), message);
      assert.match(String(error), /^\w+: Cannot (load|unpack|read|make) [^\n]*$/);
      return true;
    });
  });
}

function cellsOf({ nRows, columns }: Frame): { readonly nRows: number; readonly columns: unknown } {
  return { nRows, columns: [...columns].map(([name, cells]) => [name, Array.from(cells)]) };
}

Deno.test("csvFrameOf() reads a file in parts as in one", () => {
  const bytes = new TextEncoder().encode(`\uFEFF${LONG_CSV}\uFEFFc,mine,"a ""quoted"", \n\nline",large,1,2\r\n\n`);
  const whole = cellsOf(csvFrameOf(bytes.slice()));
  assert.equal(whole.nRows, 5);
  for (const chunkBytes of [1, 7, 40, 60, 100, 200]) {
    assert.deepEqual(cellsOf(csvFrameOf(bytes.slice(), chunkBytes)), whole, `${chunkBytes} bytes`);
  }
  const ragged = new TextEncoder().encode("a,b\n1,2\n3,4,5\n");
  for (const chunkBytes of [3, 100]) {
    assert.throws(
      () => csvFrameOf(ragged, chunkBytes),
      /^SyntaxError: Cannot read the CSV as its rows must be whole: line 3 has 3 cells, the first row 2/,
    );
  }
});

Deno.test("loadOutcomes() refuses a JSON array with other bytes behind it, such as the zeros of a full disk", () =>
  withFile("long.json", '[{"prompt":"What is 2 + 2?"}]', async (path) => {
    await Deno.truncate(path, 2 ** 12);
    await assert.rejects(loadOutcomes(path), /no whole array behind item 1 \(text follows the array\)/);
  }));

Deno.test("repeats are averaged over whole outcomes: one without a cost leaves the whole one as it is, and gives way to it", async () => {
  const head = "prompt,model,quality,cost_usd\n", options = { repeats: "mean", missing: "drop" } as const;
  for (const rows of ["q1,A,1,0.01\nq1,A,1,\n", "q1,A,1,\nq1,A,1,0.01\n", "q1,A,0,\nq1,A,1,0.01\n"]) {
    const { quality, costUsd } = await load("half.csv", `${head}${rows}q2,A,0,0.02\n`, options);
    assert.deepEqual([[...quality], [...costUsd]], [[1, 0], [0.01, 0.02]]);
  }
});
