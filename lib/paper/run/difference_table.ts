import type { Evaluation } from "../../evaluation/evaluate.ts";
import { shareOfModels } from "../../evaluation/policy.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../outcomes/outcome_table.ts";
import { constantRouters } from "../../routers/constant.ts";
import { oracle } from "../../routers/oracle.ts";
import { hasMergedRows } from "../errata/rows.ts";
import { differenceVerdict } from "./_difference_verdict.ts";
import { type ModelsAndOracle, ownNumber, type PaperRuns } from "./_own_numbers.ts";
import { type PaperNumber, paperNumbers } from "../printed/numbers.ts";
import { printedAiqRows } from "../printed/printed.ts";
import { POOLED } from "../../experiments/evaluation_names.ts";
import type { Reproduction } from "./reproduce.ts";
import { type Table, tableOfRows } from "../../base/table.ts";

/** Ids that stand twice in the released 5-shot file; all of them are among the paper's test prompts. */
const DOUBLED_TEST_IDS: Readonly<Record<string, number>> = { "arc-challenge": 14 };

/**
 * Every number of the paper, beside what its own plotted points give and what a run gives by the paper's protocol: the
 * test prompts of the printed numbers, its settings, all of them chosen on the test split. Each number has a row.
 * Figure 3's shares and Figure 9's models are of all prompts of an evaluation, as the released rows show.
 *
 * | verdict | meaning |
 * |---|---|
 * | `equal` | to the printed digits |
 * | `explained: …` | not equal, for a reason known of this number |
 * | `calibrated` | of simulated outcomes, whose means are Table 1's by construction: agreement would prove nothing |
 * | `open` | no explanation, though it may be near, or nothing to compare with |
 *
 * **Units**: costs are totals of the paper's test split, of Figure 9 of all prompts, USD.
 */
export function differenceTable(run: Pick<Reproduction, "evaluations" | "groups">, outcomes: OutcomeTable): Table {
  const { kind } = outcomes.source;
  const isMerged = hasMergedRows(outcomes);
  const runs = runsByPaper(run, outcomes);
  const numbers = paperNumbers();
  const aiqs = new Map(printedAiqRows().map((row) => [keyOf({ ...row, quantity: "aiq" }), row]));
  return tableOfRows(numbers.map((number) => {
    const own = ownNumber(number, runs);
    const nDoubled = isMerged ? DOUBLED_TEST_IDS[number.evalName] ?? 0 : 0;
    const isBelowTwin = numbers.some((other) => isBetterTwin(other, number));
    const plotted = aiqs.get(keyOf(number));
    const { figure, evalName, router, quantity, atCostUsd, printed } = number;
    return {
      figure,
      evalName,
      router,
      quantity,
      atTotalCostUsd: atCostUsd,
      printed,
      plottedPointsByReferenceCode: plotted?.referenceCode,
      plottedPointsByFormula: plotted?.formula,
      plottedPointsVerdict: plotted?.verdict,
      ours: own?.value,
      oursByFormula: own?.byFormula,
      difference: own && own.value - printed,
      nTest: own?.nTest,
      protocol: own && "paper",
      verdict: differenceVerdict({ number, own, isSimulated: kind === "simulated", nDoubled, isBelowTwin }),
    };
  }));
}

/** A vertex of the same drawn hull, better at the same cost. */
function isBetterTwin(other: PaperNumber, number: PaperNumber): boolean {
  return number.atCostUsd !== null && other.atCostUsd === number.atCostUsd && other.printed > number.printed &&
    keyOf(other) === keyOf(number);
}

function keyOf(
  { figure, evalName, router, quantity }: Pick<PaperNumber, "figure" | "evalName" | "router" | "quantity">,
): string {
  return JSON.stringify([figure, evalName, router, quantity]);
}

/** The results of a run by the paper's protocol. */
function runsByPaper(
  { evaluations, groups }: Pick<Reproduction, "evaluations" | "groups">,
  outcomes: OutcomeTable,
): PaperRuns {
  const inDomain = evaluations.flatMap(({ evalName, evaluation, byOther }): [string, Evaluation][] => {
    const byPaper = evaluation.protocol === "paper" ? evaluation : byOther;
    return byPaper === null ? [] : [[evalName, byPaper]];
  });
  const outOfDomain = groups.filter(({ protocol, kind }) => protocol === "paper" && kind === "evaluation")
    .flatMap(({ groups }) => groups);
  return {
    inDomain: new Map(inDomain),
    outOfDomain: new Map(outOfDomain.map((group) => [group.name, group])),
    allPrompts: new Map(
      inDomain.filter(([name]) => name !== POOLED).map(([name]) => [name, ofAllPrompts(outcomes, name)]),
    ),
  };
}

function ofAllPrompts(outcomes: OutcomeTable, evalName: string): ModelsAndOracle {
  const part = selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName]));
  const best = oracle(part);
  const n = part.promptIds.length;
  return {
    models: constantRouters(part),
    oracle: best,
    oracleShares: shareOfModels(best.choices, part.models.length),
    nPrompts: { learned: 0, chosen: 0, test: n },
  };
}
