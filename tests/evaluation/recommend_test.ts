import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { simultaneousBounds } from "../../lib/evaluation/_simultaneous_bounds.ts";
import { bestRouter } from "../../lib/evaluation/chosen_recipes.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { cascade, knn, linear } from "../../lib/evaluation/recipes.ts";
import { recommend } from "../../lib/evaluation/recommend.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 120, seed: 1 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);
const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
const recipes = [knn({ k: 40 }), linear({ alpha: 10 }), bestRouter(), cascade({ judgeError: 0 })];
const evaluation = await evaluateRouters(data, recipes, { seed: 1, nResamples: 100 });

Deno.test("recommend() gives the cheapest setting whose margin's end is 0 or more", () => {
  const found = recommend(evaluation, { keep: 0.8 });
  const best = evaluation.models.toSorted((a, b) => b.quality - a.quality)[0];
  assert.equal(found.bestModel, best);
  assert.ok(found.isKept && found.place !== null && found.marginLow >= 0);
  assert.equal(found.demanded, 0.8 * best.quality);
  assert.ok(Math.abs(found.margin - (found.setting.quality - found.demanded)) < 1e-12);
  assert.ok(Math.abs(found.saving - (1 - found.setting.costUsd / best.costUsd)) < 1e-12);
  const [low, high] = found.savingInterval;
  assert.ok(low < found.saving && found.saving < high);
  const system = evaluation.systems.find(({ name }) => name === found.system)!;
  assert.equal(system.settings[found.place], found.setting);
  assert.match(found.reason, /is the cheapest of \d+ settings that keeps 80 % of the quality of /);
  // A higher promise is never cheaper, nor is a surer one.
  for (const other of [{ keep: 0.85 }, { keep: 0.8, confidence: 0.99 }]) {
    assert.ok(recommend(evaluation, other).setting.costUsd >= found.setting.costUsd);
  }
});

Deno.test("recommend() takes no cascade, whose judge knows the outcome", () => {
  for (const keep of [0.5, 0.7, 0.9]) assert.doesNotMatch(recommend(evaluation, { keep }).system, /Cascade/);
  const nSettings =
    evaluation.systems.filter(({ family }) => family !== "cascade").flatMap(({ settings }) => settings).length;
  assert.equal(recommend(evaluation, { keep: 0.9 }).nSettings, nSettings);
});

Deno.test("recommend() runs the best model itself where nothing cheaper keeps its quality", () => {
  const found = recommend(evaluation, { keep: 1, confidence: 0.999 });
  assert.deepEqual([found.isKept, found.place, found.saving], [true, null, 0]);
  assert.match(found.reason, /^No cheaper setting of \d+ keeps 100 % of the quality of .+: run .+ itself$/);
  assert.equal(found.setting.modelShares!.reduce((a, b) => a + b), 1);
});

Deno.test("recommend() gives the best setting within a budget, and the cheapest that reaches a quality", () => {
  const budgetUsd = evaluation.models.toSorted((a, b) => b.quality - a.quality)[0].costUsd / 2;
  const within = recommend(evaluation, { budgetUsd });
  assert.ok(within.isKept && within.setting.costUsd <= budgetUsd);
  assert.match(within.reason, /is the best of \d+ settings that stays within/);
  const reached = recommend(evaluation, { quality: 0.6 });
  assert.ok(reached.isKept && reached.setting.quality >= 0.6 && reached.marginLow >= 0);
  assert.equal(recommend(evaluation, { quality: 1 }).isKept, false);
  const broke = recommend(evaluation, { budgetUsd: 1e-9 });
  assert.match(
    broke.reason,
    /^None of \d+ settings stays within 1e-9 USD a prompt with 95 % confidence: the cheapest single/,
  );
});

Deno.test("recommend() is the same each time, and refuses what it cannot judge", async () => {
  assert.deepEqual(recommend(evaluation, { keep: 0.9 }), recommend(evaluation, { keep: 0.9 }));
  assert.throws(
    () => recommend(evaluation, {} as { keep: number }),
    /exactly one of keep, budgetUsd and quality: there is none/,
  );
  assert.throws(() => recommend(evaluation, { keep: 0.9, quality: 0.5 } as never), /there are keep and quality/);
  assert.throws(() => recommend(evaluation, { keep: 95 }), /keep must be above 0 and at most 1: it is 95/);
  assert.throws(() => recommend(evaluation, { budgetUsd: 0 }), /budgetUsd must be above 0 USD: it is 0/);
  assert.throws(
    () => recommend(evaluation, { keep: 0.9, confidence: 95 }),
    /confidence must be from 0.5 to below 1: it is 95/,
  );
  assert.throws(() => recommend(evaluation, { keep: 0.9, nResamples: 5 }), /nResamples must be 100 or more: it is 5/);
  assert.throws(() => recommend(evaluation, { keep: 0.9, sure: 0.9 } as never), /"sure" is not/);
  const paper = await evaluateRouters(data, [], { seed: 1, nResamples: 100, protocol: "paper" });
  assert.throws(() => recommend(paper, { keep: 0.9 }), /the protocol is "paper"; evaluate by "ours"/);
});

type Rows = readonly (readonly number[])[];

