import {
  boxAround,
  boxDistance,
  boxesMeet,
  clippedLength,
  grown,
  type LabelBox,
  overlapArea,
  type Segment,
  segmentDistance,
  segmentsCross,
} from "./_label_geometry.ts";
import { textWidth } from "./text_width.ts";

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

/** What labels keep away from. */
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

/** Where a label goes: its box, the side of the box that faces the point, and whether a line has to lead to the point. */
export interface LabelPlace {
  readonly box: LabelBox;
  readonly anchor: "left" | "center" | "right";
  /** The line from the point to the box, null where the label adjoins its point. */
  readonly leader: Segment | null;
}

interface Candidate extends LabelPlace {
  readonly fixedCost: number;
}

/** Penalties: a pixel² of text on text or point, a pixel of text on a line, and smaller ones for what is only less good. */
const COST = {
  area: 30,
  outside: 400,
  line: 6,
  leader: 26,
  leaderLength: 0.45,
  leaderOnLine: 6,
  crossing: 3000,
  ambiguous: 40,
  place: 0.5,
};

/** Text of this height and position around its middle line, em: from the top of a capital to the foot of most letters. */
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
const MAX_PASSES = 12;
/** Where a leader line must keep away from the lines of curves, shares of its length, and how far. */
const ALONG_LEADER = [0.4, 0.6, 0.8, 1];
const LEADER_GAP_PX = 3;
/** Room between two labels. */
const PAIR_GAP_PX = 3;

/**
 * Places every label beside its point, without touching another label, a point or, where possible, a line; a label that finds no free
 * place nearby moves away and gets a leader line.
 *
 * Every label starts at its best place given the labels before it and then moves, in turn, to the best place given all others until
 * nothing changes; the best of three orders wins. Deterministic.
 */
export function placeLabels(requests: readonly LabelRequest[], scene: LabelScene): LabelPlace[] {
  const candidates = requests.map((request) => candidatesOf(request, scene));
  const crowd = requests.map((a) => requests.reduce((sum, b) => sum + 1 / (1 + Math.hypot(a.x - b.x, a.y - b.y)), 0));
  const byCrowd = requests.map((_, i) => i).sort((i, j) => crowd[j] - crowd[i] || i - j);
  let best: Candidate[] = [], least = Infinity;
  for (const order of [byCrowd, [...byCrowd].reverse(), requests.map((_, i) => i)]) {
    const chosen = settle(candidates, order);
    const total = chosen.reduce((sum, place, i) => sum + place.fixedCost + pairCost(place, chosen, i) / 2, 0);
    if (total < least - 1e-9) [best, least] = [chosen, total];
  }
  return best.map(({ box, anchor, leader }) => ({ box, anchor, leader }));
}

function settle(candidates: readonly (readonly Candidate[])[], order: readonly number[]): Candidate[] {
  const chosen: Candidate[] = new Array(candidates.length);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    let changed = false;
    for (const i of order) {
      let best = candidates[i][0], least = Infinity;
      for (const candidate of candidates[i]) {
        if (candidate.fixedCost >= least) continue;
        const cost = candidate.fixedCost + pairCost(candidate, chosen, i);
        if (cost < least) [best, least] = [candidate, cost];
      }
      if (chosen[i] !== best) [chosen[i], changed] = [best, true];
    }
    if (!changed) break;
  }
  return chosen;
}

/** What a place costs because of the other labels; `chosen` may have holes. */
function pairCost(place: LabelPlace, chosen: readonly (LabelPlace | undefined)[], self: number): number {
  let cost = 0;
  chosen.forEach((other, j) => {
    if (other === undefined || j === self) return;
    cost += COST.area * overlapArea(grown(place.box, PAIR_GAP_PX), other.box);
    if (place.leader !== null) cost += COST.area * clippedLength(place.leader, other.box);
    if (other.leader !== null) cost += COST.area * clippedLength(other.leader, place.box);
    if (place.leader !== null && other.leader !== null && segmentsCross(place.leader, other.leader)) {
      cost += COST.crossing;
    }
  });
  return cost;
}

