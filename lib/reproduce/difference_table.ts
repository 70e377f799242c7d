import type { Evaluation } from "../evaluation/evaluate.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { differenceVerdict, type Judged } from "./_difference_verdict.ts";
import { type OwnNumber, ownNumber, type PaperRuns } from "./_own_numbers.ts";
import { type PublishedNumber, publishedNumbers } from "./_published_numbers.ts";
import { type PublishedAiqRow, publishedAiqRows } from "./published.ts";
import type { Reproduction } from "./reproduce.ts";
import type { Table } from "./table.ts";

/**
 * Every number of the paper, beside what its own plotted points give and what a run gives by the paper's protocol: its split, its settings, all
 * of them chosen on the test split. One row a number, none left out.
 *
 * | verdict | meaning |
 * |---|---|
 * | `equal` | to the printed digits |
 * | `explained: …` | not equal, for the reason given |
 * | `calibrated` | of simulated outcomes, whose means are Table 1's by construction: agreement would prove nothing |
 * | `open` | no explanation, or nothing to compare with |
 *
 * **Units**: costs are totals of the paper's test split, USD.
 */
export function differenceTable(run: Pick<Reproduction, "evaluations" | "groups">, { kind }: Pick<OutcomeSource, "kind">): Table {
  const runs = runsByPaper(run), aiqs = new Map(publishedAiqRows().map((row) => [keyOf({ ...row, quantity: "aiq" }), row]));
  return {
    columns: [
      ...["figure", "eval_name", "router", "quantity", "at_total_cost_usd", "printed"],
      ...["published_points_by_reference_code", "published_points_by_formula", "published_points_verdict"],
      ...["ours", "ours_by_formula", "difference", "n_test", "protocol", "verdict"],
    ],
    rows: publishedNumbers().map((number) => {
      const own = ownNumber(number, runs), judged: Judged = { number, own, isSimulated: kind === "simulated" };
      const { figure, evalName, router, quantity, atCostUsd, printed } = number;
      return [
        ...[figure, evalName, router, quantity, atCostUsd, printed],
        ...published(aiqs.get(keyOf(number))),
        ...ourCells(own, printed),
        ...[own?.nTest ?? null, own === null ? null : "paper", differenceVerdict(judged)],
      ];
    }),
  };
}

function keyOf({ figure, evalName, router, quantity }: Pick<PublishedNumber, "figure" | "evalName" | "router" | "quantity">): string {
  return JSON.stringify([figure, evalName, router, quantity]);
}

function published(row: PublishedAiqRow | undefined): (string | number | null)[] {
  return row === undefined ? [null, null, null] : [row.referenceCode, row.formula, row.verdict];
}

function ourCells(own: OwnNumber | null, printed: number): (number | null)[] {
  return own === null ? [null, null, null] : [own.value, own.byFormula, own.value - printed];
}

/** What a run measured by the paper's protocol. */
function runsByPaper({ evaluations, groups }: Pick<Reproduction, "evaluations" | "groups">): PaperRuns {
  const inDomain = evaluations.flatMap(({ evalName, evaluation, byOther }): [string, Evaluation][] => {
    const byPaper = evaluation.protocol === "paper" ? evaluation : byOther;
    return byPaper === null ? [] : [[evalName, byPaper]];
  });
  const outOfDomain = groups.filter(({ protocol, kind }) => protocol === "paper" && kind === "evaluation").flatMap(({ groups }) => groups);
  return { inDomain: new Map(inDomain), outOfDomain: new Map(outOfDomain.map((group) => [group.name, group])) };
}
