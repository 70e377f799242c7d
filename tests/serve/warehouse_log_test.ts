import assert from "node:assert/strict";
import { WarehouseLog } from "../../lib/serve/warehouse_log.ts";
import { RequestLog } from "../../lib/serve/request_log.ts";
import { evaluateLogged, type LoggedEvaluation } from "../../lib/experiments/logged_evaluation.ts";
import { loadLoggedOutcomes } from "../../lib/files/load_logged.ts";
import { evaluateLoggedWarehouse, openWarehouse, WarehouseError } from "../../lib/warehouse/mod.ts";
import { clickhouseProgram, type Server, startCluster } from "../warehouse/clickhouse_servers.ts";
import { completion, configOf, startUpstream, withLive } from "./_live.ts";

const found = await clickhouseProgram();
const program = "path" in found ? found.path : null;
if ("missing" in found) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`log tests skipped: there is no ClickHouse and Debian's package cannot be had (${found.missing})`);
}

Deno.test({
  name: "a live server logs into a warehouse that is stopped, started and loses answers: each answer once",
  ignore: program === null,
  fn: async (t) => {
    await using cluster = await startCluster(program!);
    const [server] = cluster.shards;
    const above = await Deno.makeTempDir();
    const folder = `${above}/spool`;
    const upstream = startUpstream(() => completion("Fine"));
    const options = { folder, everyMilliseconds: 20, mostMilliseconds: 100 };
    const address = cluster.address("live log");
    try {
      await t.step(
        "a server that is stopped in the middle: lines wait on disk and are drained when it is back",
        async () => {
          const errors: unknown[] = [];
          const log = await WarehouseLog.open(address, { ...options, onError: (error) => errors.push(error) });
          const copy = await RequestLog.open({ folder: `${above}/copy` });
          const both = {
            counts: log.counts,
            write: (line: object): void => {
              log.write(line);
              copy.write(line);
            },
            close: () => Promise.resolve(),
          };
          await withLive(configOf(upstream.url), async ({ server: live, chat, url }) => {
            const ask = async (from: number, to: number): Promise<void> => {
              for (let i = from; i < to; i++) {
                const response = await chat({
                  messages: [{ role: "user", content: "x".repeat(i) + ' it\'s \\ "q"\n☃' }],
                });
                assert.equal(response.status, 200);
                await response.body?.cancel();
                const id = response.headers.get("x-request-id");
                for (const quality of i % 3 === 0 ? [] : [0.5, i % 5 / 4]) {
                  await fetch(`${url}/v1/feedback`, {
                    method: "POST",
                    body: JSON.stringify({ request_id: id, quality }),
                  })
                    .then((answer) => answer.body?.cancel());
                }
              }
            };
            await ask(0, 40);
            await until(() => log.counts.written > 0);
            await server.kill();
            await ask(40, 80);
            await until(() => errors.length > 0);
            assert.ok(errors[0] instanceof WarehouseError && errors.length === 1, String(errors));
            assert.ok(log.counts.waiting > 40);
            await server.start();
            await ask(80, 120);
            await live.settled();
          }, { log: both, explore: 0.5 });
          await log.close();
          await copy.close();
          assert.deepEqual({ waiting: log.counts.waiting, lost: log.counts.lost }, { waiting: 0, lost: 0 });
          assert.deepEqual(await counts(server), { requests: 120, different: 120, feedback: 160 });
          assert.equal(log.counts.written, 280);
          assert.deepEqual(namesIn(folder), ["spool-id"]);
        },
      );

      await t.step("the view is judged as the log of files is", async () => {
        const warehouse = await openWarehouse(address);
        const ours = await evaluateLoggedWarehouse(warehouse, { seed: 1, nResamples: 100 });
        const theirs = await evaluateLogged(await loadLoggedOutcomes(`${above}/copy`), null, {
          seed: 1,
          nResamples: 100,
        });
        assert.equal(ours.nRequests, 80);
        const valuesOf = ({ policies }: LoggedEvaluation) =>
          new Map(policies.flatMap(({ name, found }): [string, number[]][] => {
            if (found === null) return [];
            const { quality, costUsd } = found.doublyRobust ?? found.selfNormalised;
            return [[name, [quality.value, costUsd.value]]];
          }));
        const wanted = valuesOf(theirs);
        assert.ok(
          wanted.size >= 3 && valuesOf(ours).size === wanted.size,
          `${wanted.size} of ${theirs.policies.length}`,
        );
        for (const [name, values] of valuesOf(ours)) {
          values.forEach((value, at) =>
            assert.ok(Math.abs(value - wanted.get(name)![at]) < 1e-12, `${name}: ${values}, ${wanted.get(name)}`)
          );
        }
      });

      await t.step("answers that are lost on the way do not double a line", async () => {
        let nLost = 0;
        const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
          const { search } = new URL(request.url);
          const body = await request.bytes();
          const answer = await fetch(`http://127.0.0.1:${server.httpPort}/${search}`, {
            method: "POST",
            headers: request.headers.has("authorization")
              ? { authorization: request.headers.get("authorization")! }
              : {},
            body: body as Uint8Array<ArrayBuffer>,
          });
          if (!search.includes("INSERT") || nLost++ % 2 === 1) return answer;
          await answer.body?.cancel();
          return new Response("the answer is lost", { status: 502 });
        });
        const through = `clickhouse://127.0.0.1:${proxy.addr.port}/default/lossy`;
        const log = await WarehouseLog.open(through, options);
        for (let i = 0; i < 50; i++) {
          log.write({ request_id: String(i), time: "now", chosen: "small" });
          if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 300));
        }
        await until(() => log.counts.written === 50);
        await log.close();
        await proxy.shutdown();
        assert.ok(nLost > 1, `${nLost}`);
        assert.equal(await server.query("SELECT count(), uniqExact(request_id) FROM lossy_lines"), "50\t50");
        assert.deepEqual(log.counts, { written: 50, waiting: 0, lost: 0 });
      });

      await t.step("what is left when a server is away at the end is sent by the next start", async () => {
        await server.kill();
        const errors: unknown[] = [];
        const away = await WarehouseLog.open(address, { ...options, onError: (error) => errors.push(error) });
        for (let i = 0; i < 30; i++) away.write({ request_id: `late ${i}`, time: "later", chosen: "small" });
        await away.close();
        assert.deepEqual([away.counts, errors.length], [{ written: 0, waiting: 30, lost: 0 }, 1]);
        await server.start();
        const back = await WarehouseLog.open(address, options);
        await back.close();
        assert.deepEqual(back.counts, { written: 30, waiting: 0, lost: 0 });
        assert.equal((await counts(server)).requests, 150);
      });

      await t.step("a server that refuses ends the start with a clear error", async () => {
        const wrong = `clickhouse://guarded@127.0.0.1:${server.httpPort}/default/log`;
        await assert.rejects(
          WarehouseLog.open(wrong, options),
          /Cannot log requests as the password of "guarded" must be/,
        );
      });
    } finally {
      await upstream.stop();
      await Deno.remove(above, { recursive: true });
    }
  },
});

async function counts(server: Server): Promise<Record<string, number>> {
  const text = await server.query(
    "SELECT countIf(is_feedback = 0), uniqExactIf(request_id, is_feedback = 0), countIf(is_feedback = 1) FROM `live log_lines`",
  );
  const [requests, different, feedback] = text.split("\t").map(Number);
  return { requests, different, feedback };
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

/** Waits until something holds, for at most twenty seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(holds());
}
