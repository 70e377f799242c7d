import type { ErratumRow } from "./_published_erratum.ts";
import { outcomeErrata } from "./_published_outcome_errata.ts";
import { rankReversal } from "./_published_reversal.ts";
import { rowErrata } from "./_published_row_errata.ts";
import { ruleErrata } from "./_published_rule_errata.ts";

export { errataOfOutcomes, type OutcomeEvidence } from "./_errata_of_outcomes.ts";
export type { ErratumRow } from "./_published_erratum.ts";
export { type RankReversal, rankReversal, type ReversedSystem } from "./_published_reversal.ts";

/**
 * What is wrong or weak in the published work, as far as the published numbers show it: each row computes its evidence when it is called.
 *
 * Points that need outcomes (duplicates across the split, settings chosen on test prompts, what an encoder reads) are in
 * {@linkcode errataOfOutcomes}.
 *
 * **Source**: paper.md section 4, and what the printed numbers say of each other.
 *
 * @example
 * ```ts
 * import { errataRows } from "./errata.ts";
 * import assert from "node:assert/strict";
 *
 * const reversal = errataRows().find(({ id }) => id === "rule-reverses-ranking")!;
 * assert.equal(reversal.evidence.cascadeByReferenceCode.toFixed(3), "0.469");
 * assert.equal(reversal.evidence.cascadeByFormula.toFixed(3), "0.830");
 * ```
 */
export function errataRows(): ErratumRow[] {
  return [...ruleErrata(rankReversal()), ...outcomeErrata(), ...rowErrata()];
}
