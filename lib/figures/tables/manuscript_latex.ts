import { latexText } from "./_latex_text.ts";
import { figureSize, type PlotlyFigure } from "../plotly_figure.ts";

/** A figure in `figures.tex`. */
export interface LatexFigure {
  /** Its file's name in `figures/`, without ending. */
  readonly name: string;
  /** The figure: its printed width decides whether it takes a column or the page. */
  readonly figure: PlotlyFigure;
  /** What stands below it; plain text. */
  readonly caption: string;
}

/** A table in `figures.tex`. */
export interface LatexTable {
  /** Its file's name in `tables/`, without ending. */
  readonly name: string;
  /** Number of its rows: a long one is no float. */
  readonly nRows: number;
  /** Characters in a line of its text: a wide one takes the page. */
  readonly nCharacters: number;
  /** What stands above it; plain text. */
  readonly caption: string;
}

/** A figure that is wider than any column takes the page. */
const WIDEST_COLUMN_PT = 270;
/** Limits of a float: rows on a page, and characters of a line in a column and, made smaller, on a page. */
const MOST_ROWS = 40;
const MOST_CHARACTERS = { column: 56, page: 150 };

/** Makes floats that are too wide smaller; none is made larger. */
const FITTED = "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}";

const HEADER = String.raw`% Figures and tables of a run. In the document:
%   \usepackage{booktabs,graphicx}
%   \newcommand{\resultsfolder}{folder/of/this/file}
%   \input{\resultsfolder/figures}
\providecommand{\resultsfolder}{.}`;

/** The LaTeX that includes figures and tables as floats, with their captions and labels (`fig:name`, `tab:name`). */
export function figuresTex(figures: readonly LatexFigure[], tables: readonly LatexTable[]): string {
  return `${[HEADER, ...figures.map(figureFloat), ...tables.map(tableFloat)].join("\n\n")}\n`;
}

function figureFloat({ name, figure, caption }: LatexFigure): string {
  const kind = figureSize(figure).widthPt > WIDEST_COLUMN_PT ? "figure*" : "figure";
  return float(kind, [
    `${FITTED}{\\includegraphics{\\resultsfolder/figures/${name}.pdf}}`,
    `\\caption{${latexText(caption)}}`,
    `\\label{fig:${name}}`,
  ]);
}

function tableFloat({ name, nRows, nCharacters, caption }: LatexTable): string {
  const input = `\\input{\\resultsfolder/tables/${name}}`;
  if (nRows > MOST_ROWS || nCharacters > MOST_CHARACTERS.page) {
    return `% Too large for a float, with ${nRows} rows: ${input}`;
  }
  return float(nCharacters > MOST_CHARACTERS.column ? "table*" : "table", [
    `\\caption{${latexText(caption)}}`,
    `\\label{tab:${name}}`,
    "\\smallskip",
    `${FITTED}{${input}}`,
  ]);
}

function float(kind: string, lines: readonly string[]): string {
  return [`\\begin{${kind}}[tbp]`, "  \\centering", ...lines.map((line) => `  ${line}`), `\\end{${kind}}`].join("\n");
}
