import { type Box, textBox, type TextMetrics, unionOf } from "../text_metrics.ts";

/** The affine map (x, y) → (a·x + c·y + e, b·x + d·y + f) as SVG writes it: [a, b, c, d, e, f]. */
type Matrix = readonly [number, number, number, number, number, number];

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const EMPTY: Box = { x0: 0, y0: 0, x1: 0, y1: 0 };

/** The result of `getBBox`: the box of an element in its own coordinates; of paths that of their M and L points. */
export function ownBox(element: Element, metrics: TextMetrics): Box {
  const number = (name: string): number => parseFloat(element.getAttribute(name) ?? "0") || 0;
  switch (element.tagName.toLowerCase()) {
    case "text":
    case "tspan":
      return textBox(element, metrics);
    case "rect":
    case "image":
      return {
        x0: number("x"),
        y0: number("y"),
        x1: number("x") + number("width"),
        y1: number("y") + number("height"),
      };
    case "svg":
      return { x0: 0, y0: 0, x1: number("width"), y1: number("height") };
    case "path":
      return pathBox(element.getAttribute("d") ?? "");
    default:
      return groupBox(element, metrics);
  }
}

/** The result of `getBoundingClientRect`: the box after the transforms of the element and of all its ancestors. */
export function clientBox(element: Element, metrics: TextMetrics): Box {
  let matrix = transformOf(element);
  for (
    let parent = element.parentElement;
    parent !== null && parent.tagName.toLowerCase() !== "div";
    parent = parent.parentElement
  ) {
    matrix = multiply(transformOf(parent), matrix);
  }
  return apply(matrix, ownBox(element, metrics));
}

function pathBox(d: string): Box {
  const points = [...d.matchAll(/[ML]\s*(-?[\d.]+)[ ,]+(-?[\d.]+)/g)].map(([, x, y]) => ({
    x0: +x,
    y0: +y,
    x1: +x,
    y1: +y,
  }));
  return points.length === 0 ? EMPTY : unionOf(points);
}

function groupBox(element: Element, metrics: TextMetrics): Box {
  const visible = [...element.children].filter((child) => (child as SVGElement).style?.display !== "none");
  const boxes = visible.map((child) => apply(transformOf(child), ownBox(child, metrics))).filter((box) =>
    box.x1 > box.x0 || box.y1 > box.y0
  );
  return boxes.length === 0 ? EMPTY : unionOf(boxes);
}

function transformOf(element: Element): Matrix {
  let matrix = IDENTITY;
  for (const [, name, args] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    matrix = multiply(matrix, transformFunction(name, args.split(/[\s,]+/).filter((part) => part !== "").map(Number)));
  }
  return matrix;
}

function transformFunction(name: string, v: readonly number[]): Matrix {
  switch (name) {
    case "translate":
      return [1, 0, 0, 1, v[0], v[1] ?? 0];
    case "scale":
      return [v[0], 0, 0, v[1] ?? v[0], 0, 0];
    case "rotate": {
      const angle = v[0] * Math.PI / 180;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const x = v[1] ?? 0;
      const y = v[2] ?? 0;
      return multiply(multiply([1, 0, 0, 1, x, y], [cos, sin, -sin, cos, 0, 0]), [1, 0, 0, 1, -x, -y]);
    }
    case "matrix":
      return [v[0], v[1], v[2], v[3], v[4], v[5]];
    default:
      throw new SyntaxError(
        `Cannot read an SVG transform as it must be translate, scale, rotate or matrix: it is "${name}"; report this figure`,
      );
  }
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function apply(m: Matrix, { x0, y0, x1, y1 }: Box): Box {
  return unionOf([[x0, y0], [x1, y0], [x0, y1], [x1, y1]].map(([x, y]) => {
    const at = { x: m[0] * x + m[2] * y + m[4], y: m[1] * x + m[3] * y + m[5] };
    return { x0: at.x, y0: at.y, x1: at.x, y1: at.y };
  }));
}
