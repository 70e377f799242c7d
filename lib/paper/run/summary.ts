import { counted, signed } from "../../base/words.ts";
import type { MeasuredSystem, Protocol } from "../../evaluation/evaluate.ts";
import { evalTitle } from "../../experiments/evaluation_names.ts";
import { type TerminalStyle, terminalStyle } from "../../base/terminal.ts";
import type { Table } from "../../base/table.ts";
import type { NamedEvaluation } from "../../experiments/named_evaluation.ts";
import { measuredOf } from "../../experiments/evaluation_tables.ts";
import { type WithoutMeaning, withoutMeaning } from "../../experiments/without_meaning.ts";

/**
 * The readable table of one evaluation, with a row of rounded numbers for each system; `null` is an empty cell. The last column is the gain
 * over Zero by the other protocol, with its own split and settings. Numbers that mean nothing are `null`: {@linkcode endingOf} says why.
 */
export function summaryOf({ evaluation, byOther }: NamedEvaluation): Table {
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
  return pValue < 0.001 ? "< .001" : pValue.toFixed(3).replace(/^0/, "");
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

/** A table as lines for a terminal: the first column to the left, the rest to the right. A difference whose interval excludes 0 is coloured. */
export function terminalTable({ columns, rows }: Table, style: TerminalStyle = terminalStyle()): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => cell === null ? "–" : String(cell)));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  const padded = cells.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at]))
  );
  return padded.map((row) => row.map((cell) => painted(cell, style)).join("  ").trimEnd()).join("\n");
}

/** A difference whose interval lies on one side of zero, as a gain or a loss. */
function painted(cell: string, { gain, loss }: TerminalStyle): string {
  const [, low, high] = cell.match(/\[([+−])\d[\d.]*, ([+−])\d[\d.]*\]$/) ?? [];
  return low === undefined || low !== high ? cell : low === "+" ? gain(cell) : loss(cell);
}
