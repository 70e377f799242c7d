import assert from "node:assert/strict";
import { cascade, evaluateRouters, knn, linear, openEncoder, outcomeTable, rerank } from "routerbench";
import { simulateOutcomes, splitForEvaluation, sweepWillingnessToPay } from "routerbench";
import { evaluateLatency, fitLatencyPredictor, lateBeyond, latencySummary, modelLatencies } from "routerbench/axes";
import { PAPER_MODEL_SPEEDS, timedSurface, withSpeeds } from "routerbench/axes";
import { timedSystem } from "../../lib/axes/latency/_timed_systems.ts";
import { oracleSettings } from "../../lib/axes/latency/timed_oracle.ts";
import { chooseModels, measureChoices } from "../../lib/evaluation/policy.ts";
import { zeroSystem } from "../../lib/evaluation/systems.ts";
import { expectCascade } from "../../lib/routers/cascade.ts";
import { expectRerank } from "../../lib/routers/rerank.ts";
import { seededRandom } from "../../lib/base/random.ts";

const OUTCOMES = withSpeeds(simulateOutcomes({ nPromptsPerEval: 60, seed: 1 }), {
  speeds: PAPER_MODEL_SPEEDS,
  spread: 0.3,
  seed: 1,
});
const EMBEDDINGS = await (await openEncoder("lexical")).encode(OUTCOMES);
const DATA = splitForEvaluation(OUTCOMES, EMBEDDINGS, { seed: 1 });

function smallWorld(nPrompts: number, seed: number): ReturnType<typeof outcomeTable> {
  const random = seededRandom(seed, "world");
  const cells = (of: () => number): Float64Array => Float64Array.from({ length: nPrompts * 2 }, of);
  return outcomeTable({
    models: ["a", "b"],
    promptIds: Array.from({ length: nPrompts }, (_, i) => `${i}`),
    evalNames: Array(nPrompts).fill("mine"),
    prompts: null,
    quality: cells(random.uniform),
    costUsd: cells(random.uniform),
    latencySeconds: cells(random.uniform),
    source: { kind: "file", name: "small", sha256: "", notes: [] },
  });
}

Deno.test("evaluateLatency() without a price of a second and without a limit is evaluateRouters(), bit for bit", async () => {
  const routers = [knn({ k: 5 }), linear(), cascade({ judgeError: 0.1 })];
  const timed = await evaluateLatency(DATA, routers, {
    latencyBudgets: [Infinity],
    usdPerSecond: [0],
    nResamples: 100,
    seed: 1,
  });
  const today = await evaluateRouters(DATA, routers, { nResamples: 100, seed: 1 });
  for (const [at, { name, settings, aiqFormula, againstZero }] of today.systems.entries()) {
    const system = timed.systems[at];
    assert.equal(system.name, name);
    const points = (of: readonly { costUsd: number; quality: number }[]): number[][] =>
      of.map(({ costUsd, quality }) => [costUsd, quality]);
    assert.deepEqual(points(system.settings), points(settings));
    assert.equal(system.within[0].aiq, aiqFormula);
    assert.equal(system.within[0].againstZero?.difference, againstZero?.difference);
    if (againstZero === null) continue;
    for (const end of [0, 1]) {
      assert.ok(Math.abs(system.within[0].againstZero!.interval[end] - againstZero.interval[end]) < 1e-12);
    }
  }
});

Deno.test("evaluateLatency(): a tighter limit never helps, a router may pay for seconds, and the oracle bounds all", async () => {
  const options = { latencyBudgets: [2, 5, Infinity], nResamples: 100, seed: 1 };
  const { systems, costRangeUsd } = await evaluateLatency(DATA, [linear()], options);
  const oracle = systems.at(-1)!;
  for (const { within, surface } of systems) {
    assert.ok(within[0].aiq <= within[1].aiq + 1e-12 && within[1].aiq <= within[2].aiq + 1e-9);
    within.forEach(({ aiq }, at) => assert.ok(aiq <= oracle.within[at].aiq + 1e-9));
    assert.ok(surface.bounds[0] <= surface.bounds[1] && surface.bounds[1] <= within[2].aiq + 1e-9);
  }
  assert.ok(systems[1].settings.some(({ usdPerSecond }) => usdPerSecond > 0));
  const one = await evaluateLatency(DATA, [linear()], { ...options, usdPerSecond: [0] });
  // More prices give more settings to choose from; on the test prompts the choice may lose a little, at a limit it gains.
  assert.ok(systems[1].within[0].aiq > one.systems[1].within[0].aiq);
  assert.deepEqual(costRangeUsd, one.costRangeUsd);
});

