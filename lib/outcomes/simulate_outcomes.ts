import { sha256OfBytes } from "../base/sha256.ts";
import { type Random, seededRandom } from "../base/random.ts";
import { calibrationOf, scaleOf, skillsOf } from "./_calibration.ts";
import {
  type Calibration,
  DIFFICULTY_LEVELS,
  expectedQuality,
  hiddenVariance,
  N_SUBJECTS,
  qualityOf,
  type QualityScale,
  visibleMean,
} from "./_item_response.ts";
import { writePrompt } from "./_prompt_grammar.ts";
import { type OutcomeTable, outcomeTable, selectPrompts } from "./outcome_table.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS, paperReleasedPrompts, paperTestPrompts } from "./paper_table.ts";

/** Simulated outcomes with their ground truth, which real outcomes do not have. */
export interface SimulatedOutcomes extends OutcomeTable {
  /** Expected quality given everything but luck, `[n · m]`, 0..1: what the best possible router knows. */
  readonly trueQuality: Float64Array;
  /** Expected quality given what the text shows, `[n · m]`, 0..1: what the best router that reads it can know. */
  readonly textQuality: Float64Array;
  /** Expected cost of each response given the prompt, `[n · m]`, USD. */
  readonly trueCostUsd: Float64Array;
}

/** Options of {@linkcode simulateOutcomes}. */
export interface SimulationOptions {
  /**
   * Prompts of each of the seven evaluations; MT-Bench, which has 80, never gets more than 80. `"released"`: as many as
   * the released 0-shot file has of each, 34,778 in all. Default 600.
   */
  readonly nPromptsPerEval?: number | "released";
  /** Decides which sample is drawn; the simulated world is always the same. */
  readonly seed: number;
}

const N_LENGTHS = DIFFICULTY_LEVELS.length;
const MTBENCH_PROMPTS = 80;

/** One evaluation as it is simulated. */
interface World {
  readonly scale: QualityScale;
  readonly calibration: Calibration;
  /** `[model][subject]`, centred, variance 1. */
  readonly skills: readonly (readonly number[])[];
  readonly meanCostUsd: readonly number[];
  /** Mean 1 over the five lengths. */
  readonly costOfLength: readonly number[];
  /** Standard deviation of the log of each single response's cost. */
  readonly costNoise: number;
}

/**
 * Simulates outcomes of the paper's eleven models on its seven evaluations, calibrated on its Table 1: the built-in
 * data.
 *
 * Each prompt is a short text that shows its subject, difficulty and length. A model succeeds where a sum of its
 * location, its skill in the subject, the prompt's difficulty (partly visible), hidden skill and luck is positive;
 * locations and the share of difficulty are solved so that every model's mean quality and the oracle's are Table 1's
 * (Winogrande's oracle is the released rows' .9992). Costs are Table 1's means times lognormals of mean 1. The oracle's
 * *cost* is not calibrated.
 *
 * **Shapes**: n ≈ 7 · nPromptsPerEval prompts × 11 models. **Source**: data/paper/README.md, "Simulation"; it is a
 * model of the paper's data, not that data.
 *
 * @throws RangeError where `nPromptsPerEval` is not a whole number above 0, or the seed is not one of 32 bits
 * @example
 * ```ts
 * import { simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 50, seed: 7 });
 * assert.equal(outcomes.promptIds.length, 350);
 * assert.deepEqual(outcomes.quality, simulateOutcomes({ nPromptsPerEval: 50, seed: 7 }).quality);
 * ```
 */
export function simulateOutcomes({ nPromptsPerEval = 600, seed }: SimulationOptions): SimulatedOutcomes {
  const counts = PAPER_EVAL_NAMES.map((evalName) => promptCount(evalName, nPromptsPerEval));
  const n = counts.reduce((sum, count) => sum + count, 0);
  const m = PAPER_MODEL_ROWS.length;
  const cells = (): Float64Array => new Float64Array(n * m);
  const result = {
    quality: cells(),
    costUsd: cells(),
    trueQuality: cells(),
    textQuality: cells(),
    trueCostUsd: cells(),
  };
  const prompts: string[] = [];
  const promptIds: string[] = [];
  const evalNames: string[] = [];
  PAPER_EVAL_NAMES.forEach((evalName, e) => {
    const world = worldOf(evalName);
    const random = seededRandom(seed, evalName);
    for (let i = 0; i < counts[e]; i++) {
      prompts.push(simulatePrompt(evalName, world, random, result, prompts.length));
      promptIds.push(`${evalName}.simulated.${i}`);
      evalNames.push(evalName);
    }
  });
  const sha256 = sha256OfBytes(new Uint8Array(result.quality.buffer), new Uint8Array(result.costUsd.buffer));
  const table = outcomeTable({
    models: PAPER_MODEL_ROWS.map((row) => row.model),
    promptIds,
    evalNames,
    prompts,
    quality: result.quality,
    costUsd: result.costUsd,
    latencySeconds: null,
    source: {
      kind: "simulated",
      name: `simulation calibrated on Table 1, ${
        nPromptsPerEval === "released" ? "as many prompts as released" : `${nPromptsPerEval} prompts an evaluation`
      }, seed ${seed}`,
      sha256,
      notes: [],
    },
  });
  return {
    ...table,
    trueQuality: result.trueQuality,
    textQuality: result.textQuality,
    trueCostUsd: result.trueCostUsd,
  };
}

