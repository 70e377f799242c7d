import assert from "node:assert/strict";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, runTask } from "./_run_task.ts";

Deno.test("audit prints a page, writes nothing unless told, and exits with 0 where a table can be compared on", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(300));
    const { code, out, err } = await runTask("audit", `${folder}/mine.jsonl`);
    assert.equal(code, 0, err);
    assert.match(out, /^mine\.jsonl: 300 prompts × 3 models, evaluations: sums, words\n/);
    assert.match(out, /No finding makes a comparison of routers wrong\.\n$/);
    assert.ok(out.split("\n").every((line) => line.length <= 160));
    assert.deepEqual(await filesBelow(folder), ["mine.jsonl"]);
  }));

Deno.test("audit writes HTML and JSON, and exits with 3 where a comparison would be wrong", () =>
  inFolder(async (folder) => {
    const lines = madeTable(300).trimEnd().split("\n").map((line) => JSON.parse(line));
    lines.forEach((line, at) => line.cost *= Number(at % 21 !== 0));
    for (const line of lines.slice(0, 3)) line.question = "<script>alert(1)</script>";
    for (const line of lines.slice(3, 6)) line.question = "<SCRIPT>alert(1)</SCRIPT>";
    await Deno.writeTextFile(`${folder}/free.jsonl`, lines.map((line) => JSON.stringify(line)).join("\n"));
    const { code, out, err } = await runTask("audit", `${folder}/free.jsonl`, "--out", `${folder}/audit of mine`);
    assert.equal(code, 3, err);
    assert.match(
      out,
      /Makes a comparison of routers wrong\n[^]*a model that is free on some prompts and not on others has\s+lost costs/,
    );
    assert.match(out, /1 finding makes a comparison of routers wrong \(exit code 3\)/);
    assert.deepEqual(await filesBelow(`${folder}/audit of mine`), ["audit.html", "audit.json"]);
    const page = await Deno.readTextFile(`${folder}/audit of mine/audit.html`);
    const json = JSON.parse(await Deno.readTextFile(`${folder}/audit of mine/audit.json`));
    assert.doesNotMatch(page, /<script|<SCRIPT|undefined|NaN|src="/);
    assert.match(page, /class="finding wrong"/);
    assert.deepEqual([json.isComparable, json.findings[0].rule, json.source.kind], [false, "zero-cost", "file"]);
    const printed = await runTask("audit", `${folder}/free.jsonl`, "--json");
    assert.deepEqual([printed.code, JSON.parse(printed.out)], [3, json]);
  }));

Deno.test("audit loads a table with holes and counts them, unless it is told to stop there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/holes.csv`;
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${i},s,${i % 2},1e-3,q${i}\n${i},l,${i === 3 ? "" : "1"},2e-3,q${i}\n`,
    );
    await Deno.writeTextFile(path, `id,who,acc,cost,prompt\n${rows.join("")}`);
    const columns = ["--columns", "model=who,quality=acc"];
    const { code, out } = await runTask("audit", path, ...columns);
    assert.equal(code, 0);
    assert.match(out, /1 prompt \(0\.50 %\) is left out because a model has no quality or cost there/);
    assert.match(out, /l: 1 missing/);
    const strict = await runTask("audit", path, ...columns, "--missing", "error");
    assert.deepEqual([strict.code, strict.out], [1, ""]);
    assert.match(strict.err, /pass missing: "drop" \(--missing drop\) to leave 1 prompt of 200 out\n$/);
  }));

Deno.test("audit checks costs against tokens and a file of prices", () =>
  inFolder(async (folder) => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},s,1,0.001,1000,0\n${i},l,0,0.001,1000,0\n`).join("");
    await Deno.writeTextFile(`${folder}/t.csv`, `id,model,score,cost,input_tokens,output_tokens\n${rows}`);
    await Deno.writeTextFile(
      `${folder}/prices of mine.json`,
      '{"s": {"prompt": 1, "completion": 2}, "l": {"prompt": 5, "completion": 5}}',
    );
    const { code, out, err } = await runTask("audit", `${folder}/t.csv`, "--prices", `${folder}/prices of mine.json`);
    assert.equal(code, 3, err);
    assert.match(out, /100 outcomes cost something else than the file's tokens at the given prices/);
  }));