Deno.test("evaluateLatency() counts late answers where a limit is for each answer", async () => {
  const { systems, latencyRangeSeconds } = await evaluateLatency(DATA, [linear()], {
    lateBeyondSeconds: 3,
    latencyBudgets: [0.05, 1],
    nResamples: 100,
    seed: 1,
  });
  assert.ok(latencyRangeSeconds[0] >= 0 && latencyRangeSeconds[1] <= 1);
  const share = lateBeyond(DATA.test.outcomes, 3).latencySeconds!;
  assert.ok(share.every((late, at) => late === (DATA.test.outcomes.latencySeconds![at] > 3 ? 1 : 0)));
  assert.ok(systems[1].within[0].aiq <= systems[1].within[1].aiq);
});

Deno.test("oracleSettings() hold the best of all ways to send prompts to models, by enumeration", () => {
  const n = 5;
  const world = smallWorld(n, 3);
  const all = Array.from({ length: 3 ** n }, (_, code) => {
    const point = { costUsd: 0, quality: 0, latencySeconds: 0 };
    for (let i = 0, rest = code; i < n; i++, rest = Math.floor(rest / 3)) {
      if (rest % 3 === 2) continue;
      const at = i * 2 + rest % 3;
      point.costUsd += world.costUsd[at] / n;
      point.quality += world.quality[at] / n;
      point.latencySeconds += world.latencySeconds![at] / n;
    }
    return point;
  });
  const ranges = { costRangeUsd: [0.2, 0.6], latencyRangeSeconds: [0.2, 0.7] } as const;
  const limits = [0.1, 0.3, 0.5, 0.7];
  const found = timedSurface(oracleSettings(world, { ranges, limits }));
  const best = timedSurface(all);
  for (const latencySeconds of limits) {
    for (let k = 0; k < 12; k++) {
      const budget = { costUsd: 0.2 + 0.4 * k / 11, latencySeconds };
      assert.ok(Math.abs(found(budget).quality - best(budget).quality) < 1e-8, JSON.stringify(budget));
    }
  }
});

Deno.test("sweepWillingnessToPay() carries the mean seconds of its choices, at any price of a second", async () => {
  const { outcomes, embeddings } = DATA.test;
  const router = await linear().fit(DATA.fit);
  const predictions = await router.predict(embeddings);
  const seconds = (await (await fitLatencyPredictor(DATA.fit)).predict(embeddings)).meanSeconds;
  for (const price of [0, 1e-5, 1e-3]) {
    const m = outcomes.models.length;
    const costs = seconds.map((time, at) => predictions.costUsd[at % m] + price * time);
    for (const point of sweepWillingnessToPay(predictions, outcomes, { costs }).filter((_, at) => at % 50 === 0)) {
      const slow = measureChoices(outcomes, chooseModels(predictions, point.willingnessToPay, { costs }));
      assert.ok(Math.abs(point.latencySeconds! - slow.latencySeconds!) < 1e-9 * slow.latencySeconds!);
      assert.ok(Math.abs(point.costUsd - slow.costUsd) < 1e-12);
    }
  }
});

