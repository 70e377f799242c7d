import assert from "node:assert/strict";
import { comparisonOf, resampledDifferencesFrom } from "../../lib/evaluation/compare_curves.ts";
import { evaluateRouters, type Evaluation } from "../../lib/evaluation/evaluate.ts";
import { aiq } from "../../lib/evaluation/aiq.ts";
import type { EvaluationData } from "../../lib/evaluation/evaluation_data.ts";
import { chooseModels, measureChoices, sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";
import { cascade } from "../../lib/evaluation/recipes.ts";
import { type OutcomeTable, outcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import type { QualityPredictions } from "../../lib/routers/router.ts";
import {
  auditWarehouse,
  evaluateWarehouse,
  loadWarehouse,
  openWarehouse,
  tableLayout,
  warehouseAddress,
  type WarehouseEvaluation,
  type WarehouseEvaluationOptions,
} from "../../lib/warehouse/mod.ts";
import { clickhouseProgram, type Cluster, startCluster } from "./clickhouse_servers.ts";

const found = await clickhouseProgram();
const program = "path" in found ? found.path : null;
if ("missing" in found) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`warehouse tests skipped: there is no ClickHouse and Debian's package cannot be had (${found.missing})`);
}

const SEED = 7;
/** Of the intervals that nothing is compared with. */
const N_RESAMPLES = 100;

/** Makes the same table on both shards, and one over them. */
async function makeTable({ shards, address }: Cluster, name: string): Promise<string> {
  const statements = tableLayout(warehouseAddress(address(name)), { cluster: "two" });
  for (const shard of shards) for (const statement of statements) await shard.query(statement);
  return address(name);
}

async function evaluateAt(
  address: string,
  options: Partial<WarehouseEvaluationOptions> = {},
): Promise<WarehouseEvaluation> {
  const warehouse = await openWarehouse(address);
  const audit = await auditWarehouse(warehouse);
  return await evaluateWarehouse(warehouse, { audit, seed: SEED, nResamples: N_RESAMPLES, ...options });
}

