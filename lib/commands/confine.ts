import { dirname } from "node:path";

/** What a command may do, as Deno's permissions. */
export interface Grants {
  /** Files and folders that may be read. */
  readonly read: readonly string[];
  /** Files and folders that may be written. */
  readonly write: readonly string[];
  /** Hosts that may be reached. */
  readonly net?: readonly string[];
  /** True for native libraries (ONNX Runtime). */
  readonly ffi?: boolean;
  /** Environment variables; all others read as not set. */
  readonly env?: readonly string[];
  /** Facts of the system. */
  readonly sys?: readonly string[];
}

/**
 * True where this process may start any program: it is then the launcher of a confined command, and does nothing else.
 *
 * Which files a command reads and writes is known only when its options are read, and permissions cannot be given to a process that runs. So the task
 * starts a launcher, which reads the options and starts the command itself with the permissions that these options need.
 */
export async function isLauncher(): Promise<boolean> {
  return (await Deno.permissions.query({ name: "run" })).state === "granted";
}

/**
 * Starts a command of this program again with no more permissions than `grants`, and waits for its end.
 *
 * @param entry path of the program's entry
 * @param config path of its deno.json
 * @returns its exit code
 */
export async function runConfined(
  args: readonly string[],
  grants: Grants,
  { entry, config }: { readonly entry: string; readonly config: string },
): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--config", config, ...flagsOf(grants), entry, ...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  return (await statusOf(child)).code;
}

/** Waits for a program's end; whoever stops this one meanwhile means that one. */
export async function statusOf(child: Deno.ChildProcess): Promise<Deno.CommandStatus> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const forward = signals.map((signal) => ({ signal, listener: () => killIfRunning(child, signal) }));
  for (const { signal, listener } of forward) Deno.addSignalListener(signal, listener);
  try {
    return await child.status;
  } finally {
    for (const { signal, listener } of forward) Deno.removeSignalListener(signal, listener);
  }
}

/** The terminal sends Ctrl-C to both: the program may have ended before it is passed on. */
function killIfRunning(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // "already terminated"
  }
}

/** Deno's flags for grants. */
export function flagsOf({ read, write, net = [], ffi = false, env = [], sys = [] }: Grants): string[] {
  const list = (flag: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`--allow-${flag}=${items.join(",")}`];
  return [
    ...[...list("read", read.map(withoutComma)), ...list("write", write.map(needNoComma))],
    ...[...list("net", net), ...list("env", env), ...list("sys", sys)],
    ...(ffi ? ["--allow-ffi"] : []),
    "--ignore-env",
  ];
}

/** A path to be read that a flag can hold: commas part paths there and cannot be escaped, so the nearest folder without one stands for what lies in it. */
function withoutComma(path: string): string {
  let shorter = path;
  while (shorter.includes(",")) shorter = dirname(shorter);
  return shorter;
}

/** A path to be written; to let the folder above it be written too would be more than was asked for. */
function needNoComma(path: string): string {
  if (!path.includes(",")) return path;
  throw new TypeError(
    `Cannot write to "${path}" as a permission cannot name a path with a comma; choose another with --out`,
  );
}
