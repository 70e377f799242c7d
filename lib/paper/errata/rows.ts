import { standardErrorOfShare } from "../../base/statistics.ts";
import { shareOfModels } from "../../evaluation/policy.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../outcomes/outcome_table.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS, PAPER_ORACLE_ROW, paperTestPrompts } from "../../outcomes/paper_table.ts";
import { isSimulated } from "../../outcomes/simulate_outcomes.ts";
import { paperSplit } from "../../outcomes/split_outcomes.ts";
import { constantRouters } from "../../routers/constant.ts";
import { oracle } from "../../routers/oracle.ts";
import { NO_MODEL, paperOracleShares, paperPanel } from "../printed/panels.ts";
import { type ErratumRow, one, rowOf, three } from "./_erratum.ts";

/** Half a unit of the last decimal that Figure 3 prints. */
const SHARE_ROUNDING = 0.005;
/** Uncertainty of a quality that was read off a figure to four decimals. */
const READING = 1.2e-4;

/** Errata of rows: the prompts on which a number was measured. */
export function rowErrata(): ErratumRow[] {
  return [smallSample(), otherArcRows(), figure9MtBench(), oracleShares()];
}

/** The least number of prompts for which all qualities are whole numbers of right answers. */
function promptsBehind(qualities: readonly number[]): number {
  for (let n = 2;; n++) {
    if (qualities.every((quality) => Math.abs(quality * n - Math.round(quality * n)) <= READING * n)) return n;
  }
}

function otherArcRows(): ErratumRow {
  const { models, systems } = paperPanel(8, "arc-challenge");
  const nModels = promptsBehind(models.map(({ quality }) => quality));
  const cascades = systems.filter(({ errorRate }) => errorRate !== null);
  const nCascades = promptsBehind(cascades.flatMap(({ points }) => points.map(({ quality }) => quality)));
  return {
    id: "other-rows-in-one-panel",
    point: 8,
    title: "Cascades and models of one panel were measured on different rows",
    where: "Figure 8, ARC-Challenge",
    printed: `${models.length} models and ${cascades.length} cascades`,
    computed: `the models' qualities are shares of ${nModels} prompts, the cascades' of ${nCascades}: ${
      nCascades - nModels
    } more, as many ids as are doubled in the released file`,
    evidence: { nModels, nCascades },
  };
}

function figure9MtBench(): ErratumRow {
  const { models, oracle } = paperPanel(9, "mtbench");
  const gpt4 = one(models, ({ name }) => name === "GPT-4");
  const row = one(PAPER_MODEL_ROWS, ({ paperName }) => paperName === "GPT-4");
  return {
    id: "mtbench-is-three-evaluations",
    point: 8,
    title: "MT-Bench means something else in Figure 9",
    where: "Figure 9 and Table 1, MT-Bench",
    printed: `GPT-4 ${three(row.quality.mtbench)}, Oracle ${three(PAPER_ORACLE_ROW.quality.mtbench)} in Table 1`,
    computed: `GPT-4 ${three(gpt4.quality)}, Oracle ${
      three(oracle!.quality)
    } in Figure 9, which averages three evaluations unweighted`,
    evidence: { gpt4InTable: row.quality.mtbench, gpt4InFigure: gpt4.quality, oracleInFigure: oracle!.quality },
  };
}

/** Evaluations where 1 − "no model correct" cannot be the oracle's quality: one was counted on other rows. */
function oracleShares(): ErratumRow {
  // Right or wrong only: elsewhere the oracle's quality is no share.
  const graded = PAPER_EVAL_NAMES.filter((evalName) => evalName !== "grade-school-math" && evalName !== "mtbench");
  const gaps = graded.map((evalName) => ({
    evalName,
    gap: PAPER_ORACLE_ROW.quality[evalName] - (1 - paperOracleShares(evalName)[NO_MODEL]),
  }));
  const wrong = gaps.filter(({ gap }) => Math.abs(gap) > SHARE_ROUNDING + 5e-4);
  const mbpp = one(gaps, ({ evalName }) => evalName === "mbpp");
  return {
    id: "figure-3-contradicts-table-1",
    point: null,
    title: "Figure 3 and Table 1 do not agree on the oracle",
    where: "Figure 3 (right) and Table 1, Oracle",
    printed: `MBPP: no model correct on ${paperOracleShares("mbpp")[NO_MODEL]}, Oracle ${
      three(PAPER_ORACLE_ROW.quality.mbpp)
    }`,
    computed: `1 − ${paperOracleShares("mbpp")[NO_MODEL]} is ${
      three(PAPER_ORACLE_ROW.quality.mbpp - mbpp.gap)
    }; beyond rounding on ${wrong.length} of ${gaps.length} evaluations that are right or wrong`,
    evidence: { mbppGap: mbpp.gap, nBeyondRounding: wrong.length, nEvaluations: gaps.length },
  };
}

function smallSample(): ErratumRow {
  const { printedAiq } = paperPanel(4, "mbpp");
  const n = paperTestPrompts("mbpp");
  const error = standardErrorOfShare(rowOf("GPT-4").quality.mbpp, n);
  const difference = Math.max(printedAiq.knn!, printedAiq.mlp!) - printedAiq.zero!;
  return {
    id: "small-sample",
    point: 2,
    title: "No interval is given, and test splits are small",
    where: "Figure 4, MBPP",
    printed: `Zero ${three(printedAiq.zero!)}, KNN ${three(printedAiq.knn!)}, MLP ${three(printedAiq.mlp!)}`,
    computed: `on ${n} prompts the standard error of one model's mean quality is ${
      three(error)
    } (GPT-4); the better router differs from Zero by ${three(Math.abs(difference))}`,
    evidence: { nPrompts: n, standardError: error, difference },
  };
}

