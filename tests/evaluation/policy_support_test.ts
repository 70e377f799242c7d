import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { evaluatePolicy } from "../../lib/evaluation/off_policy.ts";
import { policySupport, propensityConflicts } from "../../lib/evaluation/policy_support.ts";
import { constantPolicy, loggingPolicy } from "../../lib/evaluation/target_policy.ts";
import { drawn, logOf, type World } from "./_logged_world.ts";

/** Every request with the same propensities. */
function evenWorld(propensities: readonly number[], n: number): World {
  const m = propensities.length;
  return {
    models: propensities.map((_, j) => `model ${j}`),
    quality: new Float64Array(n * m).fill(0.5),
    costUsd: new Float64Array(n * m).fill(0.01),
    propensities: Float64Array.from({ length: n * m }, (_, at) => propensities[at % m]),
  };
}

Deno.test("a policy whose choice had no chance on some prompts is refused, with their share", () => {
  const world = evenWorld([0.5, 0.5], 200);
  for (let i = 0; i < 50; i++) world.propensities.set([1, 0], i * 2);
  const log = logOf(world, drawn(world, seededRandom(1)));
  const target = constantPolicy(log, "model 1");
  assert.ok(Math.abs(policySupport(log, target).shareWithoutChance - 0.25) < 1e-12);
  assert.equal(policySupport(log, constantPolicy(log, "model 0")).refusal, null);
  assert.throws(
    () => evaluatePolicy(log, target, { outcomeModel: null, nResamples: 100, seed: 1 }),
    /^RangeError: Cannot judge "model 1" as every choice of a policy must have had a chance in the log: on 25\.0 % of the prompts its choice had propensity 0; log with some exploration, so that each model answers now and then$/,
  );
});

Deno.test("where only the propensities of choices are known, weights that lack much to 1 tell the same", () => {
  const world = evenWorld([0.5, 0.5], 400);
  for (let i = 0; i < 200; i++) world.propensities.set([1, 0], i * 2);
  const log = { ...logOf(world, drawn(world, seededRandom(2))), propensities: null };
  const { shareWithoutChance, refusal } = policySupport(log, constantPolicy(log, "model 1"));
  assert.ok(Math.abs(shareWithoutChance - 0.5) < 0.1);
  assert.match(refusal!, /^on about [45]\d\.\d % of the prompts its choice had propensity 0$/);
  assert.equal(policySupport(log, constantPolicy(log, "model 0")).refusal, null);
  assert.throws(
    () => loggingPolicy(log),
    /the propensities of all models must be logged: only those of the choices are/,
  );
});

Deno.test("a policy that was hardly ever followed is refused", () => {
  const log = logOf(evenWorld([0.99, 0.01], 100), Array.from({ length: 100 }, (_, i) => Number(i < 3)));
  assert.match(
    policySupport(log, constantPolicy(log, "model 1")).refusal!,
    /^its choices were made too rarely: they are worth 3\.0 prompts, 10 are needed$/,
  );
  const never = logOf(evenWorld([0.99, 0.01], 100), new Array(100).fill(0));
  assert.equal(
    policySupport(never, constantPolicy(never, "model 1")).refusal,
    "none of its choices was made in the log",
  );
});

Deno.test("policies that do not fit the log are refused", () => {
  const log = logOf(evenWorld([0.5, 0.5], 3), [0, 1, 0]);
  assert.throws(
    () => constantPolicy(log, "modell 1"),
    /"modell 1" is none; did you mean "model 1"\?; there are "model 0"/,
  );
  assert.throws(
    () => policySupport(log, { name: "short", probabilities: new Float64Array(2) }),
    /^TypeError: Cannot judge "short" as its probabilities must be the log's prompts × models: there are 2 for 3×2$/,
  );
  assert.throws(
    () => policySupport(log, { name: "half", probabilities: new Float64Array(6).fill(0.25) }),
    /^RangeError: Cannot judge "half" as its probabilities of a request must be 0 or more and add up to 1: those of "request 0" are \[0\.25,0\.25\]$/,
  );
});

Deno.test("propensities that are not those of the draws are found, and true ones never", () => {
  const world = evenWorld([0.7, 0.3], 500);
  const chosen = drawn(world, seededRandom(3));
  assert.deepEqual(propensityConflicts(logOf(world, chosen)), []);
  const swapped = logOf({ ...world, propensities: world.propensities.map((p) => 1 - p) }, chosen);
  const conflicts = propensityConflicts(swapped);
  assert.deepEqual(conflicts.map(({ model }) => model), ["model 0", "model 1"]);
  assert.equal(conflicts[0].nChosen, chosen.filter((j) => j === 0).length);
  assert.ok(Math.abs(conflicts[0].nExpected - 150) < 1e-9);
});
