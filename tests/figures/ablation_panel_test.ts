import assert from "node:assert/strict";
import { JSDOM } from "jsdom";
import { textWidth } from "../../lib/figures/text_width.ts";
import type { AblationPanelInput, AblationPoint } from "../../lib/figures/ablation_input.ts";
import { ablationPanel } from "../../lib/figures/ablation_panel.ts";
import type { PlotlyFigure } from "../../lib/figures/plotly_figure.ts";
import { renderSvg } from "../../lib/figures/drawing/render.ts";

interface Trace {
  readonly name?: string;
  readonly mode: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly text?: readonly string[];
  readonly xaxis: string;
  readonly showlegend: boolean;
  readonly marker?: { readonly symbol: string };
}
interface Axis {
  readonly range: readonly [number, number];
  readonly domain: readonly [number, number];
  readonly tickvals: readonly number[];
  readonly ticktext: readonly string[];
}
type Point = Partial<AblationPoint> & Pick<AblationPoint, "difference">;

function point({ difference, ...change }: Point): AblationPoint {
  const interval = [difference - 0.01, difference + 0.02] as const;
  return {
    evalName: "mbpp",
    factor: "k",
    setting: "40",
    isBase: false,
    family: "knn",
    difference,
    interval,
    ...change,
  };
}

const TWO: AblationPanelInput = {
  title: "Two",
  points: [point({ setting: "5", difference: -0.02 }), point({ difference: 0.03, isBase: true })],
};

/** As many lines and panels as a real run has. */
function crowded(evalNames: readonly string[]): AblationPoint[] {
  const of = (
    factor: string,
    settings: readonly string[],
    families: readonly AblationPoint["family"][],
  ): Omit<AblationPoint, "evalName">[] =>
    settings.flatMap((setting, i) =>
      families.map((family, f) => point({ factor, setting, family, difference: 0.03 * f - 0.02 * i }))
    );
  const rows = [
    ...of("text", ["whole, 128", "whole, 256", "whole, 512", "last question, 128"], ["knn", "linear"]),
    ...of("k", ["1", "2", "5", "10", "20", "40", "80"], ["knn"]),
    ...of("mlp", ["32", "100", "100-100"], ["mlp"]),
  ];
  return evalNames.flatMap((evalName) => rows.map((row) => ({ ...row, evalName })));
}

function tracesOf({ data }: PlotlyFigure): readonly Trace[] {
  return data as unknown as Trace[];
}

function axis({ layout }: PlotlyFigure, name: string): Axis {
  return layout[name] as Axis;
}

Deno.test("ablationPanel() draws a line a setting with its bar, top to bottom, and a band behind the base", () => {
  const figure = ablationPanel(TWO);
  const { layout } = figure;
  const [bars, points, ...others] = tracesOf(figure);
  assert.deepEqual(others, []);
  assert.deepEqual(axis(figure, "yaxis").ticktext, ["5", "40"]);
  const [five, forty] = axis(figure, "yaxis").tickvals;
  assert.ok(
    five < forty && axis(figure, "yaxis").range[0] > axis(figure, "yaxis").range[1],
    "the first line is the uppermost",
  );
  assert.deepEqual([points.name, points.mode, points.x, points.y], ["KNN", "markers", [-0.02, 0.03], [five, forty]]);
  assert.deepEqual([bars.mode, bars.x, bars.y], ["lines", [-0.03, 0, null, 0.019999999999999997, 0.05, null], [
    five,
    five,
    null,
    forty,
    forty,
    null,
  ]]);
  const bands = layout.shapes as { y0: number; y1: number }[];
  assert.equal(bands.length, 1);
  assert.ok(bands[0].y0 < forty && forty < bands[0].y1 && bands[0].y0 > five);
  const { zeroline, range } = layout.xaxis as { zeroline: boolean; range: number[] };
  assert.ok(zeroline && range[0] < -0.03 && range[1] > 0.05);
});

Deno.test("ablationPanel() puts routers of one setting below each other in one line", () => {
  const points = [
    point({ difference: 0.01, family: "linear" }),
    point({ difference: 0.02 }),
    point({ setting: "5", difference: 0 }),
  ];
  const figure = ablationPanel({ ...TWO, points });
  const [knn, linear] = tracesOf(figure).filter(({ mode }) => mode === "markers");
  assert.deepEqual([knn.name, linear.name], ["KNN", "Linear"]);
  const [line] = axis(figure, "yaxis").tickvals;
  const apart = line - knn.y[0]!;
  assert.ok(apart > 1 && Math.abs(linear.y[0]! - line - apart) < 1e-9, "on either side of the line's middle");
  assert.equal(knn.y[1], axis(figure, "yaxis").tickvals[1], "alone, it stands in the middle");
});

Deno.test("ablationPanel() shows what is beyond the limit as an arrow with its number, and cuts bars there", () => {
  const points = [
    point({ setting: "1", difference: -0.1741 }),
    point({ setting: "2", difference: -0.09, interval: [-0.2, 0.01] }),
    point({ setting: "3", difference: 0.31 }),
  ];
  const figure = ablationPanel({ ...TWO, points });
  const [bars, shown, left, right] = tracesOf(figure);
  const [low, high] = axis(figure, "xaxis").range;
  assert.ok(low > -0.12 && high < 0.12);
  assert.deepEqual(shown.x, [-0.09]);
  assert.deepEqual(bars.x, [low, 0.01, null]);
  assert.deepEqual([left.text, left.marker!.symbol, right.text, right.marker!.symbol], [
    ["−.174"],
    "triangle-left",
    ["+.310"],
    "triangle-right",
  ]);
  assert.ok(low < left.x[0]! && right.x[0]! < high, "inside the axis");
  const wide = ablationPanel({ ...TWO, points, limit: 1 });
  assert.equal(tracesOf(wide).length, 2);
  assert.ok(axis(wide, "xaxis").range[0] < -0.2);
});

