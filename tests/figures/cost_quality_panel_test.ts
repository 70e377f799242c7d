import assert from "node:assert/strict";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import type { CostQualityPanelInput } from "../../lib/figures/panel_input.ts";
import type { PlotlyFigure } from "../../lib/figures/plotly_figure.ts";
import { crowdedPanel, gsm8kPanel, mmluPanel } from "../paper/figures/_paper_panels.ts";

interface Trace {
  readonly name: string;
  readonly mode: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly hovertext: readonly string[];
  readonly legendrank: number;
  readonly line: { readonly color: string; readonly dash: string; readonly width: number };
  readonly marker: { readonly color: string | readonly string[]; readonly symbol: string };
}

function trace(figure: PlotlyFigure, name: string): Trace {
  return figure.data.find((each) => each.name === name) as unknown as Trace;
}

const SMALL = { name: "Small", costUsd: 0.1, quality: 0.5 };
const LARGE = { name: "Large", costUsd: 0.4, quality: 0.8 };
const TWO: CostQualityPanelInput = {
  title: "Two models",
  models: [SMALL, LARGE],
  curves: [{ name: "Zero", family: "zero", points: [{ ...SMALL, label: "Small" }, { ...LARGE, label: "Large" }] }],
};

Deno.test("costQualityPanel() draws two models and their mix on a linear axis", () => {
  const { data, layout } = costQualityPanel({ ...TWO, costAxis: "linear" });
  assert.deepEqual(data, [
    {
      type: "scatter",
      mode: "lines+markers",
      name: "Zero",
      legendrank: 1,
      x: [0.1, 0.4],
      y: [0.5, 0.8],
      hovertext: [
        "<b>Zero</b><br>Mean cost per prompt (USD): 0.100<br>Mean quality: 0.500<br>Small",
        "<b>Zero</b><br>Mean cost per prompt (USD): 0.400<br>Mean quality: 0.800<br>Large",
      ],
      hoverinfo: "text",
      line: { color: "#a0a0a0", dash: "solid", width: 4.6 },
      marker: { symbol: "square", size: 11.6, opacity: 1, color: "#ffffff", line: { color: "#a0a0a0", width: 1.6 } },
    },
    {
      type: "scatter",
      mode: "markers",
      name: "Models",
      showlegend: false,
      x: [0.1, 0.4],
      y: [0.5, 0.8],
      text: ["Small", "Large"],
      hovertext: [
        "<b>Small</b><br>Mean cost per prompt (USD): 0.100<br>Mean quality: 0.500",
        "<b>Large</b><br>Mean cost per prompt (USD): 0.400<br>Mean quality: 0.800",
      ],
      hoverinfo: "text",
      marker: { symbol: "circle", size: 6.4, opacity: 1, color: "#000000", line: { color: "#000000", width: 0 } },
    },
  ]);
  assert.deepEqual(layout.meta, { sizePt: { width: 241, height: 200 }, scales: ["xaxis", "yaxis"] });
  assert.deepEqual([layout.width, layout.height], [482, 400]);
  assert.deepEqual((layout.xaxis as { ticktext: string[] }).ticktext, [
    "0.10",
    "0.15",
    "0.20",
    "0.25",
    "0.30",
    "0.35",
    "0.40",
  ]);
  assert.deepEqual((layout.annotations as { text: string }[]).map(({ text }) => text), ["Small", "Large"]);
});

Deno.test("costQualityPanel() samples the mixes between vertices on a log axis", () => {
  const figure = costQualityPanel(TWO);
  const { x, y, hovertext, marker } = trace(figure, "Zero");
  assert.ok(x.length > 5);
  x.forEach((costUsd, i) =>
    assert.ok(Math.abs(y[i] - (0.5 + (costUsd - 0.1))) < 1e-12, "every point is on the straight line of the plane")
  );
  assert.deepEqual([x[0], x[x.length - 1]], [0.1, 0.4]);
  const colors = marker.color as readonly string[];
  assert.deepEqual(colors.map((color) => color === "#ffffff"), x.map((_, i) => i === 0 || i === x.length - 1));
  assert.match(hovertext[1], /<br>mix: \d+ % Small, \d+ % Large$/);
});

Deno.test("costQualityPanel() is pure and gives plain JSON", () => {
  const input = crowdedPanel();
  const before = structuredClone(input);
  const figure = costQualityPanel(input);
  assert.deepEqual(input, before);
  assert.deepEqual(costQualityPanel(input), figure);
  assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
});

