import { makeEnvironment, NOTEBOOKS, runProgram } from "./environment.ts";

/** Opens JupyterLab at the notebooks, with this checkout's kernel; `args` go to JupyterLab. */
export async function openLab(args: readonly string[], say: (line: string) => void): Promise<void> {
  const jupyter = await makeEnvironment(say);
  // JupyterLab refuses to run as root, as in many containers, unless it is told to.
  const asRoot = Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : [];
  await runProgram(jupyter, ["lab", ...asRoot, ...args], { cwd: NOTEBOOKS });
}
