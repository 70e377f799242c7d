import { join } from "node:path";
import { NOTEBOOKS, runProgram } from "./environment.ts";
import { codeCells, notebookNames, readNotebook, sourceOf } from "./notebook_file.ts";

/** Greatest number of lines of a cell; logic belongs into the library. */
const MOST_LINES = 10;

/**
 * Checks types and format of the notebooks' code, which `deno check` does not read: joins each one's cells into a
 * module beside it and checks that.
 *
 * @throws Error where a cell is too long, a notebook keeps outputs, a type is wrong or code is not formatted
 */
async function checkNotebooks(): Promise<void> {
  const modules: string[] = [];
  try {
    for (const name of await notebookNames(NOTEBOOKS)) {
      const cells = codeCells(await readNotebook(NOTEBOOKS, name));
      cells.forEach((cell, at) => {
        const nLines = sourceOf(cell).split("\n").length;
        if (nLines > MOST_LINES) {
          throw new Error(
            `Cannot accept "${name}" as cells have at most ${MOST_LINES} lines: code cell ${
              at + 1
            } has ${nLines}; move logic into lib`,
          );
        }
        if ((cell.outputs ?? []).length > 0) {
          throw new Error(
            `Cannot accept "${name}" as notebooks are kept without outputs: code cell ${at + 1} has some; clear them`,
          );
        }
      });
      const path = join(NOTEBOOKS, name.replace(/\.ipynb$/, ".notebook.ts"));
      await Deno.writeTextFile(
        path,
        cells.map((cell, at) => `// code cell ${at + 1}\n${sourceOf(cell)}\n`).join("\n") + "\nexport {};\n",
      );
      modules.push(path);
    }
    // `deno fmt --check` refuses notebooks that it has just formatted, but not their code.
    // Cells are wider than code in lib, as they are short and hold tables.
    await runProgram(Deno.execPath(), ["fmt", "--check", "--quiet", "--line-width", "140", ...modules]);
    await runProgram(Deno.execPath(), ["check", "--quiet", ...modules]);
  } finally {
    for (const path of modules) await Deno.remove(path);
  }
}

if (import.meta.main) await checkNotebooks();
