import known from "../../data/paper/simulation.json" with { type: "json" };
import { seededRandom } from "../base/random.ts";
import {
  calibrate,
  type Calibration,
  N_SUBJECTS,
  type QualityScale,
  QUARTER_OR_THREE,
  RIGHT_OR_WRONG,
  TENTHS,
  type VarianceShares,
} from "./_item_response.ts";
import { PAPER_MODEL_ROWS, PAPER_ORACLE_ROW } from "./paper_table.ts";

/** Shares of the latent variance: the recipe of data/paper/README.md, "Simulation". */
const SHARES: VarianceShares = { subject: 0.03, difficulty: 0.4, hiddenSkill: 0.2, visibleDifficulty: 0.3 };
/** No share reaches Winogrande's printed oracle of 1.000; this value is that of the released rows. */
const WINOGRANDE_ORACLE = 0.9992;
/** Fixes each model's skill in each subject; the paper's arXiv number. */
const WORLD_SEED = 240312031;

/** How the qualities of an evaluation are graded. */
export function scaleOf(evalName: string): QualityScale {
  return evalName === "mtbench" ? TENTHS : evalName === "grade-school-math" ? QUARTER_OR_THREE : RIGHT_OR_WRONG;
}

/** Each model's skill in each subject: normal draws, centred and scaled to variance 1 over the subjects. */
export function skillsOf(evalName: string): number[][] {
  const random = seededRandom(WORLD_SEED, evalName);
  return PAPER_MODEL_ROWS.map(() => {
    const draws = Array.from({ length: N_SUBJECTS }, () => random.normal());
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / N_SUBJECTS;
    const deviation = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / N_SUBJECTS);
    return draws.map((draw) => (draw - mean) / deviation);
  });
}

/**
 * The calibration of an evaluation's world as data/paper/simulation.json keeps it: eight million values of the normal
 * distribution take a second, and every program that simulates would wait for it. A test solves it anew.
 */
export function calibrationOf(evalName: string): Calibration {
  const { difficulty, locations } = known[evalName as keyof typeof known];
  return { shares: { ...SHARES, difficulty }, locations };
}

/** Solves the calibration of an evaluation's world from Table 1. */
export function calibratedAnew(evalName: string): Calibration {
  const oracle = evalName === "winogrande" ? WINOGRANDE_ORACLE : PAPER_ORACLE_ROW.quality[evalName];
  return calibrate(scaleOf(evalName), SHARES, skillsOf(evalName), {
    quality: PAPER_MODEL_ROWS.map((row) => row.quality[evalName]),
    oracleQuality: evalName === "mtbench" ? null : oracle,
  });
}
