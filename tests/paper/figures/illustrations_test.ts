import assert from "node:assert/strict";
import { aiq, type AiqRule } from "../../../lib/evaluation/aiq.ts";
import {
  aiqAreas,
  aiqIllustration,
  hullIllustration,
  interpolationIllustration,
  listPriceFigure,
  oracleShareFigure,
  paperCostFigure,
} from "../../../lib/paper/figures/illustrations.ts";
import { paperOracleShares } from "../../../lib/paper/printed/panels.ts";
import { PAPER_EVAL_NAMES } from "../../../lib/outcomes/paper_table.ts";

interface Trace {
  readonly name?: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly text?: readonly string[];
  readonly fill?: string;
  readonly marker?: { readonly color: readonly string[] };
}

const ZERO = {
  name: "Zero",
  family: "zero" as const,
  points: [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }],
};
const CASCADE = { name: "Cascade", family: "cascade" as const, points: [{ costUsd: 2, quality: 0.9 }] };

Deno.test("illustrations are drawn in both widths, the same twice", () => {
  for (
    const draw of [
      interpolationIllustration,
      hullIllustration,
      aiqIllustration,
      listPriceFigure,
      paperCostFigure,
      oracleShareFigure,
    ]
  ) {
    for (const width of ["column", "page"] as const) {
      const figure = draw({ width });
      assert.equal(figure.layout.width, width === "column" ? 482 : 992);
      assert.equal(JSON.stringify(draw({ width })), JSON.stringify(figure));
      assert.doesNotThrow(() => structuredClone(figure));
    }
  }
});

Deno.test("interpolationIllustration() labels each mix with its shares", () => {
  const { x, y, text } = interpolationIllustration().data.find(({ name }) => name === "Models") as unknown as Trace;
  const mix = (name: string): number[] => [x[text!.indexOf(name)], y[text!.indexOf(name)]];
  assert.deepEqual(mix("75 % A, 25 % B"), [3, 0.575]);
  assert.deepEqual(mix("50 % A, 50 % B"), [4, 0.65]);
  assert.deepEqual(mix("50 % A, 50 % nothing"), [1, 0.25]);
});

Deno.test("hullIllustration() has a marker at every vertex and none at the end of the flat part", () => {
  const { x, marker } = hullIllustration().data.find(({ name }) => name === "Non-decreasing hull") as unknown as Trace;
  assert.deepEqual(x, [1, 1.8, 3.6, 6, 8]);
  assert.deepEqual(marker!.color.map((color) => color === "rgba(0,0,0,0)"), [false, false, false, false, true]);
});

Deno.test("aiqAreas(): the shaded area divided by the rule's width is the AIQ", () => {
  const rules: readonly AiqRule[] = [
    { rule: "formula", costRangeUsd: [0.5, 4] },
    { rule: "formula", costRangeUsd: [1.5, 2.5] },
    { rule: "reference-code", maxCostUsd: 4 },
  ];
  for (const rule of rules) {
    const [{ x, y }, line] = aiqAreas({ title: "", systems: [ZERO], rule }).data as unknown as readonly Trace[];
    const area = x.slice(1).reduce((sum, end, i) => sum + (end - x[i]) * (y[i + 1] + y[i]) / 2, 0);
    const width = rule.rule === "formula" ? rule.costRangeUsd[1] - rule.costRangeUsd[0] : rule.maxCostUsd;
    const expected = aiq(ZERO.points, rule);
    // The piece left of the first vertex has a corner there, which the polygon must have too.
    assert.ok(Math.abs(area / width - expected) < 1e-12, `${area / width} for ${expected}`);
    assert.equal(line.name, `Zero (${expected.toFixed(3).replace("0.", ".")})`);
  }
});

Deno.test("aiqAreas() hatches the second system up to its line", () => {
  const [filled, hatched] = aiqAreas({
    title: "",
    systems: [ZERO, CASCADE],
    rule: { rule: "reference-code", maxCostUsd: 4 },
  })
    .data as unknown as readonly Trace[];
  assert.equal(filled.fill, "tozeroy");
  assert.equal(hatched.fill, undefined);
  assert.deepEqual([hatched.x[0], hatched.y[0], hatched.y[1]], [2, 0, 0.9]);
  assert.equal(hatched.x.at(-2), 4);
});

Deno.test("aiqAreas() says what it cannot draw", () => {
  const rule = { rule: "reference-code", maxCostUsd: 4 } as const;
  assert.throws(
    () => aiqAreas({ title: "", systems: [], rule }),
    /RangeError: Cannot draw areas as there must be 1 or 2 systems: there are 0; /,
  );
  assert.throws(
    () => aiqAreas({ title: "", systems: [ZERO], rule: { ...rule, maxCostUsd: 2 } }),
    /RangeError: Cannot compute the AIQ by the reference code/,
  );
});

Deno.test("listPriceFigure() and paperCostFigure() have a dot for each model", () => {
  const prices = listPriceFigure().data as unknown as readonly Trace[];
  assert.deepEqual(prices.map(({ x }) => x.length), [33, 11, 11]);
  prices[1].x.forEach((prompt, i) =>
    assert.ok(prompt <= prices[2].x[i], "a completion token costs no less than one of the prompt")
  );
  const costs = paperCostFigure().data as unknown as readonly Trace[];
  assert.equal(costs.length, 1 + PAPER_EVAL_NAMES.length);
  assert.ok(Math.abs(costs[1].x[10] - 4.086 / 4213) < 1e-15, "GPT-4 on MMLU");
});

Deno.test("oracleShareFigure() prints every share of Figure 3", () => {
  const { layout } = oracleShareFigure(), texts = (layout.annotations as { text: string }[]).map(({ text }) => text);
  const printed = PAPER_EVAL_NAMES.flatMap((evalName) =>
    Object.values(paperOracleShares(evalName)).map((share) => share.toFixed(2).slice(1))
  );
  assert.deepEqual(texts.toSorted(), printed.toSorted());
});
