import assert from "node:assert/strict";
import fc from "fast-check";
import { aiqWithin, curveWithin, surfaceAiq, type TimedPoint, timedSurface } from "routerbench/axes";
import { aiq, nonDecreasingHull, qualityAtCost } from "routerbench";
import { areaUnder } from "../../lib/plane/area.ts";
import { withoutDominated } from "../../lib/axes/latency/_optima.ts";
import { seededRandom } from "../../lib/base/random.ts";
import reference from "../reference/timed_surface.json" with { type: "json" };

function someSettings(count: number, seed: number): TimedPoint[] {
  const random = seededRandom(seed, "settings");
  return Array.from({ length: count }, () => {
    const costUsd = random.uniform();
    const latencySeconds = 5 * random.uniform();
    return { costUsd, latencySeconds, quality: 0.4 * Math.sqrt(costUsd) + 0.1 * latencySeconds * random.uniform() };
  });
}

/** The best of all mixes of at most three settings (no model among them) on a grid of probabilities, made finer around the best so far. */
function bestOfGrid(points: readonly TimedPoint[], budget: { costUsd: number; latencySeconds: number }): number {
  const all = [{ costUsd: 0, latencySeconds: 0, quality: 0 }, ...points];
  let best = 0;
  const quality = (w: readonly number[], of: readonly TimedPoint[]): number => {
    const total = (key: keyof TimedPoint): number => of.reduce((sum, point, k) => sum + w[k] * point[key], 0);
    const keeps = total("costUsd") <= budget.costUsd + 1e-12 &&
      total("latencySeconds") <= budget.latencySeconds + 1e-12;
    return keeps ? total("quality") : -1;
  };
  for (let a = 0; a < all.length; a++) {
    for (let b = a; b < all.length; b++) {
      for (let c = b; c < all.length; c++) {
        const of = [all[a], all[b], all[c]];
        let middle = [1 / 3, 1 / 3];
        let width = 1;
        for (let round = 0; round < 60; round++, width *= 0.8) {
          let found = [-1, ...middle];
          for (let u = -4; u <= 4; u++) {
            for (let v = -4; v <= 4; v++) {
              const x = Math.min(1, Math.max(0, middle[0] + u * width / 4));
              const y = Math.min(1 - x, Math.max(0, middle[1] + v * width / 4));
              const value = quality([x, y, 1 - x - y], of);
              if (value > found[0]) found = [value, x, y];
            }
          }
          middle = found.slice(1);
          best = Math.max(best, found[0]);
        }
      }
    }
  }
  return best;
}

Deno.test("timedSurface() is the best of all mixes on a grid", () => {
  const points = someSettings(5, 1);
  const within = timedSurface(points);
  for (const costUsd of [0.1, 0.4, 0.9]) {
    for (const latencySeconds of [0.5, 1.5, 4]) {
      const found = within({ costUsd, latencySeconds });
      const grid = bestOfGrid(points, { costUsd, latencySeconds });
      assert.ok(
        grid <= found.quality + 1e-12,
        `${costUsd}, ${latencySeconds}: the grid has ${grid - found.quality} more`,
      );
      assert.ok(found.quality - grid < 1e-6, `${costUsd}, ${latencySeconds}: ${found.quality - grid} above the grid`);
    }
  }
});

Deno.test("timedSurface() equals scipy's linear programme, and its parts keep both budgets", () => {
  for (const { points, budget, quality } of reference.cases) {
    const mix = timedSurface(points)(budget);
    assert.ok(Math.abs(mix.quality - quality) < 1e-9, `${mix.quality} and ${quality}`);
    assert.ok(mix.costUsd <= budget.costUsd + 1e-12 && mix.latencySeconds <= budget.latencySeconds + 1e-9);
    assert.ok(
      mix.parts.length <= 4 && mix.parts.every(({ probability }) => probability > 0 && probability <= 1 + 1e-12),
    );
  }
});

Deno.test("timedSurface() without a limit on seconds is the hull, bit for bit at its vertices", () => {
  const points = someSettings(60, 2);
  const hull = nonDecreasingHull(points);
  const within = timedSurface(points);
  for (const { costUsd, quality } of hull) {
    assert.equal(within({ costUsd, latencySeconds: Infinity }).quality, quality);
  }
  for (const costUsd of [0, 0.01, 0.3, 0.77, 2]) {
    const found = within({ costUsd, latencySeconds: Infinity }).quality;
    assert.ok(Math.abs(found - qualityAtCost(hull, costUsd)) < 1e-12);
  }
});

