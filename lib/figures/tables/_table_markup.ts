import { latexText } from "./_latex_text.ts";
import { numberColumn, type NumberParts, type RoundingRule } from "./_number_column.ts";
import type { TableParts } from "./table_input.ts";

/** A cell to be written; an interval is its two ends. */
type Cell =
  | { readonly text: string }
  | { readonly number: NumberParts }
  | { readonly interval: readonly [NumberParts, NumberParts] }
  | null;

/** A column of cells, with how much room its numbers need right of the point. */
interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly isNumeric: boolean;
  readonly nFraction: number;
  readonly nExponent: number;
}

/** Takes the place of a number that is missing. */
const MISSING = "–";
const MINUS = "−";
const TIMES = "×";
/** Spaces as wide as a digit and as a point; unlike other spaces, HTML keeps them. */
const FIGURE_SPACE = "\u2007";
const PUNCTUATION_SPACE = "\u2008";
const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  ...{ "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" },
};

/** The table as a LaTeX `tabular` with the rules of booktabs; numbers stand with their points below each other. */
export function latexTable(parts: TableParts, rule: RoundingRule): string {
  const columns = columnsOf(parts, rule);
  // After the end of a row, "[" and "*" would be taken for its options.
  const line = (cells: readonly string[]): string => `  ${cells.join(" & ").replace(/^(?=[[*])/, "{}")} \\\\`;
  return [
    `\\begin{tabular}{@{}${columns.map(({ isNumeric }) => isNumeric ? "r" : "l").join("")}@{}}`,
    "  \\toprule",
    line(columns.map(({ name }) => latexText(name))),
    "  \\midrule",
    ...parts.rows.map((_, i) => line(columns.map((column) => latexCell(column.cells[i], column)))),
    "  \\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}

/** The table as Markdown (GitHub's); numbers stand with their points below each other. */
export function markdownTable(parts: TableParts, rule: RoundingRule): string {
  const columns = columnsOf(parts, rule);
  const text = columns.map((column) => column.cells.map((cell) => markdownCell(cell, column)));
  const names = columns.map(({ name }) => escapeMarkdown(name));
  const widths = names.map((name, j) =>
    text[j].reduce((most, { length }) => Math.max(most, length), Math.max(3, name.length))
  );
  const pad = (cell: string, j: number): string =>
    columns[j].isNumeric ? cell.padStart(widths[j]) : cell.padEnd(widths[j]);
  const line = (cells: readonly string[]): string => `| ${cells.map(pad).join(" | ")} |`;
  const rule2 = columns.map(({ isNumeric }, j) => isNumeric ? "-".repeat(widths[j] - 1) + ":" : "-".repeat(widths[j]));
  return [line(names), line(rule2), ...parts.rows.map((_, i) => line(text.map((cells) => cells[i]))), ""].join("\n");
}

function columnsOf({ columns, rows }: TableParts, rule: RoundingRule): Column[] {
  return columns.map((name, j) => {
    const values = rows.map((row) => row[j]);
    const write = numberColumn(
      values.flatMap((value) => isInterval(value) ? value : isNumber(value) ? [value] : []),
      rule,
    );
    const cells = values.map((value): Cell => cellOf(value, write));
    const numbers = cells.flatMap((cell) => cell !== null && "number" in cell ? [cell.number] : []);
    return {
      name,
      cells,
      isNumeric: cells.some((cell) => cell !== null) && !cells.some((cell) => cell !== null && "text" in cell),
      nFraction: numbers.reduce((most, { fraction }) => Math.max(most, fraction.length), 0),
      nExponent: numbers.reduce((most, { exponent }) => Math.max(most, exponent?.length ?? 0), 0),
    };
  });
}

function cellOf(value: unknown, write: (value: number) => NumberParts): Cell {
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return null;
  if (isNumber(value)) return { number: write(value) };
  if (isInterval(value)) return { interval: [write(value[0]), write(value[1])] };
  if (typeof value === "number") return { text: value > 0 ? "∞" : `${MINUS}∞` };
  return { text: textOf(value) };
}

/** A value other than a number, as text. */
export function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isInterval(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber);
}

function latexCell(cell: Cell, { nFraction, nExponent, isNumeric }: Column): string {
  if (cell === null) return isNumeric ? latexText(MISSING) : "";
  if ("text" in cell) return latexText(cell.text);
  const write = (
    { sign, whole, fraction, exponent }: NumberParts,
    room: { nFraction: number; nExponent: number },
  ): string => {
    const missing = "0".repeat(Math.max(0, room.nFraction - fraction.length));
    const point = fraction === "" && missing !== "" ? `.${missing}` : missing;
    const tail = exponent === null
      ? ""
      : `\\times10^{${exponent}${phantom("0".repeat(Math.max(0, room.nExponent - exponent.length)))}}`;
    return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}${phantom(point)}${tail}`;
  };
  const none = { nFraction: 0, nExponent: 0 };
  if ("interval" in cell) return `$[${cell.interval.map((end) => write(end, none)).join(", ")}]$`;
  return `$${write(cell.number, { nFraction, nExponent })}$`;
}

function phantom(text: string): string {
  return text === "" ? "" : `\\phantom{${text}}`;
}

function markdownCell(cell: Cell, { nFraction, nExponent, isNumeric }: Column): string {
  if (cell === null) return isNumeric ? MISSING : "";
  if ("text" in cell) return escapeMarkdown(cell.text);
  const write = ({ sign, whole, fraction, exponent }: NumberParts): string => {
    const power = exponent === null ? "" : `${TIMES}10${exponent.replace(/./g, (digit) => SUPERSCRIPTS[digit])}`;
    return `${sign === "" ? "" : MINUS}${whole}${fraction === "" ? "" : `.${fraction}`}${power}`;
  };
  if ("interval" in cell) return `[${cell.interval.map(write).join(", ")}]`;
  const { fraction, exponent } = cell.number;
  const point = fraction === "" && nFraction > 0 ? PUNCTUATION_SPACE : "";
  return write(cell.number) + point +
    FIGURE_SPACE.repeat(nFraction - fraction.length + nExponent - (exponent?.length ?? 0));
}

function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|*_`<>[\]~]/g, "\\$&");
}
