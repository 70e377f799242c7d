import { nonDecreasingHull } from "../../../lib/plane/non_decreasing_hull.ts";
import assert from "node:assert/strict";
import { aiq, type AiqRule } from "../../../lib/evaluation/aiq.ts";
import { aiqAreas } from "../../../lib/paper/figures/aiq_areas.ts";
import {
  aiqIllustration,
  hullIllustration,
  interpolationIllustration,
} from "../../../lib/paper/figures/illustrations.ts";
import { listPriceFigure, paperCostFigure } from "../../../lib/paper/figures/model_costs.ts";
import { oracleShareFigure } from "../../../lib/paper/figures/oracle_shares.ts";
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

Deno.test("illustrations are as wide as a column, the same twice, and plain JSON", () => {
  const illustrations = [
    interpolationIllustration,
    hullIllustration,
    aiqIllustration,
    listPriceFigure,
    paperCostFigure,
    oracleShareFigure,
  ];
  for (const draw of illustrations) {
    const figure = draw();
    assert.deepEqual(figure.layout.meta, {
      ...figure.layout.meta as object,
      sizePt: { width: 241, height: (figure.layout.height as number) / 2 },
    });
    assert.deepEqual(draw(), figure);
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
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
    const expected = aiq(nonDecreasingHull(ZERO.points), rule);
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

/** Figure 3 (right) as the paper prints it, in hundredths: a row for each model from cheap to dear, a column for each evaluation. */
const ORACLE_SHARES = {
  columns: ["MMLU", "MT-Bench", "MBPP", "HellaSwag", "Winogrande", "GSM8K", "ARC"],
  rows: [
    { model: "Mistral 7B", hundredths: [52, 20, 33, 54, 57, 29, 66] },
    { model: "WizardLM 13B", hundredths: [14, 11, 13, 23, 27, 25, 11] },
    { model: "Mixtral 8x7B", hundredths: [14, 21, 12, 9, 9, 15, 13] },
    { model: "Code Llama 34B", hundredths: [3, 8, 11, 2, 3, 5, 1] },
    { model: "Yi 34B", hundredths: [4, 9, 2, 8, 1, 7, 4] },
    { model: "Llama 70B", hundredths: [1, 2, 0, 1, 1, 5, 0] },
    { model: "GPT-3.5", hundredths: [1, 12, 7, 1, 0, 4, 1] },
    { model: "Claude Instant V1", hundredths: [2, 2, 3, 1, 1, 4, 1] },
    { model: "Claude V1", hundredths: [1, 0, 0, 0, 0, 2, 0] },
    { model: "Claude V2", hundredths: [1, 1, 2, 0, 0, 1, 0] },
    { model: "GPT-4", hundredths: [1, 12, 2, 1, 0, 1, 1] },
    { model: "No model correct", hundredths: [3, 0, 13, 2, 0, 0, 1] },
  ],
};

Deno.test("oracleShareFigure() prints every share of Figure 3 in its own row and column", () => {
  const { layout } = oracleShareFigure();
  const rows = layout.yaxis as { tickvals: number[]; ticktext: string[] };
  const columns = layout.xaxis as { tickvals: number[]; ticktext: string[] };
  assert.deepEqual(rows.ticktext, ORACLE_SHARES.rows.map(({ model }) => model));
  assert.deepEqual(
    columns.ticktext.map((text) => text.replace("-<br>", "")),
    ORACLE_SHARES.columns.map((text) => text.replace("-", "")),
  );
  const notes = layout.annotations as { x: number; y: number; text: string }[];
  const shown = rows.tickvals.map((y) =>
    columns.tickvals.map((x) =>
      notes.filter((each) => each.x === x && each.y === y).map(({ text }) => text).join(" and ")
    )
  );
  const printed = ORACLE_SHARES.rows.map(({ hundredths }) =>
    hundredths.map((share) => `.${String(share).padStart(2, "0")}`)
  );
  assert.deepEqual(shown, printed);
});