Deno.test({
  name: "a table on two shards is evaluated as the same table in memory",
  ignore: program === null,
  fn: async (t) => {
    await using cluster = await startCluster(program!);
    const outcomes = byModelName(simulateOutcomes({ nPromptsPerEval: 6000, seed: 1 }));
    const n = outcomes.promptIds.length, m = outcomes.models.length;
    assert.ok(n >= 36_000 && m === 11);
    const address = await makeTable(cluster, "outcomes");
    let inMemory: Awaited<ReturnType<typeof evaluateInMemory>>;
    let inWarehouse: WarehouseEvaluation;

    await t.step("loading writes every row once, also when it is repeated", async () => {
      assert.deepEqual(await loadWarehouse(address, outcomes), { nRows: n * m, nThere: 0, nWritten: n * m });
      assert.deepEqual(await loadWarehouse(address, outcomes), { nRows: n * m, nThere: n * m, nWritten: 0 });
      const counts = await Promise.all(
        cluster.shards.map((shard) => shard.query("SELECT count() FROM outcomes_local")),
      );
      assert.equal(Number(counts[0]) + Number(counts[1]), n * m);
      assert.ok(counts.every((count) => Number(count) > n * m / 3), `shards have ${counts}`);
    });

    await t.step("counts, means and standard errors", async () => {
      const { nPrompts, models, isComplete, evaluations } = await auditWarehouse(await openWarehouse(address));
      assert.deepEqual([nPrompts, isComplete, evaluations.length], [n, true, 7]);
      models.forEach(({ quality, qualityStandardError, costUsd, costStandardErrorUsd }, j) => {
        const cells = (values: Float64Array): Float64Array => values.filter((_, at) => at % m === j);
        near([quality, qualityStandardError], meanAndError(cells(outcomes.quality)), 1e-12);
        near([costUsd, costStandardErrorUsd], meanAndError(cells(outcomes.costUsd)), 1e-12);
      });
    });

    await t.step("models, oracle, Zero and cascades are equal", async () => {
      await addPredictions(cluster);
      inWarehouse = await evaluateAt(cluster.address("predicted"), { routers: ["predicted", "cascade"] });
      inMemory = await evaluateInMemory(outcomes, cluster);
      const ours = inWarehouse.evaluation, theirs = inMemory.evaluation;
      assert.deepEqual(ours.nPrompts, theirs.nPrompts);
      ours.models.forEach(({ model, costUsd, quality }, j) => {
        assert.equal(model, theirs.models[j].model);
        near([costUsd, quality], [theirs.models[j].costUsd, theirs.models[j].quality], 1e-12);
      });
      near([ours.oracle.costUsd, ours.oracle.quality], [theirs.oracle.costUsd, theirs.oracle.quality], 1e-12);
      near([...ours.oracleShares], [...theirs.oracleShares], 1e-12);
      for (const name of ["Zero", "Cascade, ε = 0", "Cascade, ε = 0.1", "Cascade, ε = 0.2"]) {
        const our = ours.systems.find((system) => system.name === name)!;
        const their = theirs.systems.find((system) => system.name === name)!;
        assert.equal(our.settings.length, their.settings.length, name);
        near([our.aiqFormula, our.aiqWhereChosen], [their.aiqFormula, their.aiqWhereChosen], 1e-12);
        our.settings.forEach(({ costUsd, quality, label }, s) => {
          assert.equal(label, their.settings[s].label);
          near([costUsd, quality], [their.settings[s].costUsd, their.settings[s].quality], 1e-12);
        });
      }
    });

    await t.step("a router's curve is within the printed bound, and its settings are measured exactly", () => {
      const { data, predictions } = inMemory;
      const { bound } = inWarehouse.ladders.find(({ name }) => name === "Predicted")!;
      const ours = inWarehouse.evaluation.systems.find(({ name }) => name === "Predicted")!;
      const exact = nonDecreasingHull(sweepWillingnessToPay(predictions.validation, data.validation.outcomes));
      const difference = aiq(exact, { rule: "formula", costRangeUsd: rangeOf(data.validation.outcomes) }) -
        ours.aiqWhereChosen;
      assert.ok(difference >= -1e-12 && difference <= bound, `${difference} of ${bound}`);
      assert.ok(bound < 0.005, `${bound}`);
      for (const { label, costUsd, quality, modelShares } of ours.settings) {
        const choices = chooseModels(predictions.test, valueOf(label));
        const point = measureChoices(data.test.outcomes, choices);
        // The label has three digits: prompts that change their model between it and the value itself may differ.
        near([costUsd, quality], [point.costUsd, point.quality], 5e-3);
        assert.ok(Math.abs(modelShares!.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
      }
    });

    await t.step("standard errors of gains are those of resampled prompts within 3 %", () => {
      const errorsOf = ({ systems, costRangeUsd }: Evaluation, names: readonly string[]): number[] => {
        // Zero is resampled once for both.
        const overZero = resampledDifferencesFrom(systems[0].sample, { costRangeUsd, nResamples: 4000, seed: SEED });
        return names.map((name) => {
          const { sample } = systems.find((system) => system.name === name)!;
          return comparisonOf(overZero(sample)).standardError;
        });
      };
      const names = ["Predicted", "Cascade, ε = 0.1"];
      const theirs = errorsOf(inMemory.evaluation, names);
      errorsOf(inWarehouse.evaluation, names).forEach((error, at) => {
        const ratio = error / theirs[at];
        assert.ok(Math.abs(ratio - 1) < 0.03, `${names[at]}: ${ratio}`);
      });
    });

    await t.step("it does not matter how rows lie on the shards", async () => {
      const { evaluation } = await evaluateAt(await scattered(cluster), { routers: ["predicted"] });
      evaluation.systems.forEach(({ name, aiqFormula, settings }, at) => {
        const one = inWarehouse.evaluation.systems[at];
        assert.deepEqual([name, settings.length], [one.name, one.settings.length]);
        near([aiqFormula], [one.aiqFormula], 1e-12);
      });
    });
  },
});

/** The models in the order of their names, as a warehouse has them. */
function byModelName(table: OutcomeTable): OutcomeTable {
  const order = [...table.models.keys()].sort((a, b) => table.models[a] < table.models[b] ? -1 : 1);
  const m = order.length;
  const turned = (values: Float64Array): Float64Array =>
    values.map((_, at) => values[Math.floor(at / m) * m + order[at % m]]);
  return outcomeTable({
    ...table,
    models: order.map((j) => table.models[j]),
    quality: turned(table.quality),
    costUsd: turned(table.costUsd),
  });
}

/** A table with predictions of a router: quality and cost with noise that a hash decides. */
async function addPredictions({ shards }: Cluster): Promise<void> {
  const noise = "cityHash64(prompt_id, model) % 1000 / 1000";
  for (const shard of shards) {
    await shard.query(
      `CREATE TABLE predicted_local ENGINE = MergeTree() ORDER BY (eval_name, prompt_id, model) AS SELECT *, 0.3 * quality + 0.7 * ${noise} AS predicted_quality, cost_usd * (0.5 + ${noise}) AS predicted_cost_usd FROM outcomes_local`,
    );
    await shard.query(
      "CREATE TABLE predicted AS predicted_local ENGINE = Distributed('two', 'default', 'predicted_local', slot)",
    );
  }
}

/** The same rows, dealt to the shards one by one by chance. */
async function scattered({ shards: [first, second], address }: Cluster): Promise<string> {
  for (const shard of [first, second]) {
    await shard.query("CREATE TABLE scattered_local AS predicted_local ENGINE = MergeTree() ORDER BY model");
    await shard.query(
      "CREATE TABLE scattered AS predicted_local ENGINE = Distributed('two', 'default', 'scattered_local', rand())",
    );
  }
  await first.query("INSERT INTO scattered SELECT * FROM predicted", { insert_distributed_sync: "1" });
  return address("scattered");
}

/** The same evaluation on the outcomes themselves, parted as the warehouse parts them. */
async function evaluateInMemory(outcomes: OutcomeTable, { shards: [first] }: Cluster): Promise<{
  readonly evaluation: Awaited<ReturnType<typeof evaluateRouters>>;
  readonly data: EvaluationData;
  readonly predictions: Readonly<Record<"validation" | "test", QualityPredictions>>;
}> {
  const m = outcomes.models.length;
  const rowOf = new Map(outcomes.promptIds.map((id, row) => [id, row]));
  const places = new Float64Array(outcomes.promptIds.length);
  const quality = new Float64Array(places.length * m), costUsd = new Float64Array(places.length * m);
  const text = await first.query(
    `SELECT prompt_id, cityHash64(prompt_id, 'seed ${SEED}') % 1000000, indexOf([${
      outcomes.models.map((model) => `'${model}'`)
    }], model) - 1, predicted_quality, predicted_cost_usd FROM predicted`,
  );
  for (const line of text.split("\n")) {
    const [id, place, model, predicted, cost] = line.split("\t");
    const row = rowOf.get(id)!;
    places[row] = Number(place);
    quality[row * m + Number(model)] = Number(predicted);
    costUsd[row * m + Number(model)] = Number(cost);
  }
  const part = (from: number, to: number) => {
    const rows = [...places.keys()].filter((row) => places[row] >= from && places[row] < to);
    const cells = (values: Float64Array): Float64Array =>
      Float64Array.from(rows.flatMap((row) => [...values.subarray(row * m, (row + 1) * m)]));
    return {
      outcomes: selectPrompts(outcomes, rows),
      embeddings: { nPrompts: rows.length, nDims: 0, values: new Float32Array(0), encoder: "none" },
      predictions: { nPrompts: rows.length, models: outcomes.models, quality: cells(quality), costUsd: cells(costUsd) },
      rows,
    };
  };
  const test = part(0, 300_000), validation = part(300_000, 510_000), fit = part(510_000, 1_000_000);
  const data: EvaluationData = { train: fit, fit, validation, test, testRows: test.rows };
  const predicted = {
    name: "Predicted",
    notes: [],
    predict: ({ nPrompts }: { readonly nPrompts: number }) =>
      Promise.resolve((nPrompts === test.rows.length ? test : validation).predictions),
  };
  const recipes = [
    { fit: () => Promise.resolve(predicted) },
    ...[0, 0.1, 0.2].map((judgeError) => cascade({ judgeError })),
  ];
  return {
    evaluation: await evaluateRouters(data, recipes, { seed: SEED, nResamples: N_RESAMPLES }),
    data,
    predictions: { validation: validation.predictions, test: test.predictions },
  };
}

function rangeOf({ models: { length: m }, promptIds: { length: n }, costUsd }: OutcomeTable): [number, number] {
  const means = Array.from(
    { length: m },
    (_, j) => costUsd.filter((_, at) => at % m === j).reduce((a, b) => a + b) / n,
  );
  return [Math.min(...means), Math.max(...means)];
}

function valueOf(label: string): number {
  return label === "λ → 0" ? 0 : label === "λ → ∞" ? Infinity : Number(label.match(/λ = (\S+) USD/)![1]);
}

function meanAndError(values: Float64Array): [number, number] {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return [mean, Math.sqrt(variance / values.length)];
}

function near(found: readonly number[], wanted: readonly number[], relative: number): void {
  assert.equal(found.length, wanted.length);
  found.forEach((value, at) => {
    assert.ok(
      Math.abs(value - wanted[at]) <= relative * Math.max(1e-6, Math.abs(wanted[at])),
      `${value} for ${wanted[at]}`,
    );
  });
}
