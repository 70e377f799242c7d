import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { auditOutcomes } from "../../lib/audit/audit_outcomes.ts";
import { trainingWords } from "../../lib/commands/train_share.ts";
import { loadOutcomes, loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { LoadOptions } from "../../lib/files/load_options.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { withFile } from "./_files.ts";

const SHARED = new URL("../../../shared/data/cases/", import.meta.url);

/** What a file of others should give: the size of the table and the means of quality and cost, or an error; notes, and findings of the audit. */
interface Case {
  readonly options?: LoadOptions;
  readonly size?: readonly [nPrompts: number, nModels: number];
  readonly means?: readonly [quality: number, costUsd: number];
  readonly note?: RegExp;
  readonly prompt?: string;
  readonly latencySeconds?: readonly number[];
  /** Findings of the audit that make a comparison wrong. */
  readonly wrong?: readonly string[];
  /** What `evaluate` says of the prompts that it learns from. */
  readonly training?: RegExp;
  readonly error?: RegExp;
}

/** The same table in several formats. */
const TABLE: Case = { size: [40, 2], means: [0.5, 0.00055] };

/** The shared files, each with what its README says. Means were made with pandas. */
const CASES: readonly (readonly [file: string, wanted: Case])[] = [
  ["01_measurements.csv", {
    error: /"model=selected_model".*no column has a usual name for the prompts \(promptId=NAME/,
  }],
  ["01_measurements.csv", {
    options: { columns: { model: "selected_model", promptId: "task_id" }, where: { baseline: "always_strong" } },
    size: [10, 1],
  }],
  ["02_calibration.csv", {
    options: { columns: { quality: "outcome" } },
    error: /has "error_harness"; say what it is by qualityWords \(--quality-words "error_harness=0"\)/,
  }],
  ["02_calibration.csv", {
    options: { columns: { quality: "outcome" }, qualityWords: { error_harness: 0 } },
    note: /"pass" as 1, "fail" as 0|"error_harness" as 0, "pass" as 1/,
  }],
  ["07_annotations.json", {
    options: {
      columns: { quality: "preference", model: "generator_2" },
      qualityRange: [1, 2],
      responseCostUsd: { "m-small": 1e-4, "m-big": 2e-3 },
    },
    error: /has 0, the only value outside, .*by missingValues \(--missing-values 0\)/,
  }],
  ["07_annotations.json", {
    options: { qualityWords: { "0": 1.5 }, responseCostUsd: { "m-small": 1e-4, "m-big": 2e-3 } },
    note: /annotations of AlpacaEval/,
  }],
  ["09_lmeval", {
    options: { responseCostUsd: { org__small: 1, org__big: 2 } },
    error: /each document of "gsm8k" is graded after "strict-match" or "flexible-extract"; choose one by filter/,
  }],
  ["07_annotations.json", {
    options: {
      columns: { quality: "preference", model: "generator_2" },
      qualityRange: [1, 2],
      responseCostUsd: { "m-small": 1e-4, "m-big": 2e-3 },
      missingValues: [0],
      missing: "drop",
    },
    size: [16, 2],
    means: [0.39625, 0.00105],
    note: /4 prompts left out because a model's quality is missing/,
  }],
  ["09_lmeval", { error: /graded after "strict-match" or "flexible-extract"; choose one by filter \(--filter NAME\)/ }],
  ["09_lmeval", {
    options: { filter: "strict-match", responseCostUsd: { org__small: 1e-4, org__big: 1e-3 } },
    size: [10, 2],
    means: [0.5, 0.00055],
    note: /the folder's name is the model, "exact_match" the quality after the filter "strict-match"/,
  }],
  ["11_promptfoo.json", {
    size: [10, 2],
    means: [0.5, 0.00055],
    prompt: "Question 1: what is 1 plus 3?",
    latencySeconds: [0.9, 0.9],
    note: /read as a result file of promptfoo/,
  }],
  // Its inputs are "N/A": the prompt is named by the trace.
  ["13_agenta.csv", { error: /each row must say which prompt it is about, .*\(--columns promptId=NAME\)/ }],
  ["13_agenta.csv", {
    options: { columns: { promptId: "Trace ID", latencySeconds: "Duration" } },
    size: [12, 2],
    means: [0.5, 0.000944],
    latencySeconds: [1, 1, 1.01, 1.01],
  }],
  ["14a_semicolon_decimal_comma.csv", {
    size: [10, 2],
    means: [0.75, 0.0066],
    prompt: "Question 1: what is 1 plus 3?",
  }],
  ["14c_sep_line.csv", { size: [10, 2], means: [0.75, 0.0066], prompt: "Question 1: what is 1 plus 3?" }],
  ["15_nan.jsonl", { error: /1 of 20 are missing, such as the quality of "b" on prompt "5"/ }],
  ["16_bigids.jsonl", { size: [40, 2], means: [0.75, 0.00055] }],
  ["16e_bigids.pkl", { size: [40, 2], means: [0.5, 0.00055] }],
  ["17b_two_trailing.csv", { size: [10, 2], means: [0.75, 0.0066] }],
  ["17d_blank_excel_rows.csv", { size: [10, 2], means: [0.75, 0.0066] }],
  ["19_types.parquet", { size: [40, 2] }],
  ["20_chat_prompt.parquet", { ...TABLE, prompt: "system: be brief\n\nuser: Question 1: what is 1 plus 3?" }],
  ["20b_chat_prompt.jsonl", { ...TABLE, prompt: "system: be brief\n\nuser: Question 1: what is 1 plus 3?" }],
  ["21a_categorical_nullable.pkl", { ...TABLE, prompt: "Question 1: what is 1 plus 3?" }],
  ["21b_multiindex_rows.pkl", { ...TABLE, prompt: "Question 1: what is 1 plus 3?" }],
  ["21g.pkl.xz", { ...TABLE, prompt: "Question 1: what is 1 plus 3?" }],
  ["22_columns.json", { size: [40, 2], means: [0.5, 0.00055] }],
  ["26b_all_wrong.jsonl", { size: [150, 2], means: [0, 0.00055], wrong: ["equal-quality"] }],
  ["26f_one_prompt.jsonl", { size: [1, 2], wrong: ["small-evaluation"] }],
  ["29_model_names.jsonl", { size: [150, 8] }],
  ["33_CI.csv", { size: [10, 2], note: /"I" as 0, "C" as 1/ }],
  ["33_yesno.csv", { size: [10, 2], note: /"no" as 0, "yes" as 1/ }],
  ["51_cost_and_response_costs.jsonl", {
    options: { responseCostUsd: { a: 1e-4, b: 1e-3 } },
    means: [0.5, 0.00055],
    note: /costs of responseCostUsd taken instead of those in "cost"/,
  }],
  ["52_null_cost_tokens.jsonl", {
    options: { priceList: { gpt: { prompt: 0.15, completion: 0.6 }, "custom/x": { prompt: 1, completion: 2 } } },
    size: [40, 2],
    note: /40 missing costs filled by tokens × price/,
  }],
  ["53_skewed_evals.jsonl", {
    size: [1200, 2],
    training: /^0\.35 of the prompts \(420 of 1,200 prompts\) instead of 0\.7, /,
  }],
  ["53_skewed_evals.jsonl", { options: { oneEvaluation: true }, training: /^0\.7 of the prompts$/ }],
  ["55_mixed_scale.jsonl", {
    error: /may be graded on different scales, as "a" lies within it and "b" in 4.4 to 99.2/,
  }],
  ["55_mixed_scale.jsonl", {
    options: { qualityRange: [0, 100] },
    size: [40, 2],
    wrong: ["mixed-scales", "small-evaluation"],
  }],
  ["56b_zero_padded.jsonl", { error: /no prompt is shared by the 2 models.*"0" and "000".*"promptId=prompt"/ }],
  ["56b_zero_padded.jsonl", { ...TABLE, options: { columns: { promptId: "prompt" } } }],
  ["65_id_is_row.csv", { error: /no prompt is shared by the 2 models.*"promptId=prompt"/ }],
  ["67_restarting_ids", { error: /ids of prompts must be unique, and they are not: .*evalName=file.name/ }],
  ["65_id_is_row.csv", { options: { columns: { promptId: "prompt" } }, size: [10, 2], means: [0.75, 0.0066] }],
  ["67_restarting_ids", { options: { columns: { evalName: "file.name" } }, size: [60, 2] }],
  ["67_restarting_ids", { options: { repeats: "mean" }, error: /ids of prompts must be unique, and they are not/ }],
];

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

for (const [file, wanted] of CASES) {
  const path = fileURLToPath(new URL(file, SHARED));
  Deno.test({
    name: `loadOutcomes() gives for ${file} what its list says${wanted.options ? " with options" : ""}`,
    ignore: !existsSync(path),
    fn: async () => {
      if (wanted.error !== undefined) {
        await assert.rejects(loadOutcomes(path, wanted.options), (error: Error) => {
          assert.match(error.message, wanted.error!);
          return true;
        });
        return;
      }
      const { table, counts } = await loadWithCounts(path, wanted.options);
      if (wanted.size) assert.deepEqual([table.promptIds.length, table.models.length], wanted.size);
      const means = [mean(table.quality), mean(table.costUsd)];
      wanted.means?.forEach((value, at) => assert.ok(Math.abs(means[at] - value) < 1e-12, `${means} ${wanted.means}`));
      if (wanted.note) assert.match(table.source.notes.join("\n"), wanted.note);
      if (wanted.prompt) assert.equal(table.prompts![0], wanted.prompt);
      wanted.latencySeconds?.forEach((seconds, at) => assert.equal(table.latencySeconds![at], seconds));
      if (wanted.wrong) {
        const { findings } = auditOutcomes(table, { counts });
        assert.deepEqual(findings.filter(({ severity }) => severity === "wrong").map(({ rule }) => rule), wanted.wrong);
      }
      if (wanted.training) {
        assert.match(trainingWords(table, { trainShare: 0.7, split: "chance", seed: 1 }), wanted.training);
      }
    },
  });
}

Deno.test(
  "every shared file of the cases stands in the list, or beside one that does",
  { ignore: !existsSync(SHARED) },
  () => {
    const listed = new Set(CASES.map(([file]) => file));
    const beside = ["README.md", "07_costs.json", "51_costs.json", "52_prices.json"];
    const all = [...Deno.readDirSync(SHARED)].map(({ name }) => name).filter((name) => !beside.includes(name));
    assert.deepEqual(all.filter((name) => !listed.has(name)), []);
  },
);

async function load(name: string, contents: string | Uint8Array, options?: LoadOptions): Promise<OutcomeTable> {
  let table: OutcomeTable | undefined;
  await withFile(name, contents, async (path) => {
    table = await loadOutcomes(path, options);
  });
  return table!;
}

const rows = (...lines: readonly object[]): string => lines.map((line) => JSON.stringify(line)).join("\n");

Deno.test("ids of 18 digits keep each digit, and numbers beyond are not confused", async () => {
  const lines = [1, 2].flatMap((end) =>
    ["s", "l"].map((m) => `{"id":90071992547409930${end},"model":"${m}","score":1,"cost":1}`)
  );
  assert.deepEqual((await load("ids.jsonl", lines.join("\n"))).promptIds, ["900719925474099301", "900719925474099302"]);
  assert.deepEqual((await load("ids.json", `[${lines}]`)).promptIds, ["900719925474099301", "900719925474099302"]);
});

Deno.test("a text that looks like a number beyond a double, and NaN in a text, stay what they are", async () => {
  const text = 'Is NaN 12345678901234567890 "quoted"?';
  const lines = `{"prompt":${JSON.stringify(text)},"model":"s","score":1,"cost":NaN}`;
  await assert.rejects(load("nan.jsonl", lines), /such as the cost of "s" on prompt "1"/);
  assert.deepEqual((await load("nan.jsonl", lines.replace(":NaN", ":1"))).prompts, [text]);
});

Deno.test("one id with two texts of one model is never a repetition", async () => {
  const twice = rows(
    { id: 1, prompt: "x", model: "s", score: 1, cost: 1 },
    { id: 1, prompt: "y", model: "s", score: 1, cost: 1 },
  );
  for (const repeats of ["error", "mean"] as const) {
    await assert.rejects(load("twice.jsonl", twice, { repeats }), /"s" has different texts under "1" \(rows 1 and 2\)/);
  }
  const wide = "id,prompt,s|quality,s|cost_usd\n1,x,1,1\n1,y,0,1\n";
  await assert.rejects(load("wide.csv", wide, { repeats: "mean" }), /"1" has different texts and outcomes/);
});

Deno.test("models whose names look like one are named", async () => {
  const table = await load("twins.csv", 'id,model,score,cost\n1,gpt-4,1,1\n1,"gpt-4 ",0,1\n');
  assert.ok(table.source.notes.includes('names that look like one: "gpt-4" and "gpt-4 "'));
});

for (
  const [orient, text] of Object.entries({
    columns: '{"prompt":{"0":"x","1":"x"},"model":{"0":"s","1":"l"},"score":{"0":1,"1":0},"cost":{"0":1,"1":2}}',
    index: '{"0":{"prompt":"x","model":"s","score":1,"cost":1},"1":{"prompt":"x","model":"l","score":0,"cost":2}}',
    split: '{"columns":["prompt","model","score","cost"],"index":[0,1],"data":[["x","s",1,1],["x","l",0,2]]}',
    records: '[{"prompt":"x","model":"s","score":1,"cost":1},{"prompt":"x","model":"l","score":0,"cost":2}]',
    table: '{"schema":{"fields":[{"name":"prompt"}],"pandas_version":"1.4.0"},"data":[{"prompt":"x","model":"s",' +
      '"score":1,"cost":1},{"prompt":"x","model":"l","score":0,"cost":2}]}',
    "index with labels":
      '{"p":{"prompt":"x","model":"s","score":1,"cost":1},"q":{"prompt":"x","model":"l","score":0,"cost":2}}',
  })
) {
  Deno.test(`pandas' to_json of orient ${orient} is read`, async () => {
    const { models, prompts, quality, costUsd } = await load("orient.json", text);
    assert.deepEqual([models, prompts, [...quality], [...costUsd]], [["s", "l"], ["x"], [1, 0], [1, 2]]);
  });
}

Deno.test("pandas' orient values, which has no names, is named", () =>
  assert.rejects(load("values.json", '[["x","s",1,1]]'), /pandas' orient "values" .* orient="records"/));

Deno.test("an option that has no effect is said to have none, and two that contradict each other are refused", async () => {
  const csv = "id,model,score,cost\n1,s,1,1\n";
  const priced = await load("o.csv", csv, { priceList: { s: { prompt: 1, completion: 1 } } });
  assert.match(priced.source.notes.join(), /the price list had no effect on costs/);
  const other = await load("o.csv", csv, { responseCostUsd: { z: 1 } });
  assert.match(other.source.notes.join(), /responseCostUsd had no effect for "z": no model has that name/);
  await assert.rejects(
    load("o.csv", csv, { columns: { costUsd: "cost" }, responseCostUsd: { s: 2 } }),
    /costs must come from one place/,
  );
});

Deno.test("values that mean missing are missing, and a lone one is told the option", async () => {
  const csv = "id,model,score,cost\n1,s,1,1\n1,l,-1,1\n2,s,0.5,1\n2,l,0,1\n";
  await assert.rejects(load("m.csv", csv), /has -1, the only value outside, in 1 of 4 rows; .*--missing-values -1/);
  const table = await load("m.csv", csv, { missingValues: [-1], missing: "drop" });
  assert.deepEqual([table.promptIds, [...table.quality]], [["2"], [0.5, 0]]);
});

Deno.test("verdicts must be of one kind: letter grades are not taken for right and wrong", async () => {
  const csv = (a: string, b: string): string => `id,model,score,cost\n1,s,${a},1\n1,l,${b},1\n`;
  for (const [good, bad] of [["Pass", "FAIL"], ["T", "F"], ["correct", "incorrect"], ["success", "failure"]]) {
    assert.deepEqual([...(await load("v.csv", csv(good, bad))).quality], [1, 0], good);
  }
  await assert.rejects(load("v.csv", csv("C", "F")), /row 2 has "F"; say what it is by qualityWords/);
});

Deno.test("numbers with units are read: dollars, seconds, per cent, thousands", async () => {
  const csv = 'id,model,score,cost,latency\n1,s,50%,$0.5,1.5s\n1,l,100 %,"US$1,234.5",900 ms\n';
  const { quality, costUsd, latencySeconds } = await load("u.csv", csv);
  assert.deepEqual([[...quality], [...costUsd], [...latencySeconds!]], [[0.5, 1], [0.5, 1234.5], [1.5, 0.9]]);
});

Deno.test("decimal commas are read beside semicolons and tabs, with points for thousands; what may be either is refused", async () => {
  const csv = (cost: string): string => `id;model;score;cost;tokens\n1;s;0,5;0,25;1.234\n1;l;1;${cost};2.345\n`;
  const { quality, costUsd } = await load("d.csv", csv("1.234,5 $"));
  assert.deepEqual([[...quality], [...costUsd]], [[0.5, 1], [0.25, 1234.5]]);
  assert.deepEqual([...(await load("d.tsv", csv("3,5").replaceAll(";", "\t"))).costUsd], [0.25, 3.5]);
  await assert.rejects(
    load("d.csv", csv("1.234")),
    /the column "cost" must write numbers in one way: row 2 makes it "1\.234" beside "0,25", which may be thousands or/,
  );
});

Deno.test("rows are kept by where, and evaluations are ignored where asked", async () => {
  const csv = "id,task,filter,model,score,cost\n1,x,a,s,1,1\n1,x,b,s,0,1\n2,y,a,s,0,1\n";
  await assert.rejects(
    load("w.csv", csv),
    /the rows differ in "filter" \("a", "b"\)\); keep the rows of one kind by where/,
  );
  const table = await load("w.csv", csv, { where: { filter: "a" }, oneEvaluation: true });
  const twice = "question,model,correct,cost,filter\np,small,0,1,a\np,small,1,2,b\np,large,1,5,b\np,large,0,4,a\n";
  const second = await load("w.csv", twice, { where: { filter: "b" } });
  assert.deepEqual([[...second.quality], [...second.costUsd]], [[1, 1], [2, 5]]);
  assert.deepEqual([[...table.quality], table.evalNames], [[1, 0], ["all", "all"]]);
  await assert.rejects(load("w.csv", csv, { where: { filter: "z" } }), /none has "z" in "filter" .* it has "a", "b"/);
});

Deno.test("a prompt that is a list of chat messages is its contents with their roles, from JSON and CSV", async () => {
  const messages = [{ role: "system", content: "be brief" }, { role: "user", content: [{ type: "text", text: "Hi" }] }];
  const jsonl = rows({ messages, model: "s", score: 1, cost: 1 });
  assert.deepEqual((await load("c.jsonl", jsonl)).prompts, ["system: be brief\n\nuser: Hi"]);
  const cell = JSON.stringify(messages).replaceAll('"', '""');
  assert.deepEqual((await load("c.csv", `messages,model,score,cost\n"${cell}",s,1,1\n`)).prompts, [
    "system: be brief\n\nuser: Hi",
  ]);
  const lone = rows({ messages: [{ role: "user", content: "Hi" }], model: "s", score: 1, cost: 1 });
  assert.deepEqual((await load("l.jsonl", lone)).prompts, ["Hi"]);
});

Deno.test("wide and deep JSON is refused in one line, in time linear in it", async () => {
  const wide = Array.from(
    { length: 6000 },
    (_, row) => JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${row}_${at}`, 1]))),
  ).join("\n");
  await assert.rejects(load("wide.jsonl", wide), /a table must have at most 50000 columns: line 2501 has more/);
  const deep = `{"id":1,"x":${'{"y":'.repeat(5000)}1${"}".repeat(5000)}}\n{"id":2}`;
  await assert.rejects(load("deep.jsonl", deep), /objects and arrays must be nested at most 100 deep/);
});
