import assert from "node:assert/strict";
import { type LatencyEvaluation, surfacePanel, timedSurface } from "routerbench/axes";
import { projected } from "../../lib/axes/latency/_projection.ts";
import { renderFigure } from "../../lib/figures/export.ts";

const POINTS = [
  { costUsd: 0.001, latencySeconds: 1, quality: 0.4 },
  { costUsd: 0.01, latencySeconds: 4, quality: 0.7 },
  { costUsd: 0.1, latencySeconds: 2, quality: 0.9 },
].map((point) => ({
  ...point,
  meanSeconds: point.latencySeconds,
  medianSeconds: 1,
  p95Seconds: 1,
  label: "",
  usdPerSecond: 0,
}));
const SURFACE = { aiq: 0.5, bounds: [0.5, 0.5] as const, againstZero: null };
const EVALUATION: LatencyEvaluation = {
  models: [],
  costRangeUsd: [0.001, 0.1],
  latencyRangeSeconds: [1, 4],
  lateBeyondSeconds: null,
  latencyBudgets: [Infinity],
  usdPerSecond: [0],
  systems: [
    { name: "Zero", family: "zero", settings: POINTS.slice(0, 2), within: [], surface: { ...SURFACE, aiq: 0.4 } },
    { name: "Worse", family: "knn", settings: POINTS, within: [], surface: { ...SURFACE, aiq: 0.45 } },
    { name: "Better", family: "linear", settings: POINTS, within: [], surface: SURFACE },
    { name: "Oracle", family: "other", settings: [], within: [], surface: { ...SURFACE, aiq: 0.9 } },
  ],
};

Deno.test("surfacePanel() draws Zero and the best router, each strip at the heights of timedSurface()", () => {
  const { data } = surfacePanel(EVALUATION, { title: "Surface" });
  const strips = data.filter(({ fill }) => fill === "toself");
  assert.deepEqual(new Set(strips.map(({ name }) => name)), new Set(["Zero", "Better"]));
  const front = strips.filter(({ name }) => name === "Better").at(-1)!;
  const within = timedSurface(POINTS);
  const quality = [timedSurface(POINTS.slice(0, 2)), within].flatMap((surface) =>
    [[0.001, 1], [0.1, 4]].map(([costUsd, latencySeconds]) => surface({ costUsd, latencySeconds }).quality)
  );
  const box = {
    cost: [0.001, 0.1],
    limit: [1, 4],
    quality: [Math.min(...quality), Math.max(...quality)],
    limitTitle: "",
  } as const;
  const view = { azimuth: 35 * Math.PI / 180, box };
  const first = { cost: 0.001, limit: 1, quality: within({ costUsd: 0.001, latencySeconds: 1 }).quality };
  const { x, y } = projected(first, view);
  assert.ok(Math.abs((front.x as number[])[0] - x) < 1e-12 && Math.abs((front.y as number[])[0] - y) < 1e-12);
  assert.match((front.hovertext as string[])[0], /^Better<br>.*USD, 1\.00 s: 0\.400$/);
});

Deno.test("the slider's steps move every trace, and the first view is one of them", () => {
  const { data, layout } = surfacePanel(EVALUATION, { title: "Surface", turns: true, viewDegrees: 30 });
  const [{ active, steps }] = layout.sliders as [
    { active: number; steps: { label: string; args: [{ x: unknown[] }] }[] },
  ];
  assert.equal(steps[active].label, "30°");
  assert.deepEqual(steps[active].args[0].x, data.map(({ x }) => x));
  for (const { args: [{ x }] } of steps) assert.equal(x.length, data.length);
  assert.equal(surfacePanel(EVALUATION, { title: "Surface" }).layout.sliders, undefined);
});

Deno.test("surfacePanel() refuses views from behind and names of no surface, and is drawn without a browser", async () => {
  assert.throws(() => surfacePanel(EVALUATION, { title: "", viewDegrees: 90 }), /within −90 and 90 degrees: it is 90$/);
  assert.throws(() => surfacePanel(EVALUATION, { title: "", systems: ["Oracle"] }), /"Oracle" is none/);
  const { svg } = await renderFigure(surfacePanel(EVALUATION, { title: "Surface" }));
  assert.match(svg, /Mean seconds at most/);
});
