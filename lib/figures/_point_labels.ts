import { fillLabels, type LabelPlace, type LabelRequest, type LabelScene, placeLabels } from "./_labels.ts";
import type { Segment } from "./_label_geometry.ts";
import { px } from "./frame.ts";
import { axisCost, type PanelFrame, project } from "./panel_frame.ts";
import { PRINT_THEME } from "./theme.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** Distance of a label from the marker of its point, points (1/72 inch). */
const GAP_PT = 1.3;
/** Markers whose middles are nearer than this count as one, pixels. */
const SAME_PLACE_PX = 1.5;

/** Up to so many points are all named; the time grows with the square of their number. */
const MOST_ALL_NAMED = 20;
/** Of more points, those asked for and so many on hulls are named even where there is little room. */
const MOST_NEEDED = 24;

/** The marks around the points that get labels. */
export interface Surroundings {
  /** Vertices of curves, with the radius of their markers, pixels. */
  readonly vertices: readonly (OperatingPoint & { readonly radius: number })[];
  /** Lines of curves, pixels in the plotting area. */
  readonly segments: readonly Segment[];
}

/** A point with a name. */
export interface NamedMark extends OperatingPoint {
  /** Plotly's markup. */
  readonly name: string;
  /** Radius of its marker, pixels. */
  readonly radius: number;
  /** Priority of its name where not all have room: those asked for come first, then those on a hull. */
  readonly need: "asked" | "hull" | null;
}

/** The names that are placed. */
export interface PointLabels {
  readonly annotations: readonly Record<string, unknown>[];
  /** The points that stay without a name, by their place in the list. */
  readonly unlabelled: ReadonlySet<number>;
}

/**
 * Plotly annotations that name points, placed so that they touch neither each other nor a point.
 *
 * Up to 20 points are all named. Of more, those asked for and up to 24 on hulls are, and as many others as have room
 * beside them.
 */
export function pointLabels(
  named: readonly NamedMark[],
  frame: PanelFrame,
  { vertices, segments }: Surroundings,
): PointLabels {
  const corners = vertices.map((vertex) => ({ ...project(frame, vertex), radius: vertex.radius }));
  const requests = named.map((mark): LabelRequest => requestOf(mark, { frame, corners }));
  const scene: LabelScene = {
    points: [...requests.map(({ x, y, radius }) => ({ x, y, radius })), ...corners],
    segments,
    width: frame.plotWidth,
    height: frame.plotHeight,
    fontSize: px(PRINT_THEME.fontPt.label),
  };
  const all = named.map((_, i) => i);
  const asked = all.filter((i) => named[i].need === "asked");
  const onHull = all.filter((i) => named[i].need === "hull").slice(0, Math.max(0, MOST_NEEDED - asked.length));
  const first = named.length <= MOST_ALL_NAMED ? all : [...asked, ...onHull];
  const isFirst = new Set(first);
  const rest = all.filter((i) => !isFirst.has(i));
  const places: (LabelPlace | null)[] = named.map(() => null);
  const placed = placeLabels(first.map((i) => requests[i]), scene);
  first.forEach((i, at) => places[i] = placed[at]);
  fillLabels(rest.map((i) => requests[i]), { scene, placed }).forEach((place, at) => places[rest[at]] = place);
  return {
    annotations: all.flatMap((i) => {
      const place = places[i];
      return place === null ? [] : [annotation(named[i], { place, request: requests[i], frame })];
    }),
    unlabelled: new Set(all.filter((i) => places[i] === null)),
  };
}

function requestOf({ name, radius, ...point }: NamedMark, { frame, corners }: {
  readonly frame: PanelFrame;
  readonly corners: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
}): LabelRequest {
  const place = project(frame, point);
  const around = corners.filter((corner) => Math.hypot(corner.x - place.x, corner.y - place.y) < SAME_PLACE_PX);
  const widest = around.reduce((widest, corner) => Math.max(widest, corner.radius), radius);
  return { text: name, ...place, radius, clearance: widest + px(GAP_PT) };
}

function annotation({ name, costUsd, quality, radius }: NamedMark, { place, request, frame }: {
  readonly place: LabelPlace;
  readonly request: LabelRequest;
  readonly frame: PanelFrame;
}): Record<string, unknown> {
  const { fontPt, strokePt, colors } = PRINT_THEME;
  const { box, anchor, leader } = place;
  const { x, y } = request;
  const middle = (box.y0 + box.y1) / 2;
  const side = anchor === "left" ? box.x0 : anchor === "right" ? box.x1 : (box.x0 + box.x1) / 2;
  // Adding 0 makes 0 of −0, which JSON does not know.
  const round = (value: number): number => Number(value.toFixed(2)) + 0;
  return {
    text: name,
    x: axisCost(frame, costUsd),
    y: quality,
    xanchor: anchor,
    yanchor: "middle",
    borderpad: 0,
    borderwidth: 0,
    font: { size: px(fontPt.label) },
    ...(leader === null ? { showarrow: false, xshift: round(side - x), yshift: round(y - middle) } : {
      showarrow: true,
      ax: round(side - x),
      ay: round(middle - y),
      arrowhead: 0,
      arrowwidth: px(strokePt.leader),
      arrowcolor: colors.leader,
      standoff: radius + 1,
      startstandoff: 2,
    }),
  };
}
