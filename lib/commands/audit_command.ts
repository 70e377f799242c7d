import type { CommandInput } from "./command_options.ts";
import { numberOption } from "./command_options.ts";
import { type AuditFinding, auditOutcomes, type AuditSeverity, type OutcomeAudit } from "../audit/audit_outcomes.ts";
import { counted } from "../audit/finding.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { terminalStyle } from "../base/terminal.ts";
import { escapeHtml, htmlPage } from "../reports/html_page.ts";
import { loadOptionsOf } from "./table_options.ts";
import { needFolder, writeFolder } from "../base/write_folder.ts";

/** Exit code where something found makes a comparison wrong. */
export const NOT_COMPARABLE = 3;

const HEADINGS: Readonly<Record<AuditSeverity, string>> = {
  wrong: "Makes a comparison of routers wrong",
  look: "Have a look",
  note: "Good to know",
};
const SEVERITIES: readonly AuditSeverity[] = ["wrong", "look", "note"];

/**
 * `deno task audit FILE`: loads a table and looks it over.
 *
 * Holes do not stop it, whatever the default for other commands is: they are among what it reports.
 *
 * @returns the exit code: 3 where something found makes a comparison wrong, else 0
 */
export async function runAudit(input: CommandInput, say: (text: string) => void): Promise<number> {
  const [file] = input.words;
  if (file === undefined) {
    throw new TypeError("Cannot audit outcomes as a file must be named: there is none; pass one, such as mine.csv");
  }
  const out = input.text("out");
  if (out !== null) await needFolder(out);
  const loadOptions = await loadOptionsOf(input);
  const maxTokens = numberOption(input, "max-tokens", {
    words: "a whole number of at least 3",
    holds: (value) => Number.isInteger(value) && value >= 3,
  });
  const { table, counts } = await loadWithCounts(file, { missing: "drop", ...loadOptions });
  const { priceList } = loadOptions;
  const audit = auditOutcomes(table, { counts, maxTokens, ...(priceList === undefined ? {} : { priceList }) });
  const json = JSON.stringify({ ...audit, source: table.source }, null, 2) + "\n";
  say(input.isOn("json") ? json.trimEnd() : terminalPage(audit, table.source));
  if (out !== null) {
    await writeFolder(out, new Map([["audit.html", auditPage(audit, table.source)], ["audit.json", json]]));
    if (!input.isOn("json")) say(`\nWrote audit.html and audit.json to ${out}.`);
  }
  return audit.isComparable ? 0 : NOT_COMPARABLE;
}

/** Width of the page in a terminal. */
const WIDTH = 100;

/** The audit as a page for a terminal. */
export function terminalPage(audit: OutcomeAudit, { notes }: OutcomeSource): string {
  const lines = [headline(audit), ...notes.map((note) => `  ${note}`)];
  for (const { severity, findings } of bySeverity(audit)) {
    lines.push("", terminalStyle().strong(HEADINGS[severity]));
    for (const { rule, summary, examples, remedy } of findings) {
      lines.push(
        "",
        ...wrapped(`${summary}. [${rule}]`, "  "),
        ...examples.flatMap((example) => wrapped(example, "      ", "    - ")),
      );
      lines.push(...wrapped(`${remedy}.`, "    ", "  → "));
    }
  }
  return [...lines, "", verdict(audit)].join("\n");
}

/** The audit as a page for a browser. */
export function auditPage(audit: OutcomeAudit, source: OutcomeSource): string {
  const finding = ({ rule, severity, summary, examples, remedy }: AuditFinding): string =>
    `<div class="finding ${severity}"><h3>${escapeHtml(summary)}</h3>${
      examples.length === 0 ? "" : `<ul>${examples.map((example) => `<li>${escapeHtml(example)}</li>`).join("")}</ul>`
    }<p>${escapeHtml(remedy)}. <span class="note">${rule}</span></p></div>`;
  const sections = bySeverity(audit).map(({ severity, findings }) =>
    `<section><h2>${HEADINGS[severity]}</h2>${findings.map(finding).join("\n")}</section>`
  );
  return htmlPage(`Audit of ${audit.name}`, {
    body: `<p><b>${escapeHtml(verdict(audit))}</b></p><p>${escapeHtml(headline(audit))}</p>
${source.notes.map((note) => `<p class="note">${escapeHtml(note)}.</p>`).join("\n")}
${sections.join("\n")}
<p class="note">SHA-256 of the file: <code>${source.sha256}</code></p>`,
  });
}

function bySeverity(
  { findings }: OutcomeAudit,
): { readonly severity: AuditSeverity; readonly findings: AuditFinding[] }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    findings: findings.filter((finding) => finding.severity === severity),
  }))
    .filter(({ findings }) => findings.length > 0);
}

function headline({ name, nPrompts, nModels, evalNames }: OutcomeAudit): string {
  const shown = evalNames.slice(0, 8).join(", ") + (evalNames.length > 8 ? ` and ${evalNames.length - 8} more` : "");
  return `${name}: ${counted(nPrompts, "prompt")} × ${counted(nModels, "model")}, ${
    evalNames.length === 1 ? "evaluation" : "evaluations"
  }: ${shown}`;
}

function verdict({ isComparable, findings }: OutcomeAudit): string {
  const count = findings.filter(({ severity }) => severity === "wrong").length;
  return isComparable
    ? "Nothing found makes a comparison of routers wrong."
    : `${count} finding${
      count === 1 ? " makes" : "s make"
    } a comparison of routers wrong (exit code ${NOT_COMPARABLE}).`;
}

/** A text in lines of the terminal's width. */
function wrapped(text: string, indent: string, first = indent): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
