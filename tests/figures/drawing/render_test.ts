import assert from "node:assert/strict";
import * as fontkit from "fontkit";
import { costQualityPanel } from "../../../lib/figures/cost_quality_panel.ts";
import type { CostQualityPanelInput } from "../../../lib/figures/panel_input.ts";
import { clippedLength, type Segment } from "../../../lib/figures/_label_geometry.ts";
import { FONT_BYTES } from "../../../lib/figures/drawing/fonts.ts";
import { renderSvg } from "../../../lib/figures/drawing/render.ts";
import { crowdedPanel, gsm8kPanel, mmluPanel } from "../../paper/figures/_paper_panels.ts";

interface Box {
  readonly text: string;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const font = (fontkit as unknown as {
  create(
    bytes: Uint8Array,
  ): {
    unitsPerEm: number;
    layout(text: string): { bbox: Record<"minX" | "minY" | "maxX" | "maxY", number>; advanceWidth: number };
  };
})
  .create(FONT_BYTES.regular);

/** The ink of every label in a drawn panel, from the SVG's own positions and the glyphs' outlines. */
function labelBoxes(svg: string): Box[] {
  const pattern =
    /<g class="cursor-pointer" transform="translate\(([-\d.]+),([-\d.]+)\)"><rect[^>]*\/><text class="annotation-text" style="font-size: ([\d.]+)px[^>]*x="([\d.]+)" y="([\d.]+)">([^<]*)<\/text>/g;
  return [...svg.matchAll(pattern)].map(([, left, top, size, x, y, text]) => {
    const run = font.layout(text);
    const scale = Number(size) / font.unitsPerEm;
    const start = Number(left) + Number(x) - run.advanceWidth * scale / 2;
    const baseline = Number(top) + Number(y);
    return {
      text,
      x0: start + run.bbox.minX * scale,
      x1: start + run.bbox.maxX * scale,
      y0: baseline - run.bbox.maxY * scale,
      y1: baseline - run.bbox.minY * scale,
    };
  });
}

/** The leader lines of a drawn panel, without the 2 px beside their own labels that are not drawn. */
function leaders(svg: string): Segment[] {
  const pattern = /class="annotation-arrow-g"><path d="M([-\d.]+),([-\d.]+)L([-\d.]+),([-\d.]+)"/g;
  return [...svg.matchAll(pattern)].map((match) => {
    const [, x0, y0, x1, y1] = match.map(Number);
    const share = 2 / Math.hypot(x1 - x0, y1 - y0);
    return { x0: x0 + share * (x1 - x0), y0: y0 + share * (y1 - y0), x1, y1 };
  });
}

/** Middles of the models' dots in a drawn panel. */
function dots(svg: string): { x: number; y: number }[] {
  const [, left, top] = svg.match(/class="axesclip" id="clip\w+xy"><rect x="([\d.]+)" y="([\d.]+)"/)!;
  const trace = svg.split('<g class="trace scatter').find((part) => part.includes('d="M3.2,0A3.2,3.2'))!;
  return [
    ...trace.matchAll(/translate\(([\d.]+),([\d.]+)\)" style="opacity: 1; stroke-width: 0px[^>]*d="M3.2,0A3.2,3.2/g),
  ]
    .map(([, x, y]) => ({ x: Number(left) + Number(x), y: Number(top) + Number(y) }));
}

const PANELS: readonly (readonly [string, CostQualityPanelInput])[] = [
  ["MMLU, three curves", mmluPanel()],
  ["MMLU, seven curves", crowdedPanel()],
  ["GSM8K", gsm8kPanel()],
  ["MMLU with long names", {
    ...mmluPanel(),
    models: mmluPanel().models.map((model) => ({ ...model, name: `organisation/${model.name}` })),
  }],
];

for (const [name, input] of PANELS) {
  for (const costAxis of ["log", "linear"] as const) {
    Deno.test(`renderSvg() of ${name} on a ${costAxis} axis has labels that touch neither each other nor a point`, async () => {
      const svg = await renderSvg(costQualityPanel({ ...input, costAxis }));
      const labels = labelBoxes(svg);
      const points = dots(svg);
      assert.equal(labels.length, 12);
      assert.equal(points.length, 11);
      const [, width, height] = svg.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/)!;
      for (const leader of leaders(svg)) {
        for (const label of labels) {
          assert.equal(clippedLength(leader, label), 0, `a leader line is clear of ${label.text}`);
        }
      }
      labels.forEach((a, i) => {
        assert.ok(
          a.x0 > 0 && a.y0 > 0 && a.x1 < Number(width) && a.y1 < Number(height),
          `${a.text} is inside the figure`,
        );
        for (const b of labels.slice(i + 1)) {
          assert.ok(a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0, `${a.text} is clear of ${b.text}`);
        }
        for (const { x, y } of points) {
          const dx = Math.max(a.x0 - x, 0, x - a.x1);
          const dy = Math.max(a.y0 - y, 0, y - a.y1);
          assert.ok(Math.hypot(dx, dy) >= 3.2, `${a.text} is clear of the point at ${x}, ${y}`);
        }
      });
    });
  }
}

Deno.test("renderSvg() gives the same bytes whatever was drawn before", async () => {
  const panel = costQualityPanel(mmluPanel());
  const first = await renderSvg(panel);
  await renderSvg(costQualityPanel(gsm8kPanel()));
  const [again, , last] = await Promise.all([
    renderSvg(panel),
    renderSvg(costQualityPanel(crowdedPanel())),
    renderSvg(panel),
  ]);
  assert.equal(again, first);
  assert.equal(last, first);
});

Deno.test("renderSvg() writes the printed size and leaves the figure as it was", async () => {
  const panel = costQualityPanel({ ...mmluPanel(), width: "page" });
  const before = structuredClone(panel);
  const svg = await renderSvg(panel);
  assert.match(svg, /^<svg [^>]*width="496pt" height="263pt"[^>]*viewBox="0 0 992 526"/);
  assert.deepEqual(panel, before);
});

Deno.test("renderSvg() draws text, ticks and one marker for every vertex", async () => {
  const svg = await renderSvg(costQualityPanel(mmluPanel()));
  for (
    const text of [
      "MMLU",
      "Mean cost per prompt (USD, log scale)",
      "Mean quality",
      "Zero (AIQ .763)",
      "WizardLM 13B",
      "Oracle",
    ]
  ) {
    assert.ok(svg.includes(`>${text}<`), text);
  }
  const vertices = mmluPanel().curves.reduce((sum, { points }) => sum + points.length, 0);
  assert.equal([...svg.matchAll(/<path class="point"/g)].length, vertices + 11 + 1);
});

Deno.test("renderSvg() keeps the legend between title and plotting area", async () => {
  for (const input of [mmluPanel(), crowdedPanel(), { ...crowdedPanel(), subtitle: "words ".repeat(30).trim() }]) {
    for (const width of ["column", "page"] as const) {
      const figure = costQualityPanel({ ...input, width });
      const svg = await renderSvg(figure);
      const [, x, y] = svg.match(/<g class="legend"[^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"/)!.map(Number);
      const [, w, h] = svg.match(/<g class="legend".*?<rect class="bg"[^>]*width="([\d.]+)" height="([\d.]+)"/)!.map(
        Number,
      );
      const top = (figure.layout.margin as { t: number }).t;
      assert.ok(y + h <= top + 0.5, "the legend ends above the plotting area");
      assert.ok(x >= 0 && x + w <= (figure.layout.width as number), "the legend is inside the figure");
      const [, capitals, shift] = svg.match(/<text class="gtitle"[^>]* y="([\d.]+)"[^>]* dy="([\d.]+)em"/)!.map(Number);
      const titleFoot = capitals + 18 * shift;
      assert.ok(titleFoot > 12 && titleFoot < y, "the title is whole and above the legend");
    }
  }
});

Deno.test("renderSvg() says what it cannot draw", async () => {
  await assert.rejects(
    renderSvg({ data: [], layout: { width: -1 } }),
    new RangeError(
      "Cannot read the size of a figure as layout.width must be a number above 0: it is -1; set it in the layout",
    ),
  );
  const svg = await renderSvg({ data: [{ y: [1, 2] }], layout: {} });
  assert.match(svg, /width="525pt" height="337.5pt"/, "an error does not stop later figures");
});

Deno.test("renderSvg() cuts no name of a legend, where a viewer's typeface is wider too", async () => {
  const svg = await renderSvg({
    data: [{ x: [1, 2], y: [1, 2], name: "Zero" }, { x: [1, 2], y: [2, 1], name: "Cascade" }],
    layout: { width: 400, height: 300, showlegend: true, legend: { orientation: "h" } },
  });
  assert.match(svg, />Cascade<\/text>/);
  assert.doesNotMatch(svg, /clip-path="[^"]*#legend/);
});
