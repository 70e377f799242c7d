import assert from "node:assert/strict";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { seededRandom } from "../../lib/base/random.ts";
import { auditOutcomes } from "../../lib/audit/audit_outcomes.ts";
import { compareCurves } from "../../lib/evaluation/compare_curves.ts";
import { evaluateRouters, type Evaluation } from "../../lib/evaluation/evaluate.ts";
import { cascade } from "../../lib/evaluation/recipes.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { modelMeans, type OutcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { promptHasher } from "../../lib/warehouse/_prompt_hash.ts";
import {
  evaluateStreamed,
  type StreamedOutcomes,
  type StreamOptions,
  streamOutcomes,
} from "../../lib/warehouse/mod.ts";

const SEED = 7, N_RESAMPLES = 100;

/** One response, as a row of the file. */
interface Row {
  readonly prompt_id: string;
  readonly eval_name: string;
  readonly model: string;
  readonly quality: number;
  readonly cost_usd: number;
  readonly predicted_quality: number;
  readonly predicted_cost_usd: number;
}

/** Rows in an order of chance: those of one prompt lie far apart. */
function rowsOf(outcomes: OutcomeTable): Row[] {
  const { models, promptIds, evalNames, quality, costUsd } = outcomes;
  const random = seededRandom(1, "rows");
  const rows = promptIds.flatMap((id, i) =>
    models.map((model, j): Row => {
      const at = i * models.length + j;
      return {
        prompt_id: id,
        eval_name: evalNames[i],
        model,
        quality: quality[at],
        cost_usd: costUsd[at],
        predicted_quality: 0.3 * quality[at] + 0.7 * random.uniform(),
        predicted_cost_usd: costUsd[at] * (0.5 + random.uniform()),
      };
    })
  );
  return random.shuffle(rows);
}

function parquetOf(rows: readonly Row[]): Uint8Array {
  const column = (name: keyof Row) => ({ name, data: rows.map((row) => row[name]) });
  const names = Object.keys(rows[0]) as (keyof Row)[];
  return new Uint8Array(parquetWriteBuffer({ columnData: names.map(column), rowGroupSize: 4000 }));
}

