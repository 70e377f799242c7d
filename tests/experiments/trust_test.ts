import assert from "node:assert/strict";
import { knn } from "../../lib/evaluation/recipes.ts";
import { trustOfIntervals, trustTable } from "../../lib/experiments/trust.ts";

const SMALL = {
  nFits: 2,
  nPrompts: 150,
  nResamples: 100,
  sizes: { nLearnedPerEval: 60, nPopulationPerEval: 200 },
  routers: [knn({ k: 10 }), knn({ k: 30 })],
  seed: 2,
};

Deno.test("trustOfIntervals() finds intervals that hold, and would show ones that do not", async () => {
  const rows = await trustOfIntervals({ ...SMALL, nSets: 80 });
  const shares = new Map(rows.map(({ check, system, share }) => [`${check}: ${system}`, share]));
  // 80 sets: a share of .95 lies within .95 ± .1 in more than 999 of 1,000 runs.
  for (const name of SMALL.routers.map(({ k }) => `interval holds the true gain: KNN, k = ${k}`)) {
    assert.ok(shares.get(name)! > 0.85, `${name} ${shares.get(name)}`);
  }
  const uncorrected = shares.get("any false alarm, uncorrected: all")!;
  assert.ok(uncorrected >= shares.get("any false alarm, simultaneous: all")!);
  assert.ok(uncorrected >= shares.get("false alarm: KNN, k = 10")!);
  for (const { check, trueGain } of rows) if (check === "false alarm") assert.ok(trueGain! < 0.005);
  const held = rows[0];
  assert.ok(Math.abs(held.share + held.shareAbove! + held.shareBelow! - 1) < 1e-12);
  assert.equal(trustTable(rows).rows.length, rows.length);
});

Deno.test("trustOfIntervals() gives the same rows for the same seed, and refuses more fits than sets", async () => {
  const few = { ...SMALL, nSets: 2, routers: [knn({ k: 5 })] };
  assert.deepEqual(await trustOfIntervals(few), await trustOfIntervals(few));
  await assert.rejects(trustOfIntervals({ ...few, nSets: 1 }), {
    name: "RangeError",
    message:
      "Cannot measure trust as there must be whole numbers of fits and sets, with a set or more a fit: they are 2 and 1",
  });
});
