import assert from "node:assert/strict";
import { readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { pathsOfTable, tableOf } from "../../lib/commands/known_tables.ts";
import { loadOptionsOf } from "../../lib/commands/table_options.ts";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, runTask } from "./_run_task.ts";

Deno.test("evaluate takes any table, and writes curves, tables, figures and a page, the same bytes each time", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(480));
    const args = ["evaluate", `${folder}/mine.jsonl`, "--encoder", "lexical"];
    const first = await runTask(...args, "--out", `${folder}/a`);
    assert.equal(first.code, 0, first.err);
    assert.match(
      first.out,
      /^Outcomes: mine\.jsonl \(480 prompts × 3 models\)\. Encoder: lexical-512\. Seed: 1\. Training: 0\.7 of the\n {2}prompts\.\n/,
    );
    assert.match(
      first.out,
      /\nAll evaluations: 144 test prompts, oracle [01]\.\d{4}\n[^\n]*\n +AIQ +over Zero [^\n]*\nZero /,
    );
    assert.match(first.out, /\n\nOn these 144 prompts /);
    for (const line of first.out.split("\n")) assert.ok(line.length <= 100 || line.includes(folder), line);
    const panels = ["pooled", "sums", "words"].flatMap((name) =>
      ["pdf", "png", "svg"].map((ending) => `figures/${name}.${ending}`)
    );
    assert.deepEqual(await filesBelow(`${folder}/a`), [
      ...[
        "evaluation.json",
        ...panels,
        "manifest.json",
        "report.html",
        "tables/ladders.csv",
        "tables/models.csv",
        "tables/predicted_costs.csv",
        "tables/settings.csv",
        "tables/systems.csv",
      ],
    ]);
    const verbose = await runTask(...args, "--out", `${folder}/b`, "--verbose");
    assert.match(
      verbose.out,
      /^Zero .*\n(KNN, k = \d+ .*\n){3}MLP, 100-100 .*\nLinear .*\n(?:.*\n){5}Best router .*\nCascade, ε = 0 /m,
    );
    assert.match(verbose.out, /\n {2}Best router: Chosen on validation prompts: /);
    for (const name of await filesBelow(`${folder}/a`)) {
      assert.deepEqual(await Deno.readFile(`${folder}/a/${name}`), await Deno.readFile(`${folder}/b/${name}`), name);
    }
    const report = await Deno.readTextFile(`${folder}/a/report.html`),
      ids = [...report.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.doesNotMatch(report, /<script src|<link|src="http/);
    assert.doesNotMatch(report.split("<script")[0], /undefined|NaN/);
    assert.equal(new Set(ids).size, ids.length, "drawings in one page have ids of their own");
  }));

Deno.test("evaluate --json prints what machines need and writes nothing", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(480));
    const { code, out, err } = await runTask(
      "evaluate",
      `${folder}/mine.jsonl`,
      "--json",
      "--encoder",
      "lexical",
      "--routers",
      "linear,cascade",
      "--eval",
      "words",
      "--train-share",
      "0.6",
    );
    assert.equal(code, 0, err);
    const { evaluations: [words, ...others], settings, outcomes } = JSON.parse(out);
    assert.deepEqual([words.evalName, others, settings.trainShare, outcomes.nPrompts], ["words", [], 0.6, 320]);
    assert.deepEqual(words.systems.map(({ name }: { name: string }) => name), [
      "Zero",
      "Linear",
      "Linear, α chosen",
      "Cascade, ε = 0",
      "Cascade, ε = 0.1",
      "Cascade, ε = 0.2",
      "Cascade routing, ε = 0.1",
    ]);
    assert.deepEqual(words.nPrompts, { learned: 134, chosen: 58, test: 128 });
    // what is printed fits together: AIQ by the formula is the area under the points that are marked as the hull
    const [low, high] = words.costRangeUsd;
    for (const { name, aiqFormula, settings } of words.systems) {
      const hull = settings.filter(({ onHull }: { onHull: boolean }) => onHull);
      assert.ok(Math.abs(areaUnder(hull, low, high) / (high - low) - aiqFormula) < 1e-9, name);
    }
    assert.deepEqual(await filesBelow(folder), ["mine.jsonl"]);
  }));

interface Point {
  readonly costUsd: number;
  readonly quality: number;
}

