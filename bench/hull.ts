import { nonDecreasingHull } from "../lib/plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../lib/plane/operating_point.ts";
import { seededRandom } from "../lib/base/random.ts";
import { checkEqual, writeNumbers } from "./made_data.ts";
import type { Workload } from "./workload.ts";

const N_POINTS = 100_000;

/** The non-decreasing hull of many points. */
export const HULL: Workload = {
  name: "hull",
  prepare: async (folder) => {
    const random = seededRandom(1, "points of a hull");
    const points = Array.from({ length: N_POINTS }, (): OperatingPoint => {
      const costUsd = random.uniform();
      return { costUsd, quality: Math.sqrt(costUsd) * random.uniform() };
    });
    await writeNumbers(folder, {
      "points.f64": Float64Array.from(points.flatMap(({ costUsd, quality }) => [costUsd, quality])),
    });
    let hull: OperatingPoint[] = [];
    return [{
      workload: `non-decreasing hull of ${N_POINTS} points`,
      targetSeconds: 0.1,
      ours: () => {
        hull = nonDecreasingHull(points);
      },
      peers: [{
        ...{ name: "ConvexHull, then its rising part", needs: "scipy", program: ["hull", ""], target: null },
        check: ({ costs, qualities }) => {
          checkEqual("the hull's costs", [hull.map(({ costUsd }) => costUsd), costs], 1e-12);
          checkEqual("the hull's qualities", [hull.map(({ quality }) => quality), qualities], 1e-12);
        },
      }],
    }];
  },
};
