import { sha256Digest } from "../base/sha256.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { RowBinary } from "./row_binary.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { quotedName, select } from "./sql.ts";
import { LOADED_COLUMNS, tableLayout } from "./table_layout.ts";
import { type WarehouseAddress, warehouseAddress } from "./warehouse_address.ts";

/** How a table is loaded. */
export interface LoadWarehouseOptions extends Pick<ConnectionOptions, "password" | "onQuery" | "signal"> {
  /** Makes the table, on one server, where it is not there. Default false. */
  readonly create?: boolean;
  /** About how many rows are sent at a time. Default 50,000. */
  readonly batchRows?: number;
  /** Called after each batch with the rows that are in the table. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was done. */
export interface LoadedRows {
  /** Rows of the outcomes. */
  readonly nRows: number;
  /** Of these, rows that were in the table before. */
  readonly nThere: number;
  /** Of these, rows that were written. */
  readonly nWritten: number;
}

/** Prompts are dealt to so many slots. */
const N_SLOTS = 64;
const BATCH_ROWS = 50_000;
const DOING = "load outcomes";

/** Prompts of one slot that are written together. */
interface Batch {
  readonly slot: number;
  readonly rows: readonly number[];
  /** Decided by what is in it: the same outcomes have the same batches, whatever file they are from. */
  readonly key: bigint;
}

/**
 * Writes outcomes into a table in batches. Repeating it writes nothing twice: a batch is known by its content, and what
 * is there is left out.
 *
 * A batch goes to one shard as a whole (see {@linkcode tableLayout}). Where a shard is away the batch is refused and
 * everything before stays; repeating the call continues. A batch that is there in part, as in a table that is sharded
 * otherwise, is completed row by row.
 *
 * @param address as of {@linkcode warehouseAddress}
 * @throws TypeError where the table has other columns; WarehouseError where the server does not answer or refuses
 */
export async function loadWarehouse(
  address: string,
  outcomes: OutcomeTable,
  { create = false, batchRows = BATCH_ROWS, onProgress, ...options }: LoadWarehouseOptions = {},
): Promise<LoadedRows> {
  const parsed = warehouseAddress(address);
  const connection = new Connection(parsed, options);
  const from = `${quotedName(parsed.database)}.${quotedName(parsed.table)}`;
  if (create) { for (const statement of tableLayout(parsed)) await connection.execute(statement, DOING); }
  await needColumns(connection, parsed, from);
  const counted = select({ columns: { rb_batch: "batch", rb_n: "count()" }, from, groupBy: ["batch"] });
  const there = new Map((await connection.rows(counted, DOING)).map(([key, n]) => [BigInt(key), Number(n)]));
  const m = outcomes.models.length;
  const nRows = outcomes.promptIds.length * m;
  let nThere = 0, nWritten = 0;
  for (const batch of batchesOf(outcomes, Math.max(1, Math.round(batchRows / m)))) {
    const nFound = there.get(batch.key) ?? 0;
    const nInBatch = batch.rows.length * m;
    if (nFound > nInBatch) throw doubled(parsed, nFound, nInBatch);
    const known = nFound > 0 && nFound < nInBatch ? await rowsThere(connection, from, batch) : new Set<string>();
    nThere += nFound;
    if (nFound < nInBatch) {
      options.signal?.throwIfAborted();
      const columns = LOADED_COLUMNS.map(([name]) => name).join(", ");
      await connection.insert(`${from} (${columns})`, bytesOf(outcomes, batch, known), DOING);
      nWritten += nInBatch - nFound;
    }
    onProgress?.(nThere + nWritten, nRows);
  }
  return { nRows, nThere, nWritten };
}

async function needColumns(connection: Connection, { table }: WarehouseAddress, from: string): Promise<void> {
  const described = await connection.rows(`DESCRIBE TABLE ${from}`, DOING);
  const types = new Map(described.map(([name, type]) => [name, type]));
  const wrong = LOADED_COLUMNS.find(([name, type]) => types.get(name) !== type);
  if (wrong === undefined) return;
  throw new TypeError(
    `Cannot ${DOING} as the table "${table}" must have a column ${wrong[0]} of type ${wrong[1]}: ${
      types.has(wrong[0]) ? `its type is ${types.get(wrong[0])}` : "there is none"
    }; deno task warehouse layout prints the statements that make such a table`,
  );
}

function doubled({ table }: WarehouseAddress, nFound: number, nInBatch: number): RangeError {
  return new RangeError(
    `Cannot ${DOING} as the table "${table}" must have no row twice: a batch of ${nInBatch} rows has ${nFound} there; empty the table and load again`,
  );
}

/** The batches in an order that depends on the outcomes alone. */
function* batchesOf(outcomes: OutcomeTable, batchPrompts: number): Generator<Batch> {
  const slots: number[][] = Array.from({ length: N_SLOTS }, () => []);
  const batch = (slot: number): Batch => ({ slot, rows: slots[slot], key: keyOf(outcomes, slots[slot]) });
  for (const [row, id] of outcomes.promptIds.entries()) {
    const slot = slotOf(id);
    slots[slot].push(row);
    if (slots[slot].length < batchPrompts) continue;
    yield batch(slot);
    slots[slot] = [];
  }
  for (const [slot, rows] of slots.entries()) if (rows.length > 0) yield batch(slot);
}

/** FNV-1a of the id's UTF-16. */
function slotOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % N_SLOTS;
}

function keyOf(outcomes: OutcomeTable, rows: readonly number[]): bigint {
  return sha256Digest(contentsOf(outcomes, rows)).readBigUInt64LE();
}

/** All that is in some rows. */
function* contentsOf(
  { models, promptIds, evalNames, quality, costUsd }: OutcomeTable,
  rows: readonly number[],
): Generator<Uint8Array | string> {
  const m = models.length;
  yield JSON.stringify(models);
  for (const row of rows) {
    yield JSON.stringify([promptIds[row], evalNames[row]]);
    for (const values of [quality, costUsd]) {
      const cells = values.subarray(row * m, (row + 1) * m);
      yield new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
    }
  }
}

/** The rows of a batch that are in the table, as {@linkcode rowKey}. */
async function rowsThere(connection: Connection, from: string, { key }: Batch): Promise<ReadonlySet<string>> {
  const columns = { rb_prompt: "prompt_id", rb_model: "model" };
  const rows = await connection.rows(select({ columns, from, where: [`batch = toUInt64('${key}')`] }), DOING);
  return new Set(rows.map(([prompt, model]) => rowKey(prompt, model)));
}

function rowKey(promptId: string, model: string): string {
  return JSON.stringify([promptId, model]);
}

function bytesOf(
  outcomes: OutcomeTable,
  { slot, rows, key }: Batch,
  known: ReadonlySet<string>,
): Uint8Array<ArrayBuffer> {
  const { models, promptIds, evalNames, quality, costUsd, latencySeconds } = outcomes;
  const binary = new RowBinary();
  for (const row of rows) {
    for (const [j, model] of models.entries()) {
      if (known.size > 0 && known.has(rowKey(promptIds[row], model))) continue;
      const at = row * models.length + j;
      binary.uint16(slot);
      binary.uint64(key);
      binary.text(evalNames[row]);
      binary.text(promptIds[row]);
      binary.text(model);
      binary.float64(quality[at]);
      binary.float64(costUsd[at]);
      binary.nullableFloat64(latencySeconds === null ? null : latencySeconds[at]);
    }
  }
  return binary.bytes();
}
