import { FONT_BYTES, type FontFace } from "./drawing/fonts.ts";

/** An upright rectangle, pixels. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Measures of text, from the font files. */
export interface TextMetrics {
  /** Advance width of one run of text, kerned, in the unit of `size`. */
  runWidth(text: string, size: number, face: FontFace): number;
  /** From the baseline to the top of a line, em. */
  readonly ascent: number;
  /** From the baseline to the foot of a line, em. */
  readonly descent: number;
}

/** The part of fontkit that is used here; the package has no types. */
interface Font {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  layout(text: string): { readonly advanceWidth: number };
}

interface TextStyle {
  readonly size: number;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly anchor: string;
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly anchor: string;
  readonly size: number;
  width: number;
}

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const BROWSER_DEFAULT: TextStyle = { size: 16, bold: false, italic: false, anchor: "start" };

/** Opens the faces with fontkit, whose widths agree with Chromium's within .02 px. */
export async function loadTextMetrics(): Promise<TextMetrics> {
  const { create } = await import("fontkit") as unknown as { create(bytes: Uint8Array): Font };
  const fonts = {
    regular: create(FONT_BYTES.regular),
    bold: create(FONT_BYTES.bold),
    italic: create(FONT_BYTES.italic),
  };
  const ems = new Map<string, number>();
  return {
    runWidth: (text, size, face) => {
      const key = `${face}:${text}`;
      let em = ems.get(key);
      if (em === undefined) ems.set(key, em = fonts[face].layout(text).advanceWidth / fonts[face].unitsPerEm);
      return em * size;
    },
    ascent: fonts.regular.ascent / fonts.regular.unitsPerEm,
    descent: -fonts.regular.descent / fonts.regular.unitsPerEm,
  };
}

/** The box of a `<text>` or `<tspan>` as a browser answers it, every line anchored by itself. */
export function textBox(element: Element, metrics: TextMetrics): Box {
  const lines: Line[] = [];
  let penY = 0;
  let line: Line | null = null;
  const start = (x: number, style: TextStyle): Line => {
    lines.push({ x, y: penY, anchor: style.anchor, size: style.size, width: 0 });
    return lines[lines.length - 1];
  };
  const walk = (node: Node, style: TextStyle): void => {
    if (node.nodeType === TEXT_NODE) {
      const text = (node as Text).data.replace(/\u200b/g, "");
      if (text === "") return;
      line ??= start(0, style);
      line.width += metrics.runWidth(text, style.size, style.bold ? "bold" : style.italic ? "italic" : "regular");
    } else if (node.nodeType === ELEMENT_NODE) {
      const own = ownStyle(node as Element, style);
      const place = (name: string): number | null => pixels((node as Element).getAttribute(name), own.size);
      penY = (place("y") ?? penY) + (place("dy") ?? 0);
      const x = place("x");
      if (x !== null) line = start(x, own);
      for (const child of node.childNodes) walk(child, own);
    }
  };
  walk(element, inheritedStyle(element));
  const filled = lines.length > 1 ? lines.filter(({ width }) => width > 0) : lines;
  return filled.length === 0 ? { x0: 0, y0: 0, x1: 0, y1: 0 } : unionOf(filled.map((each) => lineBox(each, metrics)));
}

/** The smallest box around one or more boxes. */
export function unionOf(boxes: readonly Box[]): Box {
  return {
    x0: Math.min(...boxes.map((box) => box.x0)),
    y0: Math.min(...boxes.map((box) => box.y0)),
    x1: Math.max(...boxes.map((box) => box.x1)),
    y1: Math.max(...boxes.map((box) => box.y1)),
  };
}

function lineBox({ x, y, width, anchor, size }: Line, { ascent, descent }: TextMetrics): Box {
  const left = x - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
  return { x0: left, y0: y - ascent * size, x1: left + width, y1: y + descent * size };
}

function inheritedStyle(element: Element): TextStyle {
  const chain: Element[] = [];
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) chain.unshift(parent);
  return chain.reduce((style, parent) => ownStyle(parent, style), BROWSER_DEFAULT);
}

function ownStyle(element: Element, parent: TextStyle): TextStyle {
  const { style } = element as Element & { readonly style?: CSSStyleDeclaration };
  const value = (name: string): string => style?.getPropertyValue(name) || (element.getAttribute(name) ?? "");
  const size = value("font-size");
  const weight = value("font-weight");
  const slant = value("font-style");
  const anchor = value("text-anchor");
  return {
    size: size.endsWith("%") ? parent.size * parseFloat(size) / 100 : pixels(size, parent.size) ?? parent.size,
    bold: weight === "" ? parent.bold : weight === "bold" || Number(weight) >= 600,
    italic: slant === "" ? parent.italic : slant === "italic",
    anchor: anchor === "" ? parent.anchor : anchor,
  };
}

function pixels(length: string | null, size: number): number | null {
  if (length === null || length === "") return null;
  return length.endsWith("em") ? parseFloat(length) * size : parseFloat(length);
}