const BAD: [string, string[], RegExp][] = [
  [
    "no file",
    ["audit"],
    /^Cannot read the options as FILE must be named: there is none; name a file or folder of yours, or a data set: .*\n$/,
  ],
  [
    "a missing file",
    ["audit", "nowhere.csv"],
    /^Cannot load "nowhere\.csv" as the file must be readable: there is no such file/,
  ],
  ["two files", ["audit", "a.csv", "b.csv"], /after FILE each must begin with "--": "b\.csv" does not/],
  [
    "an unknown option",
    ["audit", "a.csv", "--colums", "x=y"],
    /"--colums" is not; did you mean "--columns"\?; see --help/,
  ],
  ["an option twice", ["audit", "a.csv", "--out", "a", "--out", "b"], /"--out" is given twice/],
  ["a wrong form of columns", ["audit", "a.csv", "--columns", "acc"], /--columns must be FIELD=COLUMN,…: "acc" is not/],
  ["a wrong scale", ["audit", "a.csv", "--quality-range", "1"], /--quality-range must be LOW,HIGH: it is "1"/],
  [
    "prices that are not there",
    ["audit", "a.csv", "--prices", "no.json"],
    /^Cannot read "no\.json" as it must be JSON of the form/,
  ],
  [
    "a value that looks like an option",
    ["audit", "a.csv", "--max-tokens", "-1"],
    /each but --json, --help takes one value: "--max-tokens" is followed by "-1"; write --max-tokens=VALUE for/,
  ],
  [
    "an empty folder's name",
    ["audit", "a.csv", "--out", ""],
    /each value must say something: that of "--out" is empty; see --help$/m,
  ],
  ["an empty file's name", ["audit", ""], /FILE must be named: one is empty; see --help$/m],
  [
    "a file in the folder's place",
    ["audit", "README.md", "--out", "README.md"],
    /the output must be a folder: a file stands there; choose/,
  ],
  [
    "a folder below a file",
    ["audit", "README.md", "--out", "README.md/x"],
    /the output must be a folder: a file stands there; choose/,
  ],
  [
    "a path with a comma",
    ["audit", "some/a,b.csv"],
    /^Cannot use "some\/a,b\.csv" as a permission cannot name a path with a comma; rename/,
  ],
  [
    "a value for a switch",
    ["audit", "a.csv", "--json=yes"],
    /each but --json, --help takes one value: "--json" has one/,
  ],
  ["a misspelled command", ["audti", "a.csv"], /it is "audti"; did you mean "audit"\?/],
];
for (const [name, args, message] of BAD) {
  Deno.test(`audit refuses ${name} with one clear line and exit code 1`, async () => {
    const { code, out, err } = await runTask(...args);
    assert.deepEqual([code, out, err.trimEnd().split("\n").length], [1, "", 1], err);
    assert.match(err, message);
  });
}

Deno.test("audit reads a folder of a published benchmark's files, and says which option its costs come from", () =>
  inFolder(async (folder) => {
    const rows = (from: number): string =>
      Array.from({ length: 100 }, (_, i) => `Question ${from + i}?,${i % 2 ? "True" : "False"},True\n`).join("");
    for (const [at, name] of ["sums", "words"].entries()) {
      await Deno.writeTextFile(`${folder}/mmlu_${name}.csv`, `prompt,small,large\n${rows(100 * at)}`);
    }
    const without = await runTask("audit", folder);
    assert.equal(without.code, 1);
    assert.match(
      without.err,
      /a RouteLLM response table has neither costs nor token counts; pass .* \(--response-costs FILE\)/,
    );
    const costs = await Deno.makeTempFile({ suffix: ".json" });
    try {
      await Deno.writeTextFile(costs, '{"small": 1e-5, "large": 1e-3}');
      const { code, out, err } = await runTask("audit", folder, "--response-costs", costs, "--format", "routellm");
      assert.equal(code, 0, err);
      assert.match(
        out,
        /: 200 prompts × 2 models, evaluations: mmlu_sums, mmlu_words\n {2}read as a RouteLLM response table\n/,
      );
      const wrong = await runTask("audit", folder, "--response-costs", costs, "--format", "embedlm");
      assert.match(wrong.err, /--format must be any or .*: it is "embedlm"; did you mean "embedllm"\?/);
    } finally {
      await Deno.remove(costs);
    }
  }));
