import type { Table } from "../base/table.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";

/** A figure of {@linkcode BesideEvaluation}. */
export interface BesideFigure {
  /** As it is printed. */
  readonly figure: PlotlyFigure;
  /** As it is shown on a screen, where it is another. */
  readonly onScreen?: PlotlyFigure;
  /** A sentence or two below it. */
  readonly caption: string;
}

/**
 * What a run evaluates beside routers on cost and quality: with seconds as a third axis, or retrievers and models as
 * one choice.
 */
export interface BesideEvaluation {
  /** Its name in JSON. */
  readonly name: string;
  /** Its title in the page and on the terminal. */
  readonly title: string;
  /** What follows, in sentences. */
  readonly sentences: readonly string[];
  /** Tables by the names of their files, without endings. */
  readonly tables: ReadonlyMap<string, Table>;
  /** Figures by the names of their files, without endings. */
  readonly figures: ReadonlyMap<string, BesideFigure>;
}

/** Digits of a number that is read, not computed with. */
const DIGITS = 4;

/** A table as it is read: words in its headings, few digits. */
export function readableTable({ columns, rows }: Table): Table {
  return {
    columns: columns.map((column) => column.replaceAll("_", " ")),
    rows: rows.map((row) => row.map((cell) => typeof cell === "number" ? Number(cell.toPrecision(DIGITS)) : cell)),
  };
}
