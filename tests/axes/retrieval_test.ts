import assert from "node:assert/strict";
import { evaluateRouters, knn, linear, outcomeTable, splitForEvaluation } from "routerbench";
import { acceptanceQuality } from "routerbench";
import {
  armOf,
  bestPolicy,
  cascadeAfterRetrieval,
  evaluateRetrieval,
  onlyRetrievers,
  pairOutcomes,
  pairsOfRetriever,
  type RetrievalWorld,
  SIMULATED_WORLD,
  simulateRetrieval,
  twoStage,
  type TwoStagePolicy,
  worthOf,
} from "routerbench/axes";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { seededRandom } from "../../lib/base/random.ts";

const SIMULATED = simulateRetrieval({ nPrompts: 3000, seed: 1 });
const EMBEDDINGS = await lexicalEncoder({ nDims: 40 }).encode(SIMULATED.pairs.outcomes);

Deno.test("with one retriever the two-stage router is today's router, bit for bit", async () => {
  const single = onlyRetrievers(SIMULATED.pairs, ["bm25"]);
  const data = splitForEvaluation(single.outcomes, EMBEDDINGS, { seed: 1 });
  for (const router of [linear({ alpha: 3 }), knn({ k: 10 })]) {
    const { systems } = await evaluateRouters(data, [
      router,
      twoStage({ pairs: single, embeddings: EMBEDDINGS, router }),
    ], {
      nResamples: 100,
      seed: 1,
    });
    const [, today, staged] = systems;
    const numbers = (of: typeof today): number[][] => of.settings.map(({ costUsd, quality }) => [costUsd, quality]);
    assert.deepEqual(numbers(staged), numbers(today));
    assert.equal(staged.aiqFormula, today.aiqFormula);
    assert.deepEqual(staged.sample, today.sample);
  }
});

/** A small world by chance: two kinds, two retrievers with two findings each, two models. */
function smallWorld(seed: number): RetrievalWorld {
  const random = seededRandom(seed, "world");
  const two = <T>(of: () => T): [T, T] => [of(), of()];
  const split = (): number[] => {
    const share = random.uniform();
    return [share, 1 - share];
  };
  return {
    kinds: split(),
    retrievers: ["none", "bm25"],
    models: ["small", "large"],
    found: two(() => two(split)),
    quality: two(() => two(() => two(() => two(random.uniform)))),
    retrievalCostUsd: [0, 0.1 * random.uniform()],
    callCostUsd: two(() => two(random.uniform)),
  };
}

Deno.test("bestPolicy() is the best of all policies by enumeration, with and without a second look", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const world = smallWorld(seed);
    for (const willingnessToPay of [0, 0.3, 1, 3]) {
      for (const secondLook of [true, false]) {
        const worth = (policy: TwoStagePolicy): number => {
          const { costUsd, quality } = worthOf(world, policy);
          return willingnessToPay * quality - costUsd;
        };
        let best = -Infinity;
        for (let code = 0; code < 64; code++) {
          const bit = (at: number): number => code >> at & 1;
          const model = [[bit(2), bit(3)], [bit(4), bit(5)]];
          if (!secondLook && model.some(([poor, good]) => poor !== good)) continue;
          best = Math.max(best, worth({ retriever: [bit(0), bit(1)], model }));
        }
        const found = worth(bestPolicy(world, { willingnessToPay, secondLook }));
        assert.ok(Math.abs(found - best) < 1e-12, `${seed}, ${willingnessToPay}: ${found} and ${best}`);
      }
    }
  }
});

Deno.test("simulateRetrieval() is what its world says", () => {
  const { pairs: { outcomes, retrievers, models }, kinds, findings, world } = simulateRetrieval({
    nPrompts: 20_000,
    seed: 2,
  });
  const [r, m] = [retrievers.length, models.length];
  // The mean quality of a policy on the prompts is its worth in the world.
  const policy = bestPolicy(world, { willingnessToPay: 0.01 });
  const chosen = (i: number): number => {
    const place = policy.retriever[kinds[i]];
    return i * r * m + place * m + policy.model[kinds[i]][findings[i * r + place]];
  };
  const mean = (values: Float64Array): number => kinds.reduce((sum, _, i) => sum + values[chosen(i)], 0) / kinds.length;
  const worth = worthOf(world, policy);
  assert.ok(Math.abs(mean(outcomes.quality) - worth.quality) < 4 * Math.sqrt(0.25 / 20_000));
  assert.ok(Math.abs(mean(outcomes.costUsd) / worth.costUsd - 1) < 0.03);
});

