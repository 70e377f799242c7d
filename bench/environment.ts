import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../lib/commands/jupyter/environment.ts";
import { writeWhole } from "../lib/base/write_whole.ts";

/** The Python in which peers run. */
export interface BenchEnvironment {
  /** Path of its interpreter. */
  readonly python: string;
  /** The versions of the packages that are there, by name. */
  readonly versions: ReadonlyMap<string, string>;
  /** Threads of both sides. */
  readonly threads: number;
}

const FOLDER = fileURLToPath(new URL("../.venv-bench", import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
const PYTHON = join(FOLDER, ...(Deno.build.os === "windows" ? ["Scripts", "python.exe"] : ["bin", "python"]));

/**
 * Makes the virtual environment of the peers from bench/requirements.txt, unless it is there. A package that cannot be installed is left out and
 * named: its peers are then left out too.
 *
 * @throws Error where there is no Python with venv
 */
export async function makeEnvironment(threads: number, say: (line: string) => void): Promise<BenchEnvironment> {
  const text = await Deno.readTextFile(REQUIREMENTS);
  const stamp = join(FOLDER, "made-from.txt");
  if (await Deno.readTextFile(stamp).catch(() => "") !== text) {
    say(
      "Making the virtual environment .venv-bench from bench/requirements.txt, once; some minutes, up to 6 GB with PyTorch.",
    );
    await runProgram("python3", ["-m", "venv", "--clear", FOLDER]);
    // One by one, so that one that is not to be had leaves the others.
    for (const requirement of text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))) {
      await runProgram(PYTHON, ["-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement])
        .catch(
          () => say(`Left out, as it could not be installed: ${requirement}`),
        );
    }
    await writeWhole(stamp, text);
  }
  return { python: PYTHON, versions: await installedVersions(), threads };
}

async function installedVersions(): Promise<Map<string, string>> {
  const { stdout } = await new Deno.Command(PYTHON, {
    args: ["-I", "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
    stderr: "null",
  })
    .output();
  const packages = JSON.parse(new TextDecoder().decode(stdout)) as { name: string; version: string }[];
  return new Map(packages.map(({ name, version }) => [name, version]));
}
