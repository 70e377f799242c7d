import { ClickHouseError } from "@clickhouse/client-web";
import type { WarehouseAddress } from "./warehouse_address.ts";

/** What the server's error codes mean for a user; `{}` stands for what the server said. */
const BY_CODE: Readonly<Record<string, (address: WarehouseAddress) => string>> = {
  "47": () => "a column must be there: {}; name the columns by --columns",
  "16": () => "a column must be there: {}; name the columns by --columns",
  "60": ({ database, table }) =>
    `the table must be there: there is no "${table}" in "${database}"; see SHOW TABLES, or make it by deno task warehouse load FILE --create`,
  "81": ({ database }) => `the database must be there: there is no "${database}"; see SHOW DATABASES`,
  "158": () => "the limit of rows was reached: {}",
  "159": () => "the limit of seconds was reached: {}; raise --max-seconds, or read less by --where or --eval",
  "160": () => "it would take longer than the limit of seconds: {}; raise --max-seconds, or read less by --where",
  "164": ({ user }) => `the user "${user}" may only read: {}; take a user who may write`,
  "190": () => "all vectors must have the same length: {}",
  "192": ({ user }) => `the server must know the user: "${user}" is unknown; write USER@ before the host`,
  "193": (address) => wrongPassword(address),
  "194": (address) => wrongPassword(address),
  "516": (address) => wrongPassword(address),
  "241": () =>
    "the server's memory was not enough: {}; read less by --where or --eval, or raise max_memory_usage there",
  "279": () => "every shard must answer: {}; start the shard again, then repeat the command",
  "209": () => "every shard must answer: {}; start the shard again, then repeat the command",
  "210": () => "every shard must answer: {}; start the shard again, then repeat the command",
  "32": () => "every shard must answer: {}; start the shard again, then repeat the command",
  "307": () => "the limit of bytes was reached: {}; raise --max-bytes, or read less by --where or --eval",
  "394": () => "it was cancelled",
  "497": ({ user }) => `the user "${user}" must have the right to do it: {}`,
};

function wrongPassword({ user, passwordEnv }: WarehouseAddress): string {
  return `the password of "${user}" must be right: the server refuses it; set the environment variable ${passwordEnv}`;
}

/** What went wrong at the server, in this project's form. */
export class WarehouseError extends Error {
  /** The server's code; `null` where the server did not answer. */
  readonly code: string | null;

  /** An error of a server. */
  constructor(message: string, { code, cause }: { readonly code: string | null; readonly cause?: unknown }) {
    super(message, { cause });
    this.name = "WarehouseError";
    this.code = code;
  }
}

/** An error of the client as one of ours. */
export function serverError(cause: unknown, doing: string, address: WarehouseAddress): WarehouseError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const { code, said } = saidBy(cause, text);
  if (code === null) {
    return new WarehouseError(
      `Cannot ${doing} as the server at ${address.host} must answer: ${said}; is the host right, the port that of HTTP (8123), and the server running?`,
      { code, cause },
    );
  }
  const reason = BY_CODE[code]?.(address) ?? `the server refuses: {} (code ${code})`;
  return new WarehouseError(`Cannot ${doing} as ${reason.replace("{}", () => said)}`, { code, cause });
}

/**
 * The code and the first sentence; servers of 2018 write `Code: 60, e.displayText() = DB::Exception: …, e.what() = …`.
 */
function saidBy(cause: unknown, text: string): { readonly code: string | null; readonly said: string } {
  if (cause instanceof ClickHouseError) return { code: cause.code, said: shortened(text) };
  const old = text.match(/Code: (\d+)[.,]?\s*(?:e\.displayText\(\) = )?(?:DB::\w*Exception: )?([\s\S]*)/);
  if (old !== null) return { code: old[1], said: shortened(old[2].replace(/,? ?e\.what\(\) = [\s\S]*$/, "")) };
  return { code: null, said: shortened(text) };
}

const MOST_SAID = 400;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll(/DB::\w*Exception: /g, "").trim().replace(/\.$/, "");
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)} …` : line;
}
