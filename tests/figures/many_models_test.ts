import assert from "node:assert/strict";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import { figureNameOf, legendNameOf } from "../../lib/figures/_model_names.ts";
import type { PlotlyFigure } from "../../lib/figures/plotly_figure.ts";
import { withoutMarkup } from "../../lib/figures/markup.ts";
import { textWidth } from "../../lib/figures/text_width.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";

function modelsOf(n: number): { name: string; costUsd: number; quality: number }[] {
  return Array.from({ length: n }, (_, i) => {
    const share = ((i * 137) % n) / n;
    const quality = 0.3 + 0.4 * share ** 2 + 0.2 * (((i * 7919) % 1009) / 1009 - 0.5);
    return { name: `organisation/model-${i}`, costUsd: 10 ** (-5 + 2.5 * share), quality };
  });
}

interface Annotation {
  readonly text: string;
}

function annotationsOf({ layout }: PlotlyFigure): string[] {
  return (layout.annotations as readonly Annotation[]).map(({ text }) => text);
}

function subtitleOf(figure: PlotlyFigure): string {
  return withoutMarkup(annotationsOf(figure)[0]);
}

Deno.test("costQualityPanel() of many models names those on the hull and those asked for, and counts the rest", () => {
  for (const n of [30, 112, 1000]) {
    const models = modelsOf(n);
    const figure = costQualityPanel({ title: "Many", models, labelled: ["organisation/model-7"], curves: [] });
    const texts = annotationsOf(figure);
    for (const { name } of nonDecreasingHull(models)) assert.ok(texts.includes(name), `${n}: ${name}`);
    assert.ok(texts.includes("organisation/model-7"));
    const [grey, black] = ["Models without a label", "Models"].map((name) =>
      (figure.data.find((trace) => trace.name === name)?.x as number[]).length
    );
    assert.equal(grey + black, n);
    assert.equal(black, texts.length - 1);
    assert.equal(subtitleOf(figure), `Grey: ${grey} more models without a label.`);
  }
});

Deno.test("costQualityPanel() labels every model where there are few, and says nothing of it", () => {
  const figure = costQualityPanel({ title: "Few", models: modelsOf(20), curves: [] });
  assert.equal(annotationsOf(figure).length, 20);
  assert.deepEqual(figure.data.map(({ name }) => name), ["Models"]);
});

Deno.test("costQualityPanel() refuses to label a model that it does not draw", () => {
  assert.throws(
    () => costQualityPanel({ title: "Few", models: modelsOf(3), labelled: ["gpt"], curves: [] }),
    /^RangeError: Cannot label a model as it must be one of the panel's: "gpt" is not; /,
  );
});

Deno.test("costQualityPanel() shows any name as text, and the whole of it in the hover text", () => {
  const long = "n".repeat(120);
  const names = ["<script>alert(1)</script>", "a $x$ b", "<b>R&D</b>", long, "名前 モデル", "gpt-名前"];
  const models = names.map((name, i) => ({ name, costUsd: 10 ** (i - 6), quality: 0.4 + i / 20 }));
  const figure = costQualityPanel({ title: "Names", models, curves: [] });
  const [subtitle, ...texts] = annotationsOf(figure);
  assert.deepEqual(texts.slice(0, 3).map(withoutMarkup), names.slice(0, 3));
  assert.ok(texts.every((text) => !/[<>$]/.test(text)));
  assert.match(texts[3], /^n+…n+$/);
  assert.deepEqual(texts.slice(4), ["model 5", "gpt-□ (model 6)"]);
  assert.match(
    withoutMarkup(subtitle),
    /^“model n”: the n-th model, whose name has characters that this typeface lacks/,
  );
  const hover = figure.data[0].hovertext as string[];
  names.forEach((name, i) => assert.ok(withoutMarkup(hover[i]).startsWith(name), name));
});

Deno.test("figureNameOf() keeps both ends of a long name within its width", () => {
  for (
    const name of ["meta-llama/Llama-3.1-405B-Instruct-Turbo-FP8", "W".repeat(90), "i".repeat(400), "имя ".repeat(30)]
  ) {
    const { markup, isStandIn } = figureNameOf(name, 1);
    const [head, tail] = markup.split("…");
    assert.ok(name.startsWith(head) && name.trim().endsWith(tail) && tail !== "", markup);
    assert.ok(textWidth(markup, 1) <= 13 && !isStandIn);
  }
  assert.equal(figureNameOf("short", 1).markup, "short");
  assert.equal(figureNameOf("a\u202eb\n\u0007c", 1).markup, "a b c");
  assert.equal(figureNameOf("", 3).markup, "");
});

Deno.test("legendNameOf() escapes and shortens the name of a router", () => {
  assert.equal(legendNameOf("<i>mine</i>"), "&lt;i&gt;mine&lt;/i&gt;");
  assert.match(legendNameOf("router ".repeat(20)), /^router .*….*router$/);
});
