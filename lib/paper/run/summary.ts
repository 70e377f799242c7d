import { counted, signed } from "../../base/words.ts";
import type { MeasuredSystem, Protocol } from "../../evaluation/evaluate.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";
import { shortNumber } from "../../figures/number_text.ts";
import { type TerminalStyle, terminalStyle } from "../../base/terminal.ts";
import type { Table } from "../../base/table.ts";
import type { NamedEvaluation } from "../../experiments/named_evaluation.ts";
import { isChosenVariant, measuredOf } from "../../experiments/evaluation_tables.ts";
import { type WithoutMeaning, withoutMeaning } from "../../experiments/without_meaning.ts";

/**
 * The readable table of one evaluation: a row a system, rounded; `null` where there is nothing to say. The last column
 * is the gain over Zero that the other protocol would report, by its own split and settings. Columns in which nothing
 * stands are left out; numbers that mean nothing are `null`: {@linkcode endingOf} says why.
 */
export function summaryOf(named: NamedEvaluation): Table {
  const { columns, rows } = wholeSummaryOf(named);
  const isKept = (at: number): boolean =>
    rows.some((row) => row[at] !== null) || (withoutMeaning(named.evaluation) !== null && at < columns.length - 1);
  const used = columns.map((_, at) => isKept(at));
  return { columns: columns.filter((_, at) => used[at]), rows: rows.map((row) => row.filter((_, at) => used[at])) };
}

function wholeSummaryOf({ evaluation, byOther }: NamedEvaluation): Table {
  const nothing = withoutMeaning(evaluation);
  const other = evaluation.protocol === "ours" ? "the paper's protocol" : "our protocol";
  return {
    columns: [
      "",
      "AIQ, formula",
      "over Zero [95 %]",
      "p, adjusted",
      "AIQ, ref. code",
      "best quality",
      "cheaper at 95 %",
      `over Zero by ${other}`,
    ],
    rows: measuredOf(evaluation).map((system) => [
      ...meantCells(summaryRow(system), nothing),
      gainOf(byOther && measuredOf(byOther).find(({ comparedAs }) => comparedAs === system.comparedAs)),
    ]),
  };
}

/** A row's cells without those that mean nothing. */
function meantCells(row: readonly (string | null)[], nothing: WithoutMeaning | null): (string | null)[] {
  return row.map((cell, at) =>
    at === 0 || nothing === null || (nothing.what === "gains" && !GAINS.includes(at)) ? cell : null
  );
}

function gainOf(system: Pick<MeasuredSystem, "againstZero"> | null | undefined): string | null {
  return system?.againstZero == null ? null : signed(system.againstZero.difference, 4);
}

function summaryRow(
  { name, aiqFormula, aiqReferenceCode, againstZero, amongAll, hull, savings }: ReturnType<typeof measuredOf>[number],
): (string | null)[] {
  const at95 = savings.find(({ qualityShare }) => qualityShare === 0.95)!.timesCheaper;
  return [
    name,
    aiqFormula.toFixed(4),
    againstZero === null ? null : intervalText(againstZero),
    amongAll === null ? null : pValueText(amongAll.adjustedPValue),
    aiqReferenceCode?.toFixed(4) ?? null,
    hull[hull.length - 1].quality.toFixed(4),
    at95 === null ? null : `${at95.toFixed(at95 < 10 ? 1 : 0)}×`,
  ];
}

/** Where {@linkcode summaryRow} has the gain over Zero and its p-value. */
const GAINS: readonly number[] = [2, 3];

/** A p-value to three decimals. */
function pValueText(pValue: number): string {
  return pValue < 0.001 ? "< .001" : shortNumber(pValue);
}

/** A difference with its interval, each with its sign and four decimals. */
export function intervalText(
  { difference, interval }: { readonly difference: number; readonly interval: readonly [number, number] },
): string {
  const [low, high] = interval;
  return `${signed(difference, 4)} [${signed(low, 4)}, ${signed(high, 4)}]`;
}

