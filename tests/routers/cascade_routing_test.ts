import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { CascadeRouting } from "../../lib/routers/cascade_routing.ts";
import { erringJudge } from "../../lib/routers/judge.ts";
import type { QualityPredictions } from "../../lib/routers/router.ts";
import { randomTable, tableOf } from "../_tables.ts";

const JUDGED = { acceptFromQuality: 1 } as const;

/** A world: the true probability of a right answer and the cost of each model, the same for every prompt. */
interface World {
  readonly p: readonly number[];
  readonly cost: readonly number[];
}

/** All 2^m outcomes of a world as a table, and how likely each is. */
function allOutcomes({ p, cost }: World): { table: OutcomeTable; weights: number[] } {
  const patterns = Array.from({ length: 2 ** p.length }, (_, bits) => p.map((_, j) => bits >> j & 1));
  return {
    table: tableOf({ quality: patterns, costUsd: patterns.map(() => cost) }),
    weights: patterns.map((right) => right.reduce((product, y, j) => product * (y === 1 ? p[j] : 1 - p[j]), 1)),
  };
}

function predictionsOf({ models }: OutcomeTable, nPrompts: number, { p, cost }: World): QualityPredictions {
  const quality = Float64Array.from({ length: nPrompts * p.length }, (_, at) => p[at % p.length]);
  return { nPrompts, models, quality, costUsd: Float64Array.from(cost) };
}

/** What the best of all rules gets, by trying every next call after every history: quality of the answer kept less cost / λ. */
function bestOfAllRules({ p, cost }: World, { error, price }: { error: number; price: number }): number {
  const value = (asked: readonly (boolean | null)[]): number => {
    const chance = (j: number): number => p[j] * (1 - error) + (1 - p[j]) * error;
    const posterior = (j: number): number =>
      asked[j] === true ? p[j] * (1 - error) / chance(j) : p[j] * error / (1 - chance(j));
    const held = asked.flatMap((said, j) => said === null ? [] : [posterior(j)]);
    const stop = held.length === 0 ? -Infinity : Math.max(...held);
    const goOn = p.map((_, j) => {
      if (asked[j] !== null) return -Infinity;
      const after = (said: boolean): number => {
        const probability = said ? chance(j) : 1 - chance(j);
        return probability === 0 ? 0 : probability * value(asked.map((known, k) => k === j ? said : known));
      };
      return -cost[j] * price + after(true) + after(false);
    });
    return Math.max(stop, ...goOn);
  };
  return value(p.map(() => null));
}

Deno.test("no rule does better than cascade routing where predictions hold: all rules are tried", () => {
  const random = seededRandom(3, "worlds");
  for (let trial = 0; trial < 60; trial++) {
    const m = 1 + trial % 4;
    const world = {
      p: Array.from({ length: m }, () => 0.05 + 0.9 * random.uniform()),
      cost: Array.from({ length: m }, () => random.uniform()),
    };
    const { table, weights } = allOutcomes(world);
    for (const error of [0, 0.1, 0.3]) {
      const judge = { ...erringJudge(table, { judgeError: error, ...JUDGED }) };
      const routing = new CascadeRouting(table, predictionsOf(table, weights.length, world), judge);
      for (const willingnessToPay of [0.3, 1, 3, 30]) {
        const { quality, costUsd } = routing.expect(willingnessToPay);
        const ours = weights.reduce((sum, w, i) => sum + w * (quality[i] - costUsd[i] / willingnessToPay), 0);
        const best = bestOfAllRules(world, { error, price: 1 / willingnessToPay });
        assert.ok(Math.abs(ours - best) < 1e-12, `trial ${trial}, ε ${error}, λ ${willingnessToPay}: ${ours}, ${best}`);
      }
    }
  }
});

Deno.test("index(): the worth at which a call just pays, found by halving", () => {
  const table = randomTable(40, 3, 5);
  const random = seededRandom(8, "predictions");
  const predictions = {
    nPrompts: 40,
    models: table.models,
    quality: table.quality.map(() => 0.01 + 0.98 * random.uniform()),
    costUsd: table.costUsd,
  };
  const judge = erringJudge(table, { judgeError: 0.15, ...JUDGED });
  const routing = new CascadeRouting(table, predictions, judge);
  for (let at = 0; at < table.quality.length; at++) {
    const [good, bad] = [judge.goodQuality[at % 3], judge.badQuality[at % 3]];
    const p = (predictions.quality[at] - bad) / (good - bad);
    if (p < 0.001 || p > 0.999) continue;
    const accepted = 0.85 * p + 0.15 * (1 - p);
    const worth = [0.85 * p / accepted, 0.15 * p / (1 - accepted)].map((share) => bad + (good - bad) * share);
    const gain = (z: number): number =>
      accepted * Math.max(0, worth[0] - z) + (1 - accepted) * Math.max(0, worth[1] - z) - table.costUsd[at] / 0.02;
    let [low, high] = [-10, 1];
    for (let step = 0; step < 60; step++) gain((low + high) / 2) > 0 ? low = (low + high) / 2 : high = (low + high) / 2;
    assert.ok(Math.abs(routing.index(at, 0.02) - low) < 1e-9);
  }
});

