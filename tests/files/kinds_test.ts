import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { auditOutcomes, wrongFindings } from "../../lib/audit/audit_outcomes.ts";
import { trainingWords } from "../../lib/commands/train_share.ts";
import { loadWithCounts } from "../../lib/files/load_outcomes.ts";
import { inFolder } from "./_files.ts";
import { comma, csv, file, type KindCase, lines, rows, TABLE } from "./_kinds.ts";

const FIXTURES = new URL("../fixtures/kinds/", import.meta.url);
const SHARED = new URL("../../../shared/data/cases/", import.meta.url);

/** An evaluation of eight prompts, and four of one. */
function ofEvaluations(): Readonly<Record<string, unknown>>[] {
  return Array.from(
    { length: 12 },
    (_, id) => ["s", "l"].map((model) => ({ id, model, score: 1, cost: 1, task: Math.max(7, id) })),
  ).flat();
}

/** Kinds of files that people have. `like` names the shared files of the kind; each has two cases of its own or more. */
const KINDS: Readonly<Record<string, { readonly like: readonly string[]; readonly cases: readonly KindCase[] }>> = {
  "whole numbers are exact": {
    like: ["16_bigids.jsonl", "16e_bigids.pkl"],
    cases: [
      file("ids.csv", csv(rows((row) => ({ ...row, id: `900719925474099${3 + row.id}` }))), {
        ...TABLE,
        firstId: "9007199254740993",
      }),
      file("ids.json", `[${lines(rows()).replaceAll('"id":', '"id":123456789012345678').replaceAll("\n", ",")}]`, {
        ...TABLE,
        firstId: "1234567890123456780",
      }),
      { ...TABLE, fixture: "uint64_ids.parquet", firstId: "9223372036854775809" },
      { ...TABLE, fixture: "microsecond_ids.parquet" },
    ],
  },
  "ids that lost digits, or are none, are refused": {
    like: [],
    cases: [
      file("excel.csv", csv(rows((row) => ({ ...row, id: "1.23457E+17" }))), {
        options: { repeats: "mean" },
        error: /ids of prompts must be whole: row 1 of "id" has "1\.23457E\+17"/,
      }),
      file("pandas.csv", csv(rows((row) => ({ ...row, id: "nan" }))), { error: /row 1 of "id" has "nan"/ }),
      file("narrow.csv", csv(rows((row) => ({ ...row, id: "########" }))), { error: /row 1 of "id" has "#{8}"/ }),
      file("float.jsonl", lines(rows()).replaceAll('"id":', '"id":9007199254740993.'), {
        error: /must keep every digit/,
      }),
      { fixture: "double_ids.parquet", error: /ids of prompts must keep every digit/ },
      { fixture: "dates.pkl", error: /other objects of Python; change their column by astype\(str\)/ },
      file("1e3.csv", csv(rows((row) => ({ ...row, id: `${row.id + 1}e3` }))), { ...TABLE, firstId: "1e3" }),
    ],
  },
  "one id with several texts is no repetition": {
    like: ["67_restarting_ids"],
    cases: [
      {
        files: Object.fromEntries(
          ["a", "b"].map((name) => [`${name}.csv`, csv(rows((row) => ({ ...row, prompt: `${name}${row.id}` })))]),
        ),
        options: { repeats: "mean" },
        error: /ids of prompts must be unique, and they are not: .*evalName=file\.name/,
      },
      {
        files: Object.fromEntries(
          ["a", "b"].map((name) => [`${name}.csv`, csv(rows((row) => ({ ...row, prompt: `${name}${row.id}` })))]),
        ),
        options: { columns: { evalName: "file.name" } },
        size: [6, 2],
      },
    ],
  },
  "near twins are named": {
    like: ["56b_zero_padded.jsonl", "65_id_is_row.csv"],
    cases: [
      file("case.csv", csv(rows((row) => ({ ...row, model: row.id === 0 ? "GPT-4" : "gpt-4" }))), {
        options: { repeats: "mean" },
        error: /names that look like one: "GPT-4" and "gpt-4"/,
      }),
      file(
        "zeros.csv",
        csv(rows((row) => ({ ...row, id: row.model === "s" ? row.id : `00${row.id}`, prompt: row.id }))),
        {
          error: /no prompt is shared.*"0" and "000".*"promptId=prompt"/,
        },
      ),
      file("mangled.csv", csv(rows((row) => ({ ...row, "score.1": 0 }))), {
        ...TABLE,
        note: /"score" is taken, not "score\.1"/,
      }),
    ],
  },
  "pandas' orients are read, and no row is a model": {
    like: ["22_columns.json"],
    cases: [
      file("list.json", JSON.stringify({ id: [1, 1], model: ["s", "l"], score: [0, 1], cost: [1, 3] }), {
        size: [1, 2],
        means: [0.5, 2],
      }),
      file("pairs.json", JSON.stringify({ q1: { s: { score: 1, cost: 1 } }, q2: { l: { score: 1, cost: 1 } } }), {
        error: /must say which names are models and which prompts: .*write a row a prompt/,
      }),
      file("index.json", '{"0":{"id":1,"model":"s","score":1,"cost":1},"1":{"id":1,"model":"l","score":1}}', {
        options: { responseCostUsd: { s: 1, l: 2 } },
        size: [1, 2],
      }),
    ],
  },
  "rows and columns of models are not mixed, and either is read": {
    like: ["11_promptfoo.json"],
    cases: [
      file("mixed.csv", csv(rows((row) => ({ ...row, "x|quality": 1, "x|cost_usd": 1 }))), {
        error: /outcomes must stand in one layout: .*--columns "model=model"/,
      }),
      file("mixed.csv", csv(rows((row) => ({ ...row, "x|quality": 1, "x|cost_usd": 1 }))), {
        ...TABLE,
        options: { columns: { model: "model" } },
      }),
      file("ends.csv", "id,s_score,s_cost,l_score,l_cost\n1,0,1,1,3\n", { size: [1, 2], means: [0.5, 2] }),
      file("begins.csv", "id,score/s,cost/s,score/l,cost/l\n1,0,1,1,3\n", { size: [1, 2], means: [0.5, 2] }),
      file("nested.json", JSON.stringify([{ id: 1, outputs: rows().slice(0, 2).map(({ id: _, ...row }) => row) }]), {
        size: [1, 2],
        means: [0.5, 0.0055],
      }),
    ],
  },
  "every option has its effect, or is said to have none": {
    like: ["51_cost_and_response_costs.jsonl", "52_null_cost_tokens.jsonl"],
    cases: [
      file("costs.csv", csv(rows()), {
        options: { responseCostUsd: { s: 1, l: 3 } },
        means: [2 / 3, 2],
        note: /costs of responseCostUsd taken instead of those in "cost"/,
      }),
      file("prices.csv", csv(rows()), {
        options: { priceList: { s: { prompt: 1, completion: 1 } } },
        note: /the price list had no effect on costs/,
      }),
      file("holes.csv", csv(rows((row) => ({ ...row, cost: "", input_tokens: 1000, output_tokens: 500 }))), {
        options: { priceList: { s: { prompt: 1, completion: 2 }, l: { prompt: 3, completion: 4 } } },
        means: [2 / 3, 0.0035],
        note: /6 missing costs filled by tokens × price/,
      }),
      file("names.csv", csv(rows(({ score, ...row }) => ({ ...row, "good, or bad": score }))), {
        ...TABLE,
        options: { columns: { quality: "good, or bad" } },
      }),
    ],
  },
  "values that mean missing": {
    like: ["07_annotations.json", "15_nan.jsonl"],
    cases: [
      file("cost.csv", csv(rows((row) => ({ ...row, cost: row.id === 2 ? "-" : row.cost }))), {
        error: /row 5 has "-"; .*missingValues \(--missing-values "-"\)/,
      }),
      file("cost.csv", csv(rows((row) => ({ ...row, cost: row.id === 2 ? "-" : row.cost }))), {
        options: { missingValues: ["-"], missing: "drop" },
        size: [2, 2],
      }),
      file("free.csv", csv(rows((row) => ({ ...row, cost: -1 }))), {
        error: /0 or more: row 1 has -1; .*--missing-values -1\)/,
      }),
      file("n.json", `[${lines(rows()).replaceAll("\n", ",").replace('"cost":0.001', '"cost":NaN')}]`, {
        error: /1 of 6 are missing, such as the cost of "s" on prompt "0"/,
      }),
    ],
  },
  "scales that differ": {
    like: ["55_mixed_scale.jsonl"],
    cases: [
      file("ten.csv", csv(rows((row) => ({ ...row, score: row.model === "l" ? 8 + row.id : row.score }))), {
        error: /"s" lies within it and "l" in 8 to 10/,
      }),
      file("percent.csv", csv(rows((row) => ({ ...row, score: row.model === "l" ? "90%" : row.score || "1" }))), {
        error: /must write qualities in one way: row 2 makes it "1" beside "90%"/,
      }),
      file("pct.csv", csv(rows(({ score, ...row }) => ({ ...row, "score (%)": score }))), {
        ...TABLE,
        note: /"score \(%\)" is taken as shares of 1, .*--quality-range 0,100/,
      }),
    ],
  },
  "units of costs and times": {
    like: ["13_agenta.csv"],
    cases: [
      file("cents.csv", csv(rows(({ cost, ...row }) => ({ ...row, cost_cents: 100 * cost }))), {
        ...TABLE,
        note: /"cost_cents" is read in the unit of its name/,
      }),
      file("micro.csv", csv(rows(({ cost, ...row }) => ({ ...row, "Cost (micro USD)": 1e6 * cost }))), TABLE),
      file("cent.csv", csv(rows((row) => ({ ...row, cost: `${100 * row.cost} ¢` }))), TABLE),
      file("price.csv", csv(rows(({ cost, ...row }) => ({ ...row, cost_per_1k_tokens: cost }))), {
        options: { columns: { costUsd: "cost_per_1k_tokens" } },
        error: /"cost_per_1k_tokens" names a price; pass prices/,
      }),
      file("euro.csv", csv(rows((row) => ({ ...row, cost: `€${row.cost}` }))), {
        error: /has "€0\.001"; convert the amounts/,
      }),
      file("us.csv", csv(rows((row) => ({ ...row, latency_us: 1.5e6 }))), { ...TABLE, seconds: 1.5 }),
      file("cells.csv", csv(rows((row) => ({ ...row, latency_ms: "1.5 s" }))), { ...TABLE, seconds: 1.5 }),
      file("clock.csv", csv(rows((row) => ({ ...row, latency: "0 days 00:01:00.500000" }))), {
        ...TABLE,
        seconds: 60.5,
      }),
      file("ns.csv", csv(rows((row) => ({ ...row, latency: 1.5e9 }))), { audit: /look like micro- or nanoseconds/ }),
    ],
  },
  "numbers of other countries": {
    like: ["14a_semicolon_decimal_comma.csv"],
    cases: [
      file("de.csv", csv(rows((row) => ({ ...row, cost: comma(row.cost) })), ";"), TABLE),
      file("fr.csv", csv(rows((row) => ({ ...row, cost: row.model === "s" ? "1\u202f000,5" : "2 000,5" })), ";"), {
        means: [2 / 3, 1500.5],
      }),
      file("ch.csv", csv(rows((row) => ({ ...row, cost: "1'000.5" }))), { means: [2 / 3, 1000.5] }),
      file("quoted.csv", csv(rows((row) => ({ ...row, cost: comma(row.cost) }))), {
        error: /has "0,001"; write decimals with a point, or part the cells by semicolons/,
      }),
      file("both.csv", csv(rows((row) => ({ ...row, cost: row.id === 0 ? "1.234" : "1,5" })), ";"), {
        error: /"1\.234" beside "1,5", which may be thousands or a decimal/,
      }),
    ],
  },
  "verdicts in words": {
    like: ["02_calibration.csv", "33_CI.csv", "33_yesno.csv"],
    cases: [
      file("de.csv", csv(rows((row) => ({ ...row, score: row.score === 1 ? "WAHR" : "FALSCH" })), ";"), TABLE),
      file("es.csv", csv(rows((row) => ({ ...row, score: row.score === 1 ? "sí" : "no" }))), TABLE),
      file("tick.csv", csv(rows((row) => ({ ...row, score: row.score === 1 ? "✓" : "✗" }))), {
        ...TABLE,
        note: /"✗" as 0, "✓" as 1/,
      }),
      file("two.csv", csv(rows((row) => ({ ...row, score: row.score === 1 ? "oui" : "FALSCH" }))), {
        error: /has "FALSCH"; say what it is by qualityWords \(--quality-words "FALSCH=0"\)/,
      }),
    ],
  },
  "what stands around a CSV's rows": {
    like: ["14c_sep_line.csv", "17b_two_trailing.csv", "17d_blank_excel_rows.csv"],
    cases: [
      file("mark.csv", `\uFEFFsep=|\r\n${csv(rows(), "|").replaceAll("\n", "\r\n")}`, TABLE),
      file("blank.csv", csv(rows()).replaceAll("\n", ",,\n,,,,,\n"), TABLE),
      file("quoted.csv", csv(rows(({ score, ...row }) => ({ ...row, "score; 0-1": score })), ";"), {
        ...TABLE,
        options: { columns: { quality: "score; 0-1" } },
      }),
      file("returns.csv", csv(rows()).replaceAll("\n", "\r"), TABLE),
      file("title.csv", `Results of June,,,\n${csv(rows())}`, { error: /take out the lines above the row of names/ }),
      file("total.csv", `${csv(rows())}Total,,,0.033\n`, { error: /row 7 of "model" is empty; .*take the row out/ }),
      file("mean.csv", "id,s|quality,s|cost_usd\n1,1,1\n2,0,1\nMean,0.5,1\n", {
        size: [3, 1],
        note: /"Mean" may be a summary of other rows/,
      }),
      file("index.csv", `Unnamed: 0,${csv(rows()).replaceAll(/\n(?=.)/g, "\n9,")}`, TABLE),
    ],
  },
  "JSON that programs write by hand": {
    like: [],
    cases: [
      file("comma.jsonl", lines(rows()).replaceAll("\n", ",\n") + ",", TABLE),
      file("last.json", `[${lines(rows()).replaceAll("\n", ",")},]`, TABLE),
      file("returns.jsonl", lines(rows()).replaceAll("\n", "\r"), TABLE),
      file("python.jsonl", lines(rows()).replaceAll('"', "'"), { error: /as Python's json\.dumps does/ }),
    ],
  },
  "Parquet with empty groups of rows": {
    like: ["19_types.parquet"],
    cases: [{ ...TABLE, fixture: "empty_first.parquet" }, { ...TABLE, fixture: "empty_between.parquet" }],
  },
  "types of pandas, packed too": {
    like: ["21a_categorical_nullable.pkl", "21b_multiindex_rows.pkl", "21g.pkl.xz"],
    cases: [
      ...[
        "rows.pkl",
        "columns.pkl",
        "arrays.pkl",
        "decimals.pkl",
        "levels.pkl",
        "table.pkl.zip",
        "table.pkl.zst",
        "table.pkl.bz2",
        "table.pkl.xz",
      ].map((
        fixture,
      ) => ({
        ...TABLE,
        fixture,
      })),
    ],
  },
  "prompts that are chats": {
    like: ["20_chat_prompt.parquet", "20b_chat_prompt.jsonl"],
    cases: [
      { ...TABLE, fixture: "chat.parquet", firstText: "system: be brief\n\nuser: Question 0?" },
      file(
        "chat.jsonl",
        lines(rows(({ id, ...row }) => ({ ...row, messages: [{ role: "user", content: `${id}?` }] }))),
        {
          ...TABLE,
          firstText: "0?",
        },
      ),
    ],
  },
  "a folder or a file for each model": {
    like: ["09_lmeval"],
    cases: [
      {
        files: Object.fromEntries(
          ["s", "l"].map((
            name,
          ) => [`${name}.csv`, csv(rows().filter(({ model }) => model === name).map(({ model: _, ...row }) => row))]),
        ),
        ...TABLE,
        note: /the name of a file is taken for its model/,
      },
      {
        files: Object.fromEntries(
          ["s", "l"].map((
            name,
          ) => [
            `${name}/a.jsonl`,
            lines(rows().filter(({ model }) => model === name).map(({ model: _, ...row }) => row)),
          ]),
        ),
        ...TABLE,
        note: /the folder of a file is taken for its model/,
      },
    ],
  },
  "rows that repeat": {
    like: ["01_measurements.csv"],
    cases: [
      file("runs.csv", csv(rows().flatMap((row) => [0, 1].map((run) => ({ ...row, score: run, run })))), {
        error: /the rows differ in "run" \("0", "1"\)\); keep the rows of one kind by where/,
      }),
      file("runs.csv", csv(rows().flatMap((row) => [0, 1].map((run) => ({ ...row, score: run, run })))), {
        options: { where: { run: "1" } },
        means: [1, 0.0055],
      }),
      file("twice.csv", csv([...rows(), ...rows()]), { ...TABLE, note: /6 rows merged/ }),
    ],
  },
  "numbers that mean nothing": {
    like: ["26b_all_wrong.jsonl", "26f_one_prompt.jsonl"],
    cases: [
      file("right.csv", csv(rows((row) => ({ ...row, score: 1 }))), {
        audit: /Both models are right on all 3 prompts/,
      }),
      file("one.csv", csv(rows().filter(({ model }) => model === "s")), { audit: /There is one model/ }),
      file("free.csv", csv(rows((row) => ({ ...row, cost: 0 }))), { audit: /No outcome costs anything/ }),
    ],
  },
  "the share that is learned from": {
    like: ["53_skewed_evals.jsonl"],
    cases: [
      file("evals.csv", csv(ofEvaluations()), {
        training: /^0\.42 of the prompts \(5 of 12 prompts\) instead of 0\.7, .*--eval-column none/,
      }),
      file("evals.csv", csv(ofEvaluations()), {
        options: { oneEvaluation: true },
        training: /^0\.67 of the prompts \(8 of 12 prompts\) instead of 0\.7/,
      }),
    ],
  },
  "names in any script and of any length": {
    like: ["29_model_names.jsonl"],
    cases: [
      file("names.csv", csv(rows((row) => ({ ...row, model: row.model === "s" ? "模型-甲" : "نموذج 🤖" }))), TABLE),
      file("long.csv", csv(rows((row) => ({ ...row, model: row.model.repeat(500) }))), TABLE),
      file("none.csv", csv(rows((row) => ({ ...row, model: "nan" }))), {
        error: /must name its model: row 1 of "model" is "nan"/,
      }),
    ],
  },
};

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

