import type { WarehouseColumns } from "../warehouse/mod.ts";
import { WAREHOUSE_FIELDS, warehouseAddress, type WarehouseOptions } from "../warehouse/mod.ts";
import type { Access } from "./command.ts";
import { type CommandInput, COUNT, numberOption, type OptionSpec } from "./command_options.ts";
import { ROUTER_VARIABLES } from "./saved_router.ts";
import { pairsOf } from "./table_options.ts";

/** How a table in a warehouse is named. */
export const WAREHOUSE_NOTES =
  "FILE may be a table in ClickHouse: clickhouse://USER@HOST:8123/DATABASE/TABLE, one row a response. It stays there, " +
  "only sums are read. Its routers: predicted (columns predicted_quality, predicted_cost_usd), evaluation, cascade, and " +
  "linear and group (column vector, Array(Float32); for them the vectors of at most 200,000 prompts are read). The " +
  "password is in the environment variable CLICKHOUSE_PASSWORD; see deno task warehouse --help.";

/** Options that only a table in a warehouse has. */
export const LIMIT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  "dry-run": {
    says: "of a table in a warehouse: prints the SQL that would be sent, and sends none that reads outcomes",
  },
  "max-seconds": { value: "N", says: "of a table in a warehouse: seconds that all queries may take together" },
  "max-bytes": { value: "N", says: "of a table in a warehouse: bytes that one query may read on one server" },
};

/** Variables that jsdom asks for, as in deno.json. */
const JSDOM_VARIABLES = ["UNDICI_NO_WASM_SIMD", "UNDICI_USE_MILO"];
/** Signals that end a program, and its exit codes then. */
const INTERRUPTS: readonly (readonly [signal: Deno.Signal, exitCode: number])[] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143]];

/** The options for opening a table in a warehouse; the password comes from the environment. */
export function warehouseOptionsOf(input: CommandInput): WarehouseOptions {
  const columns = pairsOf(input, "columns", { form: "FIELD=COLUMN,…", begins: WAREHOUSE_FIELDS });
  const odd = columns?.find(([field]) => !(WAREHOUSE_FIELDS as readonly string[]).includes(field));
  if (odd !== undefined) {
    throw new TypeError(
      `Cannot read the options as --columns must name fields of a table in a warehouse: "${odd[0]}" is none; they are ${
        WAREHOUSE_FIELDS.join(", ")
      }`,
    );
  }
  const where = pairsOf(input, "where", { form: "COLUMN=VALUE" });
  return {
    password: passwordOf(input.words[0]),
    ...(columns === null ? {} : { columns: Object.fromEntries(columns) as WarehouseColumns }),
    ...(where === null ? {} : { where: Object.fromEntries(where) }),
    ...(input.isOn("max-seconds") ? { maxSeconds: numberOption(input, "max-seconds", COUNT) } : {}),
    ...(input.isOn("max-bytes") ? { maxBytes: numberOption(input, "max-bytes", COUNT) } : {}),
  };
}

/** Where a command with an address may reach: the server, the password's variable, and those that packages ask for. */
export function reachOf(address: string): Pick<Access, "net" | "env"> {
  const { host, passwordEnv } = warehouseAddress(address);
  return { net: [host], env: [...ROUTER_VARIABLES, ...JSDOM_VARIABLES, passwordEnv] };
}

/** The password of an address: the value of the variable that it names. */
export function passwordOf(address: string): string {
  return Deno.env.get(warehouseAddress(address).passwordEnv) ?? "";
}

/**
 * Refuses options that would have no effect on outcomes of which only sums are in memory.
 *
 * @param options `known`: all options of the command; `taken`: those with an effect; `what`: where the outcomes are
 * @throws TypeError where another one is given
 */
export function needTakenBySums(
  input: CommandInput,
  { known, taken, what }: {
    readonly known: readonly string[];
    readonly taken: readonly string[];
    readonly what: string;
  },
): void {
  const odd = known.find((name) => input.isOn(name) && !taken.includes(name));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot read the options as --${odd} has no effect on ${what}; leave it out (it takes ${
      taken.map((name) => `--${name}`).join(", ")
    })`,
  );
}

/**
 * Refuses, for a table in a file, options that only a table in a warehouse has.
 *
 * @throws TypeError where one is given
 */
export function needNoLimits(input: CommandInput): void {
  const odd = Object.keys(LIMIT_OPTIONS).find((name) => input.isOn(name));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot read the options as --${odd} is for a table in a warehouse: "${input.words[0]}" is a file`,
  );
}

/** After an interrupt, so many milliseconds are left for the server to end what runs. */
const LEFT_FOR_SERVER = 2000;

/**
 * Does work whose queries an interrupt ends on the server too.
 *
 * @param work gives the signal to its connection
 */
export async function cancelledByInterrupt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  const listeners = INTERRUPTS.map(([signal, exitCode]) => ({
    signal,
    listener: (): void => {
      abort.abort(exitCode);
      setTimeout(() => Deno.exit(exitCode), LEFT_FOR_SERVER);
    },
  }));
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  try {
    await work(abort.signal);
  } catch (error) {
    if (abort.signal.aborted) Deno.exit(abort.signal.reason);
    throw error;
  } finally {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  }
}