function candidatesOf(request: LabelRequest, scene: LabelScene): Candidate[] {
  const width = textWidth(request.text, scene.fontSize), { x, y } = request, found: Candidate[] = [];
  const top = TEXT_TOP_EM * scene.fontSize, bottom = TEXT_BOTTOM_EM * scene.fontSize;
  const boxAt = (left: number, middle: number): LabelBox => ({
    x0: left,
    y0: middle - top,
    x1: left + width,
    y1: middle + bottom,
  });
  const add = (place: LabelPlace, preference: number): void => {
    found.push({ ...place, fixedCost: preference * COST.place + fixedCost(place, request, scene) });
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
  for (const distance of LEADER_DISTANCES_EM) {
    for (let k = 0; k < LEADER_ANGLES; k++) {
      const angle = 2 * Math.PI * k / LEADER_ANGLES,
        cos = Math.cos(angle),
        sin = Math.sin(angle),
        reach = request.clearance + (distance - 0.5) * scene.fontSize;
      const anchor = cos > 0.3 ? "left" : cos < -0.3 ? "right" : "center";
      const endX = x + reach * cos, middle = y + (reach + (anchor === "center" ? top : 0)) * sin;
      const box = boxAt(endX - (anchor === "right" ? width : anchor === "center" ? width / 2 : 0), middle);
      add({ box, anchor, leader: leaderTo(request, box, anchor, LINE_HEIGHT_EM / 2 * scene.fontSize) }, 0);
    }
  }
  return found;
}

/** The line from the edge of a point to a label as Plotly draws it: to the middle of a side, or towards the label's middle up to its edge. */
function leaderTo(
  { x, y, radius }: LabelRequest,
  box: LabelBox,
  anchor: LabelPlace["anchor"],
  halfLine: number,
): Segment {
  const middle = (box.y0 + box.y1) / 2,
    side = anchor === "left" ? box.x0 : anchor === "right" ? box.x1 : (box.x0 + box.x1) / 2;
  const dx = side - x, dy = middle - y, length = Math.hypot(dx, dy) || 1;
  const end = anchor === "center" ? Math.max(0, 1 - halfLine / Math.max(Math.abs(dy), halfLine)) : 1;
  const start = Math.min((radius + 1) / length, end);
  return { x0: x + start * dx, y0: y + start * dy, x1: x + end * dx, y1: y + end * dy };
}

/** What a place costs whatever the other labels do. */
function fixedCost({ box, leader }: LabelPlace, request: LabelRequest, scene: LabelScene): number {
  const margin = 4, own = boxDistance(box, request.x, request.y);
  const outside = Math.max(0, margin - box.x0) + Math.max(0, box.x1 - scene.width + margin) +
    Math.max(0, margin - box.y0) +
    Math.max(0, box.y1 - scene.height + margin);
  let cost = COST.outside * outside;
  for (const point of scene.points) {
    const distance = boxDistance(box, point.x, point.y), clear = point.radius + 1.5;
    if (distance < clear) cost += COST.area * (clear - distance) * 4;
    const isOther = Math.hypot(point.x - request.x, point.y - request.y) > 0.5;
    if (leader === null && isOther && point.radius > 0 && distance < own) cost += COST.ambiguous;
    if (leader !== null && isOther) {
      const near = segmentDistance(leader, point.x, point.y);
      if (near < point.radius + 1) cost += COST.leaderOnLine * (point.radius + 1 - near);
    }
  }
  const halo = grown(box, 1.5), reach = leader && grown(boxAround(leader), LEADER_GAP_PX);
  for (const segment of scene.segments) {
    // Most segments are far from both: rectangles tell so at once.
    const around = boxAround(segment);
    if (boxesMeet(around, halo)) cost += COST.line * clippedLength(segment, halo);
    if (leader === null || reach === null || !boxesMeet(around, reach)) continue;
    if (segmentsCross(segment, leader)) cost += COST.leaderOnLine;
    for (const share of ALONG_LEADER) {
      const x = leader.x0 + share * (leader.x1 - leader.x0), y = leader.y0 + share * (leader.y1 - leader.y0);
      if (segmentDistance(segment, x, y) < LEADER_GAP_PX) cost += COST.leaderOnLine;
    }
  }
  if (leader !== null) {
    cost += COST.leader + COST.leaderLength * Math.hypot(leader.x1 - leader.x0, leader.y1 - leader.y0);
  }
  return cost;
}
