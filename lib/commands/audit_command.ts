import type { Command } from "./command.ts";
import { type CommandInput, numberOption } from "./command_options.ts";
import { type AuditFinding, auditOutcomes, type AuditSeverity, type OutcomeAudit } from "../audit/audit_outcomes.ts";
import { counted } from "../base/words.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { terminalStyle } from "../base/terminal.ts";
import { escapeHtml } from "../base/words.ts";
import { htmlPage } from "../reports/html_page.ts";
import { tableOf } from "./known_tables.ts";
import { filesOfTable, loadOptionsOf, TABLE_OPTIONS, TABLE_WORD } from "./table_options.ts";
import { wrapped } from "../base/wrapped.ts";
import { writeFolder } from "../base/write_folder.ts";

/** Exit code where a finding makes a comparison wrong. */
const NOT_COMPARABLE = 3;

/** `deno task audit FILE`. */
export const AUDIT: Command = {
  name: "audit",
  summary: "Audits a table of outcomes before it is trusted.",
  word: TABLE_WORD,
  options: {
    ...TABLE_OPTIONS,
    "max-tokens": { value: "N", says: "word pieces that the encoder reads, the paper's setting", default: "128" },
    "out": { value: "FOLDER", says: "writes audit.html and audit.json there" },
    "json": { says: "prints JSON instead of text" },
  },
  notes: `Exit code: 0; ${NOT_COMPARABLE} where something found makes a comparison of routers wrong; ` +
    "1 where the file cannot be read.",
  example: "mine.csv --columns quality=acc,model=system --out results/audit",
  access: (input, { raw }) => ({ read: filesOfTable(input, raw), write: [], out: input.text("out") }),
  run: (input, { raw }, print) => runAudit(input, raw, print),
};

const HEADINGS: Readonly<Record<AuditSeverity, string>> = {
  wrong: "Makes a comparison of routers wrong",
  look: "Have a look",
  note: "Good to know",
};
const SEVERITIES: readonly AuditSeverity[] = ["wrong", "look", "note"];

/** Loads a table and audits it. Prompts with missing outcomes do not stop it, as it reports them. */
async function runAudit(input: CommandInput, raw: string, say: (text: string) => void): Promise<number> {
  const { path: file, notes } = tableOf(input, raw);
  const out = input.text("out");
  const loadOptions = await loadOptionsOf(input);
  const maxTokens = numberOption(input, "max-tokens", {
    words: "a whole number of at least 3",
    holds: (value) => Number.isInteger(value) && value >= 3,
  });
  const { table, counts } = await loadWithCounts(file, { missing: "drop", ...loadOptions });
  const source = { ...table.source, notes: [...notes, ...table.source.notes] };
  const { priceList } = loadOptions;
  const audit = auditOutcomes(table, { counts, maxTokens, ...(priceList === undefined ? {} : { priceList }) });
  const json = JSON.stringify({ ...audit, source }, null, 2) + "\n";
  say(input.isOn("json") ? json.trimEnd() : terminalPage(audit, source));
  if (out !== null) {
    await writeFolder(out, new Map([["audit.html", auditPage(audit, source)], ["audit.json", json]]));
    if (!input.isOn("json")) say(`\nWrote audit.html and audit.json to ${out}.`);
  }
  return audit.isComparable ? 0 : NOT_COMPARABLE;
}

/** The audit as a page for a terminal. */
function terminalPage(audit: OutcomeAudit, { notes }: OutcomeSource): string {
  const lines = [headline(audit), ...notes.map((note) => `  ${note}`)];
  for (const { severity, findings } of bySeverity(audit)) {
    lines.push("", terminalStyle().strong(HEADINGS[severity]));
    for (const { rule, summary, examples, remedy } of findings) {
      lines.push(
        "",
        ...wrapped(`${summary}. [${rule}]`, { indent: "  " }),
        ...examples.flatMap((example) => wrapped(example, { indent: "      ", first: "    - " })),
        ...wrapped(`${remedy}.`, { indent: "    ", first: "  → " }),
      );
    }
  }
  return [...lines, "", verdict(audit)].join("\n");
}

/** The audit as a page for a browser. */
function auditPage(audit: OutcomeAudit, source: OutcomeSource): string {
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
    ? "No finding makes a comparison of routers wrong."
    : `${count} finding${
      count === 1 ? " makes" : "s make"
    } a comparison of routers wrong (exit code ${NOT_COMPARABLE}).`;
}
