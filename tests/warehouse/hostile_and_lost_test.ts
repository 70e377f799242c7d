import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type AuditFinding, auditOutcomes } from "../../lib/audit/audit_outcomes.ts";
import { modelMeans, type OutcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import {
  auditWarehouse,
  Connection,
  evaluateWarehouse,
  loadWarehouse,
  openWarehouse,
  tableLayout,
  warehouseAddress,
  WarehouseError,
  warehouseFindings,
} from "../../lib/warehouse/mod.ts";
import { quotedName } from "../../lib/warehouse/sql.ts";
import type { CommandInput } from "../../lib/commands/command_options.ts";
import { evaluateBySums } from "../../lib/commands/evaluated_sums.ts";
import { ROOT, runTask } from "../commands/_run_task.ts";
import { clickhouseProgram, type Cluster, startCluster } from "./clickhouse_servers.ts";

const found = await clickhouseProgram();
const program = "path" in found ? found.path : null;
if ("missing" in found) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`warehouse tests skipped: there is no ClickHouse and Debian's package cannot be had (${found.missing})`);
}

const HOSTILE = [
  "it's",
  "back\\slash",
  "x'; DROP TABLE outcomes_local;-- ",
  "nul\0nul",
  "tick`tick",
  "line\nline\t",
  "☃ %27",
];

