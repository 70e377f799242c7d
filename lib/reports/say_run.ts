import { join } from "node:path";
import { paragraph, wrapped } from "../base/wrapped.ts";
import { terminalStyle } from "../base/terminal.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import type { EvaluatedOutcomes } from "../experiments/evaluate_table.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { groupSummary } from "../paper/run/group_table.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import { PROTOCOLS, shortSummaryOf, summaryOf, terminalHeading, terminalTable } from "../paper/run/summary.ts";

type Say = (line: string) => void;

/** Tells what is seen at a first look: all prompts together. */
export function sayFirst([first]: readonly NamedEvaluation[], say: Say): void {
  say(terminalHeading(first));
  say(terminalTable(shortSummaryOf(first)));
}

/** Tells where the results are; `verbose`: all tables were printed. */
export function sayWritten(
  { out, nFiles, verbose, also }: {
    readonly out: string;
    readonly nFiles: number;
    readonly verbose: boolean;
    /** What else there is to see. */
    readonly also?: string;
  },
  say: Say,
): void {
  const toOpen = `open ${join(out, "report.html")}${also === undefined ? "" : `; ${also}`}`;
  const rest = verbose ? "" : " --verbose prints all tables.";
  say(`\n${paragraph(`Wrote ${nFiles} files to ${out}: ${toOpen}.${rest}`)}`);
}

/** Tells of an evaluated table what was measured and what may be concluded. */
export function sayEvaluated(
  { result: { notes, evaluations }, conclusion }: Pick<EvaluatedOutcomes, "result" | "conclusion">,
  { verbose }: { readonly verbose: boolean },
  say: Say,
): void {
  for (const note of notes) say(paragraph(note, "  "));
  if (verbose) sayEvaluations(evaluations, say);
  else sayFirst(evaluations, say);
  sayConclusion(conclusion, say);
}

/** Tells what may be concluded. */
export function sayConclusion(sentences: readonly string[], say: Say): void {
  say(`\n${sentences.map((sentence) => wrapped(sentence).join("\n")).join("\n")}`);
}

/** Tells of each evaluation what was measured, with the notes of its systems. */
function sayEvaluations(evaluations: readonly NamedEvaluation[], say: Say): void {
  for (const named of evaluations) {
    say(terminalHeading(named));
    say(terminalTable(summaryOf(named)));
    const notes = named.evaluation.systems.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
    for (const note of new Set(notes)) say(paragraph(note, "  "));
  }
}

/** Tells all of a run, readable in a terminal. */
export function sayRun({ evaluations, groups }: Reproduction, protocol: Protocol, say: Say): void {
  const { name, says } = PROTOCOLS[protocol];
  say(`\n${paragraph(`Protocol: ${name} (${says}).`)}`);
  sayEvaluations(evaluations, say);
  const shown = groups.find((group) => group.protocol === protocol && group.kind === "evaluation");
  if (shown === undefined) return;
  const title = terminalStyle().strong("Out of domain");
  const what = "AIQ over Zero [95 %] on an evaluation that was seen in training, and on one that never was";
  say(`\n${paragraph(`${title}: ${what}`)}`);
  say(terminalTable(groupSummary(shown)));
}
