/**
 * Opens the pages that the commands write, in Chromium, as a reader would: `deno task test:pages`. Screenshots go to results/browser.
 *
 * Options: `--chromium PATH` names another browser; `--report FILE` looks at a report that is there instead of making one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../../lib/commands/jupyter/environment.ts";
import { madeTable } from "../commands/_run_task.ts";
import { findChromium, launchChromium } from "./_chromium.ts";
import { namesAreHarmless } from "./_harmful_names.ts";
import { fitsWindow, say, task, withPage } from "./_with_page.ts";
import type { Browser, Page } from "playwright-core";

const SCREENSHOTS = join(ROOT, "results", "browser");

/** Scrolls through the page until every figure that fits into the window is drawn; returns titles of the interactive ones. */
async function drawnTitles(page: Page): Promise<string[]> {
  for (const figure of await page.locator("figure[data-figure]").all()) {
    await figure.scrollIntoViewIfNeeded();
    const fits = await figure.evaluate((element) =>
      element.clientWidth >= Number((element as HTMLElement).dataset.width)
    );
    if (fits) {
      await figure.locator(".live .main-svg .trace, .live .main-svg .annotation").first().waitFor({
        state: "attached",
      });
    }
  }
  return await page.locator("figure.is-live .live .gtitle").allTextContents();
}

/** Sorts a table by each column with the keyboard and compares with a sort of its own. */
async function sortsTable(page: Page, at: number): Promise<number> {
  const table = page.locator("table").nth(at);
  const headings = await table.locator("thead th").all();
  const columnOf = (column: number): Promise<string[]> =>
    table.locator(`tbody td:nth-child(${column + 1})`).allInnerTexts();
  for (const [column, heading] of headings.entries()) {
    const before = await columnOf(column);
    const button = heading.locator("button");
    assert.equal(await heading.getAttribute("aria-sort"), "none");
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal(await heading.getAttribute("aria-sort"), "ascending");
    assertSorted(await columnOf(column), 1);
    await page.keyboard.press("Space");
    assert.equal(await heading.getAttribute("aria-sort"), "descending");
    assertSorted(await columnOf(column), -1);
    await page.keyboard.press("Enter");
    assert.deepEqual(await columnOf(column), before, "the third press gives the first order back");
  }
  return headings.length;
}

function assertSorted(cells: readonly string[], direction: number): void {
  const there = cells.filter((cell) => cell !== "–");
  const numbers = there.map((cell) => parseFloat(cell.replace("−", "-").replace(",", "")));
  assert.deepEqual(cells.slice(there.length), cells.filter((cell) => cell === "–"), "empty cells are last");
  if (numbers.some(Number.isNaN)) return;
  numbers.forEach((value, at) => assert.ok(at === 0 || direction * (value - numbers[at - 1]) >= 0, `${numbers}`));
}

/** A figure answers: a value shows under the pointer, and other ticks come up after a zoom. */
async function figureAnswers(page: Page): Promise<string> {
  const figure = page.locator("figure.is-live").first();
  const plot = figure.locator(".live .nsewdrag").first();
  await figure.scrollIntoViewIfNeeded();
  const ticks = async (): Promise<string> =>
    (await figure.locator(".live .xtick text, .live .ytick text").allTextContents()).join(" ");
  const before = await ticks();
  const box = (await plot.boundingBox())!;
  let said = "";
  for (let step = 1; step < 120 && said === ""; step++) {
    await page.mouse.move(box.x + box.width * (step % 40) / 40, box.y + box.height * (0.25 + 0.5 * (step % 3) / 2), {
      steps: 2,
    });
    await page.waitForTimeout(60);
    said = (await figure.locator(".live .hovertext").allTextContents()).join(" | ");
  }
  assert.match(said, /\d/, "a value shows under the pointer");
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 4 });
  await page.mouse.up();
  for (let waited = 0; waited < 50 && await ticks() === before; waited++) await page.waitForTimeout(100);
  assert.notEqual(await ticks(), before, "zooming gives other ticks");
  return said;
}

