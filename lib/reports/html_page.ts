import style from "./page_style.css" with { type: "text" };
import type { Table } from "../base/table.ts";
import { escapeHtml } from "../base/words.ts";

/** The policy of a page that opens from disk and needs no network: it forbids all requests. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; img-src data: blob:";

/** The parts of a page beside its title. */
export interface PageParts {
  /** HTML. */
  readonly body: string;
  /** HTML that stands before the contents list. */
  readonly lead?: string;
  /** A contents list, which wide windows show at the side; default none. */
  readonly contents?: readonly { readonly id: string; readonly title: string }[];
  /** CSS beside the style of all pages. */
  readonly fonts?: string;
  /** Elements with data and scripts, at the end of the page. */
  readonly scripts?: string;
}

/** A page that opens from disk, in light and dark, on paper and on narrow windows. */
export function htmlPage(title: string, { body, lead = "", contents, fonts = "", scripts = "" }: PageParts): string {
  const nav = contents === undefined
    ? ""
    : `<nav aria-label="Contents"><ul>${
      contents.map(({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`).join("")
    }</ul></nav>\n`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width"><title>${
    escapeHtml(title)
  }</title><style>${style}${fonts}</style></head>
<body${nav === "" ? "" : ' class="has-contents"'}>
<h1>${escapeHtml(title)}</h1>
${lead}${nav}${body}
${scripts}</body></html>
`;
}

/** A table as HTML; the page's script makes it sort. */
export function htmlTable({ columns, rows }: Table): string {
  return `<div class="wide"><table><thead><tr>${
    columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("")
  }</tr></thead><tbody>${
    rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(String(cell ?? "–"))}</td>`).join("")}</tr>`).join("")
  }</tbody></table></div>`;
}

/** A part of a page with a place in the contents list. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

/** A part of a page with its heading. */
export function sectionHtml({ id, title, body }: Section): string {
  return `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2>\n${body}</section>`;
}

/** A small grey paragraph. */
export function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>\n`;
}
