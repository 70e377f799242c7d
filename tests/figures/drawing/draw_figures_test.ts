import assert from "node:assert/strict";
import { drawFigures } from "../../../lib/figures/drawing/draw_figures.ts";
import { renderFigure } from "../../../lib/figures/export.ts";
import { printedPanel } from "../../../lib/paper/figures/printed_panel.ts";

Deno.test("drawFigures() gives the bytes of renderFigure(), in the order in which figures were added", async () => {
  const figures = { mmlu: printedPanel(4, "mmlu"), mbpp: printedPanel(4, "mbpp") };
  const drawing = drawFigures();
  const seen: number[] = [];
  for (const [name, figure] of Object.entries(figures)) drawing.add(name, figure);
  const drawn = await drawing.finish(({ done }) => seen.push(done));
  assert.deepEqual([...drawn.keys()], ["mmlu", "mbpp"]);
  assert.equal(seen.at(-1), 2);
  for (const [name, figure] of Object.entries(figures)) {
    assert.deepEqual(drawn.get(name), await renderFigure(figure), name);
  }
});

Deno.test("drawFigures() names the figure that cannot be drawn", async () => {
  const drawing = drawFigures();
  drawing.add("good", printedPanel(4, "mmlu"));
  drawing.add("bad", { data: [], layout: { width: -1 } });
  await assert.rejects(
    drawing.finish(),
    /^Error: Cannot draw "bad" as its worker must draw it: Cannot read the size of a figure/,
  );
});

Deno.test("drawFigures() of no figure is done at once, and can be stopped twice", async () => {
  const drawing = drawFigures();
  assert.equal((await drawing.finish()).size, 0);
  drawing.stop();
  drawing.stop();
});