async function idsAreUnique(page: Page): Promise<void> {
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  assert.deepEqual(twice, []);
}

async function livePageWorks(browser: Browser, path: string, name: string): Promise<void> {
  const shot = (page: Page, kind: string): Promise<unknown> =>
    page.screenshot({ path: join(SCREENSHOTS, `${name}_${kind}.png`) });
  const shots = async (page: Page, kind: string): Promise<void> => {
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, kind);
    await page.locator("figure").first().scrollIntoViewIfNeeded();
    await shot(page, `${kind}_figure`);
  };
  await withPage(browser, path, {}, async (page) => {
    await shot(page, "light");
    const titles = await drawnTitles(page);
    const nFigures = await page.locator("figure[data-figure]").count();
    assert.equal(await page.locator("figure.is-live").count(), nFigures);
    await idsAreUnique(page);
    await fitsWindow(page);
    const nColumns = await sortsTable(page, 0);
    const hover = await figureAnswers(page);
    await shot(page, "zoomed");
    say(`${name}: ${nFigures} figures (${titles.length} with a title), ${nColumns} columns sort; hover: ${hover}`);
    for (const details of await page.locator("details[data-table]").all()) {
      await details.locator("summary").click();
      await details.locator("tbody tr").first().waitFor();
      await details.locator("summary").click();
    }
    await page.pdf({ path: join(SCREENSHOTS, `${name}.pdf`), preferCSSPageSize: true });
  });
  await withPage(browser, path, { dark: true }, async (page) => {
    await drawnTitles(page);
    await shots(page, "dark");
  });
  await withPage(browser, path, { width: 400 }, async (page) => {
    await drawnTitles(page);
    await fitsWindow(page);
    await shots(page, "narrow");
  });
  await withPage(browser, path, { width: 1700 }, async (page) => {
    await fitsWindow(page);
    await shot(page, "wide");
  });
  await withPage(browser, path, { scripts: false }, async (page) => {
    const drawings = page.locator(".drawn svg.main-svg");
    for (const drawing of await drawings.all()) assert.ok(await drawing.isVisible(), "drawings show without scripts");
    await shots(page, "without_scripts");
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { chromium: { type: "string", default: "chromium" }, report: { type: "string" } },
  });
  const path = await findChromium(values.chromium);
  if (path === null) {
    say(
      `Cannot test in a browser as Chromium must be installed: "${values.chromium}" was not found; name one by --chromium PATH`,
    );
    Deno.exit(1);
  }
  await Deno.mkdir(SCREENSHOTS, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "routerbench-pages-" });
  let browser: Browser | null = null;
  try {
    const table = join(folder, "mine.jsonl");
    await Deno.writeTextFile(table, madeTable(480));
    const report = values.report ?? join(folder, "run", "report.html");
    if (values.report === undefined) {
      await task([
        "reproduce",
        "--encoder",
        "lexical",
        "--evals",
        "mbpp,mmlu",
        "--prompts",
        "300",
        "--out",
        join(folder, "run"),
      ]);
    }
    await task(["evaluate", table, "--encoder", "lexical", "--out", join(folder, "evaluate")]);
    await task(["audit", table, "--out", join(folder, "audit")], [0, 3]);
    browser = await launchChromium(path);
    await livePageWorks(browser, report, "report");
    await livePageWorks(browser, join(folder, "evaluate", "report.html"), "evaluate");
    for (const [kind, options] of Object.entries({ light: {}, dark: { dark: true }, narrow: { width: 400 } })) {
      await withPage(browser, join(folder, "audit", "audit.html"), options, async (page) => {
        await fitsWindow(page);
        await page.screenshot({ path: join(SCREENSHOTS, `audit_${kind}.png`), fullPage: true });
      });
    }
    await namesAreHarmless(browser, folder);
    say("All passed.");
  } finally {
    await browser?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  await main();
  Deno.exit(0);
}
