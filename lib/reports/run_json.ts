import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { evaluationRecord } from "./evaluation_json.ts";
import { groupTable } from "../paper/run/group_table.ts";
import type { Manifest } from "./manifest.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import type { Table } from "../base/table.ts";
import type { RunFindings } from "../paper/run/tables_of_run.ts";

/** A run for machines: evaluations by both protocols, each naming its own, groups, errata, and what it was made from. */
export function runJson(
  { evaluations, groups }: Reproduction,
  { outcomes: { promptIds, models }, manifest, findings, notices }: {
    readonly outcomes: OutcomeTable;
    readonly manifest: Manifest;
    readonly findings: RunFindings;
    /** What was said beside the results. */
    readonly notices: readonly string[];
  },
): string {
  const { outcomes, files: _, ...rest } = manifest;
  const both = evaluations.flatMap(({ evalName, leftOut, evaluation, byOther }) =>
    [evaluation, ...(byOther === null ? [] : [byOther])].map((evaluation) =>
      evaluationRecord({ evalName, leftOut, evaluation })
    )
  );
  const all = {
    outcomes: { ...outcomes, nPrompts: promptIds.length, models },
    ...rest,
    notes: notices,
    evaluations: both,
    groups: recordsOf(groupTable(groups)),
    errata: findings.errata,
  };
  return JSON.stringify(all, null, 1) + "\n";
}

function recordsOf({ columns, rows }: Table): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
}
