import type { MeasuredSystem } from "../evaluation/evaluate.ts";
import { counted } from "../outcomes/audit/_finding.ts";
import type { EvaluatedTable } from "./evaluate_command.ts";
import { escapeHtml, htmlPage, htmlTable } from "./html_page.ts";
import type { Manifest } from "./manifest.ts";
import { evalTitle } from "./evaluations.ts";
import { summaryOf } from "./summary.ts";
import type { Table } from "./table.ts";
import type { NamedEvaluation } from "./tables.ts";

/** The readable table of an evaluation, without columns in which nothing stands. */
export function evaluationSummary(named: NamedEvaluation): Table {
  const { columns, rows } = summaryOf(named), used = columns.map((_, at) => rows.some((row) => row[at] !== null));
  return { columns: columns.filter((_, at) => used[at]), rows: rows.map((row) => row.filter((_, at) => used[at])) };
}

/** The evaluation for machines: everything that is printed, with all digits. */
export function evaluationJson({ outcomes, audit, encoder, settings, result }: EvaluatedTable): string {
  const system = (
    { name, family, notes, aiqFormula, aiqReferenceCode, againstZero, savings, settings, hull }: MeasuredSystem,
  ): unknown => ({
    ...{ name, family, notes, aiqFormula, aiqReferenceCode, againstZero, savings },
    settings: settings.map(({ label, costUsd, quality, modelShares }, at) => ({
      ...{ label, costUsd, quality, onHull: hull.includes(settings[at]) },
      modelShares: modelShares === null ? null : [...modelShares],
    })),
  });
  const evaluations = result.evaluations.map(({ evalName, leftOut, evaluation: { systems, reranks: _, oracleShares, ...evaluation } }) => ({
    ...{ evalName, leftOut },
    ...evaluation,
    oracleShares: [...oracleShares],
    systems: systems.map(system),
  }));
  const { source, promptIds, models } = outcomes;
  const all = {
    outcomes: { ...source, nPrompts: promptIds.length, models },
    encoder,
    settings,
    notes: result.notes,
    audit: audit.findings,
    evaluations,
  };
  return JSON.stringify(all, null, 1) + "\n";
}

/** The evaluation as a page that opens from disk. */
export function evaluatePage(
  { outcomes, audit, encoder, settings, result }: EvaluatedTable,
  svgs: ReadonlyMap<string, string>,
  manifest: Omit<Manifest, "files">,
): string {
  const wrong = audit.findings.filter(({ severity }) => severity === "wrong");
  const sections = result.evaluations.map((named) => {
    const { evalName, leftOut, evaluation: { nPrompts: { learned, chosen, test } } } = named;
    const note = `${learned} prompts to learn from, ${chosen} to choose settings on, ${test} measured${
      leftOut === null ? "" : `; ${leftOut}`
    }.`;
    return `<section><h2>${escapeHtml(evalTitle(evalName))}</h2><p class="note">${escapeHtml(note)}</p>${
      htmlTable(evaluationSummary(named))
    }
<figure>${
      svgs.get(evalName) ?? ""
    }<figcaption>Mean cost and quality of a prompt on the test split. Lines: non-decreasing hulls; in brackets the AIQ by the formula.</figcaption></figure></section>`;
  });
  const provenance = { program: manifest.program, outcomes: outcomes.source, encoder, settings, versions: manifest.versions };
  return htmlPage(
    `Routers on ${outcomes.source.name}`,
    `<p>${counted(outcomes.promptIds.length, "prompt")}, ${counted(outcomes.models.length, "model")}. Encoder: <b>${
      escapeHtml(encoder)
    }</b>. The settings of every system, Zero
included, are chosen on validation prompts and measured on test prompts.</p>
${[...outcomes.source.notes, ...result.notes].map((note) => `<p class="note">${escapeHtml(note)}.</p>`).join("\n")}
${
      wrong.map(({ summary, remedy }) => `<div class="finding wrong"><h3>${escapeHtml(summary)}</h3><p>${escapeHtml(remedy)}.</p></div>`)
        .join("\n")
    }
<p class="note">AIQ, formula: area under the hull over the range from the cheapest to the dearest model's mean cost. AIQ, reference code: the rule behind the values
printed in the RouterBench paper. Over Zero: difference of the formula's AIQ, with a 95 % interval from 1,000 paired resamples of the test prompts. Cheaper: cost of the best single
model ÷ least cost for 95 % of its quality.</p>
${sections.join("\n")}
<section><h2>Provenance</h2><p>Numbers' checksum: <code>${manifest.numbersSha256}</code></p><pre>${
      escapeHtml(JSON.stringify(provenance, null, 2))
    }</pre></section>`,
  );
}
