import { basename, dirname, join, relative, resolve } from "node:path";
import { claimFolder } from "../base/claim_folder.ts";
import type { Access } from "./command.ts";

/** The argument by which a confined process learns the process that started it. */
const STARTED_BY = "--started-by=";

/**
 * Starts a command of this program in a process of its own, and waits for its end.
 *
 * A running process cannot get further permissions, and the files of a command are known only from its options. So each
 * task starts this launcher. The command then has its set of permissions in deno.json, and access to the files that its
 * options name.
 *
 * @param args the command's name and arguments
 * @param entry path of the program's entry
 * @param config path of its deno.json
 * @returns its exit code
 * @throws Error where the folder for results cannot be written or another run has it; TypeError where a permission
 * cannot name a path
 */
export async function runConfined(
  args: readonly string[],
  access: Access,
  { entry, config }: { readonly entry: string; readonly config: string },
): Promise<number> {
  const flags = flagsOf(access);
  const results = access.out ? await claimFolder(access.out, { isShared: access.isShared }) : null;
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-prompt", "--config", config, `-P=${args[0]}`, ...flags],
        ...[entry, `${STARTED_BY}${Deno.pid}`, ...args],
      ],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    return (await statusOf(child)).code;
  } finally {
    results?.release();
  }
}

/** The process that started this one (`null` where it is not confined), and the user's arguments. */
export function startedBy(
  [first, ...rest]: readonly string[],
): { readonly pid: number | null; readonly args: string[] } {
  if (first?.startsWith(STARTED_BY)) return { pid: Number(first.slice(STARTED_BY.length)), args: rest };
  return { pid: null, args: first === undefined ? [] : [first, ...rest] };
}

/** Waits for the end of a child process. Forwards signals to it meanwhile. */
export async function statusOf(child: Deno.ChildProcess): Promise<Deno.CommandStatus> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = signals.map((signal) => ({ signal, listener: () => killIfRunning(child, signal) }));
  for (const { signal, listener } of forward) Deno.addSignalListener(signal, listener);
  try {
    return await child.status;
  } finally {
    for (const { signal, listener } of forward) Deno.removeSignalListener(signal, listener);
  }
}

/** The terminal sends Ctrl-C to both processes: the child may have ended before the signal is forwarded. */
function killIfRunning(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // "already terminated"
  }
}

/** Deno's flags for the access that the options name; each replaces its kind in the command's set of permissions. */
export function flagsOf({ read, write, out = null, net = [], run = [], env = [] }: Access): string[] {
  const results = out === null ? [] : [out];
  return [
    ...listFlag("--allow-read", pathsOf([...read, ...write, ...results])),
    ...listFlag("--allow-write", pathsOf([...write, ...results])),
    ...listFlag("--allow-net", net),
    ...listFlag("--allow-run", run),
    ...listFlag("--allow-env", env),
  ];
}

function listFlag(flag: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${flag}=${items.join(",")}`];
}

/** Paths as the user names them and, where they are links, their targets: Deno checks both. */
function pathsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => [path, realPath(path)].map(withoutComma)))];
}

/** The path without symbolic links; parts that are not there yet stay as they are. */
function realPath(path: string): string {
  try {
    const real = Deno.realPathSync(path);
    return real === resolve(path) ? path : real;
  } catch (error) {
    const parent = dirname(path);
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) return path;
    if (parent === path) return path;
    const real = realPath(parent);
    return real === parent ? path : join(real, basename(path));
  }
}

/** Refuses paths with commas, even in the folders above: in Deno's flags a comma separates two paths. */
function withoutComma(path: string): string {
  const shorter = path.includes(",") ? relative(Deno.cwd(), path) : path;
  if (!shorter.includes(",")) return shorter;
  throw new TypeError(
    `Cannot use "${path}" as a permission cannot name a path with a comma; rename the file or folder, or copy it elsewhere`,
  );
}
