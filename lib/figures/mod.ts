/** Results to figures and tables: panels beside the main ones, and their export to a folder with LaTeX. @module */

export { exportAll, type ManuscriptResults } from "./export_all.ts";
export { manuscriptResults, type ManuscriptResultsOptions } from "./manuscript_results.ts";
export { exportTable, type ExportTableOptions, type RoundingRule } from "./tables/export_table.ts";
export { ablationPanel } from "./ablation_panel.ts";
export type { AblationPanelInput, AblationPoint } from "./ablation_input.ts";