function promptCount(evalName: string, nPromptsPerEval: number | "released"): number {
  if (nPromptsPerEval === "released") return paperReleasedPrompts(evalName);
  if (!Number.isInteger(nPromptsPerEval) || nPromptsPerEval < 1) {
    throw new RangeError(
      `Cannot simulate outcomes as each evaluation needs a whole number of prompts: it is ${nPromptsPerEval}; pass one such as 600`,
    );
  }
  return evalName === "mtbench" ? Math.min(MTBENCH_PROMPTS, nPromptsPerEval) : nPromptsPerEval;
}

/** Whether outcomes are simulated and have their ground truth. */
export function isSimulated(outcomes: OutcomeTable): outcomes is SimulatedOutcomes {
  return outcomes.source.kind === "simulated" && "trueQuality" in outcomes;
}

/** The simulated outcomes of some of the prompts, with their ground truth; see {@linkcode selectPrompts}. */
export function selectSimulated(outcomes: SimulatedOutcomes, rows: ArrayLike<number>): SimulatedOutcomes {
  const of = (quality: Float64Array): Float64Array => selectPrompts({ ...outcomes, quality }, rows).quality;
  return {
    ...selectPrompts(outcomes, rows),
    trueQuality: of(outcomes.trueQuality),
    textQuality: of(outcomes.textQuality),
    trueCostUsd: selectPrompts({ ...outcomes, costUsd: outcomes.trueCostUsd }, rows).costUsd,
  };
}

/** Draws one prompt, writes its row of cells and returns its text. */
function simulatePrompt(
  evalName: string,
  { scale, calibration: { shares, locations }, skills, meanCostUsd, costOfLength, costNoise }: World,
  random: Random,
  result: Record<"quality" | "costUsd" | "trueQuality" | "textQuality" | "trueCostUsd", Float64Array>,
  row: number,
): string {
  const traits = {
    subject: random.integer(N_SUBJECTS),
    difficulty: random.integer(DIFFICULTY_LEVELS.length),
    length: random.integer(N_LENGTHS),
  };
  const hiddenDifficulty = Math.sqrt(shares.difficulty * (1 - shares.visibleDifficulty)) * random.normal();
  const luck = 1 - shares.subject - shares.difficulty - shares.hiddenSkill;
  for (let j = 0; j < locations.length; j++) {
    const at = row * locations.length + j;
    const visible = visibleMean(shares, locations[j], skills[j][traits.subject], DIFFICULTY_LEVELS[traits.difficulty]);
    const known = visible - hiddenDifficulty + Math.sqrt(shares.hiddenSkill) * random.normal();
    result.quality[at] = qualityOf(scale, known + Math.sqrt(luck) * random.normal());
    result.trueQuality[at] = expectedQuality(scale, known, luck);
    result.textQuality[at] = expectedQuality(scale, visible, hiddenVariance(shares));
    result.trueCostUsd[at] = meanCostUsd[j] * costOfLength[traits.length];
    result.costUsd[at] = result.trueCostUsd[at] * Math.exp(costNoise * random.normal() - costNoise ** 2 / 2);
  }
  return writePrompt(evalName, traits, random);
}

const worlds = new Map<string, World>();

/** The world of an evaluation, which never changes. */
function worldOf(evalName: string): World {
  const known = worlds.get(evalName);
  if (known !== undefined) return known;
  const isOpen = ["mtbench", "mbpp", "grade-school-math"].includes(evalName);
  const lengths = DIFFICULTY_LEVELS.map((level) => Math.exp((isOpen ? 0.25 : 0.05) * level));
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const world: World = {
    scale: scaleOf(evalName),
    calibration: calibrationOf(evalName),
    skills: skillsOf(evalName),
    meanCostUsd: PAPER_MODEL_ROWS.map((row) => row.totalCostUsd[evalName] / paperTestPrompts(evalName)),
    costOfLength: lengths.map((length) => length / meanLength),
    costNoise: isOpen ? 0.27 : 0,
  };
  worlds.set(evalName, world);
  return world;
}