Deno.test("two stages gain by the second look where findings differ, and stay below the best policy", async () => {
  const { pairs, retrieved } = SIMULATED;
  const found = await evaluateRetrieval({ pairs, embeddings: EMBEDDINGS, retrieved, router: linear({ alpha: 3 }) }, {
    seed: 1,
    nResamples: 200,
  });
  assert.ok(
    found.secondLook.interval[0] > 0,
    `second look: ${found.secondLook.difference} [${found.secondLook.interval}]`,
  );
  assert.ok(found.overFixed.interval[0] > 0);
  // By duality no policy of that cost has more quality than the best one at any λ, beyond what chance does on 900 prompts.
  for (const { costUsd, quality } of found.evaluation.systems.at(-1)!.hull) {
    const bounds = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1].map((willingnessToPay) => {
      const worth = worthOf(SIMULATED_WORLD, bestPolicy(SIMULATED_WORLD, { willingnessToPay }));
      return worth.quality + (costUsd - worth.costUsd) / willingnessToPay;
    });
    assert.ok(quality <= Math.min(...bounds) + 4 * 0.5 / Math.sqrt(900));
  }
});

Deno.test("a cascade pays and waits for retrieval once", () => {
  const table = outcomeTable({
    models: ["bm25+a", "bm25+b"],
    promptIds: ["1", "2"],
    evalNames: ["mine", "mine"],
    prompts: null,
    quality: Float64Array.of(0, 1, 1, 1),
    costUsd: Float64Array.of(3, 7, 3, 7),
    latencySeconds: Float64Array.of(1.5, 2.5, 1.5, 2.5),
    source: { kind: "file", name: "pairs", sha256: "", notes: [] },
  });
  const pairs = pairOutcomes(table, { retrievalCostUsd: { bm25: 2 }, retrievalSeconds: { bm25: 0.5 } });
  const options = {
    retriever: "bm25",
    budgetUsd: 100,
    order: [0, 1],
    judgeError: 0,
    acceptFromQuality: acceptanceQuality(table),
  };
  const { costUsd, quality, latencySeconds } = cascadeAfterRetrieval(pairs, options);
  assert.deepEqual([...costUsd], [2 + 1 + 5, 2 + 1]);
  assert.deepEqual([...quality], [1, 1]);
  assert.deepEqual([...latencySeconds!], [0.5 + 1 + 2, 0.5 + 1]);
});

Deno.test("pairs are read by their names and put in order; what is not a full table is refused", () => {
  assert.deepEqual(armOf("bm25+a+b"), { name: "bm25+a+b", retriever: "bm25", model: "a+b" });
  assert.equal(armOf("gpt-4").retriever, "none");
  const table = (models: string[]): ReturnType<typeof outcomeTable> =>
    outcomeTable({
      models,
      promptIds: ["1"],
      evalNames: ["mine"],
      prompts: null,
      quality: Float64Array.from(models, (_, j) => j / 10),
      costUsd: Float64Array.from(models, (_, j) => j),
      latencySeconds: null,
      source: { kind: "file", name: "pairs", sha256: "", notes: [] },
    });
  const { outcomes, retrievers, models } = pairOutcomes(table(["dense+b", "a", "dense+a", "b"]));
  assert.deepEqual([retrievers, models], [["dense", "none"], ["b", "a"]]);
  assert.deepEqual([...outcomes.costUsd], [0, 2, 3, 1]);
  assert.deepEqual([...pairsOfRetriever(pairOutcomes(table(["dense+b", "a", "dense+a", "b"])), "none").costUsd], [
    3,
    1,
  ]);
  assert.throws(() => pairOutcomes(table(["a", "dense+b"])), /"b" has no column/);
  assert.throws(
    () => pairOutcomes(table(["a", "b"]), { retrievalCostUsd: { none: 3 } }),
    /"a" has 0 in all and 3 for retrieving/,
  );
});
