import { wrongFindings } from "../audit/audit_outcomes.ts";
import { counted, escapeHtml } from "../base/words.ts";
import { type BesideEvaluation, readableTable } from "../experiments/beside.ts";
import type { EvaluatedOutcomes } from "../experiments/evaluate_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { evaluationTables } from "../experiments/evaluation_tables.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { DRAWN } from "../experiments/paper_routers.ts";
import { recommendedTable } from "./choices.ts";
import { choicesBody, evaluationBody } from "./evaluation_body.ts";
import { headlineHtml, headlineOf } from "./headline.ts";
import { htmlTable, note, type Section } from "./html_page.ts";
import { type Draw, livePage, type PageFigure } from "./live_page.ts";
import { type Manifest, provenanceBody } from "./manifest.ts";
import { panelCaption, symbolsBody } from "./reading.ts";
import { tablesBody } from "./report_tables.ts";

/** What the page shows beside what was found. */
export interface EvaluatePageParts {
  /** Figures by the name of their evaluation, or of what was evaluated beside it. */
  readonly figures: ReadonlyMap<string, PageFigure>;
  readonly manifest: Omit<Manifest, "files">;
  /** Systems in figures. Default those of the paper. */
  readonly drawn?: readonly string[];
  /** The folder of the notebooks as seen from the page; `null` where it has none. */
  readonly notebooks: string | null;
}

/** The evaluation as a page that opens from disk. */
export function evaluatePage(
  evaluated: EvaluatedOutcomes,
  { figures, manifest, notebooks, drawn = DRAWN }: EvaluatePageParts,
): Promise<string> {
  const { outcomes, result: { evaluations }, conclusion, beside = [] } = evaluated;
  const tables = new Map([...evaluationTables(evaluations), ...beside.flatMap(({ tables }) => [...tables])]);
  const sections = (figure: Draw): Section[] => [
    ...recommendationSections(evaluated),
    ...evaluations.map((named, at) => evaluationSection(named, { id: `evaluation-${at + 1}`, figure, drawn })),
    ...beside.map((each) => besideSection(each, figure)),
    { id: "symbols", title: "Signs and words", body: symbolsBody(notebooks) },
    { id: "tables", title: "All tables", body: tablesBody(tables, { endings: ["csv"] }) },
    { id: "provenance", title: "Provenance", body: provenanceBody(manifest) },
  ];
  return livePage(`Routers on ${outcomes.source.name}`, {
    lead: headlineHtml(conclusion, headlineOf(evaluations[0], outcomes.source.kind)),
    figures,
    tables,
    head: headBody(evaluated),
    sections,
  });
}

function headBody({ outcomes, audit, encoder, result }: EvaluatedOutcomes): string {
  const size = `${counted(outcomes.nPrompts, "prompt")}, ${counted(outcomes.models.length, "model")}`;
  const notes = [...outcomes.source.notes, ...result.notes].map((text) => note(`${text}.`)).join("");
  const wrong = wrongFindings(audit).map(({ summary, remedy }) =>
    `<div class="finding wrong"><h3>${escapeHtml(summary)}</h3><p>${escapeHtml(remedy)}.</p></div>\n`
  );
  return `<p>${size}. Encoder: <b>${escapeHtml(encoder)}</b>.</p>\n${notes}${wrong.join("")}`;
}

function evaluationSection(
  named: NamedEvaluation,
  { id, figure, drawn }: { readonly id: string; readonly figure: Draw; readonly drawn: readonly string[] },
): Section {
  const { evalName, evaluation } = named;
  const title = evalTitle(evalName);
  const shown = evaluation.systems.map(({ name }) => name).filter((name) => drawn.includes(name));
  const caption = panelCaption(title, evaluation, { drawn: shown });
  return { id, title, body: evaluationBody(named) + figure(evalName, caption) + choicesBody(named) };
}

/** A section with sentences, tables and figures. */
export function besideSection({ name, title, sentences, tables, figures }: BesideEvaluation, figure: Draw): Section {
  const text = sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>\n`).join("");
  const drawn = [...figures].map(([figureName, { caption }]) => figure(figureName, caption)).join("");
  return {
    id: name,
    title,
    body: text + [...tables.values()].map((table) => htmlTable(readableTable(table))).join("") + drawn,
  };
}

function recommendationSections({ outcomes, recommendation }: EvaluatedOutcomes): Section[] {
  if (recommendation === null) return [];
  const { reason, place } = recommendation;
  // A single model is no other than the best one, or for a budget the cheapest, which the sentence names.
  const table = place === null
    ? ""
    : htmlTable(recommendedTable(recommendation, outcomes.models)) + note("“–”: nothing to compare.");
  const body = `<p>${escapeHtml(reason)}.</p>\n${table}${
    note("The setting stands in router.json; deno task serve runs it.")
  }`;
  return [{ id: "recommendation", title: "The setting to run", body }];
}
