import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../outcomes/outcome_table.ts";
import { paperOracleShares } from "../printed/panels.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS } from "../../outcomes/paper_table.ts";
import { isSimulated } from "../../outcomes/simulate_outcomes.ts";
import { paperSplit } from "../../outcomes/split_outcomes.ts";
import { shareOfModels } from "../../evaluation/policy.ts";
import { constantRouters } from "../../routers/constant.ts";
import { oracle } from "../../routers/oracle.ts";
import { type ErratumRow, three } from "./_erratum.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";

/** An erratum without what is the same in all of those of outcomes. */
export type OwnErratum = Omit<ErratumRow, "where">;

/** By how much some outcomes are from what is printed, at most over the models. */
interface Distance {
  readonly evalName: string;
  readonly byId: number;
  readonly shuffled: number;
  /** From Figure 3's shares of the oracle's picks. */
  readonly sharesOfAll: number;
  readonly sharesOfTest: number;
}

/** Errata of which prompts are behind a printed number: found by comparing them with released rows. */
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

/** Where ids stand in two rows, of which the paper took the first: one without most scores. */
function missingScores(outcomes: OutcomeTable, evalNames: readonly string[]): OwnErratum[] {
  const evalName = "arc-challenge";
  if (!evalNames.includes(evalName) || !hasMergedRows(outcomes)) return [];
  const { test } = paperSplit(selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName])), { order: "by id" }),
    nTest = test.promptIds.length;
  const own = new Map(constantRouters(test).map(({ model, quality }) => [model, quality]));
  const lost = PAPER_MODEL_ROWS.map(({ model, quality }) =>
    Math.round(nTest * ((own.get(model) ?? quality[evalName]) - quality[evalName]))
  );
  const most = Math.max(...lost), gpt4 = PAPER_MODEL_ROWS.find(({ paperName }) => paperName === "GPT-4")!;
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
  const { test } = paperSplit(all, { order: "by id" }), shuffled = paperSplit(all).test;
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
  const shares = shareOfModels(oracle(part).choices, part.models.length), printed = paperOracleShares(evalName);
  return greatest(part.models.flatMap((model, j) => model in printed ? [shares[j] - printed[model]] : []));
}

function greatest(differences: readonly number[]): number {
  return Math.max(0, ...differences.map(Math.abs));
}
