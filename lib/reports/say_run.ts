import type { Protocol } from "../evaluation/evaluate.ts";
import { terminalStyle } from "../base/terminal.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { groupSummary } from "../paper/run/group_table.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import { summaryOf, terminalTable } from "../paper/run/summary.ts";

/** The protocols in a line. */
export const PROTOCOL_TEXTS: Readonly<Record<Protocol, string>> = {
  ours: "ours (settings of every system chosen on validation prompts, measured on test prompts)",
  paper: "the paper's (settings chosen on the test prompts)",
};

/** Tells what a run found, readable in a terminal. */
export function sayRun({ evaluations, groups }: Reproduction, protocol: Protocol, say: (line: string) => void): void {
  const { strong } = terminalStyle();
  say(`Protocol: ${PROTOCOL_TEXTS[protocol]}.`);
  for (const named of evaluations) {
    const { evaluation: { nPrompts, oracle, systems }, leftOut } = named, rest = leftOut === null ? "" : `; ${leftOut}`;
    say(
      `\n${strong(evalTitle(named.evalName))}: ${nPrompts.test} test prompts, oracle ${
        oracle.quality.toFixed(4)
      }${rest}`,
    );
    say(terminalTable(summaryOf(named)));
    for (
      const note of new Set(
        systems.flatMap(({ name, notes }) => notes.map((note) => `  ${name.split(",")[0]}: ${note}`)),
      )
    ) say(note);
  }
  const shown = groups.find((group) => group.protocol === protocol && group.kind === "evaluation");
  if (shown === undefined) return;
  say(
    `\n${
      strong("Out of domain")
    }: AIQ over Zero [95 %] on an evaluation that was seen in training, and on one that never was`,
  );
  say(terminalTable(groupSummary(shown)));
}
