import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { evaluateLogged, type LoggedEvaluation } from "../../lib/experiments/logged_evaluation.ts";
import { type LoggedOutcomes, loggedOutcomes } from "../../lib/outcomes/logged_outcomes.ts";
import { evaluateLoggedWarehouse, openWarehouse } from "../../lib/warehouse/mod.ts";
import { clickhouseProgram, type Cluster, startCluster } from "./clickhouse_servers.ts";

const found = await clickhouseProgram();
const program = "path" in found ? found.path : null;

const SEED = 7;
const MODELS = ["it's large", "small", "tiny\\"];
const N = 3000;

/**
 * Requests of 1,500 prompts, of which a router chose with exploration and its predictions are right half of the way.
 */
function simulatedLog(): LoggedOutcomes {
  const random = seededRandom(1, "log");
  const m = MODELS.length;
  const cells = (of: () => number): Float64Array => Float64Array.from({ length: N * m }, of);
  const quality = cells(() => random.uniform()), costUsd = cells(() => 0.001 * random.uniform());
  const noisy = (values: Float64Array, scale: number): Float64Array =>
    values.map((value) => 0.5 * value + 0.5 * scale * random.uniform());
  const predictions = { quality: noisy(quality, 1), costUsd: noisy(costUsd, 0.001) };
  const propensities = new Float64Array(N * m).fill(0.1);
  const chosen = Int32Array.from({ length: N }, (_, i) => {
    const row = predictions.quality.subarray(i * m, (i + 1) * m);
    propensities[i * m + row.indexOf(Math.max(...row))] += 0.7;
    let left = random.uniform();
    return Math.max(0, MODELS.findIndex((_, j) => (left -= propensities[i * m + j]) < 0));
  });
  const ofChoice = (values: Float64Array): Float64Array => Float64Array.from(chosen, (j, i) => values[i * m + j]);
  return loggedOutcomes({
    models: MODELS,
    requestIds: Array.from({ length: N }, (_, i) => `request ${i}`),
    promptIds: Array.from({ length: N }, (_, i) => `prompt ${i % (N / 2)}`),
    prompts: null,
    chosen,
    quality: ofChoice(quality),
    costUsd: ofChoice(costUsd),
    propensity: ofChoice(propensities),
    propensities,
    predictions,
    arms: Array.from({ length: N }, () => random.uniform() < 0.6 ? "router" : "default"),
    source: { kind: "file", name: "log", sha256: "", notes: [] },
  });
}

/**
 * The log in a table over both shards, its models in another order in every second request, and ten requests of which
 * nobody told the quality.
 */
async function writeLog({ shards, address }: Cluster, log: LoggedOutcomes): Promise<string> {
  const m = MODELS.length;
  for (const shard of shards) {
    await shard.query(
      "CREATE TABLE log_local (request_id String, prompt_id String, models Array(String), chosen String, propensities Array(Float64), predicted_quality Array(Float64), predicted_cost_usd Array(Float64), cost_usd Float64, quality Nullable(Float64), arm String) ENGINE = MergeTree() ORDER BY request_id",
    );
    await shard.query("CREATE TABLE log AS log_local ENGINE = Distributed('two', 'default', 'log_local', rand())");
  }
  const rowOf = (i: number, quality: number | null) => {
    const order = i % 2 === 0 ? [0, 1, 2] : [2, 0, 1];
    const list = (values: Float64Array): number[] => order.map((j) => values[i * m + j]);
    return JSON.stringify({
      request_id: log.requestIds[i],
      prompt_id: log.promptIds[i],
      models: order.map((j) => MODELS[j]),
      chosen: MODELS[log.chosen[i]],
      propensities: list(log.propensities!),
      predicted_quality: list(log.predictions!.quality),
      predicted_cost_usd: list(log.predictions!.costUsd),
      cost_usd: log.costUsd[i],
      quality,
      arm: log.arms![i],
    });
  };
  const rows = Array.from({ length: N }, (_, i) => rowOf(i, log.quality[i]));
  const untold = Array.from({ length: 10 }, (_, i) => rowOf(i, null));
  const lines = [...rows, ...untold].join("\n");
  await shards[0].query(`INSERT INTO log FORMAT JSONEachRow\n${lines}`, { insert_distributed_sync: "1" });
  return address("log");
}

/** The group of each prompt that the server's hash gives, as the name of a prompt. */
async function groupsOf({ shards: [first] }: Cluster, log: LoggedOutcomes): Promise<string[]> {
  const text = await first.query(
    `SELECT DISTINCT prompt_id, intDiv(cityHash64(prompt_id, 'seed ${SEED}'), 1000000) % 4096 FROM log`,
  );
  const groupOf = new Map(text.split("\n").map((line) => line.split("\t") as [string, string]));
  return log.promptIds.map((id) => groupOf.get(id)!);
}

