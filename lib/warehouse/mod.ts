/**
 * Outcomes that no machine holds: the same evaluation on a table in ClickHouse, of which only sums come back.
 *
 * @module
 */
export { openWarehouse, type Warehouse, type WarehouseOptions } from "./open_warehouse.ts";
export { Connection, type ConnectionOptions, type QueryLimits } from "./connection.ts";
export { WarehouseError } from "./_server_error.ts";
export { isWarehouseAddress, type WarehouseAddress, warehouseAddress } from "./warehouse_address.ts";
export {
  type DescribedColumn,
  type FoundColumns,
  WAREHOUSE_FIELDS,
  type WarehouseColumns,
  type WarehouseField,
} from "./_warehouse_columns.ts";
export { auditWarehouse, type ModelCounts, type WarehouseAudit, warehouseOfEvaluations } from "./warehouse_audit.ts";
export {
  type ChosenOnLadder,
  evaluateWarehouse,
  type WarehouseEvaluation,
  type WarehouseEvaluationOptions,
} from "./evaluate_warehouse.ts";
export { SUMMED_ROUTERS, WAREHOUSE_ROUTERS, type WarehouseRouter } from "./_systems_of_table.ts";
export {
  evaluateLoggedWarehouse,
  type WarehouseLogEvaluation,
  type WarehouseLogOptions,
} from "./evaluate_logged_warehouse.ts";
export { plannedLogQueries, plannedQueries } from "./planned_queries.ts";
export { type LoadedRows, loadWarehouse, type LoadWarehouseOptions } from "./load_warehouse.ts";
export { tableLayout } from "./table_layout.ts";
export { evaluateStreamed } from "./evaluate_streamed.ts";
export { type StreamedOutcomes, type StreamOptions, streamOutcomes } from "./stream_outcomes.ts";
export type { RowLayout, StreamedPrompts } from "./_bucket_prompts.ts";
export type { PromptPart } from "./_prompt_query.ts";
export { warehouseFindings } from "./warehouse_findings.ts";
