import type { AblationPoint } from "./ablation_input.ts";
import { type CurveFamily, curveStyle } from "./curve_style.ts";

/** A line of the figure; lengths are points (1/72 inch), `at` is its middle below the top of the plotting area. */
export interface SettingLine {
  readonly factor: string;
  readonly setting: string;
  readonly isBase: boolean;
  readonly at: number;
  readonly height: number;
  /** The routers that have a point on the line, from top to bottom. */
  readonly families: readonly CurveFamily[];
}

/** The lines with the headings of their groups; lengths are points. */
export interface LineStack {
  readonly lines: readonly SettingLine[];
  readonly headings: readonly { readonly text: string; readonly at: number }[];
  readonly height: number;
}

/** Points (1/72 inch): a line with one router, each further router, a heading, and between groups. */
const LINE_PT = { first: 9, further: 4, heading: 11, group: 3 };
/** Room above the first and below the last router of a line, in steps from router to router. */
const EDGE_STEPS = 0.6;

/** The lines from top to bottom, each as high as its routers need; groups are titled by the names of their factors. */
export function stackLines(
  points: readonly AblationPoint[],
  groupTitles: Readonly<Record<string, string>>,
): LineStack {
  const lines: SettingLine[] = [];
  const headings: { text: string; at: number }[] = [];
  let height = 0;
  for (const [factor, ofFactor] of Map.groupBy(points, (point) => point.factor)) {
    headings.push({ text: `<b>${groupTitles[factor] ?? factor}</b>`, at: height + LINE_PT.heading / 2 });
    height += LINE_PT.heading;
    for (const [setting, ofLine] of Map.groupBy(ofFactor, (point) => point.setting)) {
      const families = familiesOf(ofLine);
      const lineHeight = LINE_PT.first + LINE_PT.further * (families.length - 1);
      const isBase = ofLine.some((point) => point.isBase);
      lines.push({ factor, setting, isBase, at: height + lineHeight / 2, height: lineHeight, families });
      height += lineHeight;
    }
    height += LINE_PT.group;
  }
  return { lines, headings, height };
}

/** The kinds of router among some points, in the order in which curves are drawn. */
export function familiesOf(points: readonly AblationPoint[]): CurveFamily[] {
  const families = new Set(points.map(({ family }) => family));
  return [...families].sort((a, b) => curveStyle(a).order - curveStyle(b).order);
}

/** Where a point stands: routers of one line stand below each other. */
export function placeOf({ factor, setting, family }: AblationPoint, { lines }: LineStack): number {
  const { at, height, families } = lines.find((line) => line.factor === factor && line.setting === setting)!;
  const step = height / (families.length + EDGE_STEPS);
  return at + (families.indexOf(family) - (families.length - 1) / 2) * step;
}
