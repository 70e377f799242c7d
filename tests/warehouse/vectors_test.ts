import assert from "node:assert/strict";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import type { EvaluationData } from "../../lib/evaluation/evaluation_data.ts";
import { linear } from "../../lib/evaluation/recipes.ts";
import { type OutcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import type { LinearState } from "../../lib/routers/router_state.ts";
import { dealtParts } from "../../lib/warehouse/_parts.ts";
import { fitQualities, learnVectors } from "../../lib/warehouse/learned_vectors.ts";
import {
  auditWarehouse,
  evaluateWarehouse,
  loadWarehouse,
  openWarehouse,
  tableLayout,
  type Warehouse,
  warehouseAddress,
} from "../../lib/warehouse/mod.ts";
import { clickhouseProgram, type Cluster, startCluster } from "./clickhouse_servers.ts";

const found = await clickhouseProgram();
const program = "path" in found ? found.path : null;
const SEED = 3;
const N_DIMS = 24;

/** Outcomes over both shards, with a vector in one row of each prompt that tells its evaluation and is noise beside. */
async function writeVectors({ shards, address }: Cluster, outcomes: OutcomeTable): Promise<string> {
  for (const shard of shards) {
    for (const sql of tableLayout(warehouseAddress(address("outcomes")), { cluster: "two" })) await shard.query(sql);
  }
  await loadWarehouse(address("outcomes"), outcomes);
  const noise = "cityHash64(prompt_id, k) % 1000 / 4000";
  const told = "if(cityHash64(eval_name) % 23 = k, 0.7, 0.0)";
  const list = `[${
    Array.from({ length: N_DIMS }, (_, k) => `toFloat32(${`${noise} + ${told}`.replaceAll("k", String(k))})`)
  }]`;
  for (const shard of shards) {
    await shard.query(
      `CREATE TABLE vectors_local ENGINE = MergeTree() ORDER BY prompt_id AS SELECT *, if(model LIKE 'gpt-4%', ${list}, emptyArrayFloat32()) AS vector FROM outcomes_local`,
    );
    await shard.query(
      "CREATE TABLE vectors AS vectors_local ENGINE = Distributed('two', 'default', 'vectors_local', slot)",
    );
  }
  return address("vectors");
}

/** The same parts in memory, with their vectors. */
async function partsInMemory(outcomes: OutcomeTable, { shards: [first] }: Cluster): Promise<EvaluationData> {
  const text = await first.query(
    `SELECT prompt_id, cityHash64(prompt_id, 'seed ${SEED}') % 1000000, vector FROM vectors WHERE model LIKE 'gpt-4%'`,
  );
  const known = new Map(
    text.split("\n").map((line) => {
      const [id, place, vector] = line.split("\t");
      return [id, { place: Number(place), vector: JSON.parse(vector) as number[] }];
    }),
  );
  const part = (from: number, to: number) => {
    const rows = [...outcomes.promptIds.keys()].filter((row) => {
      const { place } = known.get(outcomes.promptIds[row])!;
      return place >= from && place < to;
    });
    const values = Float32Array.from(rows.flatMap((row) => known.get(outcomes.promptIds[row])!.vector));
    return {
      rows,
      outcomes: selectPrompts(outcomes, rows),
      embeddings: { nPrompts: rows.length, nDims: N_DIMS, values, encoder: "made up" },
    };
  };
  const test = part(0, 300_000), validation = part(300_000, 510_000), fit = part(510_000, 1_000_000);
  return { train: fit, fit, validation, test, testRows: test.rows };
}

function byName(warehouse: Warehouse, outcomes: OutcomeTable): number[] {
  return warehouse.models.map((model) => outcomes.models.indexOf(model));
}

Deno.test({
  name: "routers learn from vectors in a warehouse as in memory",
  ignore: program === null,
  fn: async (t) => {
    await using cluster = await startCluster(program!);
    const outcomes = simulateOutcomes({ nPromptsPerEval: 150, seed: 1 });
    const warehouse = await openWarehouse(await writeVectors(cluster, outcomes));
    const audit = await auditWarehouse(warehouse);
    const data = await partsInMemory(outcomes, cluster);
    const order = byName(warehouse, outcomes), m = order.length;
    const result = await evaluateWarehouse(warehouse, {
      audit,
      seed: SEED,
      nResamples: 100,
      routers: ["evaluation", "linear", "group"],
    });
    const [zero, told, ours, group] = result.evaluation.systems;
    const alpha = Number(ours.notes[0].match(/^α = (\S+) by generalised/)![1]);

    await t.step("the coefficients are those of a linear router in memory", async () => {
      const { learn } = dealtParts({ seed: SEED, trainShare: 0.7, evalName: null, hasGaps: false });
      const { weights, means, intercept } = fitQualities(await learnVectors(warehouse, learn, []), [alpha]);
      const router = await fitLinearRouter(data.fit, { alpha });
      const { regression } = router.state!.predictor as LinearState;
      const near = (value: number, wanted: number): void =>
        assert.ok(Math.abs(value - wanted) < 1e-9, `${value} ${wanted}`);
      means.forEach((value, k) => near(value, regression.means[k]));
      intercept.forEach((value, j) => near(value, regression.intercept[order[j]]));
      weights.forEach((value, at) => near(value, regression.weights[Math.floor(at / m) * m + order[at % m]]));
      // Coordinates that are 0 everywhere change nothing, and rows are then longer than one byte can say.
      const [shard] = cluster.shards;
      const zeros = `arrayMap(x -> toFloat32(0), range(${200 - N_DIMS}))`;
      await shard.query(
        `CREATE TABLE wide ENGINE = MergeTree() ORDER BY prompt_id AS SELECT eval_name, prompt_id, model, quality, cost_usd, if(empty(vector), vector, arrayConcat(vector, ${zeros})) AS vector FROM vectors`,
      );
      const wide = fitQualities(await learnVectors(await openWarehouse(cluster.address("wide")), learn, []), [alpha]);
      wide.weights.forEach((value, at) => near(value, weights[at] ?? 0));
    });

    await t.step("its curve on test prompts is that of the router in memory", async () => {
      const { systems } = await evaluateRouters(data, [linear({ alpha })], { seed: SEED, nResamples: 100 });
      const [, theirs] = systems;
      const { bound } = result.ladders.find(({ name }) => name === "Linear")!;
      const behind = theirs.aiqWhereChosen - ours.aiqWhereChosen;
      assert.ok(behind >= -1e-9 && behind <= bound + 1e-9 && bound < 0.01, `${behind} of ${bound}`);
      const { quality } = await (await fitLinearRouter(data.fit, { alpha })).predict(data.test.embeddings);
      const { length: n } = data.testRows;
      const best = ours.settings.find(({ label }) => label === "λ → ∞");
      if (best !== undefined) {
        const chosen = Array.from({ length: n }, (_, i) => {
          const row = quality.subarray(i * m, (i + 1) * m);
          return row.indexOf(Math.max(...row));
        });
        const mean = chosen.reduce((sum, j, i) => sum + data.test.outcomes.quality[i * m + j], 0) / n;
        assert.ok(Math.abs(best.quality - mean) < 1e-12, `${best.quality} for ${mean}`);
      }
      assert.ok(ours.againstZero!.difference > 0 && Math.abs(ours.aiqFormula - theirs.aiqFormula) < 0.005);
    });

    await t.step("a group router told by vectors is nearly as good as one that is told each evaluation", () => {
      assert.match(group.notes[0], /^7 groups, told from the prompt's vector/);
      const share = (group.aiqFormula - zero.aiqFormula) / (told.aiqFormula - zero.aiqFormula);
      assert.ok(told.aiqFormula > zero.aiqFormula && share > 0.5, `${share}`);
    });

    await t.step(
      "where prompts are whole on their shards, shards that group by themselves change nothing",
      async () => {
        const sharded = await openWarehouse(`${cluster.address("vectors")}?sharded_by_prompt=true`);
        const options = { audit, seed: SEED, nResamples: 100, routers: ["evaluation"] } as const;
        const { evaluation } = await evaluateWarehouse(sharded, options);
        const known = result.evaluation;
        assert.deepEqual(evaluation.nPrompts, known.nPrompts);
        for (const at of [0, 1]) {
          const { aiqFormula, settings } = evaluation.systems[at];
          assert.ok(Math.abs(aiqFormula - known.systems[at].aiqFormula) < 1e-12);
          assert.equal(settings.length, known.systems[at].settings.length);
        }
        assert.ok(Math.abs(evaluation.oracle.quality - known.oracle.quality) < 1e-12);
      },
    );

    await t.step("vectors of other lengths, or that are missing, are refused", async () => {
      await cluster.shards[0].query(
        "CREATE TABLE short ENGINE = MergeTree() ORDER BY prompt_id AS SELECT eval_name, prompt_id, model, quality, cost_usd, if(cityHash64(prompt_id) % 9 = 0, emptyArrayFloat32(), vector) AS vector FROM vectors",
      );
      const short = await openWarehouse(cluster.address("short"));
      await assert.rejects(
        evaluateWarehouse(short, { audit, seed: SEED, nResamples: 100, routers: ["linear"] }),
        /^RangeError: Cannot learn from vectors as every prompt must have one of the same length: in "vector" lengths go from 0 to 24/,
      );
    });
  },
});
