import { type NearestNeighbours, nearestNeighbours } from "../lib/compute/nearest_neighbours.ts";
import { checkEqual, madeVectors, N_TEST, N_TRAIN, writeNumbers } from "./made_data.ts";
import type { Workload } from "./workload.ts";

const K = 40;
const N_DIMS = 384;

/** The 40 nearest of the paper's training prompts to each of its test prompts: what every k ≤ 40 and every λ of the KNN router needs. */
export const NEAREST_NEIGHBOURS: Workload = {
  name: "nearest-neighbours",
  prepare: async (folder) => {
    const queries = madeVectors(N_TEST, N_DIMS, 1);
    const points = madeVectors(N_TRAIN, N_DIMS, 2);
    await writeNumbers(folder, {
      "queries.f32": queries.values as Float32Array,
      "points.f32": points.values as Float32Array,
    });
    let ours: NearestNeighbours | null = null;
    const distances = (): Float64Array => Float64Array.from(ours!.similarities, (similarity) => 1 - similarity);
    const program = (variant: string): [string, string] => ["nearest_neighbours", variant];
    return [{
      workload: `${K} nearest by cosine, ${N_TEST} of ${N_TRAIN}, d = ${N_DIMS}`,
      targetSeconds: null,
      ours: async () => {
        ours = await nearestNeighbours(queries, points, { k: K });
      },
      peers: [
        {
          ...{ name: "NearestNeighbors, cosine", needs: "scikit-learn", program: program("cosine"), target: 4 },
          check: ({ distances: theirs }) => checkEqual("the neighbours' distances", [distances(), theirs], 1e-5),
        },
        {
          ...{
            name: "NearestNeighbors, Euclidean on unit vectors",
            needs: "scikit-learn",
            program: program("euclidean"),
            target: 2,
          },
          check: ({ distances: theirs }) => checkEqual("the neighbours' distances", [distances(), theirs], 1e-5),
        },
        {
          ...{ name: "the bare multiplication", needs: "numpy", program: program("multiplication"), target: 1 / 1.5 },
          check: ({ greatest }) =>
            checkEqual(
              "the nearest one's similarity",
              [ours!.similarities.filter((_, at) => at % K === 0), greatest],
              1e-5,
            ),
        },
      ],
    }];
  },
};
