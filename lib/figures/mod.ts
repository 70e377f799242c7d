/** Figures and tables for a manuscript: panels beside the main ones, and their export to a folder with LaTeX. @module */

export { exportAll, type PaperResults } from "./export_all.ts";
export { paperResults, type PaperResultsOptions } from "./manuscript_results.ts";
export { exportTable, type ExportTableOptions, type RoundingRule } from "./tables/export_table.ts";
export { ablationPanel, type AblationPanelInput, type AblationPoint } from "./ablation_panel.ts";