Deno.test("fitLatencyPredictor() foresees means, medians and 95th percentiles of prompts that it has not seen", async () => {
  const table = withSpeeds(simulateOutcomes({ nPromptsPerEval: 300, seed: 2 }), {
    speeds: PAPER_MODEL_SPEEDS,
    spread: 0.3,
    seed: 2,
  });
  const data = splitForEvaluation(table, await (await openEncoder("lexical")).encode(table), { seed: 2 });
  const predicted = await (await fitLatencyPredictor(data.train)).predict(data.test.embeddings);
  const n = data.test.outcomes.promptIds.length;
  for (const [model, measured] of modelLatencies(data.test.outcomes).entries()) {
    const choices = new Int32Array(n).fill(model);
    const m = predicted.nModels;
    const mean = predicted.meanSeconds.filter((_, at) => at % m === model).reduce((a, b) => a + b) / n;
    const near = (found: number, wanted: number): void =>
      assert.ok(Math.abs(found / wanted - 1) < 0.1, `${measured.model}: ${found}, measured ${wanted}`);
    near(mean, measured.meanSeconds);
    near(predicted.quantileSeconds(choices, 0.5), measured.medianSeconds);
    near(predicted.quantileSeconds(choices, 0.95), measured.p95Seconds);
    const late = predicted.lateShare(measured.medianSeconds).filter((_, at) => at % m === model);
    // Three standard errors of a share of 568 prompts.
    assert.ok(Math.abs(late.reduce((a, b) => a + b) / n - 0.5) < 0.065);
  }
});

Deno.test("a cascade adds up its calls' seconds; reranking waits for the slowest, or adds up", () => {
  const world = smallWorld(3, 5);
  const times = world.latencySeconds!;
  const cascaded = expectCascade(world, Infinity, { order: [0, 1], judgeError: 0.25, acceptFromQuality: 2 });
  // No answer is good enough, so that the first is refused three times out of four.
  cascaded.latencySeconds!.forEach((seconds, i) =>
    assert.ok(Math.abs(seconds - (times[2 * i] + 0.75 * times[2 * i + 1])) < 1e-12)
  );
  const atOnce = expectRerank(world, { rewardNoise: 0 }).latencySeconds!;
  const inTurn = expectRerank(world, { rewardNoise: 0, calls: "sequential" }).latencySeconds!;
  atOnce.forEach((seconds, i) => assert.equal(seconds, Math.max(times[2 * i], times[2 * i + 1])));
  inTurn.forEach((seconds, i) => assert.equal(seconds, times[2 * i] + times[2 * i + 1]));
});

Deno.test("Zero, cascades and rerank have the settings that they always have", () => {
  const part = { outcomes: DATA.test.outcomes, predictions: new Map(), expectedSeconds: new Float64Array(0) };
  const points = timedSystem(zeroSystem() as Parameters<typeof timedSystem>[0], [0, 1]).points(part);
  const latencies = modelLatencies(DATA.test.outcomes);
  assert.equal(points.length, latencies.length);
  points.forEach(({ latencySeconds }, j) =>
    assert.ok(Math.abs(latencySeconds - latencies[j].meanSeconds) < 1e-9 * latencySeconds)
  );
  assert.ok("system" in rerank({ rewardNoise: 0.1 }));
});

Deno.test("latencySummary() takes quantiles as numpy does; tables without times are refused", async () => {
  const summary = latencySummary(Float64Array.of(4, 1, 2, 3));
  assert.deepEqual([summary.meanSeconds, summary.medianSeconds], [2.5, 2.5]);
  assert.ok(Math.abs(summary.p95Seconds - 3.85) < 1e-12);
  const without = splitForEvaluation(simulateOutcomes({ nPromptsPerEval: 10, seed: 1 }), {
    ...EMBEDDINGS,
    nPrompts: 70,
    values: EMBEDDINGS.values.slice(0, 70 * EMBEDDINGS.nDims),
  }, { seed: 1 });
  await assert.rejects(evaluateLatency(without, [], { seed: 1 }), /as the outcomes must have times/);
  assert.throws(() => withSpeeds(OUTCOMES, { speeds: {} }), /needs a speed and a price above 0/);
  assert.throws(() => withSpeeds(OUTCOMES, { speeds: PAPER_MODEL_SPEEDS, spread: 1 }), /needs a seed/);
});