Deno.test("costQualityPanel() draws wide below narrow and keeps the order of the legend", () => {
  const { curves } = mmluPanel();
  const figure = costQualityPanel({ ...mmluPanel(), curves: [...curves].reverse() });
  assert.deepEqual(figure.data.map(({ name }) => name), [
    "Zero (AIQ .763)",
    "KNN, <i>k</i> = 40 (.773)",
    "MLP (.769)",
    "Models",
    "Oracle",
  ]);
  assert.deepEqual(curves.map(({ name }) => trace(figure, name).legendrank), [3, 2, 1]);
  const widths = curves.map(({ name }) => trace(figure, name).line.width);
  assert.ok(widths[0] > widths[1] && widths[1] > widths[2]);
});

Deno.test("costQualityPanel() gives every curve its own look", () => {
  const { curves } = crowdedPanel();
  const figure = costQualityPanel(crowdedPanel());
  const looks = curves.map(({ name }) => trace(figure, name)).map(({ line, marker }) =>
    `${line.dash} ${marker.symbol} ${marker.color}`
  );
  assert.equal(new Set(looks).size, curves.length);
});

Deno.test("costQualityPanel() makes room for the rows of the legend", () => {
  const margin = (figure: PlotlyFigure): number => (figure.layout.margin as { t: number }).t;
  const three = costQualityPanel(mmluPanel());
  const seven = costQualityPanel(crowdedPanel());
  assert.ok(margin(seven) > margin(three) + 40);
  assert.equal((seven.layout.height as number) - margin(seven), (three.layout.height as number) - margin(three));
});

Deno.test("costQualityPanel() names its axes in hover texts", () => {
  const figure = costQualityPanel({
    ...TWO,
    costLabel: "Total cost of the test split (USD, log scale)",
  });
  assert.match(
    trace(figure, "Models").hovertext[0],
    /<br>Total cost of the test split \(USD\): 0.100<br>Mean quality: 0.500$/,
  );
  assert.match(trace(costQualityPanel(mmluPanel()), "Models").hovertext[0], /: 1.94×10<sup>−5<\/sup><br>/);
});

Deno.test("costQualityPanel() draws one point, one curve or only the oracle", () => {
  const point = { costUsd: 1e-4, quality: 0.5 };
  for (
    const input of [
      { models: [{ name: "Alone", ...point }], curves: [] },
      { models: [], curves: [{ name: "Bound", family: "bound" as const, points: [point] }] },
      { models: [], curves: [], oracle: point },
    ]
  ) {
    for (const costAxis of ["log", "linear"] as const) {
      const { layout } = costQualityPanel({ title: "", ...input, costAxis });
      for (const axis of ["xaxis", "yaxis"]) {
        const { range, tickvals } = layout[axis] as { range: number[]; tickvals: number[] };
        assert.ok(range[0] < range[1] && tickvals.length > 0, `${costAxis} ${axis}`);
      }
    }
  }
});

Deno.test("costQualityPanel() labels ticks that do not touch over any range of costs", () => {
  for (const [low, high] of [[4e-6, 3e-2], [1e-9, 10], [1e-4, 1.1e-4], [0.02, 5], [3, 24000], [1, 1.0001]]) {
    const models = [{ name: "Low", costUsd: low, quality: 0.2 }, { name: "High", costUsd: high, quality: 0.21 }];
    for (const costAxis of ["log", "linear"] as const) {
      const { layout } = costQualityPanel({ title: "Range", models, curves: [], costAxis });
      const { ticktext } = layout.xaxis as { ticktext: string[] };
      assert.ok(ticktext.length >= 2 && ticktext.length <= 8, `${costAxis} ${low} to ${high}: ${ticktext}`);
      assert.equal(new Set(ticktext).size, ticktext.length, `${costAxis} ${low} to ${high}: ${ticktext}`);
    }
  }
});

Deno.test("costQualityPanel() takes hard panels", () => {
  for (const input of [mmluPanel(), crowdedPanel(), gsm8kPanel()]) {
    for (const width of ["column", "page"] as const) {
      assert.equal(costQualityPanel({ ...input, width }).layout.width, width === "column" ? 482 : 992);
    }
  }
});

