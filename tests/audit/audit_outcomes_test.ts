import assert from "node:assert/strict";
import { type AuditFinding, auditOutcomes, type AuditRule } from "../../lib/audit/audit_outcomes.ts";
import { loadWithCounts } from "../../lib/files/load_outcomes.ts";
import type { LoadOptions } from "../../lib/files/load_options.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { tableOf, testOnRealRows } from "../_tables.ts";
import { withFile } from "../files/_files.ts";

/** A table with nothing wrong in it: n prompts of one evaluation, three models of growing skill and cost. */
function cleanTable(n = 400, changes: { evalName?: string; prompt?: (i: number) => string } = {}): OutcomeTable {
  const random = seededRandom(5, "audit");
  const rows = Array.from({ length: n }, (_, i) => i);
  return tableOf({
    quality: rows.map(() => [0.5, 0.6, 0.7].map((skill) => Number(random.uniform() < skill))),
    costUsd: rows.map(() => [1e-5, 1e-4, 1e-3].map((cost) => cost * (0.5 + random.uniform()))),
    evalNames: rows.map(() => changes.evalName ?? "mine"),
    prompts: rows.map(changes.prompt ?? ((i) => `How much is ${i} and ${i + 1}?`)),
  });
}

function finding(table: OutcomeTable, rule: AuditRule, options = {}): AuditFinding | undefined {
  return auditOutcomes(table, options).findings.find((finding) => finding.rule === rule);
}

/** The table with one cell after another changed. */
function changed(
  table: OutcomeTable,
  field: "quality" | "costUsd",
  change: (value: number, at: number) => number,
): OutcomeTable {
  return { ...table, [field]: table[field].map(change) };
}

Deno.test("auditOutcomes() finds nothing wrong in a clean table", () => {
  const audit = auditOutcomes(cleanTable());
  assert.equal(audit.isComparable, true);
  assert.deepEqual(
    new Set(audit.findings.map(({ rule }) => rule)),
    new Set(["small-evaluation", "unanswered-prompts"]),
  );
  assert.deepEqual([audit.nPrompts, audit.nModels, audit.evalNames], [400, 3, ["mine"]]);
});

Deno.test("auditOutcomes() finds qualities that are all the same, whatever they are", () => {
  const table = cleanTable(40);
  const all = (value: number): AuditFinding => finding(changed(table, "quality", () => value), "equal-quality")!;
  assert.equal(all(0).summary, "All 3 models are wrong on all 40 prompts: no router can be better");
  assert.match(all(1).summary, /are right on all/);
  assert.match(all(0.5).summary, /are given 0.5 on all/);
  assert.equal(all(0).severity, "wrong");
  assert.equal(finding(table, "equal-quality"), undefined);
  const lone = tableOf({ quality: [[0]], costUsd: [[1]] });
  assert.equal(
    finding(lone, "equal-quality")!.summary,
    "The model is wrong on the only prompt: no router can be better",
  );
});

Deno.test("auditOutcomes() finds a model that is graded on another scale than the others", () => {
  const table = cleanTable();
  const shrunk = (by: number): OutcomeTable =>
    changed(table, "quality", (value, at) => at % 3 === 1 ? value / by : value);
  assert.deepEqual([finding(shrunk(100), "mixed-scales")!.severity, finding(shrunk(10), "mixed-scales")!.severity], [
    "wrong",
    "look",
  ]);
  assert.match(finding(shrunk(100), "mixed-scales")!.examples[0], /^m1: at most 0.0100; the greatest of all is 1.00$/);
  assert.equal(finding(shrunk(4), "mixed-scales"), undefined);
  // A model that is always wrong is no matter of scale.
  assert.equal(finding(changed(table, "quality", (value, at) => at % 3 === 1 ? 0 : value), "mixed-scales"), undefined);
});

Deno.test("auditOutcomes() finds latencies in milliseconds, of all models or of one", () => {
  const timed = (seconds: (at: number) => number): OutcomeTable => {
    const table = cleanTable();
    return { ...table, latencySeconds: table.costUsd.map((_, at) => seconds(at)) };
  };
  assert.equal(finding(timed((at) => 0.5 + (at % 7)), "latency-unit"), undefined);
  const all = finding(timed((at) => 500 + (at % 7)), "latency-unit")!;
  assert.deepEqual([all.severity, all.count], ["look", 3]);
  assert.match(all.summary, /Half of all responses take more than 503 s: the latencies look like milliseconds/);
  const one = finding(timed((at) => at % 3 === 0 ? 900 : 1.5), "latency-unit")!;
  assert.deepEqual([one.severity, one.count], ["wrong", 1]);
  assert.match(one.summary, /responses of "m0" take more than 900 s, those of the fastest model 1.50 s/);
});

