// @ts-check
// What a page does in a browser: tables sort, figures answer, long tables unfold. Without it the page shows the same
// numbers and drawings.

/**
 * Data of the page, packed: figures by name, tables by name.
 * @typedef {{ columns: string[], rows: (string | number | null)[][] }} PageTable
 * @typedef {{ data: unknown[], layout: Record<string, unknown> }} PageFigure
 * @typedef {{ figures: Record<string, PageFigure>, tables: Record<string, PageTable> }} PageData
 */

/** @type {Map<string, Promise<string>>} */
const unpacked = new Map();

/** The text of a packed element. @param {string} id @returns {Promise<string>} */
function unpack(id) {
  const known = unpacked.get(id);
  if (known !== undefined) return known;
  const bytes = Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ""), (letter) => letter.charCodeAt(0));
  const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  unpacked.set(id, text);
  return text;
}

/** @type {Promise<PageData> | null} */
let data = null;

/** @returns {Promise<PageData>} */
function pageData() {
  return data ??= unpack("page-data").then((text) => JSON.parse(text));
}

/**
 * The number a cell begins with: "+0.0350 [+0.0184, +0.0520]", "7.9×", "1,104"; null for none.
 * @param {string} text
 * @returns {number | null}
 */
function numberIn(text) {
  const found = text.match(/^[+−-]?(\d[\d,]*)?(\.\d+)?(e[+-]?\d+)?/i)?.[0] ?? "";
  return /\d/.test(found) ? Number(found.replace("−", "-").replaceAll(",", "")) : null;
}

const isEmpty = (/** @type {string} */ text) => text === "" || text === "–";

/**
 * Sorts rows by a column; empty cells stay last.
 * @param {HTMLTableElement} table
 * @param {number} column
 * @param {number} direction
 */
function sortRows(table, column, direction) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({
    row,
    text: row.cells[column].textContent?.trim() ?? "",
    at: Number(row.dataset.at),
  }));
  const isNumeric = rows.every(({ text }) => isEmpty(text) || numberIn(text) !== null);
  rows.sort((a, b) => {
    if (direction === 0) return a.at - b.at;
    if (isEmpty(a.text) || isEmpty(b.text)) return Number(isEmpty(a.text)) - Number(isEmpty(b.text)) || a.at - b.at;
    const order = isNumeric
      ? Number(numberIn(a.text)) - Number(numberIn(b.text))
      : a.text.localeCompare(b.text, "en", { numeric: true });
    return direction * order || a.at - b.at;
  });
  body.append(...rows.map(({ row }) => row));
}

/** Buttons in the headings: upwards, downwards, as it was. @param {HTMLTableElement} table */
function makeSortable(table) {
  [...table.tBodies[0].rows].forEach((row, at) => row.dataset.at = String(at));
  const headings = [...table.tHead?.rows[0].cells ?? []];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Sort";
    button.append(...heading.childNodes);
    if (button.textContent === "") button.setAttribute("aria-label", "Name");
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort"),
        next = now === "none" ? "ascending" : now === "ascending" ? "descending" : "none";
      for (const each of headings) each.setAttribute("aria-sort", each === heading ? next : "none");
      sortRows(table, column, next === "none" ? 0 : next === "ascending" ? 1 : -1);
    });
  });
}

/** @param {PageTable} content @returns {HTMLElement} */
function tableElement({ columns, rows }) {
  const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
  for (const column of columns) {
    head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: column }));
  }
  for (const cells of rows) {
    const row = body.insertRow();
    for (const cell of cells) row.insertCell().textContent = cell === null ? "–" : String(cell);
  }
  const wide = Object.assign(document.createElement("div"), { className: "wide", tabIndex: 0 });
  wide.append(table);
  makeSortable(table);
  return wide;
}

/** The picture is saved by the browser; the buttons that would send data to a service are left out. */
const PLOTLY_CONFIG = {
  displaylogo: false,
  toImageButtonOptions: { format: "svg" },
  modeBarButtons: [["toImage"], ["zoom2d", "pan2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"]],
};

/** @type {Promise<any> | null} */
let plotly = null;

async function startPlotly() {
  const script = document.createElement("script");
  script.textContent = await unpack("page-plotly");
  document.head.append(script);
  return /** @type {any} */ (globalThis).Plotly;
}

/** One figure after the other, so that scrolling stays smooth. */
let lastDrawing = Promise.resolve();

/** Puts the interactive figure in the place of the drawing. @param {HTMLElement} figure */
async function drawLive(figure) {
  const { data, layout } = (await pageData()).figures[figure.dataset.figure ?? ""],
    host = figure.querySelector(".live");
  plotly ??= startPlotly();
  const { newPlot } = await plotly;
  figure.classList.add("is-live");
  await newPlot(host, data, layout, PLOTLY_CONFIG);
}

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const figure = /** @type {HTMLElement} */ (target);
    // Where the window is too narrow for the figure its drawing stays, which shrinks to fit.
    if (!isIntersecting || figure.clientWidth < Number(figure.dataset.width)) continue;
    seen.unobserve(figure);
    lastDrawing = lastDrawing.then(() => drawLive(figure)).catch((error) => {
      figure.classList.remove("is-live");
      // deno-lint-ignore no-console
      console.error(error);
    });
  }
}, { rootMargin: "300px" });

for (const table of document.querySelectorAll("table")) makeSortable(table);
for (const figure of document.querySelectorAll("figure[data-figure]")) seen.observe(figure);
for (const details of document.querySelectorAll("details[data-table]")) {
  details.addEventListener("toggle", async () => {
    const { tables } = await pageData();
    details.append(tableElement(tables[/** @type {HTMLElement} */ (details).dataset.table ?? ""]));
  }, { once: true });
}
