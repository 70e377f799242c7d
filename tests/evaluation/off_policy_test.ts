import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { abTest } from "../../lib/evaluation/arms.ts";
import { evaluatePolicy, loggedMeans } from "../../lib/evaluation/off_policy.ts";
import { constantPolicy, loggingPolicy, routerPolicy, type TargetPolicy } from "../../lib/evaluation/target_policy.ts";
import type { LoggedPredictions } from "../../lib/outcomes/logged_outcomes.ts";
import { chanceRows, drawn, logOf, type World } from "./_logged_world.ts";

const RESAMPLES = { nResamples: 100, seed: 1 };

function smallWorld(seed: number, n: number, m = 2): World {
  const random = seededRandom(seed);
  return {
    models: Array.from({ length: m }, (_, j) => `model ${j}`),
    quality: Float64Array.from({ length: n * m }, () => random.uniform()),
    costUsd: Float64Array.from({ length: n * m }, () => random.uniform() / 100),
    propensities: chanceRows(random, n, { m, least: 0.1 }),
  };
}

/** Mean of the outcomes under a policy when all are known. */
function truth(values: Float64Array, { probabilities }: TargetPolicy, n: number): number {
  return values.reduce((sum, value, at) => sum + probabilities[at] * value, 0) / n;
}

function close(actual: number, expected: number, within: number): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);
}

// The smallest number of prompts that an effective number of ten allows: 2^12 logs.
const N = 12;

Deno.test("over all logs that can come, inverse propensity and doubly robust have the true means", () => {
  const world = smallWorld(1, N);
  const random = seededRandom(2);
  const target: TargetPolicy = {
    name: "mixed",
    // Near the logging policy, so that no log is worth less than ten prompts.
    probabilities: world.propensities.map((p, at) => p + (at % 2 === 0 ? 0.02 : -0.02)),
  };
  const outcomeModel: LoggedPredictions = {
    quality: Float64Array.from({ length: 2 * N }, () => random.normal()),
    costUsd: Float64Array.from({ length: 2 * N }, () => random.normal()),
  };
  const sums = { ipsQuality: 0, ipsCost: 0, drQuality: 0, drCost: 0, chance: 0 };
  for (let number = 0; number < 2 ** N; number++) {
    const chosen = Array.from({ length: N }, (_, i) => (number >> i) & 1);
    const chance = chosen.reduce((product, j, i) => product * world.propensities[i * 2 + j], 1);
    const { inversePropensity, doublyRobust } = evaluatePolicy(logOf(world, chosen), target, {
      ...RESAMPLES,
      outcomeModel,
    });
    sums.chance += chance;
    sums.ipsQuality += chance * inversePropensity.quality.value;
    sums.ipsCost += chance * inversePropensity.costUsd.value;
    sums.drQuality += chance * doublyRobust!.quality.value;
    sums.drCost += chance * doublyRobust!.costUsd.value;
  }
  close(sums.chance, 1, 1e-12);
  close(sums.ipsQuality, truth(world.quality, target, N), 1e-12);
  close(sums.drQuality, truth(world.quality, target, N), 1e-12);
  close(sums.ipsCost, truth(world.costUsd, target, N), 1e-12);
  close(sums.drCost, truth(world.costUsd, target, N), 1e-12);
});

Deno.test("doubly robust is inverse propensity where the model is zero, and exact where the model is right", () => {
  const world = smallWorld(3, 200, 3);
  const log = logOf(world, drawn(world, seededRandom(4)));
  const target = constantPolicy(log, "model 1");
  const zero = { quality: new Float64Array(600), costUsd: new Float64Array(600) };
  const withZero = evaluatePolicy(log, target, { ...RESAMPLES, outcomeModel: zero });
  assert.deepEqual(withZero.doublyRobust, withZero.inversePropensity);
  const right = evaluatePolicy(log, target, { ...RESAMPLES, outcomeModel: world });
  close(right.doublyRobust!.quality.value, truth(world.quality, target, 200), 1e-12);
  close(right.doublyRobust!.costUsd.value, truth(world.costUsd, target, 200), 1e-12);
});