/** An erratum without what is the same in all of those of outcomes. */
export type OwnErratum = Omit<ErratumRow, "where">;

/** The greatest difference over the models between some outcomes and the printed values. */
interface Distance {
  readonly evalName: string;
  readonly byId: number;
  readonly shuffled: number;
  /** The same for Figure 3's shares of the oracle's picks. */
  readonly sharesOfAll: number;
  readonly sharesOfTest: number;
}

/** Errata about the prompts behind a printed number, found by comparison with the released rows. */
export function testRowErrata(outcomes: OutcomeTable, evalNames: readonly string[]): OwnErratum[] {
  const distances = isSimulated(outcomes)
    ? []
    : evalNames.filter((name) => PAPER_EVAL_NAMES.includes(name)).map((name) => distanceOf(outcomes, name));
  const evidence = (of: (distance: Distance) => Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(
      distances.flatMap((distance) =>
        Object.entries(of(distance)).map(([name, value]) => [`${name}, ${distance.evalName}`, value])
      ),
    );
  const computed = (words: string, of: (distance: Distance) => string): string =>
    distances.length === 0
      ? "not on simulated outcomes; the released files show it"
      : `${words}: ${distances.map((distance) => `${evalTitle(distance.evalName)} ${of(distance)}`).join(", ")}`;
  return [
    ...(isSimulated(outcomes) ? [] : missingScores(outcomes, evalNames)),
    {
      id: "ids-were-not-shuffled",
      point: null,
      title: "The printed numbers are of the last 30 % of the ids, unshuffled",
      printed: "Table 1's mean qualities",
      computed: computed(
        "greatest difference of a model's mean on the last ids in their order (and on those that the reference code's shuffle with seed 42 leaves for the test)",
        ({ byId, shuffled }) => `${byId.toFixed(4)} (${shuffled.toFixed(4)})`,
      ),
      evidence: evidence(({ byId, shuffled }) => ({ "by id": byId, shuffled })),
    },
    {
      id: "figure-3-counts-training-prompts",
      point: null,
      title: "Figure 3's shares of the oracle are of all prompts, not of the test split",
      printed: "shares of the oracle's picks, two decimals",
      computed: computed(
        "greatest difference of a share on all prompts (and on the test prompts of Table 1)",
        ({ sharesOfAll, sharesOfTest }) => `${three(sharesOfAll)} (${three(sharesOfTest)})`,
      ),
      evidence: evidence(({ sharesOfAll, sharesOfTest }) => ({
        "of all": sharesOfAll,
        "of the test split": sharesOfTest,
      })),
    },
  ];
}

/** Ids that stand in two rows: the paper took the first row, which lacks most scores. */
function missingScores(outcomes: OutcomeTable, evalNames: readonly string[]): OwnErratum[] {
  const evalName = "arc-challenge";
  if (!evalNames.includes(evalName) || !hasMergedRows(outcomes)) return [];
  const { test } = paperSplit(selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName])), { order: "by id" });
  const nTest = test.promptIds.length;
  const own = new Map(constantRouters(test).map(({ model, quality }) => [model, quality]));
  const lost = PAPER_MODEL_ROWS.map(({ model, quality }) =>
    Math.round(nTest * ((own.get(model) ?? quality[evalName]) - quality[evalName]))
  );
  const most = Math.max(...lost);
  const gpt4 = PAPER_MODEL_ROWS.find(({ paperName }) => paperName === "GPT-4")!;
  return [{
    id: "missing-scores-count-as-wrong",
    point: null,
    title: "Prompts whose score is missing in one of two rows count as wrong answers",
    printed: `ARC-Challenge: GPT-4 ${three(gpt4.quality[evalName])}`,
    computed: `GPT-4 ${
      three(own.get(gpt4.model) ?? NaN)
    } with the score of the other row; of ${nTest} test prompts the models lose up to ${most}, ${
      lost.filter((count) => count === 0).length
    } of ${lost.length} models none`,
    evidence: { nTest, mostLost: most, gpt4: own.get(gpt4.model) ?? NaN },
  }];
}

/** Whether rows of one id were merged when the file was loaded. */
export function hasMergedRows({ source }: OutcomeTable): boolean {
  return (source.nMergedRows ?? 0) > 0;
}

function distanceOf(outcomes: OutcomeTable, evalName: string): Distance {
  const all = selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName]));
  const { test } = paperSplit(all, { order: "by id" });
  const shuffled = paperSplit(all).test;
  return {
    evalName,
    byId: distanceOfMeans(test, evalName),
    shuffled: distanceOfMeans(shuffled, evalName),
    sharesOfAll: distanceOfShares(all, evalName),
    sharesOfTest: distanceOfShares(test, evalName),
  };
}

function distanceOfMeans(part: OutcomeTable, evalName: string): number {
  const models = constantRouters(part);
  return greatest(PAPER_MODEL_ROWS.flatMap(({ model, quality }) => {
    const own = models.find((each) => each.model === model);
    return own === undefined ? [] : [own.quality - quality[evalName]];
  }));
}

function distanceOfShares(part: OutcomeTable, evalName: string): number {
  const shares = shareOfModels(oracle(part).choices, part.models.length);
  const printed = paperOracleShares(evalName);
  return greatest(part.models.flatMap((model, j) => model in printed ? [shares[j] - printed[model]] : []));
}

function greatest(differences: readonly number[]): number {
  return Math.max(0, ...differences.map(Math.abs));
}