/** The same by its definition: rows of plain numbers, resampled rows written out, ranks counted one by one. */
function slowBounds(
  rows: Rows,
  worst: number,
  { confidence, nResamples, seed }: { readonly confidence: number; readonly nResamples: number; readonly seed: number },
): number[] {
  const mean = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0) / row.length;
  const error = (row: readonly number[]): number => {
    const centre = mean(row);
    return Math.sqrt(mean(row.map((value) => (value - centre) ** 2)) / row.length);
  };
  const full = rows.map((row) => [...row, worst]);
  const random = seededRandom(seed, "bootstrap");
  const drawn = Array.from(
    { length: nResamples },
    () => full[0].map(() => Math.floor(random.uniform() * full[0].length)),
  );
  const ts = full.map((row) =>
    drawn.map((places) => {
      const resampled = places.map((at) => row[at]);
      return (mean(resampled) - mean(row)) / error(resampled);
    })
  );
  const below = ts.map((row) => row.map((t) => row.filter((other) => other < t).length));
  const greatest = drawn.map((_, r) => Math.max(...below.map((ranks) => ranks[r])));
  const level = greatest.toSorted((a, b) => a - b)[Math.ceil(confidence * nResamples) - 1];
  return full.map((row, s) => mean(row) - ts[s].toSorted((a, b) => a - b)[level] * error(row));
}

Deno.test("simultaneousBounds() are those of their definition", () => {
  const random = seededRandom(3, "margins");
  const rows = Array.from({ length: 5 }, (_, s) => Array.from({ length: 40 }, () => random.normal() + s / 4));
  const options = { confidence: 0.9, nResamples: 200, seed: 7 };
  const values = Float64Array.from(rows.flat());
  const found = simultaneousBounds({ nSettings: 5, values, worst: Array(5).fill(-4) }, options);
  const expected = slowBounds(rows, -4, options);
  found.forEach(({ low, mean }, s) => {
    assert.ok(Math.abs(low - expected[s]) < 1e-9, `${low} for ${expected[s]}`);
    assert.ok(Math.abs(mean - rows[s].reduce((a, b) => a + b) / 40) < 1e-12);
  });
});

Deno.test("simultaneousBounds() say nothing of a failure that was not seen, and of a row of the worst its very value", () => {
  const values = Float64Array.from({ length: 60 }, (_, at) => at < 30 ? 0 : -1);
  const options = { confidence: 0.95, nResamples: 500, seed: 1 };
  const [same, worst] = simultaneousBounds({ nSettings: 2, values, worst: [-1, -1] }, options);
  assert.equal(same.mean, 0);
  assert.ok(same.low < -0.03);
  assert.deepEqual([worst.mean, worst.low], [-1, -1]);
});

/** Right or wrong answers of a reference and of settings whose true margins are known: setting s is right where the reference is, but for a share. */
function simulatedMargins(
  random: ReturnType<typeof seededRandom>,
  { n, losses, gains, keep }: {
    readonly n: number;
    readonly losses: readonly number[];
    readonly gains: readonly number[];
    readonly keep: number;
  },
): Float64Array {
  const values = new Float64Array(losses.length * n);
  for (let i = 0; i < n; i++) {
    const reference = random.uniform() < 0.8 ? 1 : 0;
    // Half of the luck is shared: settings of one router fail together.
    const shared = random.uniform();
    losses.forEach((loss, s) => {
      const luck = random.uniform() < 0.5 ? shared : random.uniform();
      const quality = reference === 1 ? (luck < loss ? 0 : 1) : (luck < gains[s] ? 1 : 0);
      values[s * n + i] = quality - keep * reference;
    });
  }
  return values;
}

for (const [keep, n] of [[0.95, 200], [0.95, 800], [0.9, 300], [1, 400]] as const) {
  Deno.test(`simultaneousBounds() fail the promise of ${keep} in at most 5 % of 400 sets of ${n} prompts (binomial error allowed)`, () => {
    const random = seededRandom(11, `coverage ${keep} ${n}`);
    // The least favourable settings: each misses the promise by a hair, in another way.
    const gains = Array.from({ length: 12 }, (_, s) => 0.02 + 0.05 * s);
    const losses = gains.map((gain) => (1 - keep) + 0.25 * gain + 1e-6);
    const truth = losses.map((loss, s) => 0.8 * (1 - loss) + 0.2 * gains[s] - keep * 0.8);
    assert.ok(truth.every((margin) => margin < 0 && margin > -1e-5));
    let failures = 0;
    let failuresOfMeans = 0;
    const nSets = 400;
    for (let set = 0; set < nSets; set++) {
      const values = simulatedMargins(random, { n, losses, gains, keep });
      const bounds = simultaneousBounds({ nSettings: 12, values, worst: Array(12).fill(-keep) }, {
        confidence: 0.95,
        nResamples: 300,
        seed: set % 10, // Ten sets of resamples, drawn once each: what varies is the set of prompts.
      });
      // The cheapest that seems to keep the promise is taken.
      const chosen = bounds.findIndex(({ low }) => low >= 0);
      if (chosen >= 0 && truth[chosen] < 0) failures++;
      const hoped = bounds.findIndex(({ mean }) => mean >= 0);
      if (hoped >= 0 && truth[hoped] < 0) failuresOfMeans++;
    }
    // What the same choice does without an interval: the test would see a promise that is not kept.
    assert.ok(failuresOfMeans / nSets > 0.5);
    assert.ok(failures / nSets <= 0.05 + 1.645 * Math.sqrt(0.05 * 0.95 / nSets), `${failures} of ${nSets}`);
  });
}
