import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { chooseModels } from "../../lib/evaluation/policy.ts";
import { loadLoggedOutcomes } from "../../lib/files/load_logged.ts";
import { decide, type Decision, type DecisionOptions, orderOfTrial } from "../../lib/serve/live_router.ts";
import { completion, configOf, LENGTH_ROUTER, startUpstream, withLive } from "./_live.ts";

const EXPECTATION = { quality: Float64Array.of(0.9, 0.5, 0.95), costUsd: Float64Array.of(1e-4, 1e-5, 1e-3) };
const SETTING = { name: "recommended", willingnessToPay: 0.002 };
const N = 30_000;
/** The χ² distribution's 99.9 % points for 1 and 2 degrees of freedom. */
const CRITICAL = [10.83, 13.82];

function decisions(options: Pick<DecisionOptions, "explore" | "routedShare">, seed = 1): Decision[] {
  const random = seededRandom(seed);
  return Array.from({ length: N }, () => decide(EXPECTATION, { setting: SETTING, random, ...options }));
}

/** χ² of how often models were chosen against the propensities that were stated. */
function chiSquare(chosen: readonly number[], stated: Float64Array): number {
  return stated.reduce((sum, propensity, j) => {
    const expected = propensity * chosen.length;
    const found = chosen.filter((each) => each === j).length;
    if (expected === 0) assert.equal(found, 0, "what cannot be chosen is not");
    return sum + (expected === 0 ? 0 : (found - expected) ** 2 / expected);
  }, 0);
}

Deno.test("decide() explores as often as it states", () => {
  const all = decisions({ explore: 0.3 });
  [0.8, 0.1, 0.1].forEach((propensity, j) => assert.ok(Math.abs(all[0].propensities[j] - propensity) < 1e-12));
  assert.ok(chiSquare(all.map(({ chosen }) => chosen), all[0].propensities) < CRITICAL[1]);
  assert.ok(decisions({ explore: 0 }).every(({ chosen }) => chosen === 0));
});

Deno.test("decide() in an A/B test states the mixture", () => {
  for (const defaultModel of [2, 0]) {
    const all = decisions({ explore: 0.3, routedShare: { share: 0.25, defaultModel } });
    const [{ propensities }] = all;
    assert.ok(Math.abs(propensities.reduce((a, b) => a + b) - 1) < 1e-12);
    assert.ok(chiSquare(all.map(({ chosen }) => chosen), propensities) < CRITICAL[1]);
    const routed = all.filter(({ arm }) => arm === "router");
    assert.ok(chiSquare(routed.map(({ chosen }) => chosen), Float64Array.of(0.8, 0.1, 0.1)) < CRITICAL[1]);
    assert.ok(chiSquare(all.map(({ arm }) => Number(arm === "router")), Float64Array.of(0.75, 0.25)) < CRITICAL[0]);
    assert.ok(all.every(({ arm, chosen }) => arm === "router" || chosen === defaultModel));
  }
});

Deno.test("orderOfTrial() is the chosen model, then the rest as the router would choose among them", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 200; round++) {
    const quality = Float64Array.from({ length: 5 }, () => random.integer(4) / 4);
    const costUsd = Float64Array.from({ length: 5 }, () => random.integer(3));
    const setting = { name: "any", willingnessToPay: [0, 1, 4, Infinity][round % 4] };
    const decision = decide({ quality, costUsd }, { setting, explore: 0.5, random });
    const order = [...orderOfTrial(decision)];
    const slow = [decision.chosen];
    while (slow.length < 5) {
      const rest = [0, 1, 2, 3, 4].filter((j) => !slow.includes(j));
      const predictions = {
        nPrompts: 1,
        models: rest.map(String),
        quality: Float64Array.from(rest, (j) => quality[j]),
        costUsd: Float64Array.from(rest, (j) => costUsd[j]),
      };
      slow.push(rest[chooseModels(predictions, setting.willingnessToPay)[0]]);
    }
    assert.deepEqual(order, slow);
  }
});

Deno.test("a log of an A/B test with feedback is read as it was written", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  const config = configOf(upstream.url);
  const options = { routedShare: { share: 0.5, defaultModel: "large" }, explore: 0.3, shadow: LENGTH_ROUTER };
  await withLive(config, async ({ chat, url, logged, folder, errors }) => {
    const n = 40;
    for (let i = 0; i < n; i++) {
      const response = await chat({ messages: [{ role: "user", content: `Prompt ${i}` }] });
      await response.body?.cancel();
      const feedback = { request_id: response.headers.get("x-request-id"), quality: i % 2 };
      const told = await fetch(`${url}/v1/feedback`, { method: "POST", body: JSON.stringify(feedback) });
      assert.deepEqual(await told.json(), { status: "ok" });
    }
    const lines = await logged();
    assert.equal(lines.length, 2 * n);
    const log = await loadLoggedOutcomes(folder);
    assert.deepEqual([log.models, log.requestIds.length], [["small", "middle", "large"], n]);
    assert.deepEqual([...log.quality], Array.from({ length: n }, (_, i) => i % 2));
    const [first] = lines as { propensities: number[]; shadow: { chosen: string } }[];
    [0.4, 0.05, 0.55].forEach((propensity, j) => {
      assert.ok(Math.abs(log.propensities![j] - propensity) < 1e-12);
      assert.equal(log.propensities![j], first.propensities[j]);
    });
    assert.equal(first.shadow.chosen, "small");
    assert.equal(log.prompts![0], "Prompt 0");
    assert.deepEqual(errors, []);
  }, options);
  await upstream.stop();
});