/** What each protocol does, and its name. */
export const PROTOCOLS: Readonly<Record<Protocol, { readonly name: string; readonly says: string }>> = {
  ours: {
    name: "ours",
    says: "settings of every system, Zero included, are chosen on validation prompts and measured on test prompts",
  },
  paper: {
    name: "the paper's",
    says: "settings are chosen and measured on the same test prompts, which flatters every system",
  },
};

/** An evaluation as a heading with its number of test prompts, for a terminal. */
export function terminalHeading(named: NamedEvaluation): string {
  const { evalName, evaluation: { nPrompts, oracle } } = named;
  const title = terminalStyle().strong(evalTitle(evalName));
  const isShown = withoutMeaning(named.evaluation)?.what !== "all";
  return `\n${title}: ${counted(nPrompts.test, "test prompt")}, oracle ${isShown ? oracle.quality.toFixed(4) : "–"}${
    endingOf(named)
  }`;
}

/** What is missing from an evaluation's table and why, each after a semicolon; empty where nothing is. */
export function endingOf({ evaluation, leftOut }: NamedEvaluation): string {
  const nothing = withoutMeaning(evaluation);
  return [...(nothing === null ? [] : [nothing.why]), ...(leftOut === null ? [] : [leftOut])]
    .map((text) => `; ${text}`).join("");
}

/**
 * The table for a first look: Zero, of each learned family the best variant where settings are chosen, one cascade, and all that are of no
 * family, such as predictions that the outcomes came with.
 */
export function shortSummaryOf({ evaluation }: NamedEvaluation): Table {
  const { systems } = evaluation;
  const nothing = withoutMeaning(evaluation);
  const shown = systems.filter((system) =>
    system.family === "zero" || system.family === "other" || system.name === FIRST_CASCADE ||
    isChosenVariant(system, evaluation)
  );
  const rows = shown.map((system) => {
    const [name, aiqFormula, gain, , , quality, cheaper] = meantCells(summaryRow(system), nothing);
    return [name, aiqFormula, gain, quality, cheaper];
  });
  return { columns: ["", "AIQ", "over Zero [95 %]", "best quality", "cheaper at 95 %"], rows };
}

/** The judge of this cascade errs at a rate that is neither the best nor the worst shown. */
const FIRST_CASCADE = "Cascade, ε = 0.1";

/** Letters of a name in a terminal's table. */
const MOST_LETTERS = 28;

/**
 * A table as lines for a terminal: the first column to the left, the rest to the right; a difference whose interval
 * excludes 0 is coloured. Headings that are wider than what stands below them are broken into lines, long names lose
 * their middle.
 */
export function terminalTable({ columns, rows }: Table, style: TerminalStyle = terminalStyle()): string {
  const cells = rows.map((row) =>
    row.map((cell, at) => {
      const text = cell === null ? "–" : String(cell);
      return at === 0 ? withoutMiddle(text) : text;
    })
  );
  const widths = columns.map((column, at) =>
    Math.max(...cells.map((row) => row[at].length), ...column.split(" ").map(({ length }) => length))
  );
  const headings = columns.map((column, at) => linesOf(column, widths[at]));
  const height = Math.max(...headings.map(({ length }) => length));
  const head = Array.from(
    { length: height },
    (_, line) => headings.map((lines) => lines[line - height + lines.length] ?? ""),
  );
  const padded = [...head, ...cells].map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at]))
  );
  return padded.map((row) => row.map((cell) => painted(cell, style)).join("  ").trimEnd()).join("\n");
}

/** A heading in lines of at most so many letters. */
function linesOf(heading: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of heading.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function withoutMiddle(name: string): string {
  const letters = [...name];
  if (letters.length <= MOST_LETTERS) return name;
  const kept = MOST_LETTERS - 1;
  return letters.slice(0, Math.ceil(kept / 2)).join("") + "…" + letters.slice(-Math.floor(kept / 2)).join("");
}

/** A difference whose interval lies on one side of zero, as a gain or a loss. */
function painted(cell: string, { gain, loss }: TerminalStyle): string {
  const [, low, high] = cell.match(/\[([+−])\d[\d.]*, ([+−])\d[\d.]*\]$/) ?? [];
  return low === undefined || low !== high ? cell : low === "+" ? gain(cell) : loss(cell);
}
