import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { statusOf } from "../confine.ts";
import { writeWhole } from "../../base/write_whole.ts";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The folder of notebooks. */
export const NOTEBOOKS = join(ROOT, "notebooks");
const VENV = join(ROOT, ".venv");
const BIN = join(VENV, Deno.build.os === "windows" ? "Scripts" : "bin");

/**
 * Makes the virtual environment of the notebooks from requirements.txt, unless it is there, and registers this Deno as
 * its kernel.
 *
 * @returns the path of its `jupyter`
 * @throws Error where Python or a package is missing
 */
export async function makeEnvironment(say: (line: string) => void): Promise<string> {
  const wanted = await Deno.readTextFile(join(ROOT, "requirements.txt"));
  const stamp = join(VENV, "made-from.txt");
  if (await Deno.readTextFile(stamp).catch(() => "") !== wanted) {
    say("Making the virtual environment .venv from requirements.txt, once; about a minute.");
    await runProgram("python3", ["-I", "-m", "venv", "--clear", VENV]);
    const pip = ["-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await runProgram(join(BIN, "python"), [...pip, "-r", join(ROOT, "requirements.txt")]);
    await writeWhole(stamp, wanted);
  }
  await registerKernel();
  await keepQuiet();
  return join(BIN, "jupyter");
}

/** Runs a program to its end, its output shown; a status other than 0 is an error. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<void> {
  const child = new Deno.Command(program, { args: [...args], ...options });
  const { code } = await statusOf(spawned(child, program));
  if (code !== 0) {
    throw new Error(
      `Cannot run "${program} ${args.join(" ")}" as its exit status must be 0: it was ${code}; its output is above`,
    );
  }
}

function spawned(command: Deno.Command, program: string): Deno.ChildProcess {
  try {
    return command.spawn();
  } catch (cause) {
    throw new Error(
      `Cannot run "${program}" as the program must be installed: it was not found; install Python 3.10 or later with venv and pip`,
      { cause },
    );
  }
}

/** Writes the kernelspec into the environment, never into the user's home; each time, as Deno's path may change. */
async function registerKernel(): Promise<void> {
  const folder = join(VENV, "share", "jupyter", "kernels", "deno");
  await Deno.mkdir(folder, { recursive: true });
  const spec = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    // Without this the stop button kills the kernel.
    interrupt_mode: "message",
    env: { NO_COLOR: "1", ORT_DISABLE_TELEMETRY: "1" },
  };
  await writeWhole(join(folder, "kernel.json"), JSON.stringify(spec, null, 2) + "\n");
}

/** Keeps JupyterLab from asking over the network for news and updates, and from showing that over the notebook. */
async function keepQuiet(): Promise<void> {
  const folder = join(VENV, "share", "jupyter", "lab", "settings");
  await Deno.mkdir(folder, { recursive: true });
  const settings = { "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" } };
  await writeWhole(join(folder, "overrides.json"), JSON.stringify(settings, null, 2) + "\n");
}
