import { quotedName, quotedText } from "./sql.ts";
import type { WarehouseAddress } from "./warehouse_address.ts";

/** The columns that {@linkcode loadWarehouse} writes, in this order. */
export const LOADED_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["slot", "UInt16"],
  ["batch", "UInt64"],
  ["eval_name", "String"],
  ["prompt_id", "String"],
  ["model", "String"],
  ["quality", "Float64"],
  ["cost_usd", "Float64"],
  ["latency_seconds", "Nullable(Float64)"],
];

/**
 * The statements that make a table for outcomes: on one server, or on each server of a cluster a local table and one
 * that sees all of them.
 *
 * Rows are sharded by `slot`, a number that a hash of the prompt's id gives: prompts are whole on their shards, and a
 * batch, whose rows have one slot, goes to one shard, so that it is there or not. They are ordered by evaluation and
 * prompt, so that one evaluation is read by itself.
 *
 * @param options `cluster`: the cluster's name in the servers' configuration; without it one server
 */
export function tableLayout(
  { database, table }: Pick<WarehouseAddress, "database" | "table">,
  { cluster = null }: { readonly cluster?: string | null } = {},
): string[] {
  const columns = LOADED_COLUMNS.map(([name, type]) => `  ${name} ${type}`).join(",\n");
  const named = (name: string): string => `${quotedName(database)}.${quotedName(name)}`;
  const create = (name: string, engine: string): string =>
    `CREATE TABLE IF NOT EXISTS ${named(name)} (\n${columns}\n) ENGINE = ${engine}`;
  const tree = "MergeTree() ORDER BY (eval_name, prompt_id, model)";
  if (cluster === null) return [create(table, tree)];
  const local = `${table}_local`;
  const over = [cluster, database, local].map(quotedText).join(", ");
  return [create(local, tree), create(table, `Distributed(${over}, slot)`)];
}