Deno.test("the logging policy has the plain means of the log, by all estimators without a model", () => {
  const world = smallWorld(5, 150, 3);
  const log = logOf(world, drawn(world, seededRandom(6)));
  const { selfNormalised, inversePropensity, support, overLog } = evaluatePolicy(log, loggingPolicy(log), {
    ...RESAMPLES,
    outcomeModel: null,
  });
  const mean = log.quality.reduce((a, b) => a + b) / 150;
  const sd = Math.sqrt(log.quality.reduce((sum, q) => sum + (q - mean) ** 2, 0) / 149);
  assert.deepEqual(selfNormalised, loggedMeans(log, RESAMPLES));
  close(selfNormalised.quality.value, mean, 1e-15);
  close(selfNormalised.quality.standardError, sd / Math.sqrt(150), 1e-15);
  close(inversePropensity.costUsd.value, log.costUsd.reduce((a, b) => a + b) / 150, 1e-15);
  assert.deepEqual([support.effectivePrompts, support.meanWeight, overLog.quality.value], [150, 1, 0]);
  assert.deepEqual(overLog.quality.interval, [0, 0]);
});

Deno.test("estimates and standard errors are those of their formulas", () => {
  const world = smallWorld(7, 120, 3);
  const log = logOf(world, drawn(world, seededRandom(8)));
  const j = 2;
  const found = evaluatePolicy(log, constantPolicy(log, "model 2"), { ...RESAMPLES, outcomeModel: null });
  const w = Array.from(log.chosen, (model, i) => model === j ? 1 / world.propensities[i * 3 + j] : 0);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const wr = w.map((weight, i) => weight * log.quality[i]);
  const ips = sum(wr) / 120;
  const snips = sum(wr) / sum(w);
  close(found.inversePropensity.quality.value, ips, 1e-14);
  close(found.selfNormalised.quality.value, snips, 1e-14);
  close(found.support.effectivePrompts, sum(w) ** 2 / sum(w.map((weight) => weight ** 2)), 1e-9);
  const ipsSd = Math.sqrt(sum(wr.map((each) => (each - ips) ** 2)) / 119);
  close(found.inversePropensity.quality.standardError, ipsSd / Math.sqrt(120), 1e-14);
  const snipsSquares = sum(w.map((weight, i) => (weight * (log.quality[i] - snips)) ** 2));
  close(found.selfNormalised.quality.standardError, Math.sqrt(120 / 119 * snipsSquares) / sum(w), 1e-14);
});

Deno.test("requests of the same prompt are drawn together: repeating every request changes no interval", () => {
  const world = smallWorld(9, 100, 2);
  const chosen = drawn(world, seededRandom(10));
  const once = logOf(world, chosen);
  const twice = logOf(
    {
      models: world.models,
      quality: Float64Array.of(...world.quality, ...world.quality),
      costUsd: Float64Array.of(...world.costUsd, ...world.costUsd),
      propensities: Float64Array.of(...world.propensities, ...world.propensities),
    },
    [...chosen, ...chosen],
    [...once.promptIds, ...once.promptIds],
  );
  const a = evaluatePolicy(once, constantPolicy(once, "model 0"), { ...RESAMPLES, outcomeModel: null });
  const b = evaluatePolicy(twice, constantPolicy(twice, "model 0"), { ...RESAMPLES, outcomeModel: null });
  for (const estimator of ["inversePropensity", "selfNormalised"] as const) {
    close(b[estimator].quality.value, a[estimator].quality.value, 1e-12);
    close(b[estimator].quality.standardError, a[estimator].quality.standardError, 1e-12);
    close(b[estimator].quality.interval[0], a[estimator].quality.interval[0], 1e-12);
  }
});

Deno.test("a router's policy sends each prompt where its predictions and λ do", () => {
  const world = smallWorld(11, 3);
  const log = logOf(world, [0, 1, 0]);
  const predictions = {
    nPrompts: 3,
    models: world.models,
    quality: Float64Array.of(0.2, 0.9, 0.8, 0.7, 0.5, 0.6),
    costUsd: Float64Array.of(1, 2),
  };
  const policy = (willingnessToPay: number): number[] => [
    ...routerPolicy(log, predictions, { name: "mine", willingnessToPay }).probabilities,
  ];
  assert.deepEqual(policy(0), [1, 0, 1, 0, 1, 0]);
  assert.deepEqual(policy(2), [0, 1, 1, 0, 1, 0]);
  assert.deepEqual(policy(Infinity), [0, 1, 1, 0, 0, 1]);
});

