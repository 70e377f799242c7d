import assert from "node:assert/strict";
import { outcomeTable } from "routerbench";
import {
  erlangC,
  fixedPolicy,
  largestLoad,
  loadPolicy,
  meanWait,
  poolAt,
  simulatePool,
  waitsLongerThan,
} from "routerbench/axes";
import { seededRandom } from "../../lib/base/random.ts";

type Table = ReturnType<typeof outcomeTable>;

/** A table of one evaluation with given seconds, `[n · m]`; the second model is better and dearer. */
function tableWith(models: readonly string[], seconds: Float64Array): Table {
  const m = models.length;
  const n = seconds.length / m;
  return outcomeTable({
    models,
    promptIds: Array.from({ length: n }, (_, i) => `${i}`),
    evalNames: Array(n).fill("mine"),
    prompts: null,
    quality: seconds.map((_, at) => at % m === 0 ? 0.5 : 0.9),
    costUsd: seconds.map((_, at) => at % m === 0 ? 1 : 10),
    latencySeconds: seconds,
    source: { kind: "file", name: "times", sha256: "", notes: [] },
  });
}

/** Quantiles of an exponential variable with mean 1 in the middle of equal shares, scaled to mean 1: as good as exponential. */
function exponentials(count: number): Float64Array {
  const raw = Float64Array.from({ length: count }, (_, i) => -Math.log(1 - (i + 0.5) / count));
  const mean = raw.reduce((a, b) => a + b) / count;
  return raw.map((value) => value / mean);
}

/** z of the simulated mean wait against a number, from independent runs. */
function zOfWait(
  outcomes: Table,
  { places, load, expected }: { places: number; load: number; expected: number },
): number {
  const policy = fixedPolicy(new Int32Array(outcomes.promptIds.length));
  const runs = Array.from(
    { length: 16 },
    (_, seed) =>
      simulatePool({
        outcomes,
        policy,
        places: { a: places },
        requestsPerSecond: load,
        nRequests: 20_000,
        seed: seed + 1,
      })
        .meanWaitSeconds,
  );
  const mean = runs.reduce((a, b) => a + b) / runs.length;
  const variance = runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / (runs.length - 1);
  return (mean - expected) / Math.sqrt(variance / runs.length);
}

Deno.test("erlangC() equals the sum of its definition", () => {
  for (const [places, offered] of [[1, 0.3], [2, 1.5], [5, 4.9], [40, 30]]) {
    let term = 1;
    let sum = 0;
    for (let k = 0; k < places; k++) {
      sum += term;
      term *= offered / (k + 1);
    }
    const last = term * places / (places - offered);
    assert.ok(Math.abs(erlangC(places, offered) - last / (sum + last)) < 1e-12);
  }
  assert.equal(erlangC(3, 3), 1);
});

Deno.test("meanWait() is met by simulated arrivals where it is exact: M/M/c and M/G/1", () => {
  const exponential = tableWith(["a"], exponentials(2000));
  for (const [places, load] of [[1, 0.6], [2, 1.4], [8, 6]]) {
    const { meanSeconds } = poolAt(
      { outcomes: exponential, choices: new Int32Array(2000), places: { a: places } },
      load,
    );
    const expected = meanSeconds - 1;
    const exact = erlangC(places, load) / (places - load);
    assert.ok(Math.abs(expected / exact - 1) < 5e-3, `${expected} and ${exact}`);
    const z = zOfWait(exponential, { places, load, expected });
    assert.ok(Math.abs(z) < 4, `M/M/${places}: z = ${z}`);
  }
  const mixed = tableWith(["a"], Float64Array.of(0.2, 0.2, 0.2, 5, 1, 0.7));
  const equal = tableWith(["a"], Float64Array.of(1));
  for (const outcomes of [mixed, equal]) {
    const load = 0.55 / (outcomes.latencySeconds!.reduce((a, b) => a + b) / outcomes.promptIds.length);
    const choices = new Int32Array(outcomes.promptIds.length);
    const service = outcomes.latencySeconds!.reduce((a, b) => a + b) / choices.length;
    const expected = poolAt({ outcomes, choices, places: { a: 1 } }, load).meanSeconds - service;
    const z = zOfWait(outcomes, { places: 1, load, expected });
    assert.ok(Math.abs(z) < 4, `M/G/1: z = ${z}`);
  }
});