Deno.test("auditOutcomes() finds names that look like one, of models and of prompts", async () => {
  const csv = 'id,model,score,cost\n1,gpt-4,1,1\n1,"gpt-4 ",0,1\n01,gpt-4,1,1\n01,"gpt-4 ",0,1\n';
  await withFile("twins.csv", csv, async (path) => {
    const { table, counts } = await loadWithCounts(path);
    const found = finding(table, "near-twins", { counts })!;
    assert.deepEqual([found.severity, found.count, found.examples.length], ["wrong", 1, 2]);
    assert.deepEqual(found.examples, ['"gpt-4" and "gpt-4 "', '"1" and "01"']);
  });
});

Deno.test("auditOutcomes() counts duplicates, near-duplicates and those that cross the paper's split", () => {
  const twice = cleanTable(400, { prompt: (i) => `How much is ${Math.floor(i / 2)}?` });
  assert.deepEqual([finding(twice, "duplicate-prompts")?.count, finding(twice, "duplicate-prompts")?.severity], [
    200,
    "look",
  ]);
  assert.equal(finding(twice, "near-duplicate-prompts"), undefined);
  const near = cleanTable(400, {
    prompt: (i) => i === 7 ? "how much  is 8 and 9?\n" : `How much is ${i} and ${i + 1}?`,
  });
  assert.deepEqual(
    [finding(near, "near-duplicate-prompts")?.count, finding(near, "near-duplicate-prompts")?.severity],
    [1, "look"],
  );
  assert.match(finding(near, "near-duplicate-prompts")!.examples[0], /p7, p8/);
  const many = cleanTable(400, { prompt: (i) => `${i % 2 === 0 ? "How" : "how"} much is ${Math.floor(i / 2)}?` });
  assert.equal(finding(many, "near-duplicate-prompts")?.severity, "wrong");
});

Deno.test("auditOutcomes() says what crossing duplicates do to KNN, as counted by hand", () => {
  // every prompt stands twice; model j is right on pair p iff j = p mod 3, so a twin tells the right model
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const pair = (i: number): number => Math.floor(i / 2);
  const table = tableOf({
    quality: rows.map((i) => [0, 1, 2].map((j) => Number(pair(i) % 3 === j))),
    costUsd: rows.map(() => [1e-5, 1e-4, 1e-3]),
    prompts: rows.map((i) => `Pair ${pair(i)}`),
  });
  const crossing = finding(table, "crossing-duplicates")!;
  assert.match(
    crossing.summary,
    /gets quality 1\.000 on them, the best model 0\.\d{3}: \+0\.\d{4} over all test prompts$/,
  );
  assert.equal(crossing.of, 60);
});

Deno.test("auditOutcomes() bounds what an encoder never reads from below, and finds prompts it cannot tell apart", () => {
  const prefix = "Example, question and answer. ".repeat(30);
  const table = cleanTable(100, { prompt: (i) => `${prefix}Now: ${i}?` });
  const cut = finding(table, "cut-prompts")!;
  const alike = finding(table, "alike-to-the-encoder")!;
  assert.deepEqual([cut.count, cut.severity, alike.count, alike.severity], [100, "look", 100, "wrong"]);
  // six words and signs a sentence: 126 of them are 21 sentences of 30 characters, of 900 and "Now: 10?"
  assert.equal(cut.examples[0], `p10: ${((1 - 21 * 30 / 908) * 100).toFixed(0)} % never read`);
  assert.equal(finding(table, "cut-prompts", { maxTokens: 512 }), undefined);
  assert.equal(finding(table, "cut-prompts", { maxTokens: null }), undefined);
  // texts without the examples are read whole
  assert.equal(
    finding(table, "alike-to-the-encoder", { texts: table.prompts!.map((text) => text.slice(900)) }),
    undefined,
  );
  // a question before the examples is read, and told apart
  assert.equal(finding(cleanTable(100, { prompt: (i) => `Now: ${i}? ${prefix}` }), "alike-to-the-encoder"), undefined);
});

