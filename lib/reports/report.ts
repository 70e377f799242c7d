/** The pages and JSON that commands write. @module */

import type { LabelRow } from "../experiments/label_economics.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { groupSummary } from "../paper/run/group_table.ts";
import { headlineHtml, headlineOf } from "./headline.ts";
import { escapeHtml } from "../base/words.ts";
import { choicesBody, evaluationBody } from "./evaluation_body.ts";
import { htmlTable, note, type Section } from "./html_page.ts";
import { type Draw, livePage, type PageFigure } from "./live_page.ts";
import { type Manifest, provenanceBody } from "./manifest.ts";
import type { PaperFigure } from "../paper/figures/catalogue.ts";
import { predictorSummary } from "../paper/run/predictor_table.ts";
import { tablesBody } from "./report_tables.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import { panelCaption, symbolsBody } from "./reading.ts";
import { PROTOCOLS } from "../paper/run/summary.ts";
import { DRAWN, DRAWN_RERANKS } from "../experiments/paper_routers.ts";
import type { Table } from "../base/table.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import type { RunFindings } from "../paper/run/tables_of_run.ts";

/** The parts of the page beside the run's numbers. */
export interface ReportParts {
  /** Figures by name, with their drawings. */
  readonly figures: ReadonlyMap<string, PageFigure>;
  /** All tables that are written, by name. */
  readonly tables: ReadonlyMap<string, Table>;
  /** The paper's figures, which do not depend on the outcomes. */
  readonly published: readonly PaperFigure[];
  readonly findings: RunFindings;
  /** What may be concluded, in sentences. */
  readonly conclusion: readonly string[];
  readonly manifest: Omit<Manifest, "files">;
  /** The folder of the notebooks as seen from the page; `null` where it has none. */
  readonly notebooks: string | null;
}

/** The run as one page that opens from disk and needs no network. */
export function reportOf(run: Reproduction, parts: ReportParts): Promise<string> {
  const { outcomes, encoder } = parts.manifest;
  const [first] = run.evaluations;
  const { protocol } = first.evaluation;
  const sections = (figure: Draw): Section[] => [
    ...evaluationSections(run, { figure, isSimulated: outcomes.kind === "simulated" }),
    ...groupSections(run, protocol),
    ...ablationSections(parts.findings, figure),
    ...labelSections(parts.findings, figure),
    { id: "symbols", title: "Signs and words", body: symbolsBody(parts.notebooks) },
    { id: "errata", title: "Errata", body: errataBody(parts.findings) },
    {
      id: "paper",
      title: "The paper's figures",
      body: note("Drawn anew from the printed points: nothing here depends on the outcomes above.") +
        parts.published.map(({ name, caption }) => figure(name, caption)).join("\n"),
    },
    { id: "tables", title: "All tables", body: tablesBody(parts.tables, { endings: ["csv", "tex"] }) },
    { id: "provenance", title: "Provenance", body: provenanceBody(parts.manifest) },
  ];
  const head = `<p>Outcomes: <b>${escapeHtml(outcomes.name)}</b>. Encoder: <b>${escapeHtml(encoder)}</b>. ${
    escapeHtml(protocolText(protocol))
  }</p>
${outcomes.notes.map((text) => note(`${text}.`)).join("")}`;
  return livePage(`RouterBench on ${outcomes.name}`, {
    lead: headlineHtml(parts.conclusion, headlineOf(first, outcomes.kind)),
    figures: parts.figures,
    tables: parts.tables,
    head,
    sections,
  });
}

function protocolText(protocol: Protocol): string {
  const { name, says } = PROTOCOLS[protocol];
  return `Protocol: ${name}; ${says}.`;
}

/** What is to be said of figures of simulated outcomes. */
const SIMULATED: readonly string[] = [
  "Dotted: the best that a router can do that knows of a prompt what its text says.",
  "The outcomes are simulated and calibrated on the paper's Table 1; they are not the released data.",
];