Deno.test({
  name: "a server that refuses, is lost or is fooled with",
  ignore: program === null,
  fn: async (t) => {
    await using cluster = await startCluster(program!);
    const all = simulateOutcomes({ nPromptsPerEval: 100, seed: 1 });
    const outcomes = { ...selectPrompts(all, all.promptIds.keys().toArray()), latencySeconds: null };
    const [n, m] = [outcomes.promptIds.length, outcomes.models.length];

    await t.step(
      "a shard that is lost while rows are loaded stops the load, and leaves no prompt in part",
      async () => {
        const address = await makeTable(cluster, "outcomes");
        const load = (onProgress?: (done: number) => void) =>
          loadWarehouse(address, outcomes, { batchRows: 55, onProgress });
        let isKilled = false;
        const lost = load((done) => {
          if (done < n * m / 4 || isKilled) return;
          isKilled = true;
          void cluster.shards[1].kill();
        });
        await assert.rejects(lost, (error) =>
          error instanceof WarehouseError &&
          /^Cannot load outcomes as every shard must answer: .*; start the shard again/.test(error.message));
        await assert.rejects(
          openWarehouse(address),
          /^WarehouseError: Cannot open the table "outcomes" as every shard must/,
        );
        await cluster.shards[1].start();
        const counts = await cluster.shards[0].query(
          "SELECT count(), countIf(n != 11) FROM (SELECT count() AS n FROM outcomes GROUP BY prompt_id)",
        );
        const [nPrompts, nInPart] = counts.split("\t").map(Number);
        assert.ok(nPrompts > n / 5 && nPrompts < n, `${nPrompts} of ${n}`);
        assert.equal(nInPart, 0);
        assert.deepEqual(await load(), { nRows: n * m, nThere: nPrompts * m, nWritten: (n - nPrompts) * m });
        assert.equal(
          await cluster.shards[0].query("SELECT count(), uniqExact(prompt_id, model) FROM outcomes"),
          `${n * m}\t${n * m}`,
        );
      },
    );

    await t.step("a batch that is there in part is completed without doubles", async () => {
      const [local] = tableLayout(warehouseAddress(cluster.address("part")));
      await cluster.shards[0].query(local);
      await loadWarehouse(cluster.address("part"), outcomes);
      await cluster.shards[0].query("CREATE TABLE half AS part ENGINE = MergeTree() ORDER BY model");
      await cluster.shards[0].query("INSERT INTO half SELECT * FROM part WHERE cityHash64(prompt_id, model) % 2 = 0");
      const { nThere, nWritten } = await loadWarehouse(cluster.address("half"), outcomes);
      assert.ok(nThere > 0 && nWritten > 0 && nThere + nWritten === n * m);
      assert.equal(
        await cluster.shards[0].query("SELECT count(), uniqExact(prompt_id, model) FROM half"),
        `${n * m}\t${n * m}`,
      );
    });

    await t.step("names and values that would end a quotation are names and values", async () => {
      const hostile: OutcomeTable = {
        ...outcomes,
        models: outcomes.models.map((model, j) => HOSTILE[j] ?? model),
        promptIds: outcomes.promptIds.map((id, i) => `${HOSTILE[i % HOSTILE.length]}${id}`),
        evalNames: outcomes.evalNames.map((_, i) => HOSTILE[i % 3]),
      };
      await makeTable(cluster, "hostile");
      await loadWarehouse(cluster.address("hostile"), hostile);
      const table = HOSTILE.join(" ");
      const columns = ["prompt_id", "eval_name", "model", "quality", "cost_usd"];
      const renamed = columns.map((name, at) => `${name} AS ${quotedName(HOSTILE[at])}`);
      await cluster.shards[0].query(
        `CREATE TABLE ${quotedName(table)} ENGINE = MergeTree() ORDER BY model AS SELECT ${
          renamed.join(", ")
        }, model FROM hostile`,
      );
      const warehouse = await openWarehouse(cluster.address(table), {
        columns: {
          promptId: HOSTILE[0],
          evalName: HOSTILE[1],
          model: HOSTILE[2],
          quality: HOSTILE[3],
          costUsd: HOSTILE[4],
        },
      });
      assert.deepEqual(new Set(warehouse.models), new Set(hostile.models));
      const audit = await auditWarehouse(warehouse);
      assert.deepEqual(new Set(audit.evaluations.map(({ name }) => name)), new Set(HOSTILE.slice(0, 3)));
      const means = modelMeans(hostile);
      for (const { model, quality, costUsd } of audit.models) {
        const j = hostile.models.indexOf(model);
        assert.ok(Math.abs(quality - means.quality[j]) < 1e-12 && Math.abs(costUsd - means.costUsd[j]) < 1e-12);
      }
      const { evaluation } = await evaluateWarehouse(warehouse, {
        audit,
        seed: 1,
        routers: ["evaluation"],
        evalName: HOSTILE[2],
        nResamples: 100,
      });
      assert.ok(evaluation.nPrompts.test > 30);
      const narrow = await openWarehouse(cluster.address(table), {
        columns: {
          promptId: HOSTILE[0],
          evalName: HOSTILE[1],
          model: HOSTILE[2],
          quality: HOSTILE[3],
          costUsd: HOSTILE[4],
        },
        where: { [HOSTILE[2]]: HOSTILE[3] },
      });
      assert.deepEqual(narrow.models, [HOSTILE[3]]);
      assert.equal(await cluster.shards[0].query("SELECT count() FROM outcomes"), String(n * m));
    });

    await t.step("errors name what was found and what helps", async () => {
      const server = `127.0.0.1:${cluster.shards[0].httpPort}`;
      const refuses = (address: string, message: RegExp, options = {}) =>
        assert.rejects(openWarehouse(address, options), message);
      await refuses(
        cluster.address("nope"),
        /Cannot open the table "nope" as the table must be there: there is no "nope" in "default"; see SHOW TABLES/,
      );
      await refuses(`clickhouse://${server}/nowhere/x`, /the database must be there: there is no "nowhere"/);
      await refuses(
        `clickhouse://guarded@${server}/default/outcomes`,
        /the password of "guarded" must be right: .* CLICKHOUSE_PASSWORD/,
      );
      await refuses(
        `clickhouse://nobody@${server}/default/outcomes`,
        /the server must know the user: "nobody" is unknown/,
      );
      await refuses("clickhouse://127.0.0.1:9/default/x", /the server at 127.0.0.1:9 must answer: /);
      await refuses(cluster.address("outcomes"), /its quality must be in the column "score": there is none/, {
        columns: { quality: "score" },
      });
      await refuses(cluster.address("outcomes"), /its quality must be a number: "model" is String/, {
        columns: { quality: "model" },
      });
      await refuses(cluster.address("outcomes"), /--where must name its columns: "colour" is none/, {
        where: { colour: "red" },
      });
      await using old = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        () => new Response("18.6.0\n"),
      );
      await refuses(
        `clickhouse://127.0.0.1:${old.addr.port}/default/x`,
        /must be ClickHouse 18.16 or newer: it is 18.6.0/,
      );
      assert.throws(() => warehouseAddress("clickhouse://me:secret@host/a/b"), /a password must not stand in it/);
    });

    await t.step("findings of the audit are those of the table in memory, and forbid a conclusion", async () => {
      const [shard] = cluster.shards;
      const m = outcomes.models.length;
      const odd: OutcomeTable = {
        ...outcomes,
        // The second model is a copy of the first, the third is free on some prompts, the fourth wrong everywhere.
        quality: outcomes.quality.map((value, at, all) => at % m === 1 ? all[at - 1] : at % m === 3 ? 0 : value),
        costUsd: outcomes.costUsd.map((value, at, all) =>
          at % m === 1 ? all[at - 1] : at % m === 2 && at % 4 === 0 ? 0 : value
        ),
      };
      await loadWarehouse(await makeTable(cluster, "odd"), odd);
      const warehouse = await openWarehouse(cluster.address("odd"));
      const findings = await warehouseFindings(warehouse, await auditWarehouse(warehouse));
      const rules = ["twin-models", "zero-cost", "constant-quality", "below-chance"];
      const wanted = auditOutcomes(odd).findings.filter(({ rule }) => rules.includes(rule));
      assert.deepEqual(new Set(wanted.map(({ rule }) => rule)), new Set(rules));
      const told = (found: readonly AuditFinding[]) =>
        found.map(({ rule, severity, summary, count }) => [rule, severity, summary, count].join()).sort();
      assert.deepEqual(told(findings), told(wanted));
      assert.ok(findings.filter(({ severity }) => severity === "wrong").length >= 3);
      const clean = await openWarehouse(cluster.address("outcomes"));
      assert.deepEqual(await warehouseFindings(clean, await auditWarehouse(clean)), []);
      const audit = await auditWarehouse(warehouse);
      const said: string[] = [];
      const input: CommandInput = { words: [], text: () => null, isOn: (name) => name === "json" };
      await evaluateBySums(
        {
          outcomes: { source: { ...outcomes.source, kind: "warehouse" }, models: warehouse.models, nPrompts: n },
          ...{ audit, findings },
          settings: { seed: 1, routers: ["evaluation"], trainShare: 0.7, evalNames: null },
          evaluate: (evalName) =>
            evaluateWarehouse(warehouse, { audit, seed: 1, evalName, routers: ["evaluation"], nResamples: 100 }),
        },
        input,
        { out: null, doing: "", notebooks: () => null },
        (text) => said.push(text),
      );
      assert.match(said.join(), /No conclusion is allowed before the table is mended: \d of the audit's findings make/);
      assert.equal(await shard.query("SELECT count() FROM odd"), String(n * m));
    });

    for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      await t.step(`the command's query ends on the server by ${signal}`, async () => {
        const [shard] = cluster.shards;
        const row = "toString(number) AS prompt_id, 'a' AS model, 0.5 AS quality, 0.001 AS cost_usd";
        await shard.query(`CREATE VIEW endless_${signal} AS SELECT ${row} FROM system.numbers`);
        const nRunning = () =>
          shard.query(
            `SELECT count() FROM system.processes WHERE query LIKE '%endless_${signal}%FORMAT%' AND query NOT LIKE '%processes%'`,
          );
        const until = async (holds: (n: string) => boolean) => {
          for (let i = 0; i < 400 && !holds(await nRunning()); i++) await delay(25);
          assert.ok(holds(await nRunning()), `${await nRunning()} run`);
        };
        const args = [
          "run",
          "-q",
          "--no-prompt",
          "-P=launch",
          "lib/cli.ts",
          "evaluate",
          cluster.address(`endless_${signal}`),
        ];
        const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdout: "null", stderr: "piped" });
        const child = command.spawn();
        await until((n) => n === "1");
        child.kill(signal);
        const { code, stderr } = await child.output();
        assert.deepEqual([code, new TextDecoder().decode(stderr)], [exitCode, ""]);
        await until((n) => n === "0");
      });
    }

    await t.step("the command refuses what a warehouse cannot do, and keeps its limits", async () => {
      const refusals: readonly (readonly [args: readonly string[], message: RegExp])[] = [
        [
          ["--keep", "95%"],
          /--keep saves a router that reads prompts' texts, which stay in the warehouse: write a sample/,
        ],
        [["--max-bytes", "1000"], /the limit of bytes was reached: .*raise --max-bytes/],
      ];
      for (const [args, message] of refusals) {
        const { code, err } = await runTask("evaluate", cluster.address("outcomes"), ...args);
        assert.equal(code, 1, err);
        assert.match(err, message);
      }
    });

    await t.step("limits and Ctrl-C end queries, on the server too, and nothing can be written", async () => {
      const address = warehouseAddress(cluster.address("outcomes"));
      await assert.rejects(
        new Connection(address, { maxBytes: 1000 }).rows("SELECT sum(quality) FROM outcomes_local", "count"),
        /Cannot count as the limit of bytes was reached: .*; raise --max-bytes/,
      );
      await assert.rejects(
        new Connection(address, { maxSeconds: 1 }).rows("SELECT count() FROM system.numbers", "count"),
        /the limit of seconds was reached/,
      );
      await assert.rejects(new Connection(address).rows("DROP TABLE outcomes_local", "count"), /may only read/);
      const abort = new AbortController();
      const endless = new Connection(address, { signal: abort.signal }).rows(
        "SELECT count() FROM system.numbers",
        "count",
      );
      setTimeout(() => abort.abort(), 300);
      await assert.rejects(endless, /Cannot count as it was cancelled/);
      assert.equal(
        await cluster.shards[0].query(
          "SELECT count() FROM system.processes WHERE query LIKE '%system.numbers\\nFORMAT%' AND query NOT LIKE '%processes%'",
        ),
        "0",
      );
    });

    await t.step("prompts in part or twice are refused, or left out where asked", async () => {
      const [shard] = cluster.shards;
      await shard.query(
        "CREATE TABLE gaps ENGINE = MergeTree() ORDER BY model AS SELECT * FROM outcomes WHERE NOT (model LIKE 'gpt-4%' AND cityHash64(prompt_id) % 10 = 0)",
      );
      const gaps = await openWarehouse(cluster.address("gaps"));
      const audit = await auditWarehouse(gaps);
      await assert.rejects(
        evaluateWarehouse(gaps, { audit, seed: 1 }),
        /each model must have an outcome on each prompt: .* pass --missing drop/,
      );
      const kept = await evaluateWarehouse(gaps, { audit, seed: 1, missing: "drop", routers: [], nResamples: 100 });
      const { learned, chosen, test } = kept.evaluation.nPrompts;
      const wanted = Number(
        await shard.query("SELECT count() FROM (SELECT count() AS n FROM gaps GROUP BY prompt_id HAVING n = 11)"),
      );
      assert.equal(learned + chosen + test, wanted);
      await shard.query("CREATE TABLE doubled AS gaps ENGINE = MergeTree() ORDER BY model");
      for (const _ of [1, 2]) await shard.query("INSERT INTO doubled SELECT * FROM outcomes");
      const doubled = await openWarehouse(cluster.address("doubled"));
      await assert.rejects(
        evaluateWarehouse(doubled, { audit: await auditWarehouse(doubled), seed: 1 }),
        /a model must have one outcome on a prompt: .* more/,
      );
    });
  },
});

async function makeTable({ shards, address }: Cluster, name: string): Promise<string> {
  const statements = tableLayout(warehouseAddress(address(name)), { cluster: "two" });
  for (const shard of shards) for (const statement of statements) await shard.query(statement);
  return address(name);
}
