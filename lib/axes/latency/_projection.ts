import { powerText } from "../../figures/number_text.ts";
import { px } from "../../figures/frame.ts";
import { PRINT_THEME } from "../../figures/theme.ts";

/** A point in space. */
export interface Place {
  /** USD a prompt; its axis is logarithmic. */
  readonly cost: number;
  /** Seconds, or a share of late answers. */
  readonly limit: number;
  readonly quality: number;
}

/** The ranges of the three axes. */
export interface Box {
  readonly cost: readonly [number, number];
  readonly limit: readonly [number, number];
  readonly quality: readonly [number, number];
  /** The title of the axis of limits. */
  readonly limitTitle: string;
}

/** From where a box is seen. */
export interface View {
  /** Around the upright axis, radians. */
  readonly azimuth: number;
  readonly box: Box;
}

/** How far the view is above the horizon, radians. */
const ELEVATION = 24 * Math.PI / 180;
/** Height of the box in its other edges. */
const HEIGHT = 0.85;
/** How far labels and titles are from their edge, in edges. */
const OUT = { label: 0.05, title: 0.19 };
const N_TICKS = 4;

/** Where a point is in the picture: parallel projection, about −1 to 1. */
export function projected({ cost, limit, quality }: Place, { azimuth, box }: View): { x: number; y: number } {
  const share = (value: number, [low, high]: readonly [number, number]): number =>
    high > low ? (value - low) / (high - low) - 0.5 : 0;
  const [lowCost, highCost] = box.cost;
  const along = share(Math.log(cost), [Math.log(lowCost), Math.log(highCost)]);
  const deep = share(limit, box.limit);
  const up = HEIGHT * share(quality, box.quality);
  const away = along * Math.sin(azimuth) + deep * Math.cos(azimuth);
  return {
    x: along * Math.cos(azimuth) - deep * Math.sin(azimuth),
    y: up * Math.cos(ELEVATION) + away * Math.sin(ELEVATION),
  };
}

/** The floor and the two far walls with lines at their ticks, and the labels and titles of the three axes. */
export function boxTraces(view: View): Record<string, unknown>[] {
  const { azimuth, box } = view;
  const [[cheap, dear], [fast, slow], [low, high]] = [box.cost, box.limit, box.quality];
  // Seen from the right, the left side is near and its lower edge carries the limits; the wall on the right is far.
  const [near, far] = azimuth > 0 ? [cheap, dear] : [dear, cheap];
  const costs = decades(cheap, dear);
  const limits = evenly(fast, slow);
  const qualities = evenly(low, high);
  const line = (...places: readonly Place[]): (Place | null)[] => [...places, null];
  const lines = [
    ...costs.flatMap((cost) => line(at(cost, fast, low), at(cost, slow, low), at(cost, slow, high))),
    ...limits.flatMap((limit) => line(at(near, limit, low), at(far, limit, low), at(far, limit, high))),
    ...qualities.flatMap((quality) => line(at(near, slow, quality), at(far, slow, quality), at(far, fast, quality))),
  ];
  const edges = [
    ...line(at(near, fast, low), at(far, fast, low), at(far, slow, low), at(near, slow, low), at(near, fast, low)),
    ...line(at(near, slow, low), at(near, slow, high), at(far, slow, high), at(far, fast, high), at(far, fast, low)),
    ...line(at(far, slow, low), at(far, slow, high)),
  ];
  const { colors, strokePt } = PRINT_THEME;
  return [
    drawn(lines, view, { color: colors.grid, width: px(strokePt.grid) }),
    drawn(edges, view, { color: colors.ink, width: px(strokePt.axis) }),
    labels(view, { costs, limits, qualities, near }),
  ];
}

function at(cost: number, limit: number, quality: number): Place {
  return { cost, limit, quality };
}

function drawn(places: readonly (Place | null)[], view: View, line: Record<string, unknown>): Record<string, unknown> {
  const points = places.map((place) => place && projected(place, view));
  return {
    type: "scatter",
    mode: "lines",
    x: points.map((point) => point && point.x),
    y: points.map((point) => point && point.y),
    line,
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Labels outside the edges that are nearest: costs below the front, limits below the near side, qualities beside the upright edge behind it. */
function labels(
  view: View,
  { costs, limits, qualities, near }: {
    readonly costs: readonly number[];
    readonly limits: readonly number[];
    readonly qualities: readonly number[];
    readonly near: number;
  },
): Record<string, unknown> {
  const { azimuth, box: { cost: [cheap, dear], limit: [fast, slow], quality: [low, high], limitTitle } } = view;
  const side = azimuth > 0 ? -1 : 1;
  const out = (place: Place, [dx, dy]: readonly [number, number]): { x: number; y: number } => {
    const { x, y } = projected(place, view);
    return { x: x + dx, y: y + dy };
  };
  const toSide = side < 0 ? "left" : "right";
  const middle = Math.sqrt(cheap * dear);
  const found = [
    ...costs.map((cost) => ({
      text: powerText(cost),
      ...out(at(cost, fast, low), [-side * OUT.label / 2, -OUT.label / 2]),
      to: `bottom ${side < 0 ? "right" : "left"}`,
    })),
    ...limits.map((limit) => ({
      text: Number(limit.toPrecision(2)).toString(),
      ...out(at(near, limit, low), [side * OUT.label / 2, -OUT.label]),
      to: `bottom ${toSide}`,
    })),
    ...qualities.map((quality) => ({
      text: quality.toFixed(2),
      ...out(at(near, slow, quality), [side * OUT.label / 2, 0]),
      to: `middle ${toSide}`,
    })),
    { text: "Cost (USD, log)", ...out(at(middle, fast, low), [0, -OUT.title]), to: "bottom center" },
    { text: limitTitle, ...out(at(near, (fast + slow) / 2, low), [side * OUT.title, -OUT.title]), to: `bottom center` },
    { text: "Quality", ...out(at(near, slow, high), [0, OUT.label]), to: "top center" },
  ];
  return {
    type: "scatter",
    mode: "text",
    x: found.map(({ x }) => x),
    y: found.map(({ y }) => y),
    text: found.map(({ text }) => text),
    textposition: found.map(({ to }) => to),
    textfont: { size: px(PRINT_THEME.fontPt.tick) },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
  };
}

function evenly(low: number, high: number): number[] {
  return Array.from({ length: N_TICKS }, (_, k) => low + (high - low) * k / (N_TICKS - 1));
}

/** Powers of ten within a range; its ends where it has less than two. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return last - first < 1 ? [low, high] : Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k));
}
