import assert from "node:assert/strict";
import { DataFrame } from "danfojs";
import { parse } from "csv-parse/sync";
import { latexText } from "../../../lib/figures/tables/_latex_text.ts";
import { numberColumn, type RoundingRule } from "../../../lib/figures/tables/_number_column.ts";
import { exportTable, tableText } from "../../../lib/figures/tables/export_table.ts";

const ROWS = [
  { router: "Zero", aiq: 0.7634, cost: 2.34e-5, nPrompts: 12, interval: null },
  { router: "Cascade, ε = 0.1", aiq: -0.0901, cost: 0.0123, nPrompts: 1234, interval: [-0.0123, 0.2] },
  { router: "50 % | #1_{a}", aiq: NaN, cost: 3e-12, nPrompts: -7, interval: [0.1, 0.25] },
];

function written(values: readonly number[], rule: RoundingRule): string[] {
  const write = numberColumn(values, rule);
  return values.map(write).map(({ sign, whole, fraction, exponent }) =>
    `${sign}${whole}${fraction && `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`
  );
}

Deno.test("numberColumn() rounds by the rule it is given", () => {
  assert.deepEqual(written([0, -0, 9.996, 0.00123456, 1234.56, -0.5], { significant: 3 }), [
    "0.00",
    "0.00",
    "10.0",
    "0.00123",
    "1235",
    "-0.500",
  ]);
  assert.deepEqual(written([0.7634, -0.0004, 12], { decimals: 3 }), ["0.763", "0.000", "12.000"]);
  assert.deepEqual(written([0.1, 1e-7, 2], "exact"), ["0.1", "1e-7", "2"]);
  assert.deepEqual(written([1, 2000000, -3], { significant: 2 }), ["1", "2000000", "-3"], "whole numbers stay whole");
  assert.deepEqual(
    written([0.5, 2e-5, 0], { significant: 2 }),
    ["5.0e-1", "2.0e-5", "0.0e0"],
    "one style for a column",
  );
  for (const value of [0.1234, 5.6789e-4, 123.456, 0.99951]) {
    assert.equal(Number(written([value], { significant: 3 })[0]), Number(value.toPrecision(3)));
  }
});

Deno.test("tableText() writes LaTeX with points below each other, intervals and escaped text", () => {
  const text = tableText(ROWS, ".tex", { titles: { aiq: "AIQ & λ" } });
  assert.equal(
    text,
    String.raw`\begin{tabular}{@{}lrrrr@{}}
  \toprule
  router & AIQ \& $\lambda$ & cost & nPrompts & interval \\
  \midrule
  Zero & $0.763\phantom{0}$ & $2.34\times10^{-5\phantom{0}}$ & $12$ & -- \\
  Cascade, $\varepsilon$ = 0.1 & $-0.0901$ & $1.23\times10^{-2\phantom{0}}$ & $1234$ & $[-0.0123, 0.200]$ \\
  50 \% $|$ \#1\_\{a\} & -- & $3.00\times10^{-12}$ & $-7$ & $[0.100, 0.250]$ \\
  \bottomrule
\end{tabular}
`,
  );
});

Deno.test("tableText() writes Markdown whose numbers line up", () => {
  const lines = tableText(ROWS, ".md").trimEnd().split("\n");
  assert.equal(new Set(lines.map(({ length }) => length)).size, 1, "all lines are equally long");
  assert.deepEqual(lines[1].split("|").slice(1, -1).map((cell) => cell.trim().replace(/-+/, "-")), [
    "-",
    "-:",
    "-:",
    "-:",
    "-:",
  ]);
  assert.match(lines[3], /Cascade, ε = 0.1 *\| −0.0901 \| 1.23×10⁻²\u2007 \| +1234 \| \[−0.0123, 0.200\] \|/);
  assert.match(lines[4], /50 % \\\| #1\\_\{a\}/);
  const points = lines.slice(2, 4).map((line) => line.split(" | ")[1].indexOf("."));
  assert.equal(points[0], points[1]);
});

Deno.test("tableText() keeps all digits in CSV unless told", () => {
  const rows = parse(tableText(ROWS, ".csv"), { columns: true }) as Record<string, string>[];
  assert.deepEqual(rows.map(({ cost }) => Number(cost)), ROWS.map(({ cost }) => cost));
  assert.deepEqual(rows.map(({ router }) => router), ROWS.map(({ router }) => router));
  assert.deepEqual([rows[0].interval, JSON.parse(rows[1].interval)], ["", [-0.0123, 0.2]]);
  const rounded = parse(tableText(ROWS, ".csv", { round: { decimals: 2 } }), { columns: true }) as Record<
    string,
    string
  >[];
  assert.deepEqual(rounded.map(({ aiq }) => aiq), ["0.76", "-0.09", "NaN"]);
});

Deno.test("tableText() takes rows, frames and tables alike", () => {
  const columns = ["a", "b"];
  const rows = [[1, "x"], [2.5, "y"]] as const;
  const asRows = rows.map(([a, b]) => ({ a, b }));
  const frame = new DataFrame(asRows);
  for (const format of [".csv", ".tex", ".md"] as const) {
    const text = tableText({ columns, rows }, format);
    assert.equal(tableText(asRows, format), text);
    assert.equal(tableText(frame, format), text);
  }
  assert.equal(tableText({ columns, rows: [] }, ".csv"), "a,b\n");
});

Deno.test("latexText() joins neighbouring symbols and leaves escaped dollars alone", () => {
  assert.equal(latexText("λ→∞ costs $λ\\"), String.raw`$\lambda\to\infty$ costs \$$\lambda\backslash$`);
  assert.equal(latexText("a  b\nc – “d”"), "a b c -- ``d''");
});

Deno.test("tableText() writes LaTeX that takes no cell for an option and no two exponents for one", () => {
  const table = tableText([{ model: "[base] best", size: "10²³" }, { model: "*", size: "5°" }], ".tex");
  assert.match(table, /\n {2}\{\}\[base\] best & 10\{\}\$\^2\$\{\}\$\^3\$ \\\\\n/);
  assert.match(table, /\n {2}\{\}\* & 5\{\}\$\^\\circ\$ \\\\\n/);
});

Deno.test("exportTable() says what it cannot save, and writes nothing", async () => {
  await assert.rejects(
    exportTable(ROWS, "a.xlsx"),
    new TypeError(
      'Cannot save "a.xlsx" as the extension must be one of .csv, .tex, .md: it is ".xlsx"; rename the file',
    ),
  );
  await assert.rejects(
    exportTable(ROWS, "a.csv", { digits: 3 } as never),
    /options must be among round, titles: "digits" is not/,
  );
  await assert.rejects(
    exportTable(3 as never, "a.csv"),
    /TypeError: Cannot save a table as it must be a table, .*: it is number; /,
  );
  await assert.rejects(
    exportTable(ROWS, "a.csv", { round: { decimals: 1.5 } }),
    /RangeError: Cannot round numbers as decimals must be a whole number from 0 to 15: it is 1.5; pass 3/,
  );
  await assert.rejects(
    exportTable(ROWS, "a.csv", { round: { places: 2 } as never }),
    /TypeError: .* it is "places"; choose one of them/,
  );
  const folder = await Deno.makeTempDir();
  await assert.rejects(exportTable(ROWS, `${folder}/none/a.csv`), /Error: Cannot save ".*" as its folder must exist/);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});