async function check(path: string, wanted: KindCase): Promise<void> {
  if (wanted.error !== undefined) {
    return await assert.rejects(loadWithCounts(path, wanted.options), { message: wanted.error });
  }
  const { table, counts } = await loadWithCounts(path, wanted.options);
  const means = [mean(table.quality), mean(table.costUsd)];
  if (wanted.size) assert.deepEqual([table.promptIds.length, table.models.length], wanted.size);
  wanted.means?.forEach((value, at) => assert.ok(Math.abs(means[at] - value) < 1e-12 + 1e-12 * value, String(means)));
  if (wanted.firstId !== undefined) assert.equal(table.promptIds[0], wanted.firstId);
  if (wanted.firstText !== undefined) assert.equal(table.prompts![0], wanted.firstText);
  if (wanted.seconds !== undefined) assert.ok(Math.abs(mean(table.latencySeconds!) - wanted.seconds) < 1e-9);
  if (wanted.note) assert.match(table.source.notes.join("\n"), wanted.note);
  const found = wrongFindings(auditOutcomes(table, { counts })).map(({ summary }) => summary);
  if (wanted.audit) assert.match(found.join("\n"), wanted.audit);
  if (wanted.training) {
    assert.match(trainingWords(table, { trainShare: 0.7, split: "chance", seed: 1 }), wanted.training);
  }
}

