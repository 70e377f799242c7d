import {
  boxAround,
  boxDistance,
  boxesMeet,
  clippedLength,
  grown,
  type LabelBox,
  type Segment,
  segmentDistance,
  segmentsCross,
} from "./_label_geometry.ts";
import { type Nearby, nearby } from "./_nearby.ts";
import { markerRadius } from "./curve_style.ts";
import { px } from "./frame.ts";
import { textWidth } from "./text_width.ts";
import { PRINT_THEME } from "./theme.ts";

/** A text that names a point. Positions are pixels, y downwards. */
export interface LabelRequest {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Radius of the point's own marker. */
  readonly radius: number;
  /** Distance of an adjoining label from the point's middle. */
  readonly clearance: number;
}

/** The obstacles that labels avoid. */
export interface LabelScene {
  /** Points that must stay free, with their radius. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  /** Lines that labels avoid where they can. */
  readonly segments: readonly Segment[];
  /** The plotting area, from (0, 0). */
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
}

/** Where a label goes: its box, the side that faces the point, and whether a line has to lead to the point. */
export interface LabelPlace {
  readonly box: LabelBox;
  readonly anchor: "left" | "center" | "right";
  /** The line from the point to the box; null where the label adjoins its point. */
  readonly leader: Segment | null;
}

/** A place that a label can take. */
export interface Candidate extends LabelPlace {
  /** Its penalty apart from other labels. */
  readonly fixedCost: number;
}

/** Penalties for a pixel² of text on text or a point, for a pixel of text on a line, and for less good places. */
export const COST = {
  area: 30,
  outside: 400,
  line: 6,
  leader: 26,
  leaderLength: 0.45,
  leaderOnLine: 6,
  crossing: 3000,
  ambiguous: 40,
  place: 0.5,
  /** A place with a smaller penalty touches nothing: the worst free place has less, the slightest touch more. */
  freePlace: 4,
};

/** Radius of a model's marker where there are few. */
const MODEL_RADIUS_PX = px(markerRadius(PRINT_THEME.point.model));

/** Height of text above and below its middle line, em: from the top of a capital to the foot of most letters. */
const TEXT_TOP_EM = 0.4;
const TEXT_BOTTOM_EM = 0.42;
/** Height of a line of text as Plotly takes it, em. */
const LINE_HEIGHT_EM = 1.42;

/** Directions of adjoining places, best first: up, down, right, left, then the corners. */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [0, -1],
  [0, 1],
  [1, 0],
  [-1, 0],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
];
const SLIDES = [0, -0.3, 0.3];
const LEADER_DISTANCES_EM = [1.3, 1.9, 2.6, 3.4, 4.4, 5.6, 7];
const LEADER_ANGLES = 24;
/** Where a leader line must keep away from the lines of curves, shares of its length, and how far. */
const ALONG_LEADER = [0.4, 0.6, 0.8, 1];
const LEADER_GAP_PX = 3;

/** The points and lines of a scene, found by place. */
export interface Surrounding {
  readonly points: Nearby<LabelScene["points"][number]>;
  readonly segments: Nearby<Segment>;
  /** The largest radius of a point. */
  readonly largestRadius: number;
}

/** Sorts the points and lines of a scene by place. */
export function surroundingOf(scene: LabelScene): Surrounding {
  const points = nearby<LabelScene["points"][number]>(scene);
  const segments = nearby<Segment>(scene);
  for (const point of scene.points) points.add(point, { x0: point.x, y0: point.y, x1: point.x, y1: point.y });
  for (const segment of scene.segments) segments.add(segment, boxAround(segment));
  const largestRadius = scene.points.reduce((largest, { radius }) => Math.max(largest, radius), 0);
  return { points, segments, largestRadius };
}