Deno.test("meanWait() of M/G/c with several places is an approximation, within a tenth of simulated arrivals", () => {
  const random = seededRandom(1, "lognormal");
  const lognormal = tableWith(["a"], Float64Array.from({ length: 4000 }, () => Math.exp(0.8 * random.normal())));
  const choices = new Int32Array(4000);
  const service = lognormal.latencySeconds!.reduce((a, b) => a + b) / 4000;
  const load = 4 * 0.8 / service;
  const formula = poolAt({ outcomes: lognormal, choices, places: { a: 4 } }, load).meanSeconds - service;
  const policy = fixedPolicy(choices);
  const simulated = simulatePool({
    outcomes: lognormal,
    policy,
    places: { a: 4 },
    requestsPerSecond: load,
    nRequests: 400_000,
    seed: 1,
  });
  assert.ok(Math.abs(formula / simulated.meanWaitSeconds - 1) < 0.1, `${formula} and ${simulated.meanWaitSeconds}`);
});

Deno.test("waitsLongerThan() is exact for M/M/c, and largestLoad() keeps its limit in simulation", () => {
  const queue = { arrivalsPerSecond: 1.5, places: 2, serviceSeconds: 1, serviceVariation: 1 };
  assert.ok(Math.abs(waitsLongerThan(queue, 2) - erlangC(2, 1.5) * Math.exp(-(2 - 1.5) * 2)) < 1e-12);
  assert.ok(Math.abs(meanWait(queue) - erlangC(2, 1.5) / 0.5) < 1e-12);
  const outcomes = tableWith(["a"], exponentials(2000));
  const policy = { outcomes, choices: new Int32Array(2000), places: { a: 3 } };
  const load = largestLoad(policy, { share: 0.95, withinSeconds: 4 });
  assert.ok(Math.abs(poolAt(policy, load).lateShare(4) - 0.05) < 1e-6);
  const run = simulatePool({
    ...policy,
    policy: fixedPolicy(policy.choices),
    requestsPerSecond: load,
    nRequests: 200_000,
    seed: 3,
  });
  assert.ok(Math.abs(run.p95Seconds / 4 - 1) < 0.05, `${run.p95Seconds}`);
  assert.equal(largestLoad(policy, { meanSeconds: 0.5 }), 0);
});

Deno.test("loadPolicy() turns to the other model where a queue is long, and serves more than a fixed policy", () => {
  const random = seededRandom(2, "pool");
  const seconds = Float64Array.from(
    { length: 2000 },
    (_, at) => (at % 2 === 0 ? 0.5 : 1) * Math.exp(0.3 * random.normal()),
  );
  const outcomes = tableWith(["small", "large"], seconds);
  const places = { small: 4, large: 4 };
  const shared = { outcomes, places, requestsPerSecond: 5, nRequests: 20_000, seed: 1 };
  const fixed = simulatePool({ ...shared, policy: fixedPolicy(new Int32Array(1000).fill(1)) });
  const predicted = { nModels: 2, quality: outcomes.quality, costUsd: outcomes.costUsd, latencySeconds: seconds };
  const byLoad = simulatePool({ ...shared, policy: loadPolicy(predicted, { willingnessToPay: 30, usdPerSecond: 3 }) });
  assert.ok(fixed.meanSeconds > 100, "the better model alone cannot keep up");
  assert.ok(byLoad.meanSeconds < 3 && byLoad.modelShares[1] > 0.2 && byLoad.quality > 0.55);
  assert.throws(
    () => simulatePool({ ...shared, places: { small: 1 }, policy: fixedPolicy(new Int32Array(1000).fill(1)) }),
    /must choose a model that has places: it chose large/,
  );
  assert.throws(
    () => largestLoad({ outcomes, places: {}, choices: new Int32Array(1000) }, { meanSeconds: 1 }),
    /"small" has 0/,
  );
});
