import { sha256OfBytes } from "../base/sha256.ts";
import { quotedName } from "../warehouse/sql.ts";
import type { RowBinary } from "../warehouse/row_binary.ts";
import type { WarehouseAddress } from "../warehouse/mod.ts";

/** Where a line stands in the spool. */
export interface LinePlace {
  /** The file, by a name that no other has. */
  readonly spool: string;
  /** Its number in the file, from 0 on. */
  readonly line: number;
  /** Ascends with the time at which the file was begun, then with the number. */
  readonly seq: bigint;
}

type Line = Readonly<Record<string, unknown>>;

/** A column of the table of lines: its type, and how the value of a line is written. */
interface LogColumn {
  readonly name: string;
  readonly type: string;
  readonly write: (into: RowBinary, line: Line, place: LinePlace) => void;
}

function text(name: string, of: (line: Line) => unknown = (line) => line[name]): LogColumn {
  return { name, type: "String", write: (into, line) => into.text(textOf(of(line))) };
}

function number(name: string): LogColumn {
  const write = (into: RowBinary, line: Line): void => {
    const value = line[name] === "Infinity" ? Infinity : line[name];
    into.nullableFloat64(typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : null);
  };
  return { name, type: "Nullable(Float64)", write };
}

function numbers(name: string): LogColumn {
  return { name, type: "Array(Float64)", write: (into, line) => into.float64s(listOf(line[name], Number)) };
}

/** Columns of a request; those of the line's own names. */
const REQUEST: readonly LogColumn[] = [
  ...["request_id", "time", "prompt"].map((name) => text(name)),
  text("prompt_id", promptIdOf),
  { name: "models", type: "Array(String)", write: (into, line) => into.texts(listOf(line.models, String)) },
  ...["predicted_quality", "predicted_cost_usd", "propensities"].map(numbers),
  ...["chosen", "preferred", "arm", "answered_by", "router_sha256", "setting"].map((name) => text(name)),
  ...["willingness_to_pay", "cost_usd", "latency_seconds", "first_token_seconds", "status", "is_complete"].map(number),
  ...["prompt_tokens", "completion_tokens", "is_estimated", "routing_milliseconds"].map(number),
  ...["attempts", "shadow"].map((name) => text(name, (line) => name in line ? JSON.stringify(line[name]) : "")),
];

const LINE: readonly LogColumn[] = [
  ...REQUEST,
  number("quality"),
  { name: "is_feedback", type: "UInt8", write: (into, line) => into.uint8(isFeedback(line) ? 1 : 0) },
  { name: "spool", type: "String", write: (into, _, { spool }) => into.text(spool) },
  { name: "line", type: "UInt64", write: (into, _, { line }) => into.uint64(BigInt(line)) },
  { name: "seq", type: "UInt64", write: (into, _, { seq }) => into.uint64(seq) },
];

/** The names of the columns, as SQL. */
export const LINE_COLUMNS: string = LINE.map(({ name }) => name).join(", ");

/** Writes a line as a row. */
export function writeRow(into: RowBinary, line: Line, place: LinePlace): void {
  for (const { write } of LINE) write(into, line, place);
}

/** The table of lines beside the view that an address names, as SQL. */
export function linesTable({ database, table }: Pick<WarehouseAddress, "database" | "table">): string {
  return `${quotedName(database)}.${quotedName(`${table}_lines`)}`;
}

/**
 * The statements that make the table of lines, and the view of requests with the quality of their last feedback, which
 * the address names and `evaluate --logged` reads.
 */
export function logLayout(address: Pick<WarehouseAddress, "database" | "table">): string[] {
  const lines = linesTable(address);
  const columns = LINE.map(({ name, type }) => `  ${name} ${type}`).join(",\n");
  const requests = REQUEST.map(({ name }) => name).join(", ");
  const judged =
    `SELECT request_id, argMax(assumeNotNull(quality), seq) AS given, 1 AS judged FROM ${lines} WHERE is_feedback = 1 GROUP BY request_id`;
  return [
    `CREATE TABLE IF NOT EXISTS ${lines} (\n${columns}\n) ENGINE = MergeTree() ORDER BY (spool, line)`,
    `CREATE VIEW IF NOT EXISTS ${quotedName(address.database)}.${quotedName(address.table)} AS SELECT ${requests}, ` +
    `if(judged = 1, toNullable(given), NULL) AS quality FROM (SELECT ${requests} FROM ${lines} WHERE is_feedback = 0 AND chosen != '') ` +
    `ANY LEFT JOIN (${judged}) USING request_id`,
  ];
}

/** Feedback has a request's id and its quality, and nothing else. */
function isFeedback(line: Line): boolean {
  return !("time" in line);
}

/** Requests of one prompt have one id, whatever the log keeps of it. */
function promptIdOf(line: Line): unknown {
  if (typeof line.prompt === "string") return sha256OfBytes(line.prompt);
  return line.prompt_sha256 ?? line.request_id;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value).toWellFormed();
}

function listOf<T>(value: unknown, of: (item: unknown) => T): T[] {
  return Array.isArray(value) ? value.map(of) : [];
}
