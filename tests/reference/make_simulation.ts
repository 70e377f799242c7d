/** Writes data/paper/simulation.json: `deno run --allow-read --allow-write=data/paper tests/reference/make_simulation.ts`. */
import { calibratedAnew } from "../../lib/outcomes/_calibration.ts";
import { PAPER_EVAL_NAMES } from "../../lib/outcomes/paper_table.ts";

const solved = PAPER_EVAL_NAMES.map((evalName) => {
  const { shares: { difficulty }, locations } = calibratedAnew(evalName);
  return [evalName, { difficulty, locations }];
});
await Deno.writeTextFile("data/paper/simulation.json", JSON.stringify(Object.fromEntries(solved), null, 2) + "\n");
