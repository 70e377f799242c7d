/** The RouterBench article: its printed numbers, what is wrong with them, its figures redrawn. @module */

export { paperModelPoints, type PaperTableRow } from "../outcomes/paper_table.ts";
export type { PaperPanel, PaperPoint, PaperRouter, PaperSystem } from "./printed/panels.ts";
export { printedPanel, type PrintedPanelOptions } from "./figures/printed_panel.ts";
export { aiqAreas, type AiqAreasInput, type AreaSystem } from "./figures/aiq_areas.ts";
export { aiqIllustration, hullIllustration, interpolationIllustration } from "./figures/illustrations.ts";
export { listPriceFigure, paperCostFigure } from "./figures/model_costs.ts";
export { oracleShareFigure } from "./figures/oracle_shares.ts";
export {
  type BreakEvenRow,
  type ClaimRow,
  type PrintedAiqRow,
  printedAiqRows,
  printedBreakEvenRows,
  printedClaimRows,
  type PrintedErrorRateRow,
  printedErrorRateRows,
  type PrintedNumber,
} from "./printed/printed.ts";
export { errataRows, type ErratumRow, type RankReversal, rankReversal, type ReversedSystem } from "./errata/errata.ts";
