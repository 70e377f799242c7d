import { join } from "node:path";
import { type LogSink, RequestLog } from "../serve/request_log.ts";
import { WarehouseLog } from "../serve/warehouse_log.ts";
import { isWarehouseAddress } from "../warehouse/warehouse_address.ts";
import type { Access } from "./command.ts";
import type { CommandInput, OptionSpec } from "./command_options.ts";
import { passwordOf, reachOf } from "./warehouse_options.ts";

/** Where the log goes, or waits for ClickHouse. */
const LOG_FOLDER = join("results", "serve");

/** The options for a log of requests. */
export const LOG_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  "log": {
    value: "FOLDER",
    says:
      "where the log goes: a folder, or a table in ClickHouse, clickhouse://USER@HOST:8123/DATABASE/TABLE, which is made; " +
      "lines then wait in the folder of --spool while the server is away",
    default: LOG_FOLDER,
  },
  "spool": { value: "FOLDER", says: `of a log in ClickHouse: where lines wait. Default: ${LOG_FOLDER}` },
};

/** Where a log goes. */
export interface LogPlace {
  /** Its folder; of a log in ClickHouse the one in which lines wait. */
  readonly folder: string;
  /** The address of its table; `null` where it is a folder. */
  readonly address: string | null;
  /** What writing to that table needs; `null` where it is a folder. */
  readonly reach: Pick<Access, "net" | "env"> | null;
}

/**
 * Where the options put the log.
 *
 * @throws TypeError for an address that is none, and for --spool beside a folder
 */
export function logOf(input: CommandInput): LogPlace {
  const log = input.text("log")!;
  const spool = input.text("spool");
  if (isWarehouseAddress(log)) return { folder: spool ?? LOG_FOLDER, address: log, reach: reachOf(log) };
  if (spool === null) return { folder: log, address: null, reach: null };
  throw new TypeError(`Cannot read the options as --spool is for a log in ClickHouse: --log is "${log}"; leave it out`);
}

/** Opens it. */
export function openLog({ folder, address }: LogPlace, onError: (error: unknown) => void): Promise<LogSink> {
  return address === null
    ? RequestLog.open({ folder, onError })
    : WarehouseLog.open(address, { folder, password: passwordOf(address), onError });
}
