import { PAPER_MODEL_ROWS } from "../../outcomes/paper_table.ts";

/** A fault or weakness of the published work, with the evidence that was computed from published numbers. */
export interface ErratumRow {
  /** Short and lasting, for links: `rule-reverses-ranking`. */
  readonly id: string;
  /** The point of "Faults" in data/paper/README.md that it belongs to; `null` where it is not listed there. */
  readonly point: number | null;
  /** What is wrong, one line. */
  readonly title: string;
  /** Where it is printed. */
  readonly where: string;
  /** What is printed there. */
  readonly printed: string;
  /** What the published numbers give. */
  readonly computed: string;
  /** The numbers in `computed`, unrounded. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A number with three decimals, as the paper prints. */
export function three(value: number): string {
  return value.toFixed(3);
}

/** The only item for which a condition holds. */
export function one<T>(items: readonly T[], isIt: (item: T) => boolean): T {
  const found = items.filter(isIt);
  if (found.length !== 1) {
    throw new RangeError(`Cannot compute an erratum as one published item must fit: ${found.length} do`);
  }
  return found[0];
}

/** The row of Table 1 of a model, by the name that the paper gives it. */
export function rowOf(paperName: string): (typeof PAPER_MODEL_ROWS)[number] {
  return one(PAPER_MODEL_ROWS, (row) => row.paperName === paperName);
}
