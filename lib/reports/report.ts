import type { Protocol } from "../evaluation/evaluate.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { groupSummary } from "../paper/run/group_table.ts";
import { headlineHtml, headlineOf, READING } from "./headline.ts";
import { escapeHtml } from "../base/words.ts";
import { htmlTable, note } from "./html_page.ts";
import { livePage, type PageFigure } from "./live_page.ts";
import type { Manifest } from "./manifest.ts";
import type { PaperFigure } from "../paper/figures/catalogue.ts";
import { predictorSummary } from "../paper/run/predictor_table.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import { PROTOCOLS, summaryOf } from "../paper/run/summary.ts";
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
  readonly manifest: Omit<Manifest, "files">;
}

/** A part of the page with a place in the contents list. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: string;
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
    { id: "errata", title: "Errata", body: errataBody(parts.findings) },
    {
      id: "paper",
      title: "The paper's figures",
      body: note("Drawn anew from the printed points: nothing here depends on the outcomes above.") +
        parts.published.map(({ name, caption }) => figure(name, caption)).join("\n"),
    },
    { id: "tables", title: "All tables", body: tablesBody(parts.tables) },
    { id: "provenance", title: "Provenance", body: provenanceBody(parts.manifest) },
  ];
  const head = `<p>Outcomes: <b>${escapeHtml(outcomes.name)}</b>. Encoder: <b>${escapeHtml(encoder)}</b>. ${
    escapeHtml(protocolText(protocol))
  }</p>
${outcomes.notes.map((text) => note(`${text}.`)).join("")}${note(`${READING} ${RERANK}`)}`;
  return livePage(`RouterBench on ${outcomes.name}`, {
    lead: headlineHtml(headlineOf(first, outcomes.kind)),
    figures: parts.figures,
    tables: parts.tables,
    contents: sections(() => "").map(({ id, title }) => ({ id, title })),
    body: (figure) => head + sections(figure).map(sectionHtml).join("\n"),
  });
}

function protocolText(protocol: Protocol): string {
  const { name, says } = PROTOCOLS[protocol];
  return `Protocol: ${name}; ${says}.`;
}

type Draw = (name: string, caption: string) => string;

const RERANK = "Rerank calls several models and keeps the answer with the highest reward, of noise σ.";

function sectionHtml({ id, title, body }: Section): string {
  return `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2>\n${body}</section>`;
}

function evaluationSections(
  run: Reproduction,
  { figure, isSimulated }: { readonly figure: Draw; readonly isSimulated: boolean },
): Section[] {
  const kind = isSimulated
    ? " The outcomes are simulated and calibrated on the paper's Table 1; they are not the released data."
    : "";
  return run.evaluations.map((named) => ({
    id: named.evalName,
    title: evalTitle(named.evalName),
    body: evaluationBody(run, named) + figure(
      named.evalName,
      `Mean cost and quality of a prompt on the test split. Lines: non-decreasing hulls; in brackets the AIQ by the formula.${kind}`,
    ),
  }));
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

function provenanceBody(
  { program, outcomes, encoder, settings, versions, numbersSha256 }: ReportParts["manifest"],
): string {
  return `<p>Numbers' checksum: <code>${numbersSha256}</code></p>
<pre>${escapeHtml(JSON.stringify({ program, outcomes, encoder, settings, versions }, null, 2))}</pre>`;
}

function evaluationBody({ predictors }: Reproduction, named: NamedEvaluation): string {
  const { evalName, evaluation: { protocol, nPrompts: { learned, chosen, test } }, leftOut } = named;
  const own = predictors.filter((predictor) => predictor.evalName === evalName && predictor.protocol === protocol);
  const rest = leftOut === null ? "" : `; ${leftOut}`;
  return note(`${learned} prompts to learn from, ${chosen} to choose settings on, ${test} measured${rest}.`) +
    htmlTable(summaryOf(named)) +
    (
      own.length === 0
        ? ""
        : note("Quality of the predictions, whatever is decided by them, on the same test prompts:") +
          htmlTable(predictorSummary(own))
    );
}

function groupSections({ groups }: Reproduction, protocol: Protocol): { id: string; title: string; body: string }[] {
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

/** The contents of a run's tables, by name. */
const CONTENTS: Readonly<Record<string, string>> = {
  systems: "AIQ, gain over Zero and savings of each system, by both protocols",
  models: "mean cost and quality of each model and of the oracle on the test prompts",
  settings: "each setting of each system, with the share of prompts that goes to each model",
  outcome_means: "means over all prompts of an evaluation: what a file is known by",
  predictors: "how good predictions are before anything is decided by them",
  oracle_curve: "the oracle at every willingness to pay",
  groups: "routers on groups of prompts that they have seen in training, and have not",
  optimism: "what choosing settings on the test prompts adds",
  trust: "how often intervals hold what they promise, on simulated sets whose true gain is known",
  ablation: "one factor at a time changed from the base",
  printed_vs_ours: "each printed number beside the one of this run",
  printed_aiq: "every printed AIQ recomputed from its points",
  printed_error_rates: "cascades by their judge's error rate, as printed",
  printed_break_even_judge: "the judge that makes a cascade as good as Zero",
  printed_claims: "the paper's claims as numbers",
  errata: "what is wrong or weak in the published work",
};

/** All tables of a run; each can be unfolded in the page and is a file beside it. */
function tablesBody(tables: ReadonlyMap<string, Table>): string {
  const items = [...tables].map(([name, { columns, rows }]) => {
    const link = (ending: string, text: string): string => `<a href="tables/${escapeHtml(name)}.${ending}">${text}</a>`;
    const size = `${rows.length.toLocaleString("en-US")} × ${columns.length}`;
    return `<details data-table="${escapeHtml(name)}"><summary><b>${escapeHtml(name)}</b> ${size}: ${
      escapeHtml(CONTENTS[name] ?? "")
    }</summary>
<p>Beside this page: ${link("csv", "CSV")}, ${link("tex", "LaTeX")}</p></details>`;
  });
  return note(
    "Every number of the run, with all its digits, rows × columns. A table unfolds here, and is a file beside this page.",
  ) +
    items.join("\n");
}
