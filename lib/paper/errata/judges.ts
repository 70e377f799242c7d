import { chanceOf } from "../../audit/quality.ts";
import { standardErrorOfShare } from "../../base/statistics.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_EVAL_TITLES,
  PAPER_MODEL_ROWS,
  PAPER_ORACLE_ROW,
  paperTestPrompts,
} from "../../outcomes/paper_table.ts";
import { NO_MODEL, PAPER_PANELS, paperOracleShares } from "../printed/panels.ts";
import { type ErratumRow, one, rowOf, three } from "./_erratum.ts";

/** The evaluations with a fixed number of choices. */
const WITH_CHOICES: readonly string[] = ["mmlu", "hellaswag", "arc-challenge", "winogrande"];

/** Errata of judges: how answers were graded, and how much the best of several grades is worth. */
export function judgeErrata(): ErratumRow[] {
  return [
    judgeIsOracle(),
    belowChance(),
    newerIsWorse(),
    gradedInQuarters(),
    oracleOfCoinFlips(),
  ];
}

function judgeIsOracle(): ErratumRow {
  const gaps = PAPER_PANELS.filter(({ figure }) => figure === 5 || figure === 8).map(({ evalName, systems }) => {
    const best = Math.max(...one(systems, ({ errorRate }) => errorRate === 0).points.map(({ quality }) => quality));
    return { evalName, best, gap: best - PAPER_ORACLE_ROW.quality[evalName] };
  });
  const widest = gaps.reduce((a, b) => Math.abs(b.gap) > Math.abs(a.gap) ? b : a);
  const mmlu = one(gaps, ({ evalName }) => evalName === "mmlu");
  return {
    id: "judge-is-the-oracle",
    point: 4,
    title: "The cascade's judge knows the outcome: without errors it reaches the oracle",
    where: "Figures 5 and 8, error rate 0; Table 1, Oracle",
    printed: `MMLU: Oracle ${three(PAPER_ORACLE_ROW.quality.mmlu)}`,
    computed: `MMLU: cascade ${three(mmlu.best)}; on ${gaps.length} evaluations at most ${
      three(Math.abs(widest.gap))
    } from the oracle (${PAPER_EVAL_TITLES[widest.evalName]})`,
    evidence: { mmlu: mmlu.best, widestGap: widest.gap, nEvaluations: gaps.length },
  };
}

function belowChance(): ErratumRow {
  const below = WITH_CHOICES.flatMap((evalName) => {
    const chance = chanceOf(evalName)!;
    const error = standardErrorOfShare(chance, paperTestPrompts(evalName));
    return PAPER_MODEL_ROWS.map(({ paperName, quality: { [evalName]: quality } }) => {
      return { evalName, paperName, quality, z: (quality - chance) / error };
    });
  });
  const worse = below.filter(({ z }) => z < 0);
  const unclear = below.filter(({ z }) => Math.abs(z) < 2);
  const lowest = worse.reduce((a, b) => b.z < a.z ? b : a);
  return {
    id: "below-chance",
    point: 5,
    title: "Models answer worse than a guess, or no better",
    where: "Table 1, evaluations with given choices",
    printed: worse.map(({ evalName, paperName, quality }) =>
      `${paperName} on ${PAPER_EVAL_TITLES[evalName]} ${three(quality)}`
    ).join(", "),
    computed: `chance is ${chanceOf(lowest.evalName)}: ${
      (-lowest.z).toFixed(1)
    } standard errors below it; within two of chance: ${
      unclear.map(({ paperName, evalName }) => `${paperName} on ${PAPER_EVAL_TITLES[evalName]}`).join(", ")
    }`,
    evidence: { nBelow: worse.length, lowestZ: lowest.z, nWithinTwoErrors: unclear.length },
  };
}

function newerIsWorse(): ErratumRow {
  const [older, newer] = [rowOf("Claude V1"), rowOf("Claude V2")];
  const changes = PAPER_EVAL_NAMES.map((evalName) => ({
    evalName,
    change: newer.quality[evalName] - older.quality[evalName],
  }));
  const [first, second] = changes.toSorted((a, b) => a.change - b.change);
  return {
    id: "refusals-scored-zero",
    point: 5,
    title: "Claude V2 falls far below Claude V1 on two evaluations",
    where: "Table 1",
    printed: [first, second].map(({ evalName }) =>
      `${PAPER_EVAL_TITLES[evalName]} ${three(older.quality[evalName])} and ${three(newer.quality[evalName])}`
    ).join("; "),
    computed: `${
      [first, second].map(({ evalName, change }) => `${PAPER_EVAL_TITLES[evalName]} −${three(-change)}`).join(", ")
    }, on ${
      changes.filter(({ change }) => change > 0).length
    } of ${changes.length} evaluations better; in the released 5-shot file its answers that begin “I do…” are scored 0`,
    evidence: { largestFall: first.change, secondFall: second.change },
  };
}

function gradedInQuarters(): ErratumRow {
  const evalName = "grade-school-math";
  const none = paperOracleShares(evalName)[NO_MODEL];
  const quality = PAPER_ORACLE_ROW.quality[evalName];
  return {
    id: "gsm8k-in-quarters",
    point: 5,
    title: "GSM8K is not graded right or wrong",
    where: "Table 1, Oracle, and Figure 3, GSM8K",
    printed: `Oracle ${three(quality)}; no model correct on ${none.toFixed(2)}`,
    computed: `were answers right or wrong, the oracle would be ${
      three(1 - none)
    }: the best answer to a prompt is worth ${three(quality)} on average`,
    evidence: { oracle: quality, oracleIfRightOrWrong: 1 - none },
  };
}

function oracleOfCoinFlips(): ErratumRow {
  const flips = 1 - 0.5 ** PAPER_MODEL_ROWS.length;
  const quality = PAPER_ORACLE_ROW.quality.winogrande;
  return {
    id: "oracle-is-luck",
    point: 7,
    title: "The oracle is the best of eleven draws",
    where: "Table 1, Winogrande, Oracle",
    printed: three(quality),
    computed: `eleven coin flips for a question with two answers have an oracle of ${
      flips.toFixed(4)
    }; the best model has ${three(Math.max(...PAPER_MODEL_ROWS.map((row) => row.quality.winogrande)))}`,
    evidence: { coinFlips: flips, oracle: quality },
  };
}