/** The places for a label: those that adjoin its point, then those at the end of a leader line. */
export function candidatesOf(request: LabelRequest, { scene, surrounding, mostLeaderEm = Infinity }: {
  readonly scene: LabelScene;
  readonly surrounding: Surrounding;
  /** How far away a label may be, em. */
  readonly mostLeaderEm?: number;
}): Candidate[] {
  const { x, y } = request;
  const width = textWidth(request.text, scene.fontSize);
  const found: Candidate[] = [];
  const top = TEXT_TOP_EM * scene.fontSize;
  const bottom = TEXT_BOTTOM_EM * scene.fontSize;
  const boxAt = (left: number, middle: number): LabelBox => ({
    x0: left,
    y0: middle - top,
    x1: left + width,
    y1: middle + bottom,
  });
  const add = (place: LabelPlace, preference: number): void => {
    found.push({ ...place, fixedCost: preference * COST.place + fixedCost(place, request, { scene, surrounding }) });
  };
  DIRECTIONS.forEach(([dx, dy], rank) => {
    const diagonal = dx !== 0 && dy !== 0 ? 0.75 : 1;
    const middle = y + dy * ((dy > 0 ? top : bottom) + request.clearance * diagonal);
    const left = dx > 0
      ? x + request.clearance * diagonal
      : dx < 0
      ? x - request.clearance * diagonal - width
      : x - width / 2;
    const anchor = dx > 0 ? "left" : dx < 0 ? "right" : "center";
    for (const slide of dx === 0 ? SLIDES : [0]) {
      add({ box: boxAt(left + slide * width, middle), anchor, leader: null }, rank + 6 * Math.abs(slide));
    }
  });
  for (const distance of LEADER_DISTANCES_EM.filter((distance) => distance <= mostLeaderEm)) {
    for (let k = 0; k < LEADER_ANGLES; k++) {
      const angle = 2 * Math.PI * k / LEADER_ANGLES;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const reach = request.clearance + (distance - 0.5) * scene.fontSize;
      const anchor = cos > 0.3 ? "left" : cos < -0.3 ? "right" : "center";
      const endX = x + reach * cos;
      const middle = y + (reach + (anchor === "center" ? top : 0)) * sin;
      const box = boxAt(endX - (anchor === "right" ? width : anchor === "center" ? width / 2 : 0), middle);
      add({ box, anchor, leader: leaderTo(request, box, anchor, LINE_HEIGHT_EM / 2 * scene.fontSize) }, 0);
    }
  }
  return found;
}

/** The line from the edge of a point to a label as Plotly draws it: to the middle of a side, or up to an edge. */
function leaderTo(
  { x, y, radius }: LabelRequest,
  box: LabelBox,
  anchor: LabelPlace["anchor"],
  halfLine: number,
): Segment {
  const middle = (box.y0 + box.y1) / 2;
  const side = anchor === "left" ? box.x0 : anchor === "right" ? box.x1 : (box.x0 + box.x1) / 2;
  const dx = side - x;
  const dy = middle - y;
  const length = Math.hypot(dx, dy) || 1;
  const end = anchor === "center" ? Math.max(0, 1 - halfLine / Math.max(Math.abs(dy), halfLine)) : 1;
  const start = Math.min((radius + 1) / length, end);
  return { x0: x + start * dx, y0: y + start * dy, x1: x + end * dx, y1: y + end * dy };
}

/** The penalty of a place apart from other labels. */
function fixedCost(
  { box, leader }: LabelPlace,
  request: LabelRequest,
  { scene, surrounding }: { readonly scene: LabelScene; readonly surrounding: Surrounding },
): number {
  const margin = 4;
  const own = boxDistance(box, request.x, request.y);
  const whole = leader === null ? box : unionBox(box, boxAround(leader));
  const reachOfPoints = Math.max(own, surrounding.largestRadius + 1.5);
  const outside = Math.max(0, margin - box.x0) + Math.max(0, box.x1 - scene.width + margin) +
    Math.max(0, margin - box.y0) +
    Math.max(0, box.y1 - scene.height + margin);
  let cost = COST.outside * outside;
  for (const point of surrounding.points.within(grown(whole, reachOfPoints))) {
    const distance = boxDistance(box, point.x, point.y);
    const clear = point.radius + 1.5;
    if (distance < clear) cost += COST.area * (clear - distance) * 4 * weightOf(point.radius);
    const isOther = Math.hypot(point.x - request.x, point.y - request.y) > 0.5;
    if (leader === null && isOther && point.radius > 0 && distance < own) cost += COST.ambiguous;
    if (leader !== null && isOther) {
      const near = segmentDistance(leader, point.x, point.y);
      if (near < point.radius + 1) cost += COST.leaderOnLine * (point.radius + 1 - near);
    }
  }
  const halo = grown(box, 1.5);
  const reach = leader && grown(boxAround(leader), LEADER_GAP_PX);
  for (const segment of surrounding.segments.within(grown(whole, LEADER_GAP_PX))) {
    const around = boxAround(segment);
    if (boxesMeet(around, halo)) cost += COST.line * clippedLength(segment, halo);
    if (leader === null || reach === null || !boxesMeet(around, reach)) continue;
    if (segmentsCross(segment, leader)) cost += COST.leaderOnLine;
    for (const share of ALONG_LEADER) {
      const x = leader.x0 + share * (leader.x1 - leader.x0);
      const y = leader.y0 + share * (leader.y1 - leader.y0);
      if (segmentDistance(segment, x, y) < LEADER_GAP_PX) cost += COST.leaderOnLine;
    }
  }
  return cost + leaderCost(leader);
}

/** By its area: a dot among hundreds may be covered rather than the oracle or a vertex. */
function weightOf(radius: number): number {
  return radius === 0 ? 1 : (radius / MODEL_RADIUS_PX) ** 2;
}

/** The penalty of a leader line by itself. */
export function leaderCost(leader: Segment | null): number {
  if (leader === null) return 0;
  return COST.leader + COST.leaderLength * Math.hypot(leader.x1 - leader.x0, leader.y1 - leader.y0);
}

function unionBox(a: LabelBox, b: LabelBox): LabelBox {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