/** Area by many thin strips: slow and obvious. */
function areaUnder(hull: readonly Point[], low: number, high: number): number {
  const points = [{ costUsd: 0, quality: 0 }, ...hull], nStrips = 200_000, width = (high - low) / nStrips;
  let area = 0, at = 0;
  for (let i = 0; i < nStrips; i++) {
    const cost = low + (i + 0.5) * width;
    while (at + 1 < points.length && points[at + 1].costUsd <= cost) at++;
    const a = points[at], b = points[at + 1];
    area += width *
      (b === undefined
        ? a.quality
        : a.quality + (b.quality - a.quality) * (cost - a.costUsd) / (b.costUsd - a.costUsd));
  }
  return area;
}

Deno.test("evaluate leaves out what a table does not allow, and says so", () =>
  inFolder(async (folder) => {
    const path = `${folder}/t.jsonl`,
      json = async (
        text: string,
        ...args: string[]
      ): Promise<{ names: string[]; notes: string[]; leftOut: string | null }> => {
        await Deno.writeTextFile(path, text);
        const { code, out, err } = await runTask("evaluate", path, "--json", "--encoder", "lexical", ...args);
        assert.equal(code, 0, err);
        const { evaluations: [{ systems, leftOut }], notes } = JSON.parse(out);
        return { names: systems.map(({ name }: { name: string }) => name), notes, leftOut };
      };
    let n = 0;
    const graded = await json(
      madeTable(300, { grade: (value) => (value + (n++ % 97) / 97) / 2 }),
      "--routers",
      "cascade,knn",
    );
    assert.deepEqual(graded.names, ["Zero", "KNN, k = 5", "KNN, k = 10", "KNN, k = 40", "KNN, k chosen"]);
    assert.match(
      graded.notes[0],
      /^The cascade is left out: its judge needs answers that are right or wrong, or graded in at most 11 steps; here there are more$/,
    );
    const small = await json(madeTable(120), "--routers", "knn");
    assert.deepEqual([small.names, small.leftOut], [
      ["Zero"],
      "learned routers left out: 58 prompts to learn from, 100 are needed",
    ]);
    const textless = await json(madeTable(300).replaceAll(/"question":"[^"]*",/g, ""));
    assert.deepEqual([textless.names[0], textless.names[1]], ["Zero", "Cascade, ε = 0"]);
    assert.deepEqual(textless.notes, ["Learned routers are left out: there are no texts to learn from"]);
  }));

Deno.test("evaluate warns of what an audit finds wrong", () =>
  inFolder(async (folder) => {
    const lines = madeTable(300).trimEnd().split("\n").map((line) => JSON.parse(line));
    lines.forEach((line, at) => line.cost *= Number(at % 21 !== 0));
    await Deno.writeTextFile(`${folder}/t.jsonl`, lines.map((line) => JSON.stringify(line)).join("\n"));
    const { code, out, err } = await runTask(
      "evaluate",
      `${folder}/t.jsonl`,
      "--encoder",
      "lexical",
      "--routers",
      "knn",
      "--out",
      `${folder}/out`,
    );
    assert.equal(code, 0, err);
    assert.match(out, /^ {2}Wrong for a comparison: [^]*has\s+lost\s+costs\.\s+See\s+deno\s+task\s+audit/m);
    assert.match(out, /\nNo conclusion is allowed before the table is mended: 1 of the audit's findings makes/);
    assert.match(await Deno.readTextFile(`${folder}/out/report.html`), /class="finding wrong"/);
  }));

const ONE = '{"id":1,"model":"s","score":1,"cost":1}\n';
Deno.test("evaluate gives each evaluation files of its own, whatever their names have in common", () =>
  inFolder(async (folder) => {
    const names = ["a/b", "a:b", "A_B"],
      lines = madeTable(600).trimEnd().split("\n").map((line, at) => {
        const row = JSON.parse(line);
        return JSON.stringify({ ...row, id: `x${Math.floor(at / 3)}`, task: names[Math.floor(at / 3) % 3] });
      });
    await Deno.writeTextFile(`${folder}/t.jsonl`, lines.join("\n"));
    const { code, err } = await runTask(
      "evaluate",
      `${folder}/t.jsonl`,
      "--routers",
      "cascade",
      "--out",
      `${folder}/o`,
    );
    assert.equal(code, 0, err);
    assert.deepEqual((await filesBelow(`${folder}/o/figures`)).filter((name) => name.endsWith(".svg")).length, 4);
  }));

const BAD: [string, string, string[], RegExp][] = [
  [
    "a share that leaves one side empty",
    ONE + ONE.replace('"s"', '"l"').replace('"cost":1', '"cost":2'),
    ["--train-share", "0.5", "--json"],
    /^Cannot split outcomes as both sides need prompts/,
  ],
  [
    "an unknown router",
    ONE,
    ["--routers", "knm"],
    /--routers must be some of knn, mlp, linear, kernel, group, best, cascade: "knm" is none; did you mean "knn"\?/,
  ],
  ["a share of nothing", ONE, ["--train-share", "1"], /--train-share must be between 0 and 1: it is "1"/],
  [
    "an unknown evaluation",
    ONE,
    ["--eval", "mbpp", "--json"],
    /each name must begin one of the table's: "mbpp" does not; it has "all"/,
  ],
  [
    "a folder that cannot be written",
    madeTable(200),
    ["--routers", "cascade", "--out", "README.md"],
    /^Cannot write to "README\.md" as the output must be a folder: a file stands there; choose another with --out\n$/,
  ],
];
for (const [name, contents, args, message] of BAD) {
  Deno.test(`evaluate refuses ${name} with one clear line and exit code 1`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/t.jsonl`, contents);
      const { code, err } = await runTask("evaluate", `${folder}/t.jsonl`, "--encoder", "lexical", ...args);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.equal(err.trimEnd().split("\n").filter((line) => !line.startsWith("Drawing figures")).length, 1, err);
    }));
}

Deno.test("evaluate without a file, or with a data set that is not there, says what can be had", async () => {
  const none = await runTask("evaluate");
  assert.equal(none.code, 1);
  assert.match(
    none.err,
    /FILE must be named: there is none; name a file or folder of yours, or a data set: paretobandit, /,
  );
  const both = await runTask("evaluate", "x.csv", "--split", "given", "--train-share", "0.5");
  assert.match(both.err, /--train-share must not stand beside --split given/);
});

Deno.test("a name is a data set that was fetched, unless a file has that name", () =>
  inFolder(async (folder) => {
    const input = readOptions(["paretobandit"], EVALUATE);
    assert.throws(
      () => tableOf(input, folder),
      /^Error: Cannot load the data set "paretobandit" as it must be in data\/raw: it is not; fetch it by deno task data paretobandit$/,
    );
    await Deno.mkdir(`${folder}/paretobandit`);
    assert.deepEqual(tableOf(input, folder), { path: `${folder}/paretobandit`, notes: [] });
    assert.deepEqual(pathsOfTable(input, folder), ["paretobandit", `${folder}/paretobandit`]);
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const { path, notes } = tableOf(input, "/nowhere");
      assert.deepEqual([path, notes.length], ["paretobandit", 1]);
    } finally {
      Deno.chdir(before);
    }
    assert.deepEqual(tableOf(readOptions(["mine.csv"], EVALUATE), folder), { path: "mine.csv", notes: [] });
  }));

Deno.test("evaluate --split given measures on the files that are named test", () =>
  inFolder(async (folder) => {
    const lines = madeTable(480).trimEnd().split("\n");
    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/train.jsonl`, lines.slice(0, 900).join("\n"));
    await Deno.writeTextFile(`${folder}/mine/test.jsonl`, lines.slice(900).join("\n"));
    const args = ["--json", "--encoder", "lexical", "--routers", "linear", "--split", "given"];
    const { code, out, err } = await runTask("evaluate", `${folder}/mine`, ...args);
    assert.equal(code, 0, err);
    const { settings, evaluations: [all] } = JSON.parse(out);
    assert.deepEqual([settings.split, settings.trainShare, all.nPrompts.test], ["given", 0.625, 180]);
  }));

Deno.test("--prices takes LiteLLM's list, whose prices are per token", () =>
  inFolder(async (folder) => {
    const path = `${folder}/prices.json`;
    const list = {
      sample_spec: { mode: "chat", input_cost_per_token: 0, output_cost_per_token: 0 },
      small: { input_cost_per_token: 1.5e-7, output_cost_per_token: 6e-7, mode: "chat" },
      painter: { input_cost_per_image: 0.04, mode: "image_generation" },
    };
    await Deno.writeTextFile(path, JSON.stringify(list));
    const { priceList } = await loadOptionsOf(readOptions(["mine.csv", "--prices", path], EVALUATE));
    assert.deepEqual(Object.keys(priceList!), ["sample_spec", "small"]);
    assert.ok(Math.abs(priceList!.small.prompt - 0.15) < 1e-12 && Math.abs(priceList!.small.completion - 0.6) < 1e-12);
    await Deno.writeTextFile(path, '{"small": {"price": 1}}');
    await assert.rejects(
      loadOptionsOf(readOptions(["mine.csv", "--prices", path], EVALUATE)),
      /must be JSON of the form \{"MODEL": \{"prompt": USD/,
    );
  }));
