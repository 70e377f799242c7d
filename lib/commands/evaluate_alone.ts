import type { OutcomeAudit } from "../audit/audit_outcomes.ts";
import { paragraph } from "../base/wrapped.ts";
import type { EvaluatedTable } from "../experiments/evaluate_table.ts";
import type { ModelsAlone } from "../experiments/models_alone.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { terminalTable } from "../paper/run/summary.ts";

/** Tells of a table on which routers cannot be compared why, and its models, with "–" for what routers would have. */
export function aloneText({ why, means }: ModelsAlone): string {
  const rows = means.map(({ name, quality, costUsd }) => [
    name,
    quality.toFixed(4),
    costUsd.toPrecision(3),
    null,
    null,
  ]);
  const table = terminalTable({
    columns: ["", "quality", "USD a prompt", "AIQ", "over Zero"],
    rows: [...rows, ["Zero", null, null, null, null]],
  });
  return `\n${table}\n\n${paragraph(`${why}. No files were written.`)}`;
}

/** The same for machines, in the form of an evaluation that has none. */
export function aloneJson(
  { source, promptIds, models }: OutcomeTable,
  { why, means }: ModelsAlone,
  { settings, audit }: { readonly settings: EvaluatedTable["settings"]; readonly audit: OutcomeAudit },
): string {
  const outcomes = { ...source, nPrompts: promptIds.length, models };
  const all = { outcomes, settings, conclusion: [why], audit: audit.findings, means, evaluations: [] };
  return JSON.stringify(all, null, 1);
}
