import { suggestion } from "../base/suggestion.ts";

/** What an address of a table begins with. */
export const WAREHOUSE_SCHEME = "clickhouse:";

/** Where a table is. */
export interface WarehouseAddress {
  /** The server's HTTP interface, such as `http://127.0.0.1:8123`. */
  readonly url: string;
  /** Host and port, for permissions. */
  readonly host: string;
  /** The user. */
  readonly user: string;
  /** The environment variable that holds the user's password. */
  readonly passwordEnv: string;
  /** The database. */
  readonly database: string;
  /** The table. */
  readonly table: string;
  /**
   * True where all rows of a prompt lie on one shard, so that shards need not exchange them. What a `Distributed` table
   * promises by its sharding key;
   * `false` is right for any table.
   */
  readonly isSharded: boolean;
}

/** The environment variable of the password where the address names none. */
export const PASSWORD_ENV = "CLICKHOUSE_PASSWORD";

const PARAMETERS = ["secure", "password_env", "sharded_by_prompt"] as const;
const FORM = "clickhouse://USER@HOST:8123/DATABASE/TABLE";

/** Whether a word of a command is the address of a table in a warehouse. */
export function isWarehouseAddress(word: string | undefined): word is string {
  return word?.startsWith(WAREHOUSE_SCHEME) === true;
}

/**
 * Reads an address: `clickhouse://USER@HOST:8123/DATABASE/TABLE`, the port being that of HTTP, signs in names written
 * as in URLs (`%2F`).
 *
 * After a `?` may stand `secure=true` (HTTPS, port 8443), `password_env=NAME` (default `CLICKHOUSE_PASSWORD`), and
 * `sharded_by_prompt=true`.
 *
 * @throws TypeError where it is of another form, or has a password in it
 * @example
 * ```ts
 * import { warehouseAddress } from "./warehouse_address.ts";
 * import assert from "node:assert/strict";
 *
 * const { url, database, table, user } = warehouseAddress("clickhouse://127.0.0.1/router/outcomes");
 * assert.deepEqual([url, database, table, user], ["http://127.0.0.1:8123", "router", "outcomes", "default"]);
 * ```
 */
export function warehouseAddress(text: string): WarehouseAddress {
  const url = parsed(text);
  if (url.password !== "") {
    throw refused("a password must not stand in it", `leave it out and set the environment variable ${PASSWORD_ENV}`);
  }
  const names = url.pathname.split("/").slice(1).map(decoded);
  if (url.hostname === "" || names.length !== 2 || names.includes("")) {
    throw refused(`it must be ${FORM}: it is "${text}"`, "write a / in a name as %2F");
  }
  for (const name of url.searchParams.keys()) {
    if (!(PARAMETERS as readonly string[]).includes(name)) {
      throw refused(`after ? it knows ${PARAMETERS.join(", ")}: "${name}" is none${suggestion(name, PARAMETERS, "")}`);
    }
  }
  const isSecure = switchOf(url, "secure");
  const host = `${url.hostname}:${url.port === "" ? (isSecure ? 8443 : 8123) : url.port}`;
  return {
    url: `${isSecure ? "https" : "http"}://${host}`,
    host,
    user: url.username === "" ? "default" : decoded(url.username),
    passwordEnv: url.searchParams.get("password_env") ?? PASSWORD_ENV,
    database: names[0],
    table: names[1],
    isSharded: switchOf(url, "sharded_by_prompt"),
  };
}

function parsed(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === WAREHOUSE_SCHEME) return url;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw refused(`it must be ${FORM}: it is "${text}"`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw refused(`signs in names must be written as in URLs: "${part}" is not`, "write a % as %25");
  }
}

function switchOf(url: URL, name: string): boolean {
  const value = url.searchParams.get(name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw refused(`${name} must be true or false: it is "${value}"`);
}

function refused(reason: string, remedy?: string): TypeError {
  return new TypeError(
    `Cannot read the address of a table as ${reason}${remedy === undefined ? "" : `; ${remedy}`}`,
  );
}
