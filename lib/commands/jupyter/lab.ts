import type { Command } from "../command.ts";
import { makeEnvironment, NOTEBOOKS, runProgram } from "./environment.ts";

/** `deno task lab`. */
export const LAB: Command = {
  name: "lab",
  summary: "Opens JupyterLab at the notebooks, with this checkout's Deno as the kernel.",
  word: { name: "OPTION", says: "options of JupyterLab; deno task lab --help-all lists them", times: "any" },
  options: {},
  isOpen: true,
  notes: "The first run makes .venv from requirements.txt, which takes a minute. Ctrl-C ends it.",
  example: "--no-browser --port 8890",
  run: (input, _folders, print) => openLab(input.words, print),
};

/** Opens JupyterLab at the notebooks, with this checkout's kernel; `args` go to JupyterLab. */
async function openLab(args: readonly string[], say: (line: string) => void): Promise<void> {
  const jupyter = await makeEnvironment(say);
  // JupyterLab refuses to run as root, as in many containers, unless it is told to.
  const asRoot = Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : [];
  await runProgram(jupyter, ["lab", ...asRoot, ...args], { cwd: NOTEBOOKS });
}
