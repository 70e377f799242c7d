import assert from "node:assert/strict";
import { boxesMeet, clippedLength, overlapArea, segmentsCross } from "../../lib/figures/_label_geometry.ts";
import { nearby } from "../../lib/figures/_nearby.ts";
import {
  fillLabels,
  type LabelPlace,
  type LabelRequest,
  type LabelScene,
  placeLabels,
} from "../../lib/figures/_labels.ts";

function scene(requests: readonly LabelRequest[], change: Partial<LabelScene> = {}): LabelScene {
  return {
    points: requests.map(({ x, y, radius }) => ({ x, y, radius })),
    segments: [],
    width: 400,
    height: 300,
    fontSize: 14,
    ...change,
  };
}

function at(x: number, y: number, text = "Model"): LabelRequest {
  return { text, x, y, radius: 3, clearance: 6 };
}

Deno.test("placeLabels() puts a lone label above its point, and below where a line is above", () => {
  const requests = [at(200, 150)];
  const [above] = placeLabels(requests, scene(requests));
  assert.ok(above.box.y1 < 150 && above.anchor === "center" && above.leader === null);
  const [below] = placeLabels(requests, scene(requests, { segments: [{ x0: 0, y0: 138, x1: 400, y1: 138 }] }));
  assert.ok(below.box.y0 > 150 && below.leader === null);
});

Deno.test("placeLabels() keeps labels inside the plotting area", () => {
  for (const [x, y] of [[0, 0], [400, 0], [0, 300], [400, 300], [2, 150], [398, 150]]) {
    const requests = [at(x, y, "A rather long name")];
    const [{ box }] = placeLabels(requests, scene(requests));
    assert.ok(box.x0 >= 0 && box.x1 <= 400 && box.y0 >= 0 && box.y1 <= 300, `${x}, ${y}`);
  }
});

Deno.test("placeLabels() separates the labels of points that coincide", () => {
  const requests = [at(200, 150, "One"), at(200, 150, "Two"), at(200, 150, "Three")];
  const places = placeLabels(requests, scene(requests));
  places.forEach((a, i) => places.slice(i + 1).forEach((b) => assert.equal(overlapArea(a.box, b.box), 0)));
});

Deno.test("placeLabels() draws leader lines out of a crowd, which cross neither each other nor a label", () => {
  const requests = Array.from(
    { length: 12 },
    (_, i) => at(190 + 7 * (i % 4), 140 + 7 * Math.floor(i / 4), `Model number ${i}`),
  );
  const places = placeLabels(requests, scene(requests));
  assert.ok(places.filter(({ leader }) => leader !== null).length >= 6);
  places.forEach((a, i) =>
    places.forEach((b, j) => {
      if (i === j) return;
      assert.equal(overlapArea(a.box, b.box), 0, `${i} and ${j}`);
      if (a.leader === null) return;
      assert.equal(clippedLength(a.leader, b.box), 0, `the line of ${i} and ${j}`);
      if (b.leader !== null) assert.ok(!segmentsCross(a.leader, b.leader), `the lines of ${i} and ${j}`);
    })
  );
  assert.deepEqual(placeLabels(requests, scene(requests)), places);
});

Deno.test("placeLabels() takes no labels", () => {
  assert.deepEqual(placeLabels([], scene([])), []);
});

Deno.test("fillLabels() names some of a crowd, each where it touches no point and no other label", () => {
  const crowd = Array.from({ length: 150 }, (_, i) => at(4 + (i * 137) % 392, 4 + (i * 89) % 292, `Model ${i}`));
  const placed = placeLabels(crowd.slice(0, 3), scene(crowd));
  const places = fillLabels(crowd.slice(3), { scene: scene(crowd), placed });
  const found = places.filter((place): place is LabelPlace => place !== null);
  assert.ok(found.length > 3 && found.length < 100, `${found.length}`);
  found.forEach(({ box, leader }, i) => {
    for (const { x, y } of crowd) assert.ok(!(x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1));
    for (const other of [...placed, ...found.slice(i + 1)]) {
      assert.equal(overlapArea(box, other.box), 0);
      if (leader !== null) assert.equal(clippedLength(leader, other.box), 0);
      if (other.leader !== null) assert.equal(clippedLength(other.leader, box), 0);
    }
  });
  assert.deepEqual(fillLabels([], { scene: scene(crowd), placed }), []);
});

Deno.test("nearby() finds what a look at all of them finds", () => {
  const boxes = Array.from({ length: 200 }, (_, i) => {
    const x0 = (i * 71) % 460 - 40;
    const y0 = (i * 53) % 360 - 30;
    return { x0, y0, x1: x0 + i % 60, y1: y0 + i % 17 };
  });
  const grid = nearby<number>({ width: 400, height: 300 });
  boxes.forEach((box, i) => grid.add(i, box));
  for (const box of [...boxes, { x0: -100, y0: -100, x1: 900, y1: 900 }, { x0: 500, y0: 0, x1: 501, y1: 1 }]) {
    assert.deepEqual(grid.within(box), boxes.flatMap((each, i) => boxesMeet(each, box) ? [i] : []));
  }
});

Deno.test("clippedLength() measures the part of a segment in a box", () => {
  const box = { x0: 0, y0: 0, x1: 10, y1: 10 };
  assert.equal(clippedLength({ x0: -5, y0: 5, x1: 15, y1: 5 }, box), 10);
  assert.equal(clippedLength({ x0: 2, y0: 2, x1: 5, y1: 6 }, box), 5);
  assert.equal(clippedLength({ x0: -5, y0: 11, x1: 15, y1: 11 }, box), 0);
  assert.equal(clippedLength({ x0: 3, y0: 3, x1: 3, y1: 3 }, box), 0);
});
