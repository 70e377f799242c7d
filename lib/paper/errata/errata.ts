import type { ErratumRow } from "./_erratum.ts";
import { costErrata } from "./costs.ts";
import { judgeErrata } from "./judges.ts";
import { rankReversal } from "../printed/reversal.ts";
import { rowErrata } from "./rows.ts";
import { ruleErrata } from "./rules.ts";

export { errataOfOutcomes, type OutcomeEvidence } from "./outcomes.ts";
export type { ErratumRow } from "./_erratum.ts";
export { type RankReversal, rankReversal, type ReversedSystem } from "../printed/reversal.ts";

/**
 * The errata of the published work that the published numbers show. Each row computes its evidence when it is called.
 *
 * Points that need outcomes (duplicates across the split, settings chosen on test prompts, what an encoder reads) are
 * in {@linkcode errataOfOutcomes}.
 *
 * **Source**: data/paper/README.md, "Faults", and what the printed numbers say of each other.
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
  return [...ruleErrata(rankReversal()), ...costErrata(), ...judgeErrata(), ...rowErrata()];
}