Deno.test("expect(): equals a simulation of the judge call by call", () => {
  const table = randomTable(30, 4, 11);
  const random = seededRandom(4, "simulation");
  const predictions = {
    nPrompts: 30,
    models: table.models,
    quality: table.quality.map(() => random.uniform()),
    costUsd: Float64Array.of(0.002, 0.004, 0.008, 0.012),
  };
  const judge = erringJudge(table, { judgeError: 0.2, acceptFromQuality: 0.75 });
  const routing = new CascadeRouting(table, predictions, judge);
  const willingnessToPay = 0.03;
  const { costUsd, quality, nCalls } = routing.expect(willingnessToPay);
  const nRuns = 4000;
  for (let i = 0; i < 30; i++) {
    const order = [0, 1, 2, 3].sort((a, b) =>
      routing.index(i * 4 + b, willingnessToPay) - routing.index(i * 4 + a, willingnessToPay)
    );
    const sums = { cost: 0, quality: 0, calls: 0 };
    for (let run = 0; run < nRuns; run++) {
      let held = -Infinity;
      let answer = 0;
      for (const j of order) {
        const at = i * 4 + j;
        if (held >= routing.index(at, willingnessToPay)) break;
        sums.cost += table.costUsd[at];
        sums.calls++;
        const isRight = (table.quality[at] >= 0.75) === (random.uniform() >= 0.2);
        const [good, bad] = [judge.goodQuality[j], judge.badQuality[j]];
        const p = Math.min(0.999, Math.max(0.001, (predictions.quality[at] - bad) / (good - bad)));
        const likelihood = isRight ? [0.8 * p, 0.2 * (1 - p)] : [0.2 * p, 0.8 * (1 - p)];
        const worth = bad + (good - bad) * likelihood[0] / (likelihood[0] + likelihood[1]);
        if (worth > held) [held, answer] = [worth, table.quality[at]];
      }
      sums.quality += answer;
    }
    assert.ok(Math.abs(sums.quality / nRuns - quality[i]) < 0.03, `quality of prompt ${i}`);
    assert.ok(Math.abs(sums.cost / nRuns - costUsd[i]) < 5e-4, `cost of prompt ${i}`);
    assert.ok(Math.abs(sums.calls / nRuns - nCalls[i]) < 0.05, `calls of prompt ${i}`);
  }
});

Deno.test("with a judge that says nothing one call is made, the router's own", () => {
  const table = randomTable(20, 3, 2);
  const random = seededRandom(9, "predictions");
  const quality = table.quality.map(() => 0.2 + 0.6 * random.uniform());
  const predictions = { nPrompts: 20, models: table.models, quality, costUsd: Float64Array.of(0.001, 0.002, 0.003) };
  const answers = { goodQuality: new Float64Array(3).fill(1), badQuality: new Float64Array(3) };
  const judge = { ...erringJudge(table, { judgeError: 0.5, ...JUDGED }), ...answers };
  const { nCalls, costUsd } = new CascadeRouting(table, predictions, judge).expect(0.01);
  for (let i = 0; i < 20; i++) {
    const worth = [0, 1, 2].map((j) => quality[i * 3 + j] - predictions.costUsd[j] / 0.01);
    assert.ok(Math.abs(nCalls[i] - 1) < 1e-12);
    assert.ok(Math.abs(costUsd[i] - table.costUsd[i * 3 + worth.indexOf(Math.max(...worth))]) < 1e-12);
  }
});

Deno.test("cascade routing refuses what it cannot run, by name", () => {
  const table = randomTable(3, 2, 1);
  const predictions = { nPrompts: 2, models: table.models, quality: new Float64Array(4), costUsd: new Float64Array(2) };
  const judge = erringJudge(table, { judgeError: 0.1, ...JUDGED });
  assert.throws(
    () => new CascadeRouting(table, predictions, judge),
    /^TypeError: Cannot route by cascades as .* 4 cells/,
  );
  const whole = { ...predictions, nPrompts: 3, quality: new Float64Array(6) };
  assert.throws(() => new CascadeRouting(table, whole, judge).expect(0), /^RangeError: .* above 0: it is 0/);
  assert.throws(() => erringJudge(table, { judgeError: 2, ...JUDGED }), /^RangeError: Cannot judge answers .* it is 2/);
});
