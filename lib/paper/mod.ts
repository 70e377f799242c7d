/** The RouterBench article: its printed numbers, what is wrong with them, its figures redrawn. @module */

export { paperModelPoints, type PaperTableRow } from "../outcomes/paper_table.ts";
export type { PaperPanel, PaperPoint, PaperRouter, PaperSystem } from "./printed/panels.ts";
export { publishedPanel, type PublishedPanelOptions } from "./figures/printed_panel.ts";
export {
  aiqAreas,
  type AiqAreasInput,
  aiqIllustration,
  type AreaSystem,
  hullIllustration,
  type IllustrationOptions,
  interpolationIllustration,
  listPriceFigure,
  oracleShareFigure,
  paperCostFigure,
} from "./figures/illustrations.ts";
export {
  type BreakEvenRow,
  type ClaimRow,
  type PrintedNumber,
  type PublishedAiqRow,
  publishedAiqRows,
  publishedBreakEvenRows,
  publishedClaimRows,
  type PublishedErrorRateRow,
  publishedErrorRateRows,
} from "./printed/printed.ts";
export { errataRows, type ErratumRow, type RankReversal, rankReversal, type ReversedSystem } from "./errata/errata.ts";