Deno.test("auditOutcomes() finds missing and empty texts", () => {
  assert.equal(finding({ ...cleanTable(), prompts: null }, "no-texts")?.severity, "look");
  assert.deepEqual(
    finding(cleanTable(100, { prompt: (i) => i < 2 ? " ".repeat(i) : `${i}` }), "empty-prompts")?.examples,
    ["p0", "p1"],
  );
});

Deno.test("auditOutcomes() finds constant qualities, twins, no room, other grades and models below chance", () => {
  const table = cleanTable();
  const m = 3;
  const never = changed(table, "quality", (value, at) => at % m === 1 ? 0 : value);
  assert.deepEqual([finding(never, "constant-quality")?.severity, finding(never, "constant-quality")?.examples], [
    "wrong",
    [
      "m1 on mine: 0 on all 400",
    ],
  ]);
  assert.equal(
    finding(changed(table, "quality", (value, at) => at % m === 1 ? 1 : value), "constant-quality")?.severity,
    "look",
  );
  const twins = changed(table, "quality", (value, at) => at % m === 1 ? table.quality[at - 1] : value);
  assert.equal(finding(twins, "twin-models")?.severity, "look");
  assert.equal(
    finding(changed(twins, "costUsd", (value, at) => at % m === 1 ? table.costUsd[at - 1] : value), "twin-models")
      ?.severity,
    "wrong",
  );
  assert.ok(finding(changed(table, "quality", (value, at) => at % m === 2 ? 1 : value), "no-room"));
  const odd = finding(changed(table, "quality", (value, at) => at === 4 ? 0.5 : value), "unusual-quality")!;
  assert.deepEqual([odd.count, odd.examples], [1, ["mine: 1 of 1200 are none of 0 and 1, such as 0.5 of m1 on p1"]]);
  assert.equal(
    finding(changed(table, "quality", (value) => value * 0.93), "unusual-quality"),
    undefined,
    "continuous grades are usual there",
  );
  const hellaswag = cleanTable(400, { evalName: "hellaswag" });
  assert.equal(finding(hellaswag, "below-chance"), undefined);
  // chance .25, standard error .0217: .18 lies 3.2 below, .19 only 2.8
  const right = (n: number): OutcomeTable =>
    changed(hellaswag, "quality", (value, at) => at % m === 0 ? Number(Math.floor(at / m) < n) : value);
  assert.equal(finding(right(72), "below-chance")?.severity, "wrong");
  assert.equal(finding(right(76), "below-chance"), undefined);
  assert.ok(finding(table, "below-chance", { chanceQuality: { mi: 0.9 } }));
});

Deno.test("auditOutcomes() finds zero, outlying and dear costs, and costs that prices contradict", () => {
  const table = cleanTable();
  const m = 3;
  assert.equal(
    finding(changed(table, "costUsd", () => 0), "zero-cost")?.summary,
    "No outcome costs anything: there is nothing to trade quality against",
  );
  assert.equal(
    finding(changed(table, "costUsd", (value, at) => at % m === 0 ? 0 : value), "zero-cost")?.severity,
    "look",
    "a free model",
  );
  assert.equal(
    finding(changed(table, "costUsd", (value, at) => at % 30 === 0 ? 0 : value), "zero-cost")?.severity,
    "wrong",
    "lost costs",
  );
  const same = finding(changed(table, "costUsd", () => 2e-4), "no-choice")!;
  assert.deepEqual([same.severity, same.count], ["wrong", 3]);
  assert.match(same.summary, /^All 3 models cost the same on average, 0\.000200 USD/);
  const alone = tableOf({ quality: [[1], [0]], costUsd: [[1], [2]], evalNames: ["a", "a"], prompts: ["p", "q"] });
  assert.equal(finding(alone, "no-choice")?.summary, "There is one model: nothing to choose between");
  assert.equal(finding(table, "no-choice"), undefined);
  const one = finding(changed(table, "costUsd", (value, at) => at === 3 ? 2e-4 : value), "outlying-cost")!;
  assert.deepEqual([one.count, one.severity], [1, "look"]);
  assert.match(one.examples[0], /^m0 on p1: 0\.000200 USD, (19|20|21)× its median on mine$/);
  assert.equal(
    finding(changed(table, "costUsd", (value, at) => at === 3 ? 1 : value), "outlying-cost")?.severity,
    "wrong",
  );
  assert.equal(finding(changed(table, "costUsd", (value) => value * 1e6), "cost-unit")?.count, 3);
  const priceList = { m0: { prompt: 0.2, completion: 0.2 }, m2: { prompt: 1000, completion: 1000 } };
  const against = finding(table, "cost-against-price", { priceList })!;
  assert.deepEqual([against.count, against.of], [1, 2]);
  assert.match(
    against.examples[0],
    /^m2: half of the responses cost less than 0\.1\d* times what reading the prompt costs/,
  );
});