function csvOf(rows: readonly Row[]): Uint8Array {
  const names = Object.keys(rows[0]) as (keyof Row)[];
  const lines = rows.map((row) => names.map((name) => name === "prompt_id" ? `"${row[name]}"` : row[name]).join());
  return new TextEncoder().encode(`${names.join()}\n${lines.join("\n")}\n`);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) => name.startsWith("."));
    assert.deepEqual(left, [], "nothing of the rows on disk is left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 300, seed: 1 });
const ROWS = rowsOf(OUTCOMES);

async function streamBytes(
  folder: string,
  name: string,
  bytes: Uint8Array,
  options: Partial<StreamOptions> = {},
): Promise<StreamedOutcomes> {
  await Deno.writeFile(join(folder, name), bytes);
  return await streamOutcomes(join(folder, name), { seed: SEED, folder, bucketRows: 5000, ...options });
}

Deno.test("a streamed file is evaluated as the same file in memory", async () => {
  await inFolder(async (folder) => {
    using streamed = await streamBytes(folder, "mine.parquet", parquetOf(ROWS));
    const loaded = await loadOutcomes(join(folder, "mine.parquet"));
    assert.deepEqual(streamed.models, loaded.models);
    assert.equal(streamed.audit.nPrompts, loaded.promptIds.length);
    const means = modelMeans(loaded);
    streamed.audit.models.forEach(({ quality, costUsd, qualityStandardError, costStandardErrorUsd }, j) => {
      near([quality, costUsd], [means.quality[j], means.costUsd[j]], 1e-12);
      near([qualityStandardError], [errorOf(loaded.quality, j, loaded.models.length)], 1e-12);
      near([costStandardErrorUsd], [errorOf(loaded.costUsd, j, loaded.models.length)], 1e-12);
    });
    const { evaluation: ours } = await evaluateStreamed(streamed, { nResamples: N_RESAMPLES });
    const theirs = await evaluateInMemory(loaded);
    assert.deepEqual(ours.nPrompts, theirs.nPrompts);
    ours.models.forEach((model, j) => {
      near([model.costUsd, model.quality], [theirs.models[j].costUsd, theirs.models[j].quality], 1e-12);
    });
    near([ours.oracle.costUsd, ours.oracle.quality], [theirs.oracle.costUsd, theirs.oracle.quality], 1e-12);
    near([...ours.oracleShares], [...theirs.oracleShares], 1e-12);
    assert.deepEqual(ours.systems.map(({ name }) => name), theirs.systems.map(({ name }) => name));
    ours.systems.forEach((our, at) => {
      const their = theirs.systems[at];
      near([our.aiqFormula, our.aiqWhereChosen], [their.aiqFormula, their.aiqWhereChosen], 1e-12);
      near([our.aiqReferenceCode], [their.aiqReferenceCode], 1e-12);
      assert.deepEqual(our.settings.map(({ label }) => label), their.settings.map(({ label }) => label));
      our.settings.forEach(({ costUsd, quality, modelShares }, s) => {
        near([costUsd, quality], [their.settings[s].costUsd, their.settings[s].quality], 1e-12);
        if (modelShares !== null) near([...modelShares], [...their.settings[s].modelShares!], 1e-12);
      });
    });
    const errorOfGain = ({ systems, costRangeUsd }: Evaluation): number =>
      compareCurves(systems[1].sample, systems[0].sample, { costRangeUsd, nResamples: 4000, seed: SEED }).standardError;
    const ratio = errorOfGain(ours) / errorOfGain(theirs);
    assert.ok(Math.abs(ratio - 1) < 0.03, `${ratio}`);
  });
});

Deno.test("CSV and JSON Lines, packed or not, are streamed to the same numbers as Parquet, however many buckets there are", async () => {
  await inFolder(async (folder) => {
    const jsonl = new TextEncoder().encode(ROWS.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const packed = await new Response(
      new Blob([jsonl as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    const found: Evaluation[] = [];
    for (
      const [name, bytes, bucketRows] of [
        ["a.parquet", parquetOf(ROWS), 5000],
        ["a.csv", csvOf(ROWS), 1e9],
        ["a.jsonl.gz", packed, 1000],
      ] as const
    ) {
      using streamed = await streamBytes(folder, name, bytes, { bucketRows });
      found.push(
        (await evaluateStreamed(streamed, {
          nResamples: N_RESAMPLES,
          evalName: "mmlu",
          routers: ["predicted", "evaluation"],
        })).evaluation,
      );
    }
    for (const { systems, nPrompts } of found.slice(1)) {
      assert.deepEqual(nPrompts, found[0].nPrompts);
      near(systems.map(({ aiqFormula }) => aiqFormula), found[0].systems.map(({ aiqFormula }) => aiqFormula), 1e-12);
    }
  });
});

Deno.test("a streamed file refuses repeated and missing outcomes, other layouts and wrong numbers, and leaves nothing", async () => {
  await inFolder(async (folder) => {
    const some = ROWS.slice(0, 200);
    {
      using twice = await streamBytes(folder, "twice.csv", csvOf([...ROWS, ROWS[3]]));
      await assert.rejects(evaluateStreamed(twice), /a model must have one outcome on a prompt: 1 rows repeat another/);
    }
    {
      using gaps = await streamBytes(folder, "gaps.csv", csvOf(ROWS.slice(20)));
      await assert.rejects(evaluateStreamed(gaps), /each model must have an outcome on each prompt: .* --missing drop/);
      const { evaluation: { nPrompts } } = await evaluateStreamed(gaps, {
        missing: "drop",
        routers: ["evaluation"],
        nResamples: N_RESAMPLES,
      });
      const n = nPrompts.learned + nPrompts.chosen + nPrompts.test;
      assert.ok(n < gaps.audit.nPrompts && n >= gaps.audit.nPrompts - 20, `${n} of ${gaps.audit.nPrompts}`);
    }
    const refuses = (name: string, text: string, message: RegExp, options: Partial<StreamOptions> = {}) =>
      assert.rejects(streamBytes(folder, name, new TextEncoder().encode(text), options), message);
    await refuses("wide.csv", "prompt,a|quality,a|cost\nx,1,1\n", /Cannot stream .* must be long, one row a response/);
    await refuses("bad.csv", "id,model,quality,cost\n1,a,2,1\n", /Cannot stream .* the quality must be in 0 to 1/);
    await refuses("bad.csv", "id,model,quality,cost\n1,a,1,-1\n", /0 or more: row 1 has -1/);
    await refuses("array.json", "[]", /Cannot read .* in parts as it must be Parquet, CSV or JSON Lines: it is json/);
    const load = { where: { model: "nobody" } };
    await refuses("none.csv", new TextDecoder().decode(csvOf(some)), /rows must be left: none holds/, { load });
    await assert.rejects(
      streamBytes(folder, "x.csv", csvOf(some), { folder: join(folder, "x.csv") }),
      /Cannot keep rows on disk as their file must have room/,
    );
  });
});

Deno.test("a streamed file is audited as the same file in memory, as far as sums tell it", async () => {
  await inFolder(async (folder) => {
    const [first, second] = OUTCOMES.models;
    const odd = ROWS.flatMap((row): Row[] => {
      if (row.model === first) return [row, { ...row, model: "a copy" }];
      return [row.model === second && row.eval_name === "mmlu" ? { ...row, quality: 1, cost_usd: 0 } : row];
    });
    using streamed = await streamBytes(folder, "odd.csv", csvOf(odd));
    const inMemory = auditOutcomes(await loadOutcomes(join(folder, "odd.csv"))).findings;
    const rules = streamed.findings.map(({ rule }) => rule);
    assert.ok(rules.length >= 3, `${rules}`);
    for (const { rule, summary } of streamed.findings) {
      assert.ok(inMemory.some((other) => other.rule === rule && other.summary === summary), summary);
    }
    using right = await streamBytes(folder, "right.csv", csvOf(ROWS));
    assert.ok(right.findings.every(({ severity }) => severity !== "wrong"), JSON.stringify(right.findings));
  });
});

Deno.test("promptHasher() spreads prompts alike over places and groups, also where ids differ in a digit", () => {
  const n = 200_000, nPlaces = 100, nGroups = 64;
  const counts = new Float64Array(nPlaces * nGroups);
  const hash = promptHasher(1);
  const seen = new Set<string>();
  for (let i = 0; i < n; i++) {
    const { place, group } = hash("mmlu", String(i));
    counts[Math.floor(place % 1e6 / 1e4) * nGroups + group % nGroups]++;
    seen.add(`${place} ${group}`);
  }
  const expected = n / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Mean 6,399, standard deviation 113.
  assert.ok(Math.abs(chiSquare - counts.length) < 4 * 113, `${chiSquare}`);
  assert.equal(seen.size, n);
  assert.notDeepEqual(hash("a", "bc"), hash("ab", "c"));
  assert.notDeepEqual(hash("a", "b"), promptHasher(2)("a", "b"));
});

/** The evaluation in memory, on the parts to which the hash deals the prompts. */
async function evaluateInMemory(outcomes: OutcomeTable): Promise<Evaluation> {
  const { models, promptIds, evalNames } = outcomes;
  const m = models.length;
  const hash = promptHasher(SEED);
  const places = promptIds.map((id, i) => hash(evalNames[i], id).place % 1e6);
  const predicted = new Map(ROWS.map((row) => [`${row.prompt_id} ${row.model}`, row]));
  const part = (from: number, to: number) => {
    const rows = [...places.keys()].filter((row) => places[row] >= from && places[row] < to);
    return {
      outcomes: selectPrompts(outcomes, rows),
      embeddings: { nPrompts: rows.length, nDims: 0, values: new Float32Array(0), encoder: "none" },
      rows,
    };
  };
  const test = part(0, 3e5), validation = part(3e5, 5.1e5), fit = part(5.1e5, 1e6);
  const partOf = (nPrompts: number) => nPrompts === test.rows.length ? test : validation;
  const recipe = (
    name: string,
    family: "other" | "group",
    cell: (id: string, evalName: string, model: number) => readonly [quality: number, costUsd: number],
  ) => ({
    family,
    fit: () =>
      Promise.resolve({
        name,
        notes: [],
        predict: ({ nPrompts }: { readonly nPrompts: number }) => {
          const { outcomes: { promptIds, evalNames } } = partOf(nPrompts);
          const cells = promptIds.flatMap((id, i) => models.map((_, j) => cell(id, evalNames[i], j)));
          const of = (at: 0 | 1): Float64Array => Float64Array.from(cells, (pair) => pair[at]);
          return Promise.resolve({ nPrompts, models, quality: of(0), costUsd: of(1) });
        },
      }),
  });
  const { outcomes: learned } = fit;
  const all = modelMeans(learned);
  const meanIn = new Map<string, readonly [quality: number, costUsd: number]>();
  for (const name of new Set(learned.evalNames)) {
    const own = modelMeans(
      selectPrompts(learned, [...learned.evalNames.keys()].filter((i) => learned.evalNames[i] === name)),
    );
    const n = learned.evalNames.filter((other) => other === name).length;
    models.forEach((_, j) =>
      meanIn.set(`${name} ${j}`, [
        (n * own.quality[j] + 20 * all.quality[j]) / (n + 20),
        (n * own.costUsd[j] + 20 * all.costUsd[j]) / (n + 20),
      ])
    );
  }
  assert.ok(m > 2 && test.rows.length !== validation.rows.length);
  return await evaluateRouters(
    { train: fit, fit, validation, test, testRows: test.rows },
    [
      recipe("Predicted", "other", (id, _, j) => {
        const row = predicted.get(`${id} ${models[j]}`)!;
        return [row.predicted_quality, row.predicted_cost_usd];
      }),
      recipe("By evaluation", "group", (_, name, j) => meanIn.get(`${name} ${j}`)!),
      ...[0, 0.1, 0.2].map((judgeError) => cascade({ judgeError })),
    ],
    { seed: SEED, nResamples: N_RESAMPLES },
  );
}

/** The standard error of the mean of a column. */
function errorOf(values: Float64Array, column: number, width: number): number {
  const cells = values.filter((_, at) => at % width === column);
  const mean = cells.reduce((a, b) => a + b) / cells.length;
  return Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (cells.length - 1) / cells.length);
}

function near(found: readonly number[], wanted: readonly number[], relative: number): void {
  assert.equal(found.length, wanted.length);
  found.forEach((value, at) =>
    assert.ok(
      Math.abs(value - wanted[at]) <= relative * Math.max(1e-6, Math.abs(wanted[at])),
      `${value} for ${wanted[at]}`,
    )
  );
}
