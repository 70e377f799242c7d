import { standardErrorOfShare } from "../base/statistics.ts";
import { counted, isOrAre } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES, roughPercent } from "./finding.ts";
import { modelMeans, type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";

/** Quality of a guesser in the multiple-choice evaluations of the paper, by the beginning of their names. */
export const CHANCE_QUALITY: Readonly<Record<string, number>> = {
  "mmlu": 0.25,
  "hellaswag": 0.25,
  "arc-": 0.25,
  "winogrande": 0.5,
};

/** Quality of a guesser in an evaluation; `undefined` where there are no choices to guess among. */
export function chanceOf(evalName: string, chanceQuality = CHANCE_QUALITY): number | undefined {
  return Object.entries(chanceQuality).find(([beginning]) => evalName.startsWith(beginning))?.[1];
}

/** From so many standard errors below chance on, a quality is reported: one in 700 is so low by chance. */
const FAR_BELOW = 3;
/** Models with fewer prompts are not judged. */
const LEAST_PROMPTS = 20;
const ENOUGH_PROMPTS = 100;
/** Grades in which qualities are given, the coarser first: right or wrong, quarters, tenths. */
const GRADES: readonly number[] = [1, 4, 10];
/** From this share of the outcomes on a grade is the usual one, and the others unusual. */
const USUAL_SHARE = 0.98;
const LITTLE_ROOM = 0.005;

/** Qualities unlike measurements: constant ones, equal models, below chance, in another grade, with nothing to gain. */
export function auditQuality(table: OutcomeTable, chanceQuality: Readonly<Record<string, number>>): AuditFinding[] {
  const evals = [...Map.groupBy(table.promptIds.keys(), (i) => table.evalNames[i])].map(([evalName, rows]) => ({
    evalName,
    part: selectPrompts(table, rows),
  }));
  const grades = evals.map(gradesOf);
  return [
    ...constants(grades),
    ...twins(table),
    ...belowChance(grades, chanceQuality),
    ...unusual(evals, table),
    ...room(table),
    ...unanswered(table),
  ];
}

interface EvalPart {
  readonly evalName: string;
  readonly part: OutcomeTable;
}

/** The grades of an evaluation's models. */
export interface EvaluationGrades {
  readonly evalName: string;
  /** Number of prompts. */
  readonly n: number;
  readonly models: readonly string[];
  /** Mean quality of each model, `[m]`. */
  readonly means: ArrayLike<number>;
  /** The quality of each model that is the same on all prompts, `[m]`; `null` where qualities differ. */
  readonly constant: readonly (number | null)[];
}

function gradesOf({ evalName, part }: EvalPart): EvaluationGrades {
  const { models, quality, promptIds: { length: n } } = part, m = models.length;
  const constant = models.map((_, j) => {
    let at = 1;
    while (at < n && quality[at * m + j] === quality[j]) at++;
    return at < n ? null : quality[j];
  });
  return { evalName, n, models, means: modelMeans(part).quality, constant };
}

/** Models that were given one quality on all prompts of an evaluation. */
export function constants(evals: readonly EvaluationGrades[]): AuditFinding[] {
  const found: { text: string; isWrong: boolean; n: number }[] = [];
  for (const { evalName, n, models, means, constant } of evals) {
    if (n < LEAST_PROMPTS) continue;
    constant.forEach((quality, j) => {
      if (quality === null) return;
      // Nothing right in many prompts that others solve: the answers were cut or never parsed.
      const isWrong = quality === 0 && n >= ENOUGH_PROMPTS && Math.max(...Array.from(means)) > 0.2;
      found.push({ text: `${models[j]} on ${evalName}: ${quality} on all ${n}`, isWrong, n });
    });
  }
  if (found.length === 0) return [];
  return [finding("constant-quality", {
    severity: found.some(({ isWrong }) => isWrong) ? "wrong" : "look",
    concerns: [found.length, evals.length * evals[0].models.length, "models"],
    summary: `${counted(found.length, "model")} ${
      isOrAre(found.length)
    } given the same quality on every prompt of an evaluation`,
    examples: found.sort((a, b) => Number(b.isWrong) - Number(a.isWrong) || b.n - a.n).slice(0, MOST_EXAMPLES).map((
      { text },
    ) => text),
    remedy:
      "Look at the answers: cut, refused or badly parsed ones are all wrong; a grader that failed gives one value",
  })];
}

function twins(table: OutcomeTable): AuditFinding[] {
  const { models, promptIds: { length: n } } = table;
  const m = models.length;
  const equal = (values: Float64Array, a: number, b: number): boolean => {
    for (let i = 0; i < n; i++) if (values[i * m + a] !== values[i * m + b]) return false;
    return true;
  };
  return twinModels({ models, n }, {
    equalQuality: (a, b) => equal(table.quality, a, b),
    equalCost: (a, b) => equal(table.costUsd, a, b),
  });
}

/** Models that have equal outcomes on all n prompts. */
export function twinModels(
  { models, n }: { readonly models: readonly string[]; readonly n: number },
  { equalQuality, equalCost }: Readonly<Record<"equalQuality" | "equalCost", (a: number, b: number) => boolean>>,
): AuditFinding[] {
  const m = models.length;
  const found: { text: string; isWrong: boolean }[] = [];
  for (let a = 0; a < m && n >= LEAST_PROMPTS; a++) {
    for (let b = a + 1; b < m; b++) {
      if (!equalQuality(a, b)) continue;
      const isWrong = equalCost(a, b);
      found.push({
        text: `${models[a]} and ${models[b]}: equal quality${isWrong ? " and cost" : ""} on all ${n} prompts`,
        isWrong,
      });
    }
  }
  if (found.length === 0) return [];
  return [finding("twin-models", {
    severity: found.some(({ isWrong }) => isWrong) ? "wrong" : "look",
    concerns: [found.length, m * (m - 1) / 2, "models"],
    summary: `${counted(found.length, "pair")} of models ${isOrAre(found.length)} equal on every prompt`,
    remedy: "Look whether one was copied from the other; leave one of a pair out",
    examples: found.slice(0, MOST_EXAMPLES).map(({ text }) => text),
  })];
}

/** Models that are worse than guessing. */
export function belowChance(
  evals: readonly EvaluationGrades[],
  chanceQuality: Readonly<Record<string, number>>,
): AuditFinding[] {
  const found: { text: string; z: number }[] = [];
  let nLooked = 0;
  for (const { evalName, n, models, means } of evals) {
    const chance = chanceOf(evalName, chanceQuality);
    if (chance === undefined || n < LEAST_PROMPTS) continue;
    const error = standardErrorOfShare(chance, n);
    Array.from(means).forEach((quality, j) => {
      nLooked++;
      const z = (quality - chance) / error;
      if (z < -FAR_BELOW) {
        found.push({ text: `${models[j]} on ${evalName}: ${quality.toFixed(3)}, chance is ${chance}`, z });
      }
    });
  }
  if (found.length === 0) return [];
  return [finding("below-chance", {
    severity: "wrong",
    concerns: [found.length, nLooked, "models"],
    summary: `${counted(found.length, "model")} ${
      isOrAre(found.length)
    } worse than guessing in a multiple-choice evaluation: ${
      found.length === 1 ? "its" : "their"
    } answers were not read as they were meant`,
    examples: found.sort((a, b) => a.z - b.z).slice(0, MOST_EXAMPLES).map(({ text }) => text),
    remedy:
      "Look at the answers (the released 0-shot ones were cut at about two tokens); parse them again, or leave these models or evaluations out",
  })];
}

function unusual(evals: readonly EvalPart[], { quality }: OutcomeTable): AuditFinding[] {
  const found: { text: string; count: number }[] = [];
  for (const { evalName, part } of evals) {
    const offGrade = (grade: number): number[] =>
      [...part.quality.keys()].filter((at) => !isOf(part.quality[at], grade));
    for (const grade of GRADES) {
      const odd = offGrade(grade);
      if (odd.length > (1 - USUAL_SHARE) * part.quality.length) continue;
      if (odd.length > 0) {
        const at = odd[0];
        const m = part.models.length;
        found.push({
          text: `${evalName}: ${odd.length} of ${part.quality.length} are none of ${usualSet(grade)}, such as ${
            part.quality[at]
          } of ${part.models[at % m]} on ${part.promptIds[Math.floor(at / m)]}`,
          count: odd.length,
        });
      }
      break;
    }
  }
  if (found.length === 0) return [];
  const count = found.reduce((sum, { count }) => sum + count, 0);
  return [finding("unusual-quality", {
    severity: "look",
    concerns: [count, quality.length, "outcomes"],
    summary: `${counted(count, "outcome")} ${isOrAre(count)} graded in another way than the rest of ${
      counted(found.length, "evaluation")
    }`,
    examples: found.sort((a, b) => b.count - a.count).slice(0, MOST_EXAMPLES).map(({ text }) => text),
    remedy: "Look at how they were graded; a cascade's judge takes a graded answer for a wrong one",
  })];
}

function isOf(value: number, grade: number): boolean {
  return Math.abs(value * grade - Math.round(value * grade)) < 1e-9;
}

function usualSet(grade: number): string {
  return grade === 1 ? "0 and 1" : grade === 4 ? "0, .25, .5, .75 and 1" : "the tenths";
}

function room(table: OutcomeTable): AuditFinding[] {
  const n = table.promptIds.length;
  const m = table.models.length;
  let best = 0;
  for (let i = 0; i < n; i++) best += Math.max(...table.quality.subarray(i * m, i * m + m)) / n;
  const single = Math.max(...modelMeans(table).quality);
  if (m < 2 || best === 0 || best - single >= LITTLE_ROOM) return [];
  return [finding("no-room", {
    severity: "look",
    concerns: [n, n, "prompts"],
    summary: `One model is right wherever any is: its quality is ${single.toFixed(4)}, the oracle's ${
      best.toFixed(4)
    }. A router can save cost here, never gain quality`,
    remedy: "Compare routers by cost, or take models that complement each other",
  })];
}

function unanswered({ quality, models: { length: m }, promptIds }: OutcomeTable): AuditFinding[] {
  const rows = promptIds.flatMap((_, i) => quality.subarray(i * m, i * m + m).every((value) => value === 0) ? [i] : []);
  if (rows.length === 0 || rows.length === promptIds.length) return [];
  return [finding("unanswered-prompts", {
    severity: "note",
    concerns: [rows.length, promptIds.length, "prompts"],
    summary: `${counted(rows.length, "prompt")} (${roughPercent(rows.length / promptIds.length)}) ${
      isOrAre(rows.length)
    } answered by no model`,
    examples: rows.slice(0, MOST_EXAMPLES).map((i) => promptIds[i]),
    remedy: "Some may have a wrong reference answer",
  })];
}
