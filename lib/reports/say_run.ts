import { terminalStyle } from "../base/terminal.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import { groupSummary } from "../paper/run/group_table.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import { PROTOCOLS, summaryOf, terminalHeading, terminalTable } from "../paper/run/summary.ts";

/** Tells what a run found, readable in a terminal. */
export function sayRun({ evaluations, groups }: Reproduction, protocol: Protocol, say: (line: string) => void): void {
  const { name, says } = PROTOCOLS[protocol];
  say(`Protocol: ${name} (${says}).`);
  for (const named of evaluations) {
    say(terminalHeading(named));
    say(terminalTable(summaryOf(named)));
    const notes = named.evaluation.systems.flatMap(({ name, notes }) => notes.map((note) => `  ${name}: ${note}`));
    for (const note of notes) say(note);
  }
  const shown = groups.find((group) => group.protocol === protocol && group.kind === "evaluation");
  if (shown === undefined) return;
  const title = terminalStyle().strong("Out of domain");
  say(`\n${title}: AIQ over Zero [95 %] on an evaluation that was seen in training, and on one that never was`);
  say(terminalTable(groupSummary(shown)));
}