function evaluationSections(
  run: Reproduction,
  { figure, isSimulated }: { readonly figure: Draw; readonly isSimulated: boolean },
): Section[] {
  return run.evaluations.map((named) => {
    const { evalName, evaluation } = named;
    const systems = evaluation.systems.map(({ name }) => name).filter((name) => DRAWN.includes(name));
    const beside = ["Dashed: the oracle at every λ.", ...(isSimulated ? SIMULATED : [])];
    const caption = panelCaption(evalTitle(evalName), evaluation, { drawn: [...systems, ...DRAWN_RERANKS], beside });
    const body = evaluationBody(named) + figure(evalName, caption) + choicesBody(named) + predictorsBody(run, named);
    return { id: evalName, title: evalTitle(evalName), body };
  });
}

/** What labels are worth; its numbers are among all tables. */
function labelSections({ labels }: RunFindings, figure: Draw): Section[] {
  if (labels === null) return [];
  const repaid = labels.filter(({ requestsToRepay }) => requestsToRepay !== null)
    .toSorted((a, b) => a.requestsToRepay! - b.requestsToRepay!)[0];
  const text = repaid === undefined
    ? "No number of labels that was tried saves anything at 95 % of the best model's quality."
    : `At 95 % of the best model's quality ${repaid.nLabels} labels (${repaid.nPrompts} prompts, ${repaid.modelsPerPrompt} models each) are repaid first, after ${repaid.requestsToRepay} requests${
      repayText(repaid)
    } at the recorded costs.`;
  const caption = "Gain of AIQ (formula) over Zero, with 95 % intervals over draws of labels and splits.";
  return [{ id: "labels", title: "What labels are worth", body: note(text) + figure("labels", caption) }];
}

/** The interval of the requests after which labels are repaid, in brackets. */
function repayText({ repayInterval }: LabelRow): string {
  return repayInterval === null ? "" : ` [${repayInterval[0]}, ${repayInterval[1] ?? "never"}]`;
}

function ablationSections({ ablation }: RunFindings, figure: Draw): Section[] {
  if (ablation === null) return [];
  const body = note("One factor at a time is changed from the base. Numbers: tables/ablation.csv.") +
    ablation.notes.map(note).join("");
  return [{
    id: "ablation",
    title: "Ablation",
    body: body + figure("ablation", "AIQ (formula) over Zero, with 95 % intervals."),
  }];
}

function predictorsBody({ predictors }: Reproduction, { evalName, evaluation: { protocol } }: NamedEvaluation): string {
  const own = predictors.filter((predictor) => predictor.evalName === evalName && predictor.protocol === protocol);
  if (own.length === 0) return "";
  return `<details><summary>What the predictions are worth before anything is decided by them</summary>${
    htmlTable(predictorSummary(own))
  }</details>\n`;
}

function groupSections({ groups }: Reproduction, protocol: Protocol): Section[] {
  return groups.filter((group) => group.protocol === protocol).map((group) => ({
    id: group.kind === "evaluation" ? "out-of-domain" : "tasks",
    title: group.kind === "evaluation" ? "Out of domain" : "Subjects and tasks",
    body: note(
      `AIQ (formula) over Zero [95 %] of routers trained on all evaluations, and of the same trained on all but this one, each beside \
the Zero router that has seen the same. ${protocolText(protocol)} The other protocol's numbers: tables/groups.csv.`,
    ) +
      htmlTable(groupSummary(group)),
  }));
}

function errataBody({ errata }: RunFindings): string {
  const items = errata.map(({ id, title, where, printed, computed }) =>
    `<div class="finding" id="erratum-${escapeHtml(id)}"><h3>${escapeHtml(title)}</h3>` +
    `<p>${escapeHtml(where)}. Printed: ${escapeHtml(printed)}. Computed: ${escapeHtml(computed)}.</p></div>`
  );
  return note("What is wrong or weak in the published work, each with the evidence that was computed in this run.") +
    items.join("\n");
}
