import { needKnownOptions } from "../../base/options.ts";
import { csvOf, type Table } from "../../base/table.ts";
import type { RoundingRule } from "./_number_column.ts";
import { extensionAmong, save } from "../drawing/save.ts";
import { foundInstead, type FrameLike, type TableParts, tableParts, type TableRows } from "./table_input.ts";
import { latexTable, markdownTable, textOf } from "./_table_markup.ts";

export type { RoundingRule } from "./_number_column.ts";

/** How a table is saved. */
export interface ExportTableOptions {
  /**
   * How numbers are rounded. If not given, `.tex` and `.md` show three significant digits, and whole numbers whole,
   * while `.csv`, which is read by programs, keeps every digit.
   */
  readonly round?: RoundingRule;
  /** Titles of columns by their names; a column that is not here keeps its name. */
  readonly titles?: Readonly<Record<string, string>>;
}

const FOR_READERS: RoundingRule = { significant: 3 };
const MOST_DIGITS = 15;
const KNOWN_OPTIONS = ["round", "titles"];

/** The writer for each extension. */
const WRITERS: Readonly<Record<TableFormat, (parts: TableParts, round: RoundingRule | undefined) => string>> = {
  ".csv": (parts, round = "exact") => csvOf(roundedTable(parts, round)),
  ".tex": (parts, round = FOR_READERS) => latexTable(parts, round),
  ".md": (parts, round = FOR_READERS) => markdownTable(parts, round),
};

/**
 * Saves a table for a paper or a program, by the name of the file: `.csv` (RFC 4180), `.tex` (a `tabular` with the
 * rules of booktabs, for `\input`), `.md` (GitHub's Markdown).
 *
 * In LaTeX and Markdown numbers stand with their points below each other, a minus is a minus, a column that is too
 * small or too large to be read plainly is written in powers of ten throughout, and `[low, high]` is an interval.
 * LaTeX's special characters are escaped; λ, ε and other symbols become math. The file is written beside its target and
 * renamed.
 *
 * @throws TypeError if the extension or an option is not known, or the first argument is no table; RangeError if a
 * number of digits is wrong
 * @throws Error with `cause` if the file cannot be written
 * @example
 * ```ts
 * import { exportTable } from "./export_table.ts";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/aiq.tex`;
 * const rows = [{ router: "Zero", aiq: 0.7634 }, { router: "Cascade, ε = 0.1", aiq: 0.9 }];
 * await exportTable(rows, path, { titles: { aiq: "AIQ" } });
 * assert.match(await Deno.readTextFile(path), /Cascade, \$\\varepsilon\$ = 0.1 & \$0.900\$/);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportTable(
  table: Table | FrameLike | TableRows,
  path: string,
  options: ExportTableOptions = {},
): Promise<void> {
  const format = extensionAmong(WRITERS, path);
  needKnownOptions(`save "${path}"`, options, { known: KNOWN_OPTIONS });
  await save(path, tableText(table, format, options));
}

/** The formats of {@linkcode exportTable}. */
export type TableFormat = ".csv" | ".tex" | ".md";

/** The text that {@linkcode exportTable} writes. */
export function tableText(
  table: Table | FrameLike | TableRows,
  format: TableFormat,
  { round, titles = {} }: ExportTableOptions = {},
): string {
  const parts = tableParts(table);
  if (parts === null) {
    throw new TypeError(
      `Cannot save a table as it must be a table, a data frame or an array of rows: it is ${
        foundInstead(table)
      }; pass one of these`,
    );
  }
  checkRule(round);
  return WRITERS[format]({
    ...parts,
    columns: parts.columns.map((name) => Object.hasOwn(titles, name) ? titles[name] : name),
  }, round);
}

/** The cells as CSV holds them: numbers as numbers, intervals and other objects as JSON. */
function roundedTable({ columns, rows }: TableParts, rule: RoundingRule): Table {
  const round = (value: number): number => {
    if (rule === "exact" || Number.isInteger(value) || !Number.isFinite(value)) return value;
    return Number("decimals" in rule ? value.toFixed(rule.decimals) : value.toPrecision(rule.significant));
  };
  const cell = (value: unknown): string | number | null => {
    if (value === null || value === undefined) return null;
    if (typeof value === "number") return round(value);
    return textOf(Array.isArray(value) ? value.map((each) => typeof each === "number" ? round(each) : each) : value);
  };
  return { columns, rows: rows.map((row) => columns.map((_, j) => cell(row[j]))) };
}

function checkRule(rule: RoundingRule | undefined): void {
  if (rule === undefined || rule === "exact") return;
  const [[name, digits]] = Object.entries(rule);
  const least = name === "decimals" ? 0 : 1;
  if (name !== "decimals" && name !== "significant") {
    throw new TypeError(
      `Cannot round numbers as the rule must be decimals, significant or "exact": it is "${name}"; choose one of them`,
    );
  }
  if (Number.isInteger(digits) && digits >= least && digits <= MOST_DIGITS) return;
  throw new RangeError(
    `Cannot round numbers as ${name} must be a whole number from ${least} to ${MOST_DIGITS}: it is ${digits}; pass 3`,
  );
}
