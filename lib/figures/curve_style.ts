import type { Family } from "../evaluation/systems.ts";

/** The kinds of curve a figure can show; each has its own style in every figure. */
export type CurveFamily = Family | "oracle" | "bound";

/** How a curve is drawn. Lengths are points (1/72 inch) on paper. */
export interface CurveStyle {
  /** CSS colour of line and marker. */
  readonly color: string;
  /** Lengths of dashes and gaps in turn; empty for a solid line. */
  readonly dashPt: readonly number[];
  /** Width of the line. */
  readonly widthPt: number;
  /** Plotly's name of the marker at the vertices, null for none. */
  readonly symbol: string | null;
  /** Size of the marker as Plotly takes it, a circle's diameter; `markerRadius` says how far other shapes reach. */
  readonly markerPt: number;
  /** CSS colour inside the marker. */
  readonly fill: string;
  /** Curves with a lower order are drawn first: wide below narrow, so that curves that coincide all stay visible. */
  readonly order: number;
}

/**
 * Eight colours that people with any kind of colour vision can tell apart.
 *
 * **Source**: Okabe and Ito, Color Universal Design (2008).
 */
export const OKABE_ITO = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermillion: "#D55E00",
  purple: "#CC79A7",
} as const;

/** A dark red, told apart by its lightness too. **Source**: Tol, Colour Schemes (2021), the scheme "muted". */
const WINE = "#882255";

/** White, like the paper. */
export const PAPER = "#ffffff";
const REFERENCE_GREY = "#a0a0a0";

const FAMILY_STYLES: Readonly<Record<CurveFamily, CurveStyle>> = {
  zero: { color: REFERENCE_GREY, dashPt: [], widthPt: 2.3, symbol: "square", markerPt: 5.8, fill: PAPER, order: 0 },
  knn: { color: OKABE_ITO.blue, dashPt: [], widthPt: 1.4, symbol: "circle", markerPt: 5, fill: PAPER, order: 1 },
  linear: {
    color: OKABE_ITO.purple,
    dashPt: [5, 1.6, 1.2, 1.6],
    widthPt: 1.2,
    symbol: "triangle-up",
    markerPt: 4.8,
    fill: PAPER,
    order: 2,
  },
  mlp: {
    color: OKABE_ITO.vermillion,
    dashPt: [3.6, 2],
    widthPt: 1.2,
    symbol: "diamond",
    markerPt: 4.2,
    fill: PAPER,
    order: 3,
  },
  cascade: {
    color: OKABE_ITO.green,
    dashPt: [1.5, 1.3],
    widthPt: 1.2,
    symbol: "triangle-down",
    markerPt: 4.8,
    fill: PAPER,
    order: 4,
  },
  kernel: {
    color: OKABE_ITO.skyBlue,
    dashPt: [4, 1.4],
    widthPt: 1.2,
    symbol: "hexagon",
    markerPt: 4.6,
    fill: PAPER,
    order: 5,
  },
  group: {
    color: OKABE_ITO.skyBlue,
    dashPt: [1.2, 1.2, 4, 1.2],
    widthPt: 1.2,
    symbol: "cross",
    markerPt: 4.6,
    fill: PAPER,
    order: 6,
  },
  best: { color: OKABE_ITO.orange, dashPt: [], widthPt: 1.6, symbol: "hexagram", markerPt: 5, fill: PAPER, order: 7 },
  other: {
    color: WINE,
    dashPt: [6, 2, 1.5, 2, 1.5, 2],
    widthPt: 1.1,
    symbol: "pentagon",
    markerPt: 4.6,
    fill: PAPER,
    order: 8,
  },
  oracle: {
    color: OKABE_ITO.black,
    dashPt: [7, 2.5],
    widthPt: 1,
    symbol: "star",
    markerPt: 4,
    fill: OKABE_ITO.yellow,
    order: 9,
  },
  bound: {
    color: OKABE_ITO.black,
    dashPt: [0.8, 1.6],
    widthPt: 0.9,
    symbol: null,
    markerPt: 0,
    fill: PAPER,
    order: 10,
  },
};

/** Differences of the first, second, … curve of a family: share of black (below 0, of white); marker; dashes. */
const VARIANTS: readonly {
  readonly shade: number;
  readonly inside: "open" | "filled" | "dot";
  readonly solidPt: readonly number[];
  readonly dashScale: number;
}[] = [
  { shade: 0, inside: "open", solidPt: [], dashScale: 1 },
  { shade: 0.45, inside: "filled", solidPt: [6, 1.5], dashScale: 1.8 },
  { shade: -0.4, inside: "dot", solidPt: [2.4, 1.2], dashScale: 0.6 },
  { shade: 0.7, inside: "open", solidPt: [9, 1.2, 1.2, 1.2], dashScale: 2.6 },
  { shade: -0.6, inside: "filled", solidPt: [1, 1], dashScale: 1.3 },
  { shade: 0.25, inside: "dot", solidPt: [4, 1.5, 1, 1.5], dashScale: 0.8 },
];

/**
 * The fixed style of a router family, so that a router looks the same in every figure of a paper, also printed in grey.
 *
 * The second to sixth curve of a family in one figure keep its colour and shape but get a darker or lighter shade, a
 * filled or dotted marker, a thinner line and other dashes; a seventh looks like the first again.
 *
 * @param nth how many curves of the family the figure has before this one
 * @throws TypeError if the family is not known
 * @example
 * ```ts
 * import { curveStyle } from "./curve_style.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(curveStyle("knn").symbol, "circle");
 * assert.notDeepEqual(curveStyle("knn", 1).dashPt, curveStyle("knn").dashPt);
 * ```
 */
export function curveStyle(family: CurveFamily, nth = 0): CurveStyle {
  if (!Object.hasOwn(FAMILY_STYLES, family)) {
    const known = Object.keys(FAMILY_STYLES).join(", ");
    throw new TypeError(
      `Cannot style a curve as its family must be one of ${known}: it is "${family}"; use "other" for a router of your own`,
    );
  }
  const base = FAMILY_STYLES[family];
  const rank = nth % VARIANTS.length;
  const { shade, inside, solidPt, dashScale } = VARIANTS[rank];
  const color = mix(base.color, shade > 0 ? OKABE_ITO.black : PAPER, Math.abs(shade));
  return {
    ...base,
    color,
    dashPt: base.dashPt.length === 0 ? solidPt : base.dashPt.map((length) => length * dashScale),
    widthPt: Math.max(0.8, base.widthPt - 0.15 * rank),
    markerPt: Math.max(0, base.markerPt - 0.3 * rank),
    symbol: base.symbol !== null && inside === "dot" ? `${base.symbol}-dot` : base.symbol,
    fill: inside === "filled" ? color : base.fill,
  };
}

/** How far a marker reaches with its outline, points: diamonds, triangles and stars are drawn larger than circles. */
export function markerRadius({ symbol, markerPt }: CurveStyle): number {
  if (symbol === null) return 0;
  const reach = symbol.startsWith("star") || symbol.startsWith("hexagram")
    ? 1.4
    : symbol.startsWith("diamond")
    ? 1.3
    : symbol.startsWith("triangle")
    ? 1.155
    : 1;
  return markerPt / 2 * reach + 0.4;
}

/** The colour `share` of the way from one `#rrggbb` to another. */
function mix(from: string, to: string, share: number): string {
  const channel = (hex: string, at: number): number => parseInt(hex.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
