import { escapeHtml, htmlPage, htmlTable } from "./html_page.ts";
import type { Manifest } from "./manifest.ts";
import { evalTitle, type Reproduction } from "./reproduce.ts";
import { summaryOf } from "./summary.ts";

/**
 * The run as one page that opens from disk: no network, no scripts.
 *
 * @param svgs a drawn panel for each evaluation, by name
 */
export function reportOf({ evaluations }: Reproduction, svgs: ReadonlyMap<string, string>, manifest: Omit<Manifest, "files">): string {
  const { outcomes, encoder } = manifest;
  const isOurs = evaluations[0].evaluation.protocol === "ours";
  const protocol = isOurs
    ? "Our protocol: the settings of every system, Zero included, are chosen on validation prompts and measured on test prompts."
    : "The paper's protocol: settings are chosen and measured on the same test prompts, which flatters every system.";
  const sections = evaluations.map((named) => {
    const { evalName, evaluation, leftOut } = named, { learned, chosen, test } = evaluation.nPrompts;
    const note = `${learned} prompts to learn from, ${chosen} to choose settings on, ${test} measured${
      leftOut === null ? "" : `; ${leftOut}`
    }.`;
    return `<section id="${escapeHtml(evalName)}"><h2>${escapeHtml(evalTitle(evalName))}</h2><p class="note">${escapeHtml(note)}</p>
${htmlTable(summaryOf(named))}
<figure>${
      svgs.get(evalName) ?? ""
    }<figcaption>Mean cost and quality of a prompt on the test split. Lines: non-decreasing hulls; in brackets the AIQ by the formula.
${escapeHtml(describe(outcomes.kind))}</figcaption></figure></section>`;
  });
  return htmlPage(
    `RouterBench on ${outcomes.name}`,
    `<p>Outcomes: <b>${escapeHtml(outcomes.name)}</b> (${escapeHtml(outcomes.kind)}). Encoder: <b>${escapeHtml(encoder)}</b>. ${
      escapeHtml(protocol)
    }</p>
${outcomes.notes.map((note) => `<p class="note">${escapeHtml(note)}.</p>`).join("\n")}
<p class="note">AIQ, formula: area under the hull over the range from the cheapest to the dearest model's mean cost. AIQ, reference code: the rule behind every printed value of the paper.
Over Zero: difference of the formula's AIQ, with a 95 % interval from 1,000 paired resamples of the test prompts. Cheaper: cost of the best single model ÷ least cost for 95 % of its quality.</p>
<nav>${evaluations.map(({ evalName }) => `<a href="#${escapeHtml(evalName)}">${escapeHtml(evalTitle(evalName))}</a>`).join(" · ")}</nav>
${sections.join("\n")}
<section id="provenance"><h2>Provenance</h2>
<p>Numbers' checksum: <code>${manifest.numbersSha256}</code></p>
<pre>${
      escapeHtml(
        JSON.stringify({ program: manifest.program, outcomes, encoder, settings: manifest.settings, versions: manifest.versions }, null, 2),
      )
    }</pre></section>`,
  );
}

function describe(kind: string): string {
  return kind === "simulated" ? "The outcomes are simulated and calibrated on the paper's Table 1; they are not the released data." : "";
}
