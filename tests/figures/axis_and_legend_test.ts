import assert from "node:assert/strict";
import * as fontkit from "fontkit";
import { legendLayout, legendRanks } from "../../lib/figures/_legend.ts";
import { powerText, readableNumber } from "../../lib/figures/number_text.ts";
import { textWidth, wrapText } from "../../lib/figures/text_width.ts";
import { linearTicks, logTicks } from "../../lib/figures/ticks.ts";
import { FONT_BYTES, type FontFace } from "../../lib/figures/drawing/fonts.ts";
import { type CurveFamily, curveStyle } from "../../lib/figures/curve_style.ts";

const COLUMN = { length: 410, fontSize: 15, along: "x" } as const;

function texts({ major }: ReturnType<typeof linearTicks>): string[] {
  return major.map(({ text }) => text);
}

Deno.test("logTicks() labels 1, 2, 5 on few decades and powers of ten on many", () => {
  assert.deepEqual(texts(logTicks([0.06, 6], COLUMN)), ["0.1", "0.2", "0.5", "1", "2", "5"]);
  const few = [
    "2×10<sup>−5</sup>",
    "5×10<sup>−5</sup>",
    "10<sup>−4</sup>",
    "2×10<sup>−4</sup>",
    "5×10<sup>−4</sup>",
    "10<sup>−3</sup>",
  ];
  assert.deepEqual(texts(logTicks([1.4e-5, 1.4e-3], COLUMN)), few);
  const many = ["10<sup>−5</sup>", "10<sup>−4</sup>", "10<sup>−3</sup>", "10<sup>−2</sup>"];
  assert.deepEqual(texts(logTicks([3e-6, 5e-2], COLUMN)), many);
  assert.ok(logTicks([3e-6, 5e-2], COLUMN).minor.includes(2e-4));
});

Deno.test("logTicks() spaces round values evenly on less than a decade", () => {
  assert.deepEqual(texts(logTicks([0.0101, 0.0119], COLUMN)), ["0.0105", "0.0110", "0.0115"]);
});

Deno.test("linearTicks() labels multiples of 1, 2 or 5 in one style", () => {
  assert.deepEqual(texts(linearTicks([-0.1, 1.05], { ...COLUMN, length: 280, along: "y" })), [
    "0",
    "0.2",
    "0.4",
    "0.6",
    "0.8",
    "1.0",
  ]);
  assert.deepEqual(
    texts(linearTicks([0, 0.00063], COLUMN)),
    ["0", "1", "2", "3", "4", "5", "6"].map((n) => n === "0" ? "0" : `${n === "1" ? "" : `${n}×`}10<sup>−4</sup>`),
  );
  assert.deepEqual(texts(linearTicks([-1.5, 24.3], COLUMN)), ["0", "5", "10", "15", "20"]);
  assert.deepEqual(texts(linearTicks([1, 1.0001], { ...COLUMN, length: 200 })), ["1.00000", "1.00005", "1.00010"]);
  assert.deepEqual(texts(linearTicks([1e-5, 1.001e-5], { ...COLUMN, length: 250 })), [
    "10<sup>−5</sup>",
    "1.0005×10<sup>−5</sup>",
    "1.001×10<sup>−5</sup>",
  ]);
});

Deno.test("readableNumber() and powerText() write short numbers", () => {
  assert.deepEqual([0, 0.1, 0.00012345, 0.000012345, 1234.5, 2.5e6, -0.5].map((value) => readableNumber(value)), [
    "0",
    "0.100",
    "0.000123",
    "1.23×10<sup>−5</sup>",
    "1235",
    "2.5×10<sup>6</sup>",
    "−0.500",
  ]);
  assert.deepEqual([0, 1, 1000, 0.02].map((value) => powerText(value)), [
    "0",
    "10<sup>0</sup>",
    "10<sup>3</sup>",
    "2×10<sup>−2</sup>",
  ]);
});

Deno.test("textWidth() agrees with a layout engine but for kerning", () => {
  const engine = fontkit as unknown as {
    create(bytes: Uint8Array): { unitsPerEm: number; layout(text: string): { advanceWidth: number } };
  };
  const tags: Record<FontFace, readonly [string, string]> = {
    regular: ["", ""],
    bold: ["<b>", "</b>"],
    italic: ["<i>", "</i>"],
  };
  for (const face of ["regular", "bold", "italic"] as const) {
    const font = engine.create(FONT_BYTES[face]);
    const [open, close] = tags[face];
    for (const text of ["WizardLM/WizardLM-13B-V1.2", "λ → ∞, ε ≤ 5 %, −½", "GPT-3.5", "AVATAR To"]) {
      const exact = font.layout(text).advanceWidth / font.unitsPerEm;
      assert.ok(Math.abs(textWidth(open + text + close, 1) - exact) < 0.1 * exact, `${face} ${text}`);
    }
  }
  assert.equal(textWidth("", 10), 0);
  assert.ok(Math.abs(textWidth("10<sup>5</sup>", 10) - textWidth("10", 10) - textWidth("5", 7)) < 1e-12);
});

Deno.test("wrapText() breaks at spaces", () => {
  assert.deepEqual(wrapText("one two three", { size: 10, maxWidth: textWidth("one two", 10) }), ["one two", "three"]);
  assert.deepEqual(wrapText("unbreakable", { size: 10, maxWidth: 1 }), ["unbreakable"]);
});

Deno.test("legendLayout() needs as few rows as fit, and the ranks read down its columns", () => {
  const space = { fontSize: 14, plotWidth: 410, figureWidth: 470 };
  assert.equal(legendLayout([], space).height, 0);
  assert.equal(legendLayout(["Zero", "KNN", "MLP"], space).nRows, 1);
  const seven = legendLayout(Array.from({ length: 7 }, (_, i) => `Router ${i} (.763)`), space);
  assert.deepEqual([seven.nRows, seven.nColumns, seven.fromFigureEdge], [3, 3, true]);
  assert.deepEqual(legendRanks(7, seven), [1, 4, 7, 2, 5, 3, 6]);
  assert.equal(legendLayout(["A name that is far too long for a column of a paper, and for two"], space).nRows, 1);
});

Deno.test("curveStyle() keeps families and their members apart", () => {
  const families: CurveFamily[] = ["zero", "knn", "mlp", "linear", "cascade", "oracle", "bound", "other"];
  const looks = families.flatMap((family) => [0, 1, 2, 3, 4, 5].map((nth) => JSON.stringify(curveStyle(family, nth))));
  assert.equal(new Set(looks).size, looks.length);
  assert.equal(
    new Set(families.map((family) => `${curveStyle(family).dashPt} ${curveStyle(family).symbol}`)).size,
    families.length,
  );
  assert.deepEqual(curveStyle("knn", 6).dashPt, curveStyle("knn").dashPt);
});
