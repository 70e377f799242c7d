import { boxesMeet, type LabelBox } from "./_label_geometry.ts";

/** Side of a cell, pixels: about the height of two labels. */
const CELL_PX = 28;

interface Entry<T> {
  readonly item: T;
  readonly box: LabelBox;
  readonly order: number;
  lastSearch: number;
}

/** An index of rectangles by their place. */
export interface Nearby<T> {
  /** Adds an item. */
  add(item: T, box: LabelBox): void;
  /** The items whose rectangles touch a rectangle, in the order in which they were added. */
  within(box: LabelBox): T[];
}

/** A grid of square cells over an area from (0, 0); items outside are kept in its outermost cells. */
export function nearby<T>({ width, height }: { readonly width: number; readonly height: number }): Nearby<T> {
  const nColumns = Math.ceil(width / CELL_PX) + 2;
  const nRows = Math.ceil(height / CELL_PX) + 2;
  const cells: Entry<T>[][] = Array.from({ length: nColumns * nRows }, () => []);
  const along = (value: number, n: number): number => Math.min(n - 1, Math.max(0, Math.floor(value / CELL_PX) + 1));
  let nItems = 0;
  let nSearches = 0;
  const eachCell = ({ x0, y0, x1, y1 }: LabelBox, visit: (cell: Entry<T>[]) => void): void => {
    const lastRow = along(y1, nRows);
    const lastColumn = along(x1, nColumns);
    for (let row = along(y0, nRows); row <= lastRow; row++) {
      for (let column = along(x0, nColumns); column <= lastColumn; column++) visit(cells[row * nColumns + column]);
    }
  };
  return {
    add(item: T, box: LabelBox): void {
      const entry: Entry<T> = { item, box, order: nItems++, lastSearch: 0 };
      eachCell(box, (cell) => cell.push(entry));
    },
    within(box: LabelBox): T[] {
      nSearches++;
      const found: Entry<T>[] = [];
      eachCell(box, (cell) => {
        for (const entry of cell) {
          if (entry.lastSearch === nSearches || !boxesMeet(entry.box, box)) continue;
          entry.lastSearch = nSearches;
          found.push(entry);
        }
      });
      return found.sort((a, b) => a.order - b.order).map(({ item }) => item);
    },
  };
}