for (const [kind, { cases }] of Object.entries(KINDS)) {
  Deno.test(`a kind of files: ${kind}`, async (t) => {
    assert.ok(cases.length >= 2, "each kind has two cases or more");
    for (const [at, { files, fixture, ...wanted }] of cases.entries()) {
      await t.step(`${at + 1}: ${fixture ?? Object.keys(files!).join(" and ")}`, async () => {
        if (fixture !== undefined) return await check(fileURLToPath(new URL(fixture, FIXTURES)), wanted);
        await inFolder(async (folder) => {
          const names = Object.keys(files!);
          for (const name of names) {
            await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
            await Deno.writeTextFile(join(folder, name), files![name]);
          }
          await check(names.length === 1 ? join(folder, names[0]) : folder, wanted);
        });
      });
    }
  });
}

Deno.test("every shared file of the cases is of a kind", { ignore: !existsSync(SHARED) }, () => {
  const known = new Set(Object.values(KINDS).flatMap(({ like }) => like));
  const beside = ["README.md", "07_costs.json", "51_costs.json", "52_prices.json"];
  const all = [...Deno.readDirSync(SHARED)].map(({ name }) => name).filter((name) => !beside.includes(name));
  assert.deepEqual(all.filter((name) => !known.has(name)), []);
});
