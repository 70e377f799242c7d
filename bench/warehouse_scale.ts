/**
 * Times `deno task evaluate clickhouse://…` on made tables of several sizes, on one and two servers on this machine:
 * `deno run -A bench/warehouse_scale.ts 1000000,10000000 OUT.jsonl`. It is no part of `deno task bench`, as it takes an
 * hour, and needs Debian's ClickHouse and some 5 GB of disk for 100 million rows.
 */
import { clickhouseProgram, type Cluster, startCluster } from "../tests/warehouse/clickhouse_servers.ts";

const N_MODELS = 11;
/** Rows that one statement makes. */
const ROWS_A_STATEMENT = 11_000_000;

/** Outcomes that a hash decides: eleven models, the better ones dearer, seven evaluations of different difficulty. */
function rowsSql(from: number, to: number, where: string): string {
  const share = (salt: string): string => `(cityHash64(number, '${salt}') % 1000000) / 1000000`;
  return `SELECT toUInt16(cityHash64(p) % 64) AS slot, toUInt64(0) AS batch, concat('evaluation ', toString(p % 7)) AS eval_name,
    toString(p) AS prompt_id, concat('model ', toString(m)) AS model,
    toFloat64(${share("q")} < 0.25 + 0.05 * m + 0.06 * (p % 7 - 3) * (m % 3 - 1)) AS quality,
    1e-5 * pow(2, m) * (0.5 + ${share("c")}) AS cost_usd, CAST(NULL AS Nullable(Float64)) AS latency_seconds
    FROM (SELECT number, intDiv(number, ${N_MODELS}) AS p, number % ${N_MODELS} AS m FROM system.numbers WHERE number >= ${from} LIMIT ${
    to - from
  }) WHERE ${where}`;
}

async function makeTable({ shards }: Cluster, nRows: number, nShards: 1 | 2): Promise<string> {
  const name = `made_${nRows}_${nShards}`;
  const columns =
    "slot UInt16, batch UInt64, eval_name String, prompt_id String, model String, quality Float64, cost_usd Float64, latency_seconds Nullable(Float64)";
  for (const [at, shard] of shards.slice(0, nShards).entries()) {
    await shard.query(
      `CREATE TABLE ${name}_local (${columns}) ENGINE = MergeTree() ORDER BY (eval_name, prompt_id, model)`,
    );
    for (let from = 0; from < nRows; from += ROWS_A_STATEMENT) {
      const rows = rowsSql(from, Math.min(nRows, from + ROWS_A_STATEMENT), `slot % ${nShards} = ${at}`);
      await shard.query(`INSERT INTO ${name}_local ${rows}`);
    }
  }
  if (nShards === 1) return `${name}_local`;
  await shards[0].query(
    `CREATE TABLE ${name} AS ${name}_local ENGINE = Distributed('two', 'default', '${name}_local', slot)`,
  );
  return name;
}

/** Runs the command, and looks at its memory ten times a second. */
async function evaluated(address: string): Promise<Record<string, unknown>> {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "lib/cli.ts", "evaluate", address, "--routers", "evaluation", "--json"],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let most = 0;
  const look = setInterval(
    () => most = Math.max(most, memoryOf(child.pid), ...childrenOf(child.pid).map(memoryOf)),
    100,
  );
  const { success, stderr } = await child.output();
  clearInterval(look);
  const seconds = Math.round((performance.now() - began) / 1000);
  return {
    seconds,
    clientMb: Math.round(most),
    ...(success ? {} : { error: new TextDecoder().decode(stderr).slice(-300) }),
  };
}

function memoryOf(pid: number): number {
  try {
    return Number(Deno.readTextFileSync(`/proc/${pid}/status`).match(/VmHWM:\s+(\d+)/)![1]) / 1000;
  } catch {
    return 0; // It has ended meanwhile.
  }
}

function childrenOf(pid: number): number[] {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function serverMb(cluster: Cluster): Promise<number[]> {
  return await Promise.all(cluster.shards.map(async (shard) => {
    const pids = Array.from(Deno.readDirSync("/proc"), ({ name }) => Number(name)).filter(Number.isInteger);
    const ours = pids.filter((pid) => {
      try {
        return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(shard.folder);
      } catch {
        return false;
      }
    });
    return await Promise.resolve(Math.round(Math.max(0, ...ours.map(memoryOf))));
  }));
}

const [sizes, out] = Deno.args;
const found = await clickhouseProgram();
if ("missing" in found) throw new Error(`Cannot measure as ClickHouse must be there: ${found.missing}`);
await using cluster = await startCluster(found.path);
for (const nRows of sizes.split(",").map((size) => N_MODELS * Math.round(Number(size) / N_MODELS))) {
  for (const nShards of [1, 2] as const) {
    const began = performance.now();
    const table = await makeTable(cluster, nRows, nShards);
    const madeSeconds = Math.round((performance.now() - began) / 1000);
    const counting = performance.now();
    await cluster.shards[0].query(`SELECT count(), avg(quality) FROM ${table}`);
    const countSeconds = (performance.now() - counting) / 1000;
    const address = `${cluster.address(table)}?sharded_by_prompt=${nShards === 2}`;
    const result = { nRows, nShards, madeSeconds, countSeconds, ...await evaluated(address) };
    const [load] = Deno.loadavg();
    await Deno.writeTextFile(out, `${JSON.stringify({ ...result, serverMb: await serverMb(cluster), load })}\n`, {
      append: true,
    });
  }
}
