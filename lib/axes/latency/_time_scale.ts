import { note, px } from "../../figures/frame.ts";
import { PRINT_THEME } from "../../figures/theme.ts";

/**
 * Colours of fast and slow, dark to light, told apart in grey too.
 *
 * **Source**: Cividis; Nuñez, Anderton, Renslow 2018, *Optimizing colormaps with consideration for color vision deficiency*.
 */
const STOPS: readonly (readonly [number, number, number])[] = [
  [0, 32, 76],
  [39, 63, 108],
  [91, 95, 109],
  [131, 129, 120],
  [176, 165, 114],
  [225, 204, 92],
  [255, 233, 69],
];
/** Points (1/72 inch). */
const SIZE_PT = { gap: 5, bar: 7, label: 3, title: 30 };
const N_PIECES = 48;
const TICKS = 4;

/** The colour of a share of the scale, 0..1. */
function colorAt(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  const mixed = STOPS[below].map((from, k) => Math.round(from + (at - below) * (STOPS[below + 1][k] - from)));
  return `rgb(${mixed.join(", ")})`;
}

/** Room that the scale needs at the right of a figure, points. */
export const SCALE_PT = 44;

/** A scale of seconds: colours of values, and the bar beside the plotting area that explains them. */
export interface TimeScale {
  colorOf(seconds: number): string;
  /** Plotly's shapes and annotations of the bar, for a plotting area of so many pixels. */
  bar(plotWidth: number): {
    readonly shapes: readonly Record<string, unknown>[];
    readonly annotations: readonly Record<string, unknown>[];
  };
}

/** The scale from the fastest to the slowest of some times. */
export function timeScale(seconds: readonly number[], title: string): TimeScale {
  const low = Math.min(...seconds);
  const high = Math.max(...seconds);
  const share = (value: number): number => high > low ? (value - low) / (high - low) : 0;
  return {
    colorOf: (value) => colorAt(share(value)),
    bar: (plotWidth) => {
      const right = (points: number): number => 1 + px(points) / plotWidth;
      const [x0, x1] = [right(SIZE_PT.gap), right(SIZE_PT.gap + SIZE_PT.bar)];
      // Each piece reaches to the top and is covered by the next, so that no hairline shows between them.
      const shapes = Array.from({ length: N_PIECES }, (_, k) => {
        const place = { type: "rect", xref: "paper", yref: "paper", x0, x1, y0: k / N_PIECES, y1: 1 };
        return { ...place, fillcolor: colorAt((k + 0.5) / N_PIECES), line: { width: 0 } };
      });
      const ticks = Array.from({ length: TICKS }, (_, k) => {
        const y = k / (TICKS - 1);
        const place = { x: right(SIZE_PT.gap + SIZE_PT.bar + SIZE_PT.label), xanchor: "left", y, yanchor: "middle" };
        const text = Number((low + y * (high - low)).toPrecision(2)).toString();
        return note(text, { fontPt: PRINT_THEME.fontPt.tick, place });
      });
      const place = {
        x: right(SIZE_PT.gap + SIZE_PT.title),
        xanchor: "center",
        y: 0.5,
        yanchor: "middle",
        textangle: 90,
      };
      return { shapes, annotations: [...ticks, note(title, { fontPt: PRINT_THEME.fontPt.axis, place })] };
    },
  };
}
