import { sha256OfBytes } from "../../base/sha256.ts";
import { seededRandom } from "../../base/random.ts";
import { type OutcomeTable, outcomeTable } from "../../outcomes/outcome_table.ts";

/** A group of simulated prompts. */
export interface TailGroupSpec {
  /** Its name, which the prompts say: a language into which is translated. */
  readonly name: string;
  /** How many prompts there are. */
  readonly nPrompts: number;
  /** How hard it is: 0 as the common ones; at 1 weak models mostly fail and strong ones still succeed; at 2 strong ones fail often. */
  readonly difficulty: number;
}

/** Simulated outcomes of long-tail groups, with what no one knows of real ones. */
export interface SimulatedLongTail extends OutcomeTable {
  /** Probability of a right answer, `[n · m]`. */
  readonly trueQuality: Float64Array;
}

const MODELS = ["small", "medium", "large", "largest"];
/** Ability on the scale of log odds. */
const ABILITY = [0, 0.6, 1.2, 2];
const COST_USD = [1e-4, 4e-4, 1.5e-3, 6e-3];
const EASY = 0.8;
/** A level of difficulty takes this many log odds from all, and widens the distance between models by half. */
const PER_LEVEL = 2;
const WIDENING = 0.5;
/** Standard deviation of a model's knack for a group. */
const KNACK = 0.5;
/** Spread of costs by the length of the prompt. */
const COST_SPREAD = 0.3;
const SUBJECTS = [
  "a contract about a boat",
  "a recipe for bread",
  "a poem on winter",
  "a weather report",
  "the manual of a pump",
  "a letter to a landlord",
];

/** Groups as the paper's question has them: common languages, and rare ones that are rarer the harder they are. */
export const LONG_TAIL_GROUPS: readonly TailGroupSpec[] = [
  { name: "French", nPrompts: 600, difficulty: 0 },
  { name: "German", nPrompts: 600, difficulty: 0 },
  { name: "Spanish", nPrompts: 600, difficulty: 0 },
  { name: "Icelandic", nPrompts: 120, difficulty: 0.5 },
  { name: "Swahili", nPrompts: 120, difficulty: 1 },
  { name: "Quechua", nPrompts: 60, difficulty: 1.5 },
  { name: "Chuvash", nPrompts: 40, difficulty: 2 },
];

/**
 * Simulates outcomes of four models on groups whose rarity and difficulty are set: translation into languages, common and rare, the paper's example of a
 * long-tail task. A model is right with probability σ(.8 + a(1 + d/2) − 2d + knack), a its ability and d the group's difficulty; the knacks are drawn
 * once for each model and group.
 *
 * @throws RangeError where a group has no whole number of prompts above 0 or no finite difficulty, or two have one name
 * @example
 * ```ts
 * import { LONG_TAIL_GROUPS, simulateLongTail } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const table = simulateLongTail({ groups: LONG_TAIL_GROUPS, seed: 1 });
 * assert.equal(table.promptIds.length, 2140);
 * ```
 */
export function simulateLongTail(
  { groups, seed }: { readonly groups: readonly TailGroupSpec[]; readonly seed: number },
): SimulatedLongTail {
  checkGroups(groups);
  const m = MODELS.length;
  const n = groups.reduce((sum, { nPrompts }) => sum + nPrompts, 0);
  const cells = (): Float64Array => new Float64Array(n * m);
  const [quality, costUsd, trueQuality] = [cells(), cells(), cells()];
  const prompts: string[] = [];
  const promptIds: string[] = [];
  const evalNames: string[] = [];
  for (const { name, nPrompts, difficulty } of groups) {
    const random = seededRandom(seed, `group ${name}`);
    const chances = ABILITY.map((ability) => {
      const odds = EASY + ability * (1 + WIDENING * difficulty) - PER_LEVEL * difficulty + KNACK * random.normal();
      return 1 / (1 + Math.exp(-odds));
    });
    for (let i = 0; i < nPrompts; i++) {
      const row = prompts.length;
      const length = Math.exp(COST_SPREAD * random.normal() - COST_SPREAD ** 2 / 2);
      for (let j = 0; j < m; j++) {
        trueQuality[row * m + j] = chances[j];
        quality[row * m + j] = random.uniform() < chances[j] ? 1 : 0;
        costUsd[row * m + j] = COST_USD[j] * length;
      }
      prompts.push(`Translate into ${name}: ${SUBJECTS[random.integer(SUBJECTS.length)]}, part ${i + 1}.`);
      promptIds.push(`${name}.${i}`);
      evalNames.push(name);
    }
  }
  const sha256 = sha256OfBytes(new Uint8Array(quality.buffer));
  const source = { kind: "simulated" as const, name: `simulated long tail, seed ${seed}`, sha256, notes: [] };
  const table = { models: MODELS, promptIds, evalNames, prompts, quality, costUsd, latencySeconds: null, source };
  return { ...outcomeTable(table), trueQuality };
}

function checkGroups(groups: readonly TailGroupSpec[]): void {
  const names = groups.map(({ name }) => name);
  const wrong = groups.find(({ name, nPrompts, difficulty }, at) =>
    !(Number.isInteger(nPrompts) && nPrompts > 0 && Number.isFinite(difficulty)) || names.indexOf(name) !== at
  );
  if (groups.length > 0 && wrong === undefined) return;
  throw new RangeError(
    `Cannot simulate groups as each needs a name of its own, a whole number of prompts above 0 and a finite difficulty: ${
      wrong === undefined ? "there is none" : JSON.stringify(wrong)
    }`,
  );
}
