import type { OperatingPoint } from "../../plane/operating_point.ts";

const TRANSPARENT = "rgba(0,0,0,0)";

/** A curve with markers at the given points only, as its other corners are no settings to choose. */
export function withMarkersAt(
  trace: Readonly<Record<string, unknown>>,
  points: readonly OperatingPoint[],
): Record<string, unknown> {
  if (trace.marker === undefined) return { ...trace };
  const { x, y, marker } = trace as unknown as {
    x: number[];
    y: number[];
    marker: { color: string; line: { color: string } };
  };
  const has = x.map((costUsd, i) => points.some((point) => point.costUsd === costUsd && point.quality === y[i]));
  const only = (color: string): string[] => has.map((seen) => seen ? color : TRANSPARENT);
  return {
    ...trace,
    marker: { ...marker, color: only(marker.color), line: { ...marker.line, color: only(marker.line.color) } },
  };
}
