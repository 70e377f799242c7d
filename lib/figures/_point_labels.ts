import { placeLabels } from "./_labels.ts";
import type { Segment } from "./_label_geometry.ts";
import { px } from "./frame.ts";
import { axisCost, type PanelFrame, project } from "./panel_frame.ts";
import { PRINT_THEME } from "./theme.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** Distance of a label from the marker of its point, points (1/72 inch). */
const GAP_PT = 1.3;
/** Markers whose middles are nearer than this count as one, pixels. */
const SAME_PLACE_PX = 1.5;

/** What is drawn around the points that get labels. */
export interface Surroundings {
  /** Vertices of curves, with the radius of their markers, pixels. */
  readonly vertices: readonly (OperatingPoint & { readonly radius: number })[];
  /** Lines of curves, pixels in the plotting area. */
  readonly segments: readonly Segment[];
}

/** Plotly annotations that name points, placed so that they touch neither each other nor a point. */
export function pointLabels(
  named: readonly (OperatingPoint & { readonly name: string; readonly radius: number })[],
  frame: PanelFrame,
  { vertices, segments }: Surroundings,
): Record<string, unknown>[] {
  const { fontPt, strokePt, colors } = PRINT_THEME, fontSize = px(fontPt.label);
  const corners = vertices.map((vertex) => ({ ...project(frame, vertex), radius: vertex.radius }));
  const requests = named.map(({ name, radius, ...point }) => {
    const place = project(frame, point);
    const around = corners.filter((corner) => Math.hypot(corner.x - place.x, corner.y - place.y) < SAME_PLACE_PX);
    return {
      text: name,
      ...place,
      radius,
      clearance: Math.max(radius, ...around.map((corner) => corner.radius)) + px(GAP_PT),
    };
  });
  const places = placeLabels(requests, {
    points: [...requests.map(({ x, y, radius }) => ({ x, y, radius })), ...corners],
    segments,
    width: frame.plotWidth,
    height: frame.plotHeight,
    fontSize,
  });
  return places.map(({ box, anchor, leader }, i) => {
    const { x, y } = requests[i], middle = (box.y0 + box.y1) / 2;
    const side = anchor === "left" ? box.x0 : anchor === "right" ? box.x1 : (box.x0 + box.x1) / 2;
    // Adding 0 makes 0 of −0, which JSON does not know.
    const round = (value: number): number => Number(value.toFixed(2)) + 0;
    return {
      text: named[i].name,
      x: axisCost(frame, named[i].costUsd),
      y: named[i].quality,
      xanchor: anchor,
      yanchor: "middle",
      borderpad: 0,
      borderwidth: 0,
      font: { size: fontSize },
      ...(leader === null ? { showarrow: false, xshift: round(side - x), yshift: round(y - middle) } : {
        showarrow: true,
        ax: round(side - x),
        ay: round(middle - y),
        arrowhead: 0,
        arrowwidth: px(strokePt.leader),
        arrowcolor: colors.leader,
        standoff: named[i].radius + 1,
        startstandoff: 2,
      }),
    };
  });
}
