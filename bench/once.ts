/** Does one piece of work once, so that the memory of its process can be seen: `deno run bench/once.ts WORK FILE`. */
import { nearestNeighbours } from "../lib/compute/nearest_neighbours.ts";
import { loadOutcomes } from "../lib/files/load_outcomes.ts";
import { madeVectors, N_TEST, N_TRAIN } from "./made_data.ts";

const [work, file] = Deno.args;
if (work === "read-pickle") await loadOutcomes(file);
else {
  const queries = madeVectors(N_TEST, 384, 1);
  const points = madeVectors(N_TRAIN, 384, 2);
  if (work === "nearest-neighbours") await nearestNeighbours(queries, points, { k: 40 });
}
