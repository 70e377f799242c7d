import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import type { OffPolicyEvaluation, PolicyEstimate } from "../../lib/evaluation/off_policy.ts";
import { evaluateLogged, type LoggedEvaluation } from "../../lib/experiments/logged_evaluation.ts";
import { type LoggedOutcomes, loggedOutcomes } from "../../lib/outcomes/logged_outcomes.ts";
import { drawn, logOf, type World } from "../evaluation/_logged_world.ts";

const MODELS = ["small", "large"];
/** Expected quality of small and large on prompts that ask for a sum, and on those that ask for a proof. */
const EXPECTED = { sum: [0.9, 0.9], proof: [0.2, 0.8] };
const COSTS = [0.001, 0.01];

const N_DIMS = 6;

/** A log of prompts of two kinds; the large model answers a third of them. */
function logOfKinds(n: number): LoggedOutcomes {
  const random = seededRandom(1, "the log");
  const cell = (of: (i: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: 2 * n }, (_, at) => of(Math.floor(at / 2), at % 2));
  const world: World = {
    models: MODELS,
    quality: cell((i, j) => Number(random.uniform() < EXPECTED[kindOf(i)][j])),
    costUsd: cell((_, j) => COSTS[j]),
    propensities: cell((_, j) => [2 / 3, 1 / 3][j]),
  };
  return logOf(world, drawn(world, random));
}

function kindOf(i: number): "sum" | "proof" {
  return i % 2 === 0 ? "sum" : "proof";
}

/** Vectors that tell the kind of a prompt among chance numbers. */
function vectorsOf(n: number): Embeddings {
  const random = seededRandom(2, "the vectors");
  const values = Float32Array.from({ length: n * N_DIMS }, (_, at) => {
    const chance = random.uniform() - 0.5;
    return at % N_DIMS === 0 ? Number(kindOf(Math.floor(at / N_DIMS)) === "sum") : chance;
  });
  return { nPrompts: n, nDims: N_DIMS, values, encoder: "hand-made" };
}

function policyOf({ policies }: LoggedEvaluation, name: string): OffPolicyEvaluation {
  return policies.find((policy) => policy.name === name)!.found!;
}

function assertHolds({ interval: [low, high] }: PolicyEstimate, truth: number, what: string): void {
  assert.ok(low <= truth && truth <= high, `${what}: ${truth} is not in [${low}, ${high}]`);
}

Deno.test("evaluateLogged() finds models and a router that the text decides, from a third of the outcomes", async () => {
  const found = await evaluateLogged(logOfKinds(1200), vectorsOf(1200), { nResamples: 400, seed: 1 });
  assert.deepEqual(found.policies.slice(0, 3).map(({ name }) => name), ["small", "large", "Logging policy"]);
  assert.deepEqual(found.conflicts, []);
  const small = policyOf(found, "small");
  const large = policyOf(found, "large");
  assertHolds(small.doublyRobust!.quality, 0.55, "small");
  assertHolds(large.doublyRobust!.quality, 0.85, "large");
  assert.ok(Math.abs(large.doublyRobust!.costUsd.value - 0.01) < 1e-9, "costs that do not vary are known");
  const width = ({ interval: [low, high] }: PolicyEstimate): number => high - low;
  assert.ok(width(small.doublyRobust!.quality) < width(small.selfNormalised.quality), "the text explains outcomes");

  // Where quality is dear enough, proofs go to the large model and sums stay with the small one: .85 at .0055 USD.
  const routers = found.policies.filter(({ name }) => name.startsWith("Ridge router"));
  assert.equal(routers.length, 4);
  const best = routers.map(({ found }) => found!.doublyRobust!).reduce((a, b) =>
    b.quality.value - 10 * b.costUsd.value > a.quality.value - 10 * a.costUsd.value ? b : a
  );
  assertHolds(best.quality, 0.85, "router");
  assert.ok(best.costUsd.value < 0.008, `${best.costUsd.value} USD`);
});

Deno.test("evaluateLogged() keeps all requests of a prompt in one fold, so that no router knows its luck", async () => {
  const n = 600;
  const nTexts = 60;
  const random = seededRandom(3, "luck");
  const luck = Float64Array.from({ length: 2 * nTexts }, () => Number(random.uniform() < 0.5));
  const world: World = {
    models: MODELS,
    quality: Float64Array.from({ length: 2 * n }, (_, at) => luck[at % (2 * nTexts)]),
    costUsd: Float64Array.from({ length: 2 * n }, (_, at) => COSTS[at % 2]),
    propensities: new Float64Array(2 * n).fill(0.5),
  };
  const ids = Array.from({ length: n }, (_, i) => `p${i % nTexts}`);
  const values = new Float32Array(n * nTexts);
  for (let i = 0; i < n; i++) values[i * nTexts + i % nTexts] = 1;
  const embeddings = { nPrompts: n, nDims: nTexts, values, encoder: "one number a prompt" };
  const { policies } = await evaluateLogged(logOf(world, drawn(world, random), ids), embeddings, {
    ...{ nResamples: 100, seed: 1 },
  });
  const { quality } = policies.find(({ name }) => name.endsWith("∞"))!.found!.doublyRobust!;
  // Who knew each prompt's luck would have about .75; who does not has what a model has.
  const better = Math.max(
    ...MODELS.map((_, j) => luck.filter((_, at) => at % 2 === j).reduce((a, b) => a + b) / nTexts),
  );
  const best = luck.filter((own, at) => at % 2 === 0 && Math.max(own, luck[at + 1]) === 1).length / nTexts;
  assert.ok(quality.value < better + 0.3 * (best - better), `${quality.value}: a model has ${better}, luck ${best}`);
});

Deno.test("evaluateLogged() without texts judges models, and says of which it cannot", async () => {
  const log = logOfKinds(300);
  const never = loggedOutcomes({
    ...log,
    models: [...MODELS, "new"],
    propensities: Float64Array.from({ length: 900 }, (_, at) => at % 3 === 2 ? 0 : [2 / 3, 1 / 3][at % 3]),
  });
  const { policies, conflicts, logged } = await evaluateLogged(never, null, { nResamples: 100, seed: 1 });
  assert.deepEqual(policies.map(({ name }) => name), ["small", "large", "new", "Logging policy"]);
  assert.match(policies[2].refusal!, /^none of its choices was made in the log$/);
  assert.equal(policies[2].found, null);
  assert.equal(policies[0].found!.doublyRobust, null);
  assert.deepEqual(conflicts, []);
  const mean = log.quality.reduce((sum, value) => sum + value, 0) / 300;
  assert.ok(Math.abs(logged.quality.value - mean) < 1e-12);
});

Deno.test("evaluateLogged() names models whose choices contradict their propensities", async () => {
  const log = logOfKinds(300);
  const swapped = loggedOutcomes({
    ...log,
    propensity: log.propensity.map((p) => 1 - p),
    propensities: log.propensities!.map((p) => 1 - p),
  });
  const { conflicts } = await evaluateLogged(swapped, null, { nResamples: 100, seed: 1 });
  assert.deepEqual(conflicts.map(({ model }) => model), MODELS);
});