/** The numbers of an evaluation but the weights, by policy. */
function numbersOf({ logged, policies, abTest, conflicts }: LoggedEvaluation, leftOut: readonly string[]): unknown {
  const kept = { logged, policies, abTest, conflicts };
  return JSON.parse(JSON.stringify(kept, (key, value) => leftOut.includes(key) ? undefined : value));
}

function assertNear(value: unknown, wanted: unknown, tolerance: number, where = ""): void {
  if (typeof wanted === "number") {
    const difference = Math.abs(Number(value) - wanted);
    assert.ok(difference <= tolerance * Math.max(1e-3, Math.abs(wanted)), `${where}: ${value} for ${wanted}`);
  } else if (typeof wanted === "object" && wanted !== null) {
    assert.deepEqual(Object.keys(value as object), Object.keys(wanted), where);
    for (const [key, part] of Object.entries(wanted)) {
      assertNear((value as Record<string, unknown>)[key], part, tolerance, `${where}.${key}`);
    }
  } else assert.equal(value, wanted, where);
}

Deno.test({
  name: "a log on two shards is judged as the same log in memory",
  ignore: program === null,
  fn: async (t) => {
    await using cluster = await startCluster(program!);
    const log = simulatedLog();
    const address = await writeLog(cluster, log);
    const options = { seed: SEED, nResamples: 200 };
    const warehouse = await openWarehouse(address);

    for (const mostWeight of [Infinity, 5]) {
      await t.step(`estimates, standard errors, arms and support, weights at most ${mostWeight}`, async () => {
        const ours = await evaluateLoggedWarehouse(warehouse, { ...options, mostWeight });
        const grouped = { ...log, promptIds: await groupsOf(cluster, log) };
        const theirs = await evaluateLogged(grouped, null, { ...options, mostWeight });
        assert.equal(ours.policies.length, 3 + 1 + 4);
        assert.match(ours.notes.join(), /^10 choices of 3,010 left out: nobody told the quality/);
        // Resamples are drawn in the order of the groups, which memory has as they come.
        const leftOut = ["weights", "interval"];
        assertNear(numbersOf(ours, leftOut), numbersOf(theirs, leftOut), 1e-12);
        const cut = ours.policies.find(({ name }) => name === "small")!.found!.support.cutShare;
        assert.equal(cut > 0, mostWeight === 5);
      });
    }

    await t.step("intervals are those of resampled prompts", async () => {
      const ours = await evaluateLoggedWarehouse(warehouse, { ...options, nResamples: 2000 });
      const theirs = await evaluateLogged(log, null, { ...options, nResamples: 2000 });
      ours.policies.forEach(({ found }, at) => {
        const width = ({ interval: [low, high] }: { readonly interval: readonly [number, number] }) => high - low;
        const ratio = width(found!.doublyRobust!.quality) / width(theirs.policies[at].found!.doublyRobust!.quality);
        assert.ok(Math.abs(ratio - 1) < 0.15, `${ratio}`);
        const errors = found!.overLog.quality.standardError / theirs.policies[at].found!.overLog.quality.standardError;
        if (found!.name !== "Logging policy") assert.ok(Math.abs(errors - 1) < 0.05, `${found!.name}: ${errors}`);
      });
    });

    await t.step("a log of choices alone, and logs that must be refused", async () => {
      const [shard] = cluster.shards;
      const columns =
        "prompt_id, chosen AS model, quality, cost_usd, propensities[indexOf(models, chosen)] AS propensity";
      await shard.query(`CREATE TABLE choices ENGINE = MergeTree() ORDER BY model AS SELECT ${columns} FROM log`);
      const choices = await openWarehouse(cluster.address("choices"));
      const ours = await evaluateLoggedWarehouse(choices, options);
      const plain = { ...log, propensities: null, predictions: null, arms: null };
      const theirs = await evaluateLogged({ ...plain, promptIds: await groupsOf(cluster, log) }, null, options);
      assertNear(numbersOf(ours, ["weights", "interval"]), numbersOf(theirs, ["weights", "interval"]), 1e-12);
      const refuses = async (change: string, message: RegExp) => {
        await shard.query("DROP TABLE IF EXISTS wrong");
        await shard.query(`CREATE TABLE wrong ENGINE = MergeTree() ORDER BY prompt_id AS SELECT ${change} FROM log`);
        await assert.rejects(evaluateLoggedWarehouse(await openWarehouse(cluster.address("wrong")), options), message);
      };
      const plainly = "prompt_id, chosen, quality, cost_usd";
      await refuses(plainly, /Cannot judge the log as each choice must have its propensity/);
      await refuses(
        `${plainly}, 0.0 AS propensity`,
        /the propensity of a choice must be above 0 and at most 1: it is not/,
      );
      await refuses(
        `${plainly}, models, arrayMap(x -> x / 2, propensities) AS propensities`,
        /of a request must be 0 or more and add up to 1: it is not in 3,000 requests/,
      );
    });
  },
});
