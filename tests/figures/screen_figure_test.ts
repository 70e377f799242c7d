import assert from "node:assert/strict";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import { listPriceFigure } from "../../lib/paper/figures/model_costs.ts";
import { oracleShareFigure } from "../../lib/paper/figures/oracle_shares.ts";
import { renderSvg } from "../../lib/figures/drawing/render.ts";
import { screenFigure } from "../../lib/figures/screen_figure.ts";
import { mmluPanel } from "../paper/figures/_paper_panels.ts";

type Axis = Record<string, unknown>;

Deno.test("screenFigure() gives scales new ticks where the reader zooms in", async () => {
  const figure = costQualityPanel(mmluPanel());
  const { layout } = figure;
  const drawn = screenFigure(figure);
  // A hundredth of the axis, between two of the ticks laid out for paper.
  const zoomed = (of: typeof figure): typeof figure => ({
    data: of.data,
    layout: {
      ...of.layout,
      xaxis: { ...of.layout.xaxis as Axis, range: [-3.85, -3.83] },
      yaxis: { ...of.layout.yaxis as Axis, range: [0.711, 0.714] },
    },
  });
  const nLabels = (svg: string): number => [...svg.matchAll(/<g class="[xy]tick"/g)].length;
  assert.equal(nLabels(await renderSvg(zoomed(figure))), 0);
  assert.ok(nLabels(await renderSvg(zoomed(drawn))) >= 4);
  assert.ok(Array.isArray((layout.xaxis as Axis).tickvals), "the figure itself keeps its ticks");
  assert.deepEqual((drawn.layout.yaxis as Axis).tickvals, undefined);
});

Deno.test("screenFigure() leaves names and foreign figures as they are", () => {
  const shares = oracleShareFigure();
  const prices = listPriceFigure();
  const foreign = { data: [{ y: [1, 2] }], layout: { xaxis: { tickvals: [0] } } };
  assert.deepEqual(screenFigure(shares), shares);
  assert.deepEqual(screenFigure(prices).layout.yaxis, prices.layout.yaxis);
  assert.equal((screenFigure(prices).layout.xaxis as Axis).tickmode, "auto");
  assert.deepEqual(screenFigure(foreign), foreign);
});
