import type { Table } from "../base/table.ts";
import { paragraph } from "../base/wrapped.ts";
import type { BesideEvaluation } from "../experiments/beside.ts";
import { terminalTable } from "../paper/run/summary.ts";

/** Digits of a number on the terminal. */
const DIGITS = 4;

/** Tells what was evaluated beside the routers. */
export function sayBeside({ title, sentences, tables }: BesideEvaluation, say: (text: string) => void): void {
  say(`\n${paragraph(title)}`);
  for (const table of tables.values()) say(terminalTable(rounded(table)));
  for (const sentence of sentences) say(paragraph(sentence));
}

function rounded({ columns, rows }: Table): Table {
  return {
    columns: columns.map((column) => column.replaceAll("_", " ")),
    rows: rows.map((row) => row.map((cell) => typeof cell === "number" ? Number(cell.toPrecision(DIGITS)) : cell)),
  };
}
