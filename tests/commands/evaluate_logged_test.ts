import assert from "node:assert/strict";
import { inFolder } from "../files/_files.ts";
import { runTask } from "./_run_task.ts";

const MODELS = ["small", "large"];

/** Which model answers a request, and how well: small answers two thirds, and fails where a proof is asked for. */
function choiceOf(i: number): { readonly j: number; readonly quality: number; readonly prompt: string } {
  const j = Number(i * 7919 % 3 === 0);
  const isProof = i % 2 === 0;
  return {
    j,
    quality: Number(!isProof || j === 1),
    prompt: `${isProof ? "Prove the lemma" : "Add one to"} number ${i}`,
  };
}

/** A table of choices whose probability stands in a column of another name. */
function choiceTable(n: number): string {
  const rows = Array.from({ length: n }, (_, i) => {
    const { j, quality } = choiceOf(i);
    return `${i},${MODELS[j]},${quality},${[0.001, 0.01][j]},${[2 / 3, 1 / 3][j]}`;
  });
  return ["id,model,quality,cost,chance", ...rows].join("\n") + "\n";
}

/** A log as `deno task serve` writes it: requests, then what users said of them. */
function routerLog(n: number): string {
  const requests = Array.from({ length: n }, (_, i) => {
    const { j, prompt } = choiceOf(i);
    return {
      ...{ request_id: `r${i}`, prompt, models: MODELS, chosen: MODELS[j], propensities: [2 / 3, 1 / 3] },
      ...{ predicted_quality: [0.5, 0.9], predicted_cost_usd: [0.001, 0.01], cost_usd: [0.001, 0.01][j] },
      ...{ quality: null, status: 200, setting: "the setting", willingness_to_pay: "Infinity" },
    };
  });
  const feedback = requests.map(({ request_id }, i) => ({ request_id, quality: choiceOf(i).quality }));
  return [...requests, ...feedback].map((line) => JSON.stringify(line)).join("\n") + "\n";
}

Deno.test("evaluate --logged judges models from a table of choices, whose column of probabilities is named", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log.csv`, choiceTable(300));
    const args = ["evaluate", `${folder}/log.csv`, "--logged", "--columns", "quality=quality,propensity=chance"];
    const { code, out, err } = await runTask(...args);
    assert.equal(code, 0, err);
    assert.match(out, /^Log: log\.csv \(300 choices among 2 models\)\. Estimates: self-normalised, as the log has no/);
    assert.match(out, /\nAs logged +0\.\d{3} \[/);
    assert.match(out, /\nsmall +0\.500 \[0\.4\d\d, 0\.5\d\d\] +1\.00 \[1\.00, 1\.00\] +−0\.\d{3} \[.* 200\n/);
    assert.match(out, /\nlarge +1\.000 \[1\.000, 1\.000\] +10\.0 \[10\.0, 10\.0\] +\+0\.\d{3} \[.* 100\n/);
    for (const line of out.split("\n")) assert.ok(line.length <= 100, line);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["log.csv"], "writes no files");
  }));

Deno.test("evaluate --logged --json judges models and a router from the log of a router", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log.jsonl`, routerLog(300));
    const args = ["evaluate", `${folder}/log.jsonl`, "--logged", "--json", "--encoder", "lexical"];
    const { code, out, err } = await runTask(...args);
    assert.equal(code, 0, err);
    const { policies, conflicts, encoder, source } = JSON.parse(out);
    assert.deepEqual([conflicts, encoder, source.notes], [[], "lexical-512", []]);
    const names = policies.map(({ name }: { name: string }) => name);
    assert.deepEqual(names.slice(0, 3), ["small", "large", "Logging policy"]);
    assert.equal(names.filter((name: string) => name.startsWith("Ridge router, λ = ")).length, 4);
    const router = policies[4].found; // a unit of quality is worth ten mean costs
    assert.ok(router.doublyRobust.quality.value > 0.95, "the words tell where the small model fails");
    assert.ok(router.doublyRobust.costUsd.value < 0.0075, "the small model answers what it can");
    assert.equal(router.support.weights, undefined);
  }));

Deno.test("evaluate --logged tells an A/B test with its intervals", () =>
  inFolder(async (folder) => {
    const lines = routerLog(300).trimEnd().split("\n").map((line) => JSON.parse(line));
    const armed = lines.map((line, i) => i < 300 ? { ...line, arm: i % 3 === 0 ? "default" : "router" } : line);
    await Deno.writeTextFile(`${folder}/log.jsonl`, armed.map((line) => JSON.stringify(line)).join("\n") + "\n");
    const { code, out, err } = await runTask("evaluate", `${folder}/log.jsonl`, "--logged", "--encoder", "lexical");
    assert.equal(code, 0, err);
    const said = out.replaceAll(/\s+/g, " ");
    const found = /A\/B test: 200 requests routed, 100 to the default model\. Routed less default: quality (\S+) \[/;
    const mean = (isRouted: boolean): number => {
      const of = Array.from({ length: 300 }, (_, i) => i).filter((i) => (i % 3 !== 0) === isRouted);
      return of.reduce((sum, i) => sum + choiceOf(i).quality, 0) / of.length;
    };
    const told = Number(found.exec(said)?.[1].replace("−", "-"));
    assert.ok(Math.abs(told - (mean(true) - mean(false))) < 0.00051, said);
  }));

const REFUSALS: readonly [what: string, contents: string, args: readonly string[], message: RegExp][] = [
  [
    "a table without probabilities",
    choiceTable(20).replaceAll(/,[^,\n]*\n/g, "\n"),
    [],
    /^Cannot load the log ".*log\.csv" as each choice must have its propensity, in a column propensity: .*; the effect of a choice can be estimated only with the probability by which it was drawn, so log it, or evaluate a table with the outcomes of all models\n$/,
  ],
  ["a column that is not there", choiceTable(20), ["--columns", "propensity=p"], /its propensity, in a column p: /],
  ["a weight below 1", choiceTable(20), ["--most-weight", "0.5"], /--most-weight must be a number from 1 on/],
  [
    "a goal",
    choiceTable(20),
    ["--keep", "95%"],
    /^Cannot read the options as --keep is without effect beside --logged/,
  ],
  ["a confidence", choiceTable(20), ["--confidence", "99%"], /--confidence is without effect beside --logged/],
  ["a folder", choiceTable(20), ["--out", "x"], /^Cannot read the options as --out is without effect beside --logged/],
];
for (const [what, contents, args, message] of REFUSALS) {
  Deno.test(`evaluate --logged refuses ${what} in one line`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/log.csv`, contents);
      const { code, err } = await runTask("evaluate", `${folder}/log.csv`, "--logged", ...args);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.equal(err.trimEnd().split("\n").length, 1, err);
    }));
}