Deno.test("timedSurface() is concave, rises with both budgets, and is 0 where a budget is 0", () => {
  const budget = fc.record({
    costUsd: fc.double({ min: 0, max: 1, noNaN: true }),
    latencySeconds: fc.double({ min: 0, max: 5, noNaN: true }),
  });
  const within = timedSurface(someSettings(40, 3));
  fc.assert(fc.property(budget, budget, (a, b) => {
    const middle = { costUsd: (a.costUsd + b.costUsd) / 2, latencySeconds: (a.latencySeconds + b.latencySeconds) / 2 };
    const upper = {
      costUsd: Math.max(a.costUsd, b.costUsd),
      latencySeconds: Math.max(a.latencySeconds, b.latencySeconds),
    };
    const [qa, qb] = [within(a).quality, within(b).quality];
    assert.ok(within(middle).quality >= (qa + qb) / 2 - 1e-12);
    assert.ok(within(upper).quality >= Math.max(qa, qb) - 1e-12);
  }));
  assert.equal(within({ costUsd: 0, latencySeconds: 3 }).quality, 0);
  assert.equal(within({ costUsd: 1, latencySeconds: 0 }).quality, 0);
});

Deno.test("withoutDominated() keeps exactly the settings that no other beats", () => {
  const random = seededRandom(4, "grid");
  const points = Array.from({ length: 120 }, () => ({
    costUsd: random.integer(6),
    latencySeconds: random.integer(6),
    quality: random.integer(6) / 10,
  }));
  const beats = (a: TimedPoint, b: TimedPoint): boolean =>
    a.costUsd <= b.costUsd && a.latencySeconds <= b.latencySeconds && a.quality >= b.quality &&
    (a.costUsd < b.costUsd || a.latencySeconds < b.latencySeconds || a.quality > b.quality);
  const kept = withoutDominated(points);
  const key = (point: TimedPoint): string => `${point.costUsd} ${point.latencySeconds} ${point.quality}`;
  const expected = new Set(points.filter((point) => !points.some((other) => beats(other, point))).map(key));
  assert.deepEqual(new Set(kept.map(key)), expected);
  assert.equal(kept.length, expected.size);
});

Deno.test("curveWithin() is exact between its corners, and aiqWithin() without a limit is aiq()", () => {
  const points = someSettings(30, 5);
  const costRangeUsd = [0.05, 0.9] as const;
  const within = timedSurface(points);
  for (const latencySeconds of [0.3, 1, 2.5, 4]) {
    const corners = curveWithin(points, { latencySeconds, costRangeUsd });
    for (let k = 1; k < corners.length; k++) {
      const costUsd = (corners[k - 1].costUsd + corners[k].costUsd) / 2;
      const middle = (corners[k - 1].quality + corners[k].quality) / 2;
      assert.ok(Math.abs(within({ costUsd, latencySeconds }).quality - middle) < 1e-11);
    }
    const fine = Array.from({ length: 2001 }, (_, at) => {
      const costUsd = 0.05 + 0.85 * at / 2000;
      return { costUsd, quality: within({ costUsd, latencySeconds }).quality };
    });
    const slow = areaUnder(fine, [0.05, 0.9]) / 0.85;
    assert.ok(Math.abs(aiqWithin(points, { latencySeconds, costRangeUsd }) - slow) < 1e-6);
  }
  const unlimited = aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd });
  assert.equal(aiqWithin(points, { latencySeconds: Infinity, costRangeUsd }), unlimited);
  assert.ok(Math.abs(aiqWithin(points, { latencySeconds: 100, costRangeUsd }) - unlimited) < 1e-12);
});

Deno.test("surfaceAiq() lies between its bounds, which a finer cut tightens, and is aiq() where time is no matter", () => {
  const points = someSettings(30, 6);
  const ranges = { costRangeUsd: [0.05, 0.9], latencyRangeSeconds: [0.5, 4] } as const;
  const coarse = surfaceAiq(points, { ...ranges, nPieces: 4 });
  const fine = surfaceAiq(points, { ...ranges, nPieces: 200 });
  assert.ok(coarse.bounds[0] <= fine.bounds[0] && fine.bounds[1] <= coarse.bounds[1]);
  assert.ok(fine.bounds[1] - fine.bounds[0] < 1e-4);
  const instant = points.map((point) => ({ ...point, latencySeconds: 0.1 }));
  const unlimited = aiq(nonDecreasingHull(instant), { rule: "formula", costRangeUsd: ranges.costRangeUsd });
  assert.ok(Math.abs(surfaceAiq(instant, ranges).aiq - unlimited) < 1e-12);
});

Deno.test("timedSurface() refuses no settings, wrong numbers and wrong budgets", () => {
  assert.throws(() => timedSurface([]), /as there must be at least one: there is none/);
  assert.throws(() => timedSurface([{ costUsd: 1, latencySeconds: NaN, quality: 1 }]), /one has 1 USD, NaN s/);
  const within = timedSurface(someSettings(3, 7));
  assert.throws(() => within({ costUsd: -1, latencySeconds: 1 }), /they are -1 USD and 1 s/);
  assert.throws(() => aiqWithin(someSettings(3, 7), { latencySeconds: 1, costRangeUsd: [1, 1] }), /it is 1 to 1 USD/);
});
