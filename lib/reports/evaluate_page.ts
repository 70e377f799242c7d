import { counted } from "../base/words.ts";
import type { EvaluatedTable } from "../experiments/evaluate_table.ts";
import { headlineHtml, headlineOf, READING } from "./headline.ts";
import { escapeHtml } from "../base/words.ts";
import { htmlTable, note } from "./html_page.ts";
import { livePage, type PageFigure } from "./live_page.ts";
import type { Manifest } from "./manifest.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { withoutMeaning } from "../experiments/without_meaning.ts";
import { endingOf, summaryOf } from "../paper/run/summary.ts";
import type { Table } from "../base/table.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";

/** The readable table of an evaluation, without columns in which nothing stands; those that would mean nothing stay, and are empty. */
export function evaluationSummary(named: NamedEvaluation): Table {
  const { columns, rows } = summaryOf(named);
  const isKept = (at: number): boolean =>
    rows.some((row) => row[at] !== null) || (withoutMeaning(named.evaluation) !== null && at < columns.length - 1);
  const used = columns.map((_, at) => isKept(at));
  return { columns: columns.filter((_, at) => used[at]), rows: rows.map((row) => row.filter((_, at) => used[at])) };
}

/** The evaluation as a page that opens from disk. */
export function evaluatePage(
  { outcomes, audit, encoder, settings, result }: EvaluatedTable,
  figures: ReadonlyMap<string, PageFigure>,
  manifest: Omit<Manifest, "files">,
): Promise<string> {
  const wrong = audit.findings.filter(({ severity }) => severity === "wrong");
  const idOf = (at: number): string => `evaluation-${at + 1}`;
  const provenance = {
    program: manifest.program,
    outcomes: outcomes.source,
    encoder,
    settings,
    versions: manifest.versions,
  };
  const head = `<p>${counted(outcomes.promptIds.length, "prompt")}, ${
    counted(outcomes.models.length, "model")
  }. Encoder: <b>${escapeHtml(encoder)}</b>.</p>
${[...outcomes.source.notes, ...result.notes].map((text) => note(`${text}.`)).join("")}
${
    wrong.map(({ summary, remedy }) =>
      `<div class="finding wrong"><h3>${escapeHtml(summary)}</h3><p>${escapeHtml(remedy)}.</p></div>`
    )
      .join("\n")
  }
${note(READING)}`;
  const section = (figure: (name: string, caption: string) => string, named: NamedEvaluation, at: number): string => {
    const { evalName, evaluation: { nPrompts: { learned, chosen, test } } } = named;
    return `<section id="${idOf(at)}"><h2>${escapeHtml(evalTitle(evalName))}</h2>
${
      note(
        `${counted(learned, "prompt")} to learn from, ${chosen} to choose settings on, ${test} measured${
          endingOf(named)
        }.`,
      )
    }${htmlTable(evaluationSummary(named))}
${
      figure(
        evalName,
        "Mean cost and quality of a prompt on the test split. Lines: non-decreasing hulls; in brackets the AIQ by the formula.",
      )
    }</section>`;
  };
  return livePage(`Routers on ${outcomes.source.name}`, {
    lead: headlineHtml(headlineOf(result.evaluations[0], outcomes.source.kind)),
    figures,
    contents: [
      ...result.evaluations.map(({ evalName }, at) => ({ id: idOf(at), title: evalTitle(evalName) })),
      { id: "provenance", title: "Provenance" },
    ],
    body: (figure) =>
      `${head}${result.evaluations.map((named, at) => section(figure, named, at)).join("\n")}
<section id="provenance"><h2>Provenance</h2><p>Numbers' checksum: <code>${manifest.numbersSha256}</code></p><pre>${
        escapeHtml(JSON.stringify(provenance, null, 2))
      }</pre></section>`,
  });
}