Deno.test("costQualityPanel() says what it cannot draw", () => {
  const draw = (change: Partial<CostQualityPanelInput>) => (): PlotlyFigure => costQualityPanel({ ...TWO, ...change });
  const free = { name: "Free", costUsd: 0, quality: 0.5 };
  assert.throws(
    draw({ models: [free] }),
    new RangeError(
      'Cannot draw the model "Free" as a log cost axis must have costs above 0: it is 0; leave it out or pass costAxis: "linear"',
    ),
  );
  assert.doesNotThrow(draw({ models: [free], costAxis: "linear" }));
  assert.throws(
    draw({ oracle: { costUsd: NaN, quality: 1 } }),
    /RangeError: Cannot draw the oracle as its cost must be a finite number of at least 0: it is NaN; /,
  );
  assert.throws(
    draw({ models: [{ name: "A", costUsd: 1, quality: NaN }] }),
    /Cannot draw the model "A" as its quality must be a finite number: it is NaN; /,
  );
  assert.throws(
    draw({ curves: [{ name: "Z", family: "zero", points: [] }] }),
    /RangeError: Cannot draw the curve "Z" as it must have a point: it has none; /,
  );
  assert.throws(
    draw({ curves: [{ name: "Z", family: "zero", points: [LARGE, SMALL] }] }),
    /RangeError: Cannot draw the curve "Z" as its points must be in ascending cost: point 2 costs 0.1 after 0.4; /,
  );
  assert.throws(
    draw({ curves: [{ name: "Z", family: "zero", points: [{ costUsd: 0, quality: 0 }] }] }),
    /RangeError: Cannot draw point 1 of the curve "Z" as a log cost axis /,
  );
  assert.throws(
    draw({ models: [], curves: [] }),
    /RangeError: Cannot draw a cost-quality panel as it must show something: /,
  );
  assert.throws(
    draw({ costAxis: "sqrt" as "log" }),
    /TypeError: .* as costAxis must be "log" or "linear": it is "sqrt"; /,
  );
  assert.throws(
    draw({ costaxis: "log" } as Partial<CostQualityPanelInput>),
    /TypeError: .* as every part of its input must be "title" or .*: it is "costaxis"; /,
  );
  assert.throws(
    draw({ width: "half" as "page" }),
    /TypeError: .* as width must be "column" or "page" or "acl-column" or .*: it is "half"; /,
  );
  assert.throws(
    draw({ curves: [{ name: "Z", family: "svm" as "zero", points: [SMALL] }] }),
    /TypeError: Cannot style a curve as its family must be one of zero, /,
  );
});

Deno.test("costQualityPanel() draws bands below the curves and makes room for them", () => {
  const [zero, ...others] = mmluPanel().curves;
  const band = zero.points.map(({ costUsd, quality }) => ({ costUsd, low: quality - 0.2, high: quality + 0.3 }));
  const figure = costQualityPanel({ ...mmluPanel(), curves: [{ ...zero, band }, ...others] });
  const [first] = figure.data as { name: string; x: number[]; y: number[]; fill: string; showlegend: boolean }[];
  assert.deepEqual([first.name, first.fill, first.showlegend], ["Zero (AIQ .763), band", "toself", false]);
  assert.deepEqual(first.x, [...band, ...band.toReversed()].map(({ costUsd }) => costUsd));
  assert.deepEqual(first.y, [...band.map(({ low }) => low), ...band.toReversed().map(({ high }) => high)]);
  const [low, high] = (figure.layout.yaxis as { range: number[] }).range;
  assert.ok(low < Math.min(...first.y) && high > Math.max(...first.y));
  assert.throws(
    () => costQualityPanel({ ...mmluPanel(), curves: [{ ...zero, band: [{ costUsd: 1, low: NaN, high: 1 }] }] }),
    /RangeError: Cannot draw the band of the curve "Zero \(AIQ .763\)" as its quality must be a finite number: it is NaN/,
  );
});

Deno.test("costQualityPanel() is as wide as the column of a style file", () => {
  // From the style files, points of 1/72 inch, rounded down: half of 16 cm without .6 cm; 5.5 inch; 21 pica of TeX.
  const aclColumn = Math.floor((16 - 0.6) / 2 * 720 / 2.54) / 10;
  const ieeeColumn = Math.floor(21 * 12 * 720 / 72.27) / 10;
  const expected = [["acl-column", aclColumn], ["neurips", 5.5 * 72], ["ieee-column", ieeeColumn]] as const;
  for (const [width, widthPt] of expected) {
    const { layout } = costQualityPanel({ ...mmluPanel(), width });
    assert.equal((layout.meta as { sizePt: { width: number } }).sizePt.width, widthPt);
    assert.ok((layout.width as number) / 2 <= widthPt, "no wider than the column");
  }
});
