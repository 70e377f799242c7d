import { paragraph } from "../base/wrapped.ts";
import { type BesideEvaluation, readableTable } from "../experiments/beside.ts";
import { terminalTable } from "../paper/run/summary.ts";

/** Tells what was evaluated beside the routers. */
export function sayBeside({ title, sentences, tables }: BesideEvaluation, say: (text: string) => void): void {
  say(`\n${paragraph(title)}`);
  for (const table of tables.values()) say(terminalTable(readableTable(table)));
  for (const sentence of sentences) say(paragraph(sentence));
}
