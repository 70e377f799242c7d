/** An upright rectangle, pixels. */
export interface LabelBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A straight line between two points, pixels. */
export interface Segment {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Area that two rectangles share. */
export function overlapArea(a: LabelBox, b: LabelBox): number {
  return Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)) *
    Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
}

/** A rectangle with a margin around it. */
export function grown({ x0, y0, x1, y1 }: LabelBox, margin: number): LabelBox {
  return { x0: x0 - margin, y0: y0 - margin, x1: x1 + margin, y1: y1 + margin };
}

/** The smallest rectangle around a segment. */
export function boxAround({ x0, y0, x1, y1 }: Segment): LabelBox {
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) };
}

/** Whether two rectangles touch. */
export function boxesMeet(a: LabelBox, b: LabelBox): boolean {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

/** The place of a rectangle that is nearest to a point. */
function nearestPointOf(box: LabelBox, x: number, y: number): { x: number; y: number } {
  return { x: Math.min(Math.max(x, box.x0), box.x1), y: Math.min(Math.max(y, box.y0), box.y1) };
}

/** Distance of a point from a rectangle, 0 inside. */
export function boxDistance(box: LabelBox, x: number, y: number): number {
  const near = nearestPointOf(box, x, y);
  return Math.hypot(near.x - x, near.y - y);
}

/** Distance of a point from a segment. */
export function segmentDistance({ x0, y0, x1, y1 }: Segment, x: number, y: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x0 + t * dx - x, y0 + t * dy - y);
}

/** Length of the part of a segment inside a rectangle (Liang and Barsky's clipping). */
export function clippedLength({ x0, y0, x1, y1 }: Segment, box: LabelBox): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let from = 0;
  let to = 1;
  for (const [step, room] of [[-dx, x0 - box.x0], [dx, box.x1 - x0], [-dy, y0 - box.y0], [dy, box.y1 - y0]]) {
    if (step === 0) {
      if (room < 0) return 0;
    } else if (step < 0) from = Math.max(from, room / step);
    else to = Math.min(to, room / step);
  }
  return to > from ? (to - from) * Math.hypot(dx, dy) : 0;
}

/** Whether two segments cross in their insides. */
export function segmentsCross(a: Segment, b: Segment): boolean {
  const side = (s: Segment, x: number, y: number): number =>
    Math.sign((s.x1 - s.x0) * (y - s.y0) - (s.y1 - s.y0) * (x - s.x0));
  return side(a, b.x0, b.y0) * side(a, b.x1, b.y1) < 0 && side(b, a.x0, a.y0) * side(b, a.x1, a.y1) < 0;
}
