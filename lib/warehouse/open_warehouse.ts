import { type FoundColumns, type WarehouseColumns, warehouseColumns } from "./_warehouse_columns.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { quotedName, quotedText, select } from "./sql.ts";
import { warehouseAddress } from "./warehouse_address.ts";

/** How a warehouse is opened. */
export interface WarehouseOptions extends ConnectionOptions {
  /** Names of columns, where the conventions do not find them. */
  readonly columns?: WarehouseColumns;
  /** Only rows with these values in these columns are read. */
  readonly where?: Readonly<Record<string, string>>;
}

/** A table of outcomes that stays where it is. */
export interface Warehouse {
  /** The connection. */
  readonly connection: Connection;
  /** Its columns. */
  readonly columns: FoundColumns;
  /** Database and table, as SQL. */
  readonly from: string;
  /** Conditions on rows, as SQL. */
  readonly where: readonly string[];
  /** The models, in the order of their names. */
  readonly models: readonly string[];
  /** What aliases begin with where a query reads the table itself: no column does, so that no alias hides one. */
  readonly prefix: string;
  /** The server's version. */
  readonly version: string;
}

/** Servers before it have other functions than those that are used. */
const OLDEST: readonly [major: number, minor: number] = [18, 16];
/** Choices are written out model by model. */
const MOST_MODELS = 2000;

/**
 * Opens a table of outcomes in ClickHouse. One row is one response: prompt id, model, quality, cost; an evaluation's
 * name, a router's predictions, the prompt's vector, the probability of the choice where they are there. Columns are
 * found by the names that files have, or named in
 * `columns`.
 *
 * Nothing is written: all queries have the setting `readonly`. Only sums come back, never rows of the table.
 *
 * @param address as of {@linkcode warehouseAddress}
 * @throws TypeError where the address or a column is wrong; WarehouseError where the server does not answer, refuses,
 * or is too old
 * @example
 * ```ts
 * import { openWarehouse, WarehouseError } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * await assert.rejects(openWarehouse("clickhouse://127.0.0.1:1/router/outcomes"), WarehouseError);
 * ```
 */
export async function openWarehouse(address: string, options: WarehouseOptions = {}): Promise<Warehouse> {
  const { columns: named = {}, where = {}, ...connectionOptions } = options;
  const parsed = warehouseAddress(address);
  const connection = new Connection(parsed, connectionOptions);
  const from = `${quotedName(parsed.database)}.${quotedName(parsed.table)}`;
  const doing = `open the table "${parsed.table}"`;
  const version = await versionOf(connection, doing);
  const described = (await connection.rows(`DESCRIBE TABLE ${from}`, doing)).map(([name, type]) => ({ name, type }));
  const columns = warehouseColumns(described, named, parsed.table);
  for (const name of Object.keys(where)) {
    if (!described.some((column) => column.name === name)) {
      throw new TypeError(
        `Cannot read the table "${parsed.table}" as --where must name its columns: "${name}" is none`,
      );
    }
  }
  const conditions = Object.entries(where).map(([name, value]) =>
    `toString(${quotedName(name)}) = ${quotedText(value)}`
  );
  const prefix = prefixBeside(described.map(({ name }) => name));
  const models = await modelsOf(connection, { columns, from, where: conditions, prefix }, doing);
  return { connection, columns, from, where: conditions, models, prefix, version };
}

/** What no name begins with. */
function prefixBeside(names: readonly string[]): string {
  let prefix = "rb_";
  while (names.some((name) => name.startsWith(prefix))) prefix += "_";
  return prefix;
}

async function versionOf(connection: Connection, doing: string): Promise<string> {
  const [[version]] = await connection.rows("SELECT version()", doing);
  const [major, minor] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return version;
  throw new TypeError(
    `Cannot ${doing} as the server must be ClickHouse ${
      OLDEST.join(".")
    } or newer: it is ${version}; bring it up to date`,
  );
}

async function modelsOf(
  connection: Connection,
  { columns, from, where, prefix }: Pick<Warehouse, "columns" | "from" | "where" | "prefix">,
  doing: string,
): Promise<string[]> {
  const model = `${prefix}model`;
  const names = { [model]: `toString(${quotedName(columns.model!.name)})` };
  const sql = select({ columns: names, from, where, groupBy: [model], orderBy: [model] });
  const rows = await connection.rows(`${sql}\nLIMIT ${MOST_MODELS + 1}`, doing);
  if (rows.length === 0) {
    throw new RangeError(
      `Cannot ${doing} as it must have rows: there are none${where.length > 0 ? " where asked" : ""}`,
    );
  }
  if (rows.length > MOST_MODELS) {
    throw new RangeError(
      `Cannot ${doing} as it must have at most ${MOST_MODELS} models: it has more; is "${
        columns.model!.name
      }" the model? Name it by --columns model=COLUMN`,
    );
  }
  return rows.map(([name]) => name);
}
