import { counted } from "../base/words.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { endingOf, summaryOf } from "../paper/run/summary.ts";
import { chosenTable, costsTable } from "./choices.ts";
import { htmlTable, note } from "./html_page.ts";
import { emptyCellsNote } from "./reading.ts";

/** What a page says of an evaluation before its figure: the sizes of its parts, and its systems. */
export function evaluationBody(named: NamedEvaluation): string {
  const { learned, chosen, test } = named.evaluation.nPrompts;
  const summary = summaryOf(named);
  return note(
    `${counted(learned, "prompt")} to learn from, ${chosen} to choose settings on, ${test} measured${endingOf(named)}.`,
  ) +
    htmlTable(summary) + emptyCellsNote(summary);
}

/** What a page says of an evaluation after its figure, folded: chosen settings, and how well costs are predicted. */
export function choicesBody(named: NamedEvaluation): string {
  const chosen = chosenTable(named);
  const costs = costsTable(named);
  return folded(
    "Settings that were chosen on validation prompts",
    chosen.rows.length === 0 ? "" : note("All that were tried: tables/ladders.csv.") + htmlTable(chosen),
  ) +
    folded(
      "How well costs per prompt are predicted",
      costs.rows.length === 0 ? "" : note(
        "On the test prompts, by a ridge regression of log cost on the prompt's vector. R²: share of the variance of log cost that is " +
          "explained; “–” where a response is free or all cost the same. A chosen setting says “costs predicted” where these predictions paid " +
          "on validation prompts.",
      ) + htmlTable(costs),
    );
}

function folded(title: string, body: string): string {
  return body === "" ? "" : `<details><summary>${title}</summary>${body}</details>\n`;
}