Deno.test("ablationPanel() gives each evaluation a panel with the same axis and names routers once", () => {
  const figure = ablationPanel({
    title: "",
    points: crowded(["a", "b", "c"]),
    evalNames: ["c", "a"],
    titles: { a: "First", mlp: "Perceptron" },
  });
  const axes = [axis(figure, "xaxis"), axis(figure, "xaxis2")];
  assert.deepEqual([axes[0].range, axes[0].tickvals, axes[0].ticktext], [
    axes[1].range,
    axes[1].tickvals,
    axes[1].ticktext,
  ]);
  assert.ok(axes[0].domain[1] < axes[1].domain[0] && figure.layout.xaxis3 === undefined);
  const named = tracesOf(figure).filter(({ showlegend }) => showlegend).map(({ name }) => name);
  assert.deepEqual(named, ["KNN", "Linear", "MLP"]);
  const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
  for (
    const text of ["c", "First", "<b>Perceptron</b>", "<b>Text, pieces read</b>", "AIQ (formula) less that of Zero"]
  ) {
    assert.ok(texts.includes(text), text);
  }
});

Deno.test("ablationPanel() keeps the labels of neighbouring panels apart", () => {
  for (
    const [evalNames, width] of [[["a", "b"], "column"], [["a", "b", "c", "d"], "page"], [
      ["a", "b", "c", "d", "e", "f", "g"],
      "page",
    ]] as const
  ) {
    const figure = ablationPanel({ title: "Crowded", points: crowded(evalNames), width });
    const { margin } = figure.layout as { margin: { l: number; r: number } };
    const plotWidth = (figure.layout.width as number) - margin.l - margin.r;
    const labels = evalNames.flatMap((_, panel) => {
      const { range, domain, tickvals, ticktext } = axis(figure, panel === 0 ? "xaxis" : `xaxis${panel + 1}`);
      assert.ok(tickvals.length >= 2, "two labels make a scale");
      return tickvals.map((value, i) => {
        const middle = plotWidth * (domain[0] + (value - range[0]) / (range[1] - range[0]) * (domain[1] - domain[0]));
        const half = textWidth(ticktext[i], 15) / 2;
        return { from: middle - half, to: middle + half };
      });
    });
    labels.forEach(({ from }, i) =>
      assert.ok(i === 0 || from - labels[i - 1].to > 4, `${evalNames.length} panels, label ${i}`)
    );
    assert.ok(labels.at(-1)!.to <= plotWidth + margin.r, "inside the figure");
  }
});

Deno.test("ablationPanel() renders at both widths with all its texts inside the figure", async () => {
  for (
    const [evalNames, width] of [[["pooled", "winogrande"], "column"], [
      ["pooled", "mbpp", "arc-challenge"],
      "page",
    ]] as const
  ) {
    const figure = ablationPanel({ title: "What the encoder reads", points: crowded(evalNames), width });
    const { document } = new JSDOM(await renderSvg(figure), { contentType: "image/svg+xml" }).window;
    const texts = [...document.querySelectorAll("text")].map((text) => text.textContent);
    for (const text of ["What the encoder reads", "last question, 128", "100-100", "KNN", "MLP", ...evalNames]) {
      assert.ok(texts.includes(text), text);
    }
    assert.equal(figure.layout.width, width === "column" ? 482 : 992);
  }
});

Deno.test("ablationPanel() is pure and gives plain JSON", () => {
  const input = { ...TWO, points: crowded(["a", "b"]) };
  const before = structuredClone(input);
  const figure = ablationPanel(input);
  assert.deepEqual(input, before);
  assert.deepEqual(ablationPanel(input), figure);
  assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
});

Deno.test("ablationPanel() says what it cannot draw", () => {
  const draw = (change: Partial<AblationPanelInput>) => (): PlotlyFigure => ablationPanel({ ...TWO, ...change });
  assert.throws(
    draw({ points: [] }),
    /RangeError: Cannot draw an ablation as every panel needs points: there are none; /,
  );
  assert.throws(draw({ evalNames: ["mbpp", "mmlu"] }), /RangeError: .* every panel needs points: "mmlu" has none; /);
  assert.throws(
    draw({ points: [point({ difference: NaN })] }),
    /RangeError: .* must be finite: "40" on "mbpp" has NaN \[NaN,NaN\]; /,
  );
  assert.throws(draw({ limit: 0 }), /RangeError: .* its limit must be above 0: it is 0; /);
  assert.throws(
    draw({ points: crowded(["a", "b", "c", "d", "e"]) }),
    /RangeError: .* a panel needs 50 pt: 5 of them have \d+ pt each; /,
  );
  assert.throws(
    draw({ points: [point({ difference: 0, family: "svm" as "knn" })] }),
    /TypeError: Cannot style a curve as its family must be /,
  );
});
