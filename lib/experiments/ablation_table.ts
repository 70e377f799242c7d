import { type Table, tableOfRows } from "../base/table.ts";
import type { Ablation } from "./ablation.ts";

/** An ablation as a table, a row a measurement; numbers keep all their digits. */
export function ablationTable({ rows, protocol }: Ablation): Table {
  return tableOfRows(rows.map((row) => ({
    evalName: row.evalName,
    protocol,
    factor: row.factor,
    setting: row.setting,
    isBase: row.isBase ? "yes" : "no",
    text: row.text,
    encoder: row.encoder,
    maxWordPieces: row.maxTokens,
    router: row.router,
    trainShare: row.trainShare,
    nLearned: row.nLearned,
    nTest: row.nTest,
    nPrompts: row.nPrompts,
    nDistinctVectors: row.nDistinctVectors,
    coincidentShare: row.coincidentShare,
    unreadShare: row.unreadShare,
    aiqFormula: row.aiqFormula,
    aiqFormulaOverZero: row.difference,
    intervalLow: row.interval[0],
    intervalHigh: row.interval[1],
  })));
}
