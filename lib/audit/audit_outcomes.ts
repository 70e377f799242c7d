/** What would make a comparison wrong. @module */

import { needKnownOptions } from "../base/options.ts";
import { auditCosts } from "./costs.ts";
import { auditCutPrompts } from "./cut.ts";
import type { AuditFinding, AuditRule, AuditSeverity } from "./finding.ts";
import { auditLoading } from "./_loading.ts";
import { auditPrompts } from "./_prompts.ts";
import { auditQuality, CHANCE_QUALITY } from "./quality.ts";
import { auditScales } from "./scales.ts";
import { auditSizes } from "./_sizes.ts";
import type { LoadCounts } from "../files/table_of_cells.ts";
import type { PriceList } from "../outcomes/price_list.ts";
import { evalNamesOf, type OutcomeTable } from "../outcomes/outcome_table.ts";
import { PRICE_USD_PER_MILLION_TOKENS } from "../outcomes/paper_table.ts";

export type { AuditFinding, AuditRule, AuditSeverity, LoadCounts };

/** What an audit found in a table. */
export interface OutcomeAudit {
  /** The table's name. */
  readonly name: string;
  /** Number of its prompts. */
  readonly nPrompts: number;
  /** Number of its models. */
  readonly nModels: number;
  /** Its evaluations. */
  readonly evalNames: readonly string[];
  /** The findings, the worst first; equally bad ones in the order in which a table is made. */
  readonly findings: readonly AuditFinding[];
  /** True where no finding makes a comparison of routers wrong. */
  readonly isComparable: boolean;
}

/** How a table is audited. */
export interface AuditOptions {
  /** Word pieces that the encoder reads; null where it reads the whole text. Default 128, the paper's setting. */
  readonly maxTokens?: number | null;
  /** The texts that the encoder is given, where they are not the whole prompts: one for each prompt. */
  readonly texts?: readonly string[];
  /** Quality of a random guess by the beginning of an evaluation's name; default the paper's multiple choices. */
  readonly chanceQuality?: Readonly<Record<string, number>>;
  /** Prices by model, USD per million tokens; default the paper's. */
  readonly priceList?: PriceList;
  /** What was counted when the table was loaded. */
  readonly counts?: LoadCounts;
}

const ORDER: readonly AuditSeverity[] = ["wrong", "look", "note"];
const KNOWN = ["maxTokens", "texts", "chanceQuality", "priceList", "counts"];
const LEAST_TOKENS = 3;

/**
 * Audits a table of outcomes before it is trusted: findings that make a comparison of routers wrong, that a person must
 * look at, or that are good to know.
 *
 * It looks for missing, merged and repeated outcomes; duplicates of prompts, those that differ in white space or case
 * only, those that cross a split, and what they do to KNN; prompts that the encoder cuts, and those it can then no
 * longer tell apart; constant qualities, twin models, models below chance, qualities of another grade or scale, or all
 * the same; latencies in milliseconds; names that look like one; zero and outlying costs, costs in another unit or
 * against the price; evaluations too small to compare routers on. The table is the only input, and it is not changed.
 * O(n m log n).
 *
 * @throws TypeError for an unknown option, RangeError for `maxTokens` below 3
 * @example
 * ```ts
 * import { auditOutcomes } from "./audit_outcomes.ts";
 * import { simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 100, seed: 1 });
 * const free = { ...table, costUsd: table.costUsd.map((cost, at) => at % 3 === 0 ? 0 : cost) };
 * const audit = auditOutcomes(free);
 * assert.equal(audit.isComparable, false);
 * assert.ok(audit.findings.some(({ rule, severity }) => rule === "zero-cost" && severity === "wrong"));
 * ```
 */
export function auditOutcomes(table: OutcomeTable, options: AuditOptions = {}): OutcomeAudit {
  needKnownOptions("audit outcomes", options, { known: KNOWN });
  const { maxTokens = 128, chanceQuality = CHANCE_QUALITY, priceList = PRICE_USD_PER_MILLION_TOKENS, counts = null } =
    options;
  const read = options.texts === undefined ? table : { ...table, prompts: options.texts };
  if (maxTokens !== null && !(Number.isInteger(maxTokens) && maxTokens >= LEAST_TOKENS)) {
    throw new RangeError(
      `Cannot audit outcomes as maxTokens must be a whole number of at least ${LEAST_TOKENS}: it is ${maxTokens}; pass 128`,
    );
  }
  const findings = [
    ...auditLoading(table, counts),
    ...auditPrompts(table),
    ...(maxTokens === null ? [] : auditCutPrompts(read, maxTokens)),
    ...auditScales(table, counts),
    ...auditQuality(table, chanceQuality),
    ...auditCosts(table, priceList),
    ...auditSizes(table),
  ].sort(bySeverity);
  return {
    name: table.source.name,
    nPrompts: table.promptIds.length,
    nModels: table.models.length,
    evalNames: evalNamesOf(table),
    findings,
    isComparable: !findings.some(({ severity }) => severity === "wrong"),
  };
}

/** Sorts findings, the worst first. */
export function bySeverity(a: AuditFinding, b: AuditFinding): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);
}

/** The findings that make a comparison wrong. */
export function wrongFindings({ findings }: OutcomeAudit): AuditFinding[] {
  return findings.filter(({ severity }) => severity === "wrong");
}
