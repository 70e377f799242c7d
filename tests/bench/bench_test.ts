import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeEnvironment } from "../../bench/environment.ts";
import { HULL } from "../../bench/hull.ts";
import { measure, secondsOf } from "../../bench/measure.ts";
import { memoryTable, scalingTable, speedTable } from "../../bench/tables.ts";
import type { ReadyWork } from "../../bench/workload.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const PEERS = join(ROOT, ".venv-bench", "made-from.txt");
const WORK: ReadyWork = { workload: "nothing", targetSeconds: 1000, ours: () => {}, peers: [] };
const WITHOUT_PEERS = {
  environment: { python: "no-such-python", versions: new Map<string, string>(), threads: 1 },
  say: (): void => {},
};

Deno.test("secondsOf() gives the median, the least and the most", () => {
  assert.deepEqual(secondsOf([5, 1, 4, 2, 3]), { median: 3, least: 1, most: 5 });
});

Deno.test("measure() does the work once to warm up and five times for the clock, and holds it to its seconds", async () => {
  let nRuns = 0;
  const [row] = await measure({ ...WORK, ours: () => void nRuns++ }, ".", WITHOUT_PEERS);
  assert.equal(nRuns, 6);
  assert.deepEqual([row.peer, row.ratio, row.target, row.targetSeconds, row.held], [null, null, null, 1000, true]);
  const [late] = await measure({ ...WORK, targetSeconds: 0 }, ".", WITHOUT_PEERS);
  assert.equal(late.held, false);
});

Deno.test("measure() names a peer that could not be installed, and says nothing of its target", async () => {
  const peer = {
    name: "slow",
    needs: "no-such-package",
    program: ["hull", ""] as const,
    target: 2,
    check: (): void => assert.fail("it ran"),
  };
  const [row] = await measure({ ...WORK, targetSeconds: null, peers: [peer] }, ".", WITHOUT_PEERS);
  assert.deepEqual([row.peer, row.theirs, row.ratio, row.held], [
    "slow (no-such-package could not be installed)",
    null,
    null,
    null,
  ]);
});

Deno.test("tables: three digits, true multiplication signs, a dash where there is nothing", () => {
  const ours = { median: 0.01234, least: 0.0123, most: 1.5 };
  const theirs = { median: 0.02468, least: 0.02, most: 123.4 };
  const row = { workload: "w", ours, peer: "p", theirs, ratio: 2, target: 4, targetSeconds: null, held: false };
  const line = speedTable([row])!.split("\n").at(-1)!;
  assert.match(line, /^w\s+0\.0123 \(0\.0123–1\.50\)\s+p\s+0\.0247 \(0\.0200–123\)\s+2\.00×\s+≥ 4\.00×\s+no$/);
  assert.match(
    speedTable([{ ...row, peer: null, theirs: null, ratio: null, target: null, targetSeconds: 15, held: true }])!,
    /≤ 15 s\s+yes$/,
  );
  assert.match(memoryTable([{ workload: "w", megabytes: 12.6, target: 600, held: true }])!, /w\s+13\s+< 600\s+yes$/);
  assert.match(
    scalingTable([{ workload: "w", seconds: [1, 2, 4, 8, 16, 32], exponent: 1 }])!,
    /64,000\s+time ∝\nw\s.*32\.0\s+n\^1\.00$/,
  );
  assert.deepEqual([speedTable([]), memoryTable([]), scalingTable([])], [null, null, null]);
});

Deno.test("hull: ours and scipy's agree, and a peer that finds something else is not timed", async (t) => {
  // deno-lint-ignore no-console
  if (!existsSync(PEERS)) return console.log(`  skipped: ${t.name}: .venv-bench is not made; deno task bench makes it`);
  const environment = await makeEnvironment(1, () => {});
  const folder = await Deno.makeTempDir();
  try {
    const [work] = await HULL.prepare(folder, environment);
    const [row] = await measure(work, folder, { environment, say: () => {} });
    assert.ok(row.ratio! > 0);
    const wrong = {
      ...work,
      peers: work.peers.map((peer) => ({ ...peer, check: (): void => assert.fail("they differ") })),
    };
    await assert.rejects(measure(wrong, folder, { environment, say: () => {} }), /they differ/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task bench: help with an example, and an unknown part in one line", async () => {
  const run = async (...args: string[]): Promise<readonly [number, string]> => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "bench", ...args],
      cwd: ROOT,
    })
      .output();
    return [code, new TextDecoder().decode(code === 0 ? stdout : stderr)];
  };
  const [code, help] = await run("--help");
  assert.equal(code, 0);
  assert.match(help, /Example: deno task bench --only/);
  const [failed, message] = await run("--only", "hul");
  assert.equal(failed, 1);
  assert.match(
    message,
    /^Cannot read the options as --only must be some of nearest-neighbours, .*: "hul" is none; did you mean "hull"\?\n$/,
  );
});