Deno.test("auditOutcomes() tells how small a difference each evaluation can show, by the paired difference of the best two", () => {
  const table = cleanTable(60);
  const small = finding(table, "small-evaluation")!;
  const differences = table.promptIds.map((_, i) => table.quality[3 * i + 2] - table.quality[3 * i + 1]);
  const mean = differences.reduce((a, b) => a + b) / 60;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 59;
  assert.equal(small.severity, "wrong");
  assert.equal(
    small.examples[0],
    `mine: 18 test prompts, smallest visible difference ${(2.8016 * Math.sqrt(variance / 18)).toFixed(3)}`,
  );
});

Deno.test("auditOutcomes() reports what happened while loading", async () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) =>
      `${i},q${i},s,${i % 2},0.001,1000,0\n${i},${i === 5 ? "other" : `q${i}`},l,1,${i < 3 ? 0.5 : 0.002},1000,0\n`,
  );
  const csv = "id,prompt,model,score,cost,input_tokens,output_tokens\n" + rows.join("") +
    "40,q,s,1,1,1,1\n0,q0,s,0,0.001,1000,0\n";
  const options: LoadOptions = {
    missing: "drop",
    priceList: { s: { prompt: 1, completion: 1 }, l: { prompt: 2, completion: 2 } },
  };
  await withFile("rows.csv", csv, async (path) => {
    const { table, counts } = await loadWithCounts(path, options);
    const found = (rule: AuditRule): [number, string] | undefined => {
      const { count, severity } = finding(table, rule, { counts, priceList: {} }) ?? {};
      return count === undefined ? undefined : [count, severity!];
    };
    assert.deepEqual(found("missing-outcomes"), [1, "look"]);
    assert.deepEqual(found("merged-rows"), [1, "note"]);
    assert.deepEqual(found("different-texts"), [1, "look"]);
    assert.deepEqual(found("cost-against-price"), [4, "wrong"]);
  });
});

Deno.test("auditOutcomes() changes nothing, puts the worst first and refuses unknown options", () => {
  const table = changed(cleanTable(), "costUsd", (value, at) => at % 30 === 0 ? 0 : value);
  const before = structuredClone(table);
  const severities = auditOutcomes(table).findings.map(({ severity }) => severity);
  assert.deepEqual(table, before);
  assert.deepEqual(
    severities,
    severities.toSorted((a, b) => ["wrong", "look", "note"].indexOf(a) - ["wrong", "look", "note"].indexOf(b)),
  );
  assert.throws(
    () => auditOutcomes(table, { seed: 1 } as never),
    /Cannot audit outcomes as options must be among maxTokens, .*: "seed" is not/,
  );
  assert.throws(
    () => auditOutcomes(table, { maxTokens: 2 }),
    /maxTokens must be a whole number of at least 3: it is 2/,
  );
});

testOnRealRows(
  "auditOutcomes() finds on the real rows what is known of them: examples that fill the encoder's window",
  async (path) => {
    const { table, counts } = await loadWithCounts(path);
    const { findings, isComparable } = auditOutcomes(table, { counts });
    const of = (rule: AuditRule): AuditFinding | undefined => findings.find((finding) => finding.rule === rule);
    assert.equal(isComparable, false);
    assert.deepEqual(of("alike-to-the-encoder")?.examples.map((example) => example.split(";")[0]), [
      "arc-challenge: 1,470 of 1,470",
      "winogrande: 1,267 of 1,267",
    ]);
    assert.equal(of("merged-rows")?.count, 14);
    assert.equal(of("below-chance"), undefined);
  },
);
