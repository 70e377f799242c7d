import assert from "node:assert/strict";
import { printedPanel } from "../../../lib/paper/figures/printed_panel.ts";
import { PAPER_PANELS } from "../../../lib/paper/printed/panels.ts";
import { PAPER_ORACLE_ROW } from "../../../lib/outcomes/paper_table.ts";

interface Trace {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly line: { readonly color: string; readonly dash: string };
  readonly marker: { readonly symbol: string; readonly color: string | readonly string[] };
}

Deno.test("printedPanel() draws every panel of the paper in both widths, the same twice", () => {
  for (const { figure, evalName, models } of PAPER_PANELS) {
    for (const width of ["column", "page"] as const) {
      const panel = printedPanel(figure, evalName, { width });
      assert.equal(panel.layout.width, width === "column" ? 482 : 992);
      assert.equal(JSON.stringify(printedPanel(figure, evalName, { width })), JSON.stringify(panel));
      const dots = panel.data.find(({ name }) => name === "Models") as unknown as Trace;
      assert.deepEqual(dots.x, models.map(({ costUsd }) => costUsd));
      const prompts = figure === 9 ? "all prompts" : "the test split";
      const { title } = panel.layout.xaxis as { title: { text: string } };
      assert.equal(title.text, `Total cost of ${prompts} (USD, log scale)`);
    }
  }
});

Deno.test("printedPanel() draws the vertices of each hull as printed", () => {
  for (const { figure, evalName, systems } of PAPER_PANELS.filter(({ figure }) => figure === 4)) {
    const { data } = printedPanel(figure, evalName) as unknown as { data: readonly Trace[] };
    systems.forEach(({ drawnHull }, i) => {
      const drawn = new Set(data[i].x.map((costUsd, j) => `${costUsd} ${data[i].y[j]}`));
      for (const { costUsd, quality } of drawnHull) {
        assert.ok(drawn.has(`${costUsd} ${quality}`), `${evalName}, ${data[i].name}`);
      }
    });
  }
});

Deno.test("printedPanel(): six cascades of one panel look different, and one carries the printed AIQ", () => {
  const { data, layout } = printedPanel(5, "mmlu") as unknown as {
    data: readonly Trace[];
    layout: { annotations: { text: string }[] };
  };
  const cascades = data.filter(({ name }) => name.startsWith("ε"));
  assert.deepEqual(cascades.map(({ name }) => name).sort(), [
    "ε = 0",
    "ε = 0.01 (.901)",
    "ε = 0.05",
    "ε = 0.1",
    "ε = 0.2",
    "ε = 0.4",
  ]);
  assert.equal(new Set(cascades.map(({ line }) => `${line.color} ${line.dash}`)).size, 6);
  assert.equal(new Set(cascades.map(({ line }) => line.dash)).size, 6, "also without colour");
  assert.match(
    layout.annotations[0].text.replaceAll("<br>", " "),
    /Figure 5; cascades by their judge’s error rate ε; in brackets the printed AIQ$/,
  );
});

Deno.test("printedPanel() takes the oracle's quality from Table 1 where that is of the same prompts", () => {
  const oracle = (figure: number, evalName: string): Trace | undefined =>
    printedPanel(figure, evalName).data.find(({ name }) => name === "Oracle") as unknown as Trace | undefined;
  assert.deepEqual(oracle(4, "winogrande")!.y, [PAPER_ORACLE_ROW.quality.winogrande]);
  assert.deepEqual(oracle(9, "mtbench")!.y, [0.8953]);
  assert.equal(oracle(5, "mmlu"), undefined);
});

Deno.test("printedPanel() says which panels there are", () => {
  assert.throws(() => printedPanel(7, "mmlu"), /RangeError: Cannot read a panel of the paper as it must be one of /);
});
