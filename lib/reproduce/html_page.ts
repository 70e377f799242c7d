import type { Table } from "./table.ts";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: Canvas; }
.wide { overflow-x: auto; }
figure { margin: 1rem 0; } figure svg { width: min(100%, 36rem); height: auto; background: #fff; border-radius: 4px; }
figcaption, p.note, span.note { color: light-dark(#595959, #a8a8a8); font-size: .9rem; max-width: 48rem; }
.finding { break-inside: avoid; border-left: 4px solid #8886; padding: .1rem 1rem; margin: 1rem 0; }
.wrong { border-color: #c62828; } .look { border-color: #e0a000; }
.finding h3 { font-size: 1rem; margin: .4rem 0; } .finding p { margin: .4rem 0; } li { overflow-wrap: anywhere; }
h1, h2, h3, code { overflow-wrap: anywhere; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
@media print { :root { font-size: 11px; } body { max-width: none; margin: 0; } th:first-child, td:first-child { position: static; } h1, h2, h3 { break-after: avoid; } table, figure { break-inside: avoid; } }
`;

/** A page that opens from disk: no network, no scripts. `body` is HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${
    escapeHtml(title)
  }</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}

/** A table as HTML. */
export function htmlTable({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number | null)[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(String(cell ?? "–"))}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table><thead>${line(columns, "th")}</thead><tbody>${
    rows.map((row) => line(row, "td")).join("")
  }</tbody></table></div>`;
}

/** Text that means itself in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
