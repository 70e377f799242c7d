import { boxAround, clippedLength, grown, overlapArea, type Segment, segmentsCross } from "./_label_geometry.ts";
import {
  type Candidate,
  candidatesOf,
  COST,
  type LabelPlace,
  type LabelRequest,
  type LabelScene,
  leaderCost,
  surroundingOf,
} from "./_label_candidates.ts";
import { type Nearby, nearby } from "./_nearby.ts";

export type { LabelPlace, LabelRequest, LabelScene };

const MAX_PASSES = 12;
/** Room between two labels. */
const PAIR_GAP_PX = 3;
/** Greatest distance of an optional label from its point, em; of many labels each stands beside its point. */
const FILL_LEADER_EM = 2;
const MANY_LABELS = 200;
/** Radius within which the neighbours of a point are counted. */
const CROWD_PX = 30;

/**
 * Places every label beside its point, without touching another label, a point or, where possible, a line; a label that
 * finds no free place nearby moves away and gets a leader line.
 *
 * Every label starts at its best place given the labels before it and then moves, in turn, to the best place given all
 * others until nothing changes; the best of three orders wins. Deterministic. Its time grows with the
 * square of the labels: {@linkcode fillLabels} is for many.
 */
export function placeLabels(requests: readonly LabelRequest[], scene: LabelScene): LabelPlace[] {
  const surrounding = surroundingOf(scene);
  const candidates = requests.map((request) => candidatesOf(request, { scene, surrounding }));
  const crowd = requests.map((a) => requests.reduce((sum, b) => sum + 1 / (1 + Math.hypot(a.x - b.x, a.y - b.y)), 0));
  const byCrowd = requests.map((_, i) => i).sort((i, j) => crowd[j] - crowd[i] || i - j);
  let best: Candidate[] = [];
  let least = Infinity;
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
      let best = candidates[i][0];
      let least = Infinity;
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

/** The penalty of a place because of the other labels; `chosen` may have holes. */
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

/**
 * Places optional labels: each beside or near its point, where it touches no point, no line and no other label.
 *
 * The points with the fewest neighbours come first, so that as many as possible get a label. Only near things are
 * looked at.
 *
 * @returns a place for each request, `null` where there is no room
 */
export function fillLabels(
  requests: readonly LabelRequest[],
  { scene, placed }: { readonly scene: LabelScene; readonly placed: readonly LabelPlace[] },
): (LabelPlace | null)[] {
  const surrounding = surroundingOf(scene);
  const boxes = nearby<LabelPlace>(scene);
  const leaders = nearby<Segment>(scene);
  const put = (place: LabelPlace): void => {
    boxes.add(place, place.box);
    if (place.leader !== null) leaders.add(place.leader, boxAround(place.leader));
  };
  placed.forEach(put);
  const crowd = requests.map(({ x, y }) =>
    surrounding.points.within({ x0: x - CROWD_PX, y0: y - CROWD_PX, x1: x + CROWD_PX, y1: y + CROWD_PX }).length
  );
  const mostLeaderEm = requests.length > MANY_LABELS ? 0 : FILL_LEADER_EM;
  const found: (LabelPlace | null)[] = requests.map(() => null);
  for (const i of requests.map((_, i) => i).sort((a, b) => crowd[a] - crowd[b] || a - b)) {
    const candidates = candidatesOf(requests[i], { scene, surrounding, mostLeaderEm });
    const place = candidates.find(({ box, leader, fixedCost }) =>
      fixedCost - leaderCost(leader) < COST.freePlace && boxes.within(grown(box, PAIR_GAP_PX)).length === 0 &&
      leaders.within(box).every((other) => clippedLength(other, box) === 0) &&
      (leader === null || isFree(leader, { boxes, leaders }))
    );
    if (place === undefined) continue;
    found[i] = { box: place.box, anchor: place.anchor, leader: place.leader };
    put(found[i]!);
  }
  return found;
}

/** Whether a leader line crosses no label and no other leader line. */
function isFree(
  leader: Segment,
  { boxes, leaders }: { readonly boxes: Nearby<LabelPlace>; readonly leaders: Nearby<Segment> },
): boolean {
  const around = boxAround(leader);
  return boxes.within(around).every(({ box }) => clippedLength(leader, box) === 0) &&
    leaders.within(around).every((other) => !segmentsCross(leader, other));
}
