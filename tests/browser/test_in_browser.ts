/**
 * Runs every notebook in JupyterLab, in Chromium, as a user would, and reads what is on the page: `deno task test:browser`.
 *
 * Options: `--chromium PATH` names another browser; names of notebooks run only those.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NOTEBOOKS, ROOT } from "../../lib/commands/jupyter/environment.ts";
import { notebookNames } from "../../lib/commands/jupyter/notebook_file.ts";
import { findChromium } from "./_chromium.ts";
import { type LabInBrowser, withLab } from "./_lab_in_browser.ts";
import { drawnFigures, errorsIn, hoverText, runAll, runCell, waitForOutput } from "./_notebook_page.ts";

const SCREENSHOTS = join(ROOT, "results", "browser");
const RUN_MS = 300_000;

function say(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

async function notebookDraws(lab: LabInBrowser, name: string): Promise<void> {
  const page = await lab.open(name);
  const start = performance.now();
  try {
    await runAll(page, RUN_MS);
    assert.deepEqual(await errorsIn(page), [], `${name} shows errors`);
    const figures = await drawnFigures(page);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    assert.ok(figures.length > 0, `${name} draws no figure`);
    for (const { title, traces } of figures) {
      assert.ok(
        title !== "" && traces.some((trace) => trace !== ""),
        `${name}: a figure has no title or no named trace: ${title} [${traces}]`,
      );
    }
    const text = await hoverText(page, 0);
    assert.match(text, /\d/, `${name}: no hover text with numbers over a point of "${figures[0].title}": "${text}"`);
    await page.screenshot({ path: join(SCREENSHOTS, name.replace(/ipynb$/, "png")) });
    assert.deepEqual(await errorsIn(page), [], `${name} shows errors`);
    say(`${name}: ${figures.length} figures, ${seconds} s; hover: ${text.slice(0, 90)}`);
    for (const { title, traces } of figures) say(`  ${title}: ${traces.filter((trace) => trace !== "").join(", ")}`);
  } finally {
    await page.close();
    await lab.endKernels();
  }
}

/** The stop button, and the errors that no cell awaits. */
async function kernelBehaves(lab: LabInBrowser): Promise<void> {
  const page = await lab.open("01_quick_start.ipynb");
  try {
    await runCell(page, 0, 'import { show } from "routerbench";\nconst kept = 41;\nawait show([{ is: "ready" }]);');
    await waitForOutput(page, 0, "ready");
    await runCell(page, 1, "for (;;) {}");
    await page.waitForTimeout(2000);
    assert.match(
      await page.locator(".jp-CodeCell").nth(1).locator(".jp-InputPrompt").innerText(),
      /\[\*\]/,
      "the long cell runs",
    );
    await page.click(
      "[data-jp-item-name='interrupt'] button, jp-button[data-command='notebook:interrupt-kernel'], [data-command='notebook:interrupt-kernel']",
    );
    await page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").waitFor({ timeout: 30_000 });
    await runCell(page, 2, "await show([{ after: `stopped, kept ${kept + 1}` }]);");
    await waitForOutput(page, 2, "stopped, kept 42");
    say("The stop button ends a long cell; the kernel keeps its values.");
    await runCell(page, 2, 'Promise.reject(new Error("nobody awaited this"));\nawait show([{ rejection: "made" }]);');
    await waitForOutput(page, 2, "nobody awaited this");
    await runCell(
      page,
      2,
      'setTimeout(() => {\n  throw new Error("thrown after the cell");\n}, 500);\nawait show([{ throwing: "later" }]);',
    );
    await waitForOutput(page, 2, "thrown after the cell");
    assert.deepEqual(await errorsIn(page), [], "no cell threw so far");
    await runCell(page, 2, 'throw new Error("thrown by the cell");');
    await waitForOutput(page, 2, "thrown by the cell");
    assert.equal((await errorsIn(page)).length, 1, "an error of a cell is found in the page");
    await runCell(page, 2, 'await show([{ after: "still usable" }]);');
    await waitForOutput(page, 2, "still usable");
    say("An unhandled rejection, a late throw and a cell's own error show; the kernel stays usable.");
    await page.screenshot({ path: join(SCREENSHOTS, "kernel.png") });
  } finally {
    await page.close();
    await lab.endKernels();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { chromium: { type: "string", default: "chromium" } },
    allowPositionals: true,
  });
  const chromium = await findChromium(values.chromium);
  if (chromium === null) {
    say(
      `Cannot test in a browser as Chromium must be installed: "${values.chromium}" was not found; install it, or name one by --chromium PATH`,
    );
    Deno.exit(1);
  }
  await Deno.mkdir(SCREENSHOTS, { recursive: true });
  const known = await notebookNames(NOTEBOOKS);
  const failures: string[] = [];
  await withLab(chromium, async (lab) => {
    const attempt = (name: string, work: () => Promise<void>): Promise<void> =>
      work().catch((error) => {
        failures.push(name);
        say(`FAILED ${name}: ${error instanceof Error ? error.message : error}`);
      });
    const files = await lab.files();
    await attempt(
      "folder",
      () =>
        Promise.resolve(known.forEach((name) => assert.ok(files.includes(name), `JupyterLab opens without ${name}`))),
    );
    for (const name of positionals.length > 0 ? positionals : known) {
      await attempt(name, () => notebookDraws(lab, name));
    }
    await attempt("kernel", () => kernelBehaves(lab));
  });
  say(failures.length === 0 ? "All passed." : `Failed: ${failures.join(", ")}`);
  Deno.exit(failures.length === 0 ? 0 : 1);
}

if (import.meta.main) await main();
