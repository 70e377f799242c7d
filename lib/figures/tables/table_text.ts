import { escapeHtml } from "../../base/words.ts";
import { readableNumber } from "../number_text.ts";
import { withoutMarkup } from "../markup.ts";

/** A table as it is shown: names of columns, the first rows as text, how many rows there are. */
export interface ShownTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly isNumeric: readonly boolean[];
  readonly nRows: number;
}

/** Rows that are shown of a longer table. */
const MAX_ROWS = 20;

/** Makes text of the first rows of a table; a column is numeric if none of its shown cells is text. */
export function shownTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): ShownTable {
  const first = rows.slice(0, MAX_ROWS);
  return {
    columns,
    rows: first.map((row) => columns.map((_, j) => cellText(row[j]))),
    isNumeric: columns.map((_, j) => first.every((row) => row[j] === null || row[j] === undefined || isNumber(row[j]))),
    nRows: rows.length,
  };
}

/** The table as HTML, everything escaped. */
export function tableHtml({ columns, rows, isNumeric, nRows }: ShownTable): string {
  const align = (j: number): string => `style="text-align:${isNumeric[j] ? "right" : "left"}"`;
  const head = columns.map((name, j) => `<th ${align(j)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) =>
    `<tr>${row.map((cell, j) => `<td ${align(j)}>${escapeHtml(cell)}</td>`).join("")}</tr>`
  );
  const caption = `<p>${escapeHtml(countLine({ rows, columns, nRows }))}</p>`;
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>\n${caption}`;
}

/** The table as lines of text, columns aligned. */
export function shownText({ columns, rows, isNumeric, nRows }: ShownTable): string {
  const widths = columns.map((name, j) => Math.max(name.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, j) => isNumeric[j] ? cell.padStart(widths[j]) : cell.padEnd(widths[j])).join("  ").trimEnd();
  return [line(columns), ...rows.map(line), countLine({ rows, columns, nRows })].join("\n");
}

function countLine({ rows, columns, nRows }: Pick<ShownTable, "rows" | "columns" | "nRows">): string {
  const shown = rows.length < nRows ? `first ${rows.length} of ${nRows.toLocaleString("en-US")}` : `${nRows}`;
  return `${shown} row${nRows === 1 ? "" : "s"} × ${columns.length} column${columns.length === 1 ? "" : "s"}`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? value.toLocaleString("en-US") : numberText(value);
  if (typeof value === "object" && !(value instanceof Date)) return JSON.stringify(value);
  return String(value instanceof Date ? value.toISOString() : value).replace(/\s+/g, " ");
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e6 ? value.toExponential(2) : withoutMarkup(readableNumber(value, 4));
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
