import assert from "node:assert/strict";
import { knn, linear, splitForEvaluation } from "routerbench";
import { evaluateGroups } from "routerbench/experiments";
import {
  forestPanel,
  LONG_TAIL_GROUPS,
  longTail,
  longTailTable,
  longTailText,
  pooledEffects,
  simulateLongTail,
} from "routerbench/axes";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";

const GROUPS = [
  { name: "French", nPrompts: 300, difficulty: 0 },
  { name: "Swahili", nPrompts: 150, difficulty: 1.2 },
  { name: "Quechua", nPrompts: 60, difficulty: 1.8 },
];
const OUTCOMES = simulateLongTail({ groups: GROUPS, seed: 2 });
const DATA = splitForEvaluation(OUTCOMES, await lexicalEncoder({ nDims: 48 }).encode(OUTCOMES), { seed: 1 });

Deno.test("longTail() with all labels is what evaluateGroups() finds, and its ends are never seen and all labels", async () => {
  const options = { nResamples: 200, seed: 1 };
  const found = await longTail(DATA, [linear({ alpha: 1 })], { ...options, nLabelled: [20, 60] });
  const groups = await evaluateGroups(DATA, [linear({ alpha: 1 })], { ...options, leastTestPrompts: 10 });
  assert.deepEqual(found.groups.map(({ name }) => name), groups.map(({ name }) => name));
  found.groups.forEach(({ systems: [system], nPrompts }, g) => {
    const [all, none] = system.gains;
    const own = groups[g].systems.find(({ name, seen }) => name === "Linear" && seen === "everything")!;
    assert.equal(all.difference, own.againstZero!.difference);
    assert.deepEqual(all.interval, own.againstZero!.interval);
    assert.ok(Math.abs(system.gap.difference - (all.difference - none.difference)) < 1e-12);
    assert.deepEqual(
      system.gains.map(({ nLabelled }) => nLabelled),
      [null, 0, 20, 60].filter((n) => (n ?? 0) < nPrompts.train),
    );
  });
  const { columns, rows } = longTailTable(found);
  assert.ok(rows.every((row) => row.length === columns.length) && rows.length === 3);
  assert.match(longTailText(found, "Linear"), /^Over 3 groups Linear gains [+−]\.\d{3} over Zero on average/);
  assert.equal((forestPanel(found, { title: "Groups" }).layout.yaxis as { ticktext: string[] }).ticktext.length, 10);
  await assert.rejects(longTail(DATA, [linear()], { ...options, nLabelled: [0] }), /one is 0/);
});

Deno.test("longTail(): labels of the group are all that differs between its runs", async () => {
  const nTrain = DATA.train.outcomes.evalNames.filter((name) => name === "Swahili").length;
  const [few] = (await longTail(DATA, [knn({ k: 5 })], {
    groups: { Swahili: ["Swahili"] },
    nLabelled: [nTrain - 1],
    nResamples: 100,
    seed: 1,
  })).groups;
  // All labels but one: nearly the router that has all.
  const [all, none, most] = few.systems[0].gains;
  assert.ok(Math.abs(most.difference - all.difference) <= Math.abs(none.difference - all.difference) + 0.02);
});

Deno.test("pooledEffects() is DerSimonian and Laird's, by its definition", () => {
  const effects = [[0.1, 0.05], [0.3, 0.1], [-0.2, 0.2], [0.5, 0.08]].map(([effect, standardError]) => ({
    effect,
    standardError,
  }));
  const { mean, spread, groups, interval } = pooledEffects(effects);
  const w = effects.map(({ standardError }) => standardError ** -2);
  const sum = (values: number[]): number => values.reduce((a, b) => a + b);
  const fixed = sum(effects.map(({ effect }, k) => effect * w[k])) / sum(w);
  const q = sum(effects.map(({ effect }, k) => w[k] * (effect - fixed) ** 2));
  const tau2 = (q - 3) / (sum(w) - sum(w.map((x) => x * x)) / sum(w));
  assert.ok(Math.abs(spread - Math.sqrt(tau2)) < 1e-12);
  const v = effects.map(({ standardError }) => 1 / (standardError ** 2 + tau2));
  assert.ok(Math.abs(mean - sum(effects.map(({ effect }, k) => effect * v[k])) / sum(v)) < 1e-12);
  assert.ok(Math.abs(interval[1] - mean - 1.959964 / Math.sqrt(sum(v))) < 1e-9);
  groups.forEach(({ effect, ownShare }, k) => {
    assert.ok(Math.abs(effect - (ownShare * effects[k].effect + (1 - ownShare) * mean)) < 1e-12);
  });
  const equal = pooledEffects([{ effect: 1, standardError: 1 }, { effect: 1.1, standardError: 2 }]);
  assert.ok(equal.spread === 0 && equal.groups.every(({ effect }) => effect === equal.mean));
  assert.throws(() => pooledEffects([]), /there is none/);
});

Deno.test("simulateLongTail() has the rarity and difficulty that are set", () => {
  const table = simulateLongTail({ groups: LONG_TAIL_GROUPS, seed: 5 });
  const mean = (name: string): number => {
    const rows = table.evalNames.flatMap((own, i) => own === name ? [i] : []);
    assert.equal(rows.length, LONG_TAIL_GROUPS.find((group) => group.name === name)!.nPrompts);
    return rows.reduce((sum, i) => sum + table.trueQuality[i * 4], 0) / rows.length;
  };
  assert.ok(mean("French") > mean("Swahili") && mean("Swahili") > mean("Chuvash"));
  assert.throws(() => simulateLongTail({ groups: [], seed: 1 }), /there is none/);
});
