/**
 * How bad a finding is: `wrong` makes a comparison of routers wrong until it is mended; `look` may do so, and a person
 * has to look; `note` is good to know.
 */
export type AuditSeverity = "wrong" | "look" | "note";

/** What the audit looks at. */
export type AuditRule =
  | "missing-outcomes"
  | "merged-rows"
  | "different-texts"
  | "no-texts"
  | "empty-prompts"
  | "duplicate-prompts"
  | "near-duplicate-prompts"
  | "crossing-duplicates"
  | "cut-prompts"
  | "alike-to-the-encoder"
  | "constant-quality"
  | "twin-models"
  | "below-chance"
  | "unusual-quality"
  | "no-choice"
  | "no-room"
  | "unanswered-prompts"
  | "equal-quality"
  | "mixed-scales"
  | "latency-unit"
  | "near-twins"
  | "zero-cost"
  | "outlying-cost"
  | "cost-unit"
  | "cost-against-price"
  | "small-evaluation";

/** One thing the audit found. */
export interface AuditFinding {
  /** What was looked at. */
  readonly rule: AuditRule;
  /** How bad it is. */
  readonly severity: AuditSeverity;
  /** What was found, one sentence with its numbers. */
  readonly summary: string;
  /** How many `unit` are concerned. */
  readonly count: number;
  /** Of how many. */
  readonly of: number;
  /** What is counted. */
  readonly unit: "prompts" | "outcomes" | "models" | "evaluations" | "rows";
  /** At most five of them, the worst first. */
  readonly examples: readonly string[];
  /** What to do. */
  readonly remedy: string;
}

/** Makes a finding; `concerns` is its count, of how many, and what is counted. */
export function finding(
  rule: AuditRule,
  { concerns: [count, of, unit], examples = [], ...rest }: Pick<AuditFinding, "severity" | "summary" | "remedy"> & {
    readonly concerns: readonly [count: number, of: number, unit: AuditFinding["unit"]];
    readonly examples?: readonly string[];
  },
): AuditFinding {
  return { rule, count, of, unit, examples, ...rest };
}

/** Examples that a finding shows. */
export const MOST_EXAMPLES = 5;

/** A share as people read it: 12 %, .3 %. */
export function roughPercent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2)} %`;
}

/** The beginning of a text on one line, in quotes. */
export function shortText(text: string, length = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return `"${line.length > length ? `${line.slice(0, length)}…` : line}"`;
}
