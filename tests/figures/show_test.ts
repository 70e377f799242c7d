import assert from "node:assert/strict";
import { watchErrors } from "../../lib/figures/_watch_errors.ts";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import { screenFigure } from "../../lib/figures/screen_figure.ts";
import { type FrameLike, show, type TableRows } from "../../lib/figures/show.ts";
import type { PlotlyFigure } from "../../lib/figures/plotly_figure.ts";
import { mmluPanel } from "../paper/figures/_paper_panels.ts";

type Bundle = Readonly<Record<string, unknown>>;

async function bundleOf(value: PlotlyFigure | FrameLike | TableRows): Promise<Bundle> {
  const shown: Bundle[] = [];
  await show(value, { display: (bundle) => Promise.resolve(void shown.push(bundle)) });
  assert.equal(shown.length, 1);
  return shown[0];
}

/** What is printed while `work` runs. */
async function printed(work: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const terminal = globalThis.console;
  const before = terminal.log;
  terminal.log = (line: string): void => void lines.push(line);
  try {
    await work();
  } finally {
    terminal.log = before;
  }
  return lines.join("\n");
}

Deno.test("show() sends a figure as Plotly's JSON, as SVG and as text", async () => {
  const figure = costQualityPanel(mmluPanel());
  const bundle = await bundleOf(figure);
  assert.deepEqual(Object.keys(bundle), ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"]);
  const plotly = bundle["application/vnd.plotly.v1+json"] as { data: unknown; layout: unknown; config: unknown };
  assert.deepEqual({ data: plotly.data, layout: plotly.layout }, screenFigure(figure));
  assert.match(String(bundle["image/svg+xml"]), /^<svg /);
  assert.deepEqual(String(bundle["text/plain"]).split("\n").slice(0, 2), [
    'Figure "MMLU": Mean cost per prompt (USD, log scale) and Mean quality',
    "  Zero (AIQ .763): x 1.94e-5 to 0.000973, y 0.568 to 0.828",
  ]);
});

Deno.test("show() sends rows as an escaped table with readable numbers", async () => {
  const bundle = await bundleOf([{ router: "KNN <5>", aiq: 0.77312345, cost: 1.9e-5 }, {
    router: "a & b",
    aiq: 1,
    n: 36497,
  }]);
  assert.equal(
    bundle["text/html"],
    `<table>
<thead><tr><th style="text-align:left">router</th><th style="text-align:right">aiq</th><th style="text-align:right">cost</th><th style="text-align:right">n</th></tr></thead>
<tbody>
<tr><td style="text-align:left">KNN &lt;5&gt;</td><td style="text-align:right">0.7731</td><td style="text-align:right">1.90e-5</td><td style="text-align:right"></td></tr>
<tr><td style="text-align:left">a &amp; b</td><td style="text-align:right">1</td><td style="text-align:right"></td><td style="text-align:right">36,497</td></tr>
</tbody>
</table>
<p>2 rows × 4 columns</p>`,
  );
  assert.equal(
    bundle["text/plain"],
    `router      aiq     cost       n
KNN <5>  0.7731  1.90e-5
a & b         1           36,497
2 rows × 4 columns`,
  );
});

Deno.test("show() sends the first 20 rows of a data frame and says how many there are", async () => {
  const frame = { columns: ["i"], values: Array.from({ length: 1200 }, (_, i) => [i]) };
  const bundle = await bundleOf(frame);
  assert.equal([...String(bundle["text/html"]).matchAll(/<tr>/g)].length, 21);
  assert.match(String(bundle["text/html"]), /<p>first 20 of 1,200 rows × 1 column<\/p>$/);
  assert.match(String(bundle["text/plain"]), /^ i\n 0\n[^]*19\nfirst 20 of 1,200 rows × 1 column$/);
});

Deno.test("show() takes empty tables, missing values, and the one-dimensional values of a series", async () => {
  assert.equal((await bundleOf([]))["text/plain"], "\n0 rows × 0 columns");
  assert.equal((await bundleOf({ columns: ["a", "b"], values: [] }))["text/plain"], "a  b\n0 rows × 2 columns");
  assert.equal(
    (await bundleOf([{ a: null, b: NaN, c: [1] }]))["text/plain"],
    "a    b  c\n   NaN  [1]\n1 row × 3 columns",
  );
  assert.equal(
    (await bundleOf({ columns: ["a"], values: [0.5, 0.25] }))["text/plain"],
    "     a\n0.5000\n0.2500\n2 rows × 1 column",
  );
});

Deno.test("show() prints text outside of a notebook and where the notebook cannot be reached", async () => {
  const rows = [{ a: 1 }];
  const text = "a\n1\n1 row × 1 column";
  assert.equal(await printed(() => show(rows)), text);
  assert.equal(await printed(() => show(rows, { display: null })), text);
  assert.equal(await printed(() => show(rows, { display: () => Promise.reject(new Error("no client")) })), text);
});

Deno.test("show() says what it cannot show", async () => {
  const found = async (value: unknown): Promise<string> =>
    (await show(value as TableRows, { display: null }).catch((error) => error)).message;
  assert.equal(
    await found(3),
    "Cannot show a value as it must be a figure, a table, a data frame or an array of rows: it is number; use console.log for it",
  );
  assert.match(await found(null), /: it is null; /);
  assert.match(await found([1, 2]), /: it is an array of other values; /);
});

Deno.test("watchErrors() displays what no cell awaits", () => {
  const target = new EventTarget();
  const shown: Bundle[] = [];
  watchErrors((bundle) => Promise.resolve(void shown.push(bundle)), target);
  const rejection = Object.assign(new Event("unhandledrejection", { cancelable: true }), {
    reason: new RangeError("k < 1"),
  });
  target.dispatchEvent(rejection);
  target.dispatchEvent(Object.assign(new Event("error", { cancelable: true }), { error: undefined, message: "late" }));
  assert.ok(rejection.defaultPrevented);
  assert.match(String(shown[0]["text/plain"]), /^RangeError: k < 1\n/);
  assert.match(String(shown[0]["text/html"]), /^<pre [^>]*>RangeError: k &lt; 1\n/);
  assert.equal(shown[1]["text/plain"], "late");
});