Deno.test("95 % intervals hold the truth in 93 to 97 of 100 simulated logs", () => {
  // So many that a share of .95 lies four standard errors inside the bounds: no seed has to be picked.
  const nLogs = 3000;
  const n = 300;
  const random = seededRandom(1);
  const held = { ips: 0, snips: 0, dr: 0, cost: 0, byStandardError: 0 };
  for (let log = 0; log < nLogs; log++) {
    // Prompts are drawn anew for each log: the truth is the mean over all prompts there could be.
    const hard = Array.from({ length: n }, () => random.uniform());
    const world: World = {
      models: ["small", "large"],
      quality: Float64Array.from(
        hard.flatMap((h) => [0.9 - 0.8 * h, 0.95 - 0.3 * h]),
        (p) => Number(random.uniform() < p),
      ),
      costUsd: Float64Array.from(hard.flatMap((h) => [0.001, 0.01 * (1 + h) * (0.5 + random.uniform())])),
      propensities: Float64Array.from(hard.flatMap((h) => [0.8 - 0.5 * h, 0.2 + 0.5 * h])),
    };
    const logged = logOf(world, drawn(world, random));
    const outcomeModel = {
      quality: Float64Array.from(hard.flatMap((h) => [0.9 - 0.7 * h, 0.9 - 0.3 * h])),
      costUsd: Float64Array.from(hard.flatMap(() => [0.001, 0.015])),
    };
    // Ten sets of resamples, which are drawn once each: what varies is the log.
    const found = evaluatePolicy(logged, constantPolicy(logged, "large"), {
      outcomeModel,
      nResamples: 400,
      seed: log % 10,
    });
    const holds = ([low, high]: readonly [number, number], value: number): number =>
      Number(low <= value && value <= high);
    const { value, standardError } = found.doublyRobust!.quality;
    held.ips += holds(found.inversePropensity.quality.interval, 0.8);
    held.snips += holds(found.selfNormalised.quality.interval, 0.8);
    held.dr += holds(found.doublyRobust!.quality.interval, 0.8);
    held.cost += holds(found.doublyRobust!.costUsd.interval, 0.015);
    held.byStandardError += holds([value - 1.96 * standardError, value + 1.96 * standardError], 0.8);
  }
  for (const [name, count] of Object.entries(held)) {
    assert.ok(count >= 0.93 * nLogs && count <= 0.97 * nLogs, `${name}: ${count} of ${nLogs}`);
  }
});

Deno.test("evaluatePolicy() refuses too few resamples, a single prompt, and a model of other shape", () => {
  const world = smallWorld(13, 40);
  const log = logOf(world, drawn(world, seededRandom(14)));
  const target = loggingPolicy(log);
  assert.throws(
    () => evaluatePolicy(log, target, { outcomeModel: null, nResamples: 99, seed: 1 }),
    /^RangeError: Cannot judge a policy as an interval needs at least 100 resamples: it is 99; pass 1000$/,
  );
  const same = { ...log, promptIds: log.promptIds.map(() => "the same") };
  assert.throws(
    () => evaluatePolicy(same, target, { ...RESAMPLES, outcomeModel: null }),
    /^RangeError: Cannot judge a policy as an interval needs two different prompts or more: there is one$/,
  );
  const short = { quality: new Float64Array(2), costUsd: new Float64Array(2) };
  assert.throws(
    () => evaluatePolicy(log, target, { ...RESAMPLES, outcomeModel: short }),
    /the model of outcomes must be prompts × models: there are 2 predictions for 40×2$/,
  );
});

Deno.test("abTest() is the difference of the arms' means, and its interval covers the truth 95 times in 100", () => {
  const random = seededRandom(4);
  const drawnLog = (seed: number, n: number): ReturnType<typeof logOf> => {
    const world = smallWorld(seed, n);
    return logOf(world, drawn(world, random));
  };
  let nCovered = 0;
  const nLogs = 300;
  for (let round = 0; round < nLogs; round++) {
    const n = 200;
    const isRouted = Array.from({ length: n }, () => random.uniform() < 0.3);
    const log = {
      ...drawnLog(round, n),
      quality: Float64Array.from(isRouted, (routed) => Number(random.uniform() < (routed ? 0.8 : 0.6))),
      arms: isRouted.map((routed) => routed ? "router" : "default"),
    };
    const { difference, nRequests } = abTest(log, RESAMPLES)!;
    const mean = (arm: boolean): number => {
      const values = [...log.quality].filter((_, i) => isRouted[i] === arm);
      return values.reduce((a, b) => a + b) / values.length;
    };
    close(difference.quality.value, mean(true) - mean(false), 1e-12);
    assert.equal(nRequests.routed, isRouted.filter(Boolean).length);
    const [low, high] = difference.quality.interval;
    nCovered += Number(low <= 0.2 && 0.2 <= high);
  }
  // Binomial: .95 less three standard errors, and the little that 100 resamples take off.
  assert.ok(nCovered / nLogs > 0.9 && nCovered / nLogs < 0.985, String(nCovered / nLogs));
  assert.equal(abTest(drawnLog(1, 20), RESAMPLES), null);
  const oneArm = { ...drawnLog(1, 20), arms: Array.from({ length: 20 }, () => "router") };
  assert.equal(abTest(oneArm, RESAMPLES), null);
});
