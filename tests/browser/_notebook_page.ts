import type { Page } from "playwright-core";

/** A figure as it was drawn in the page. */
export interface DrawnFigure {
  /** Its title, read out of the drawing. */
  readonly title: string;
  /** Names of its traces. */
  readonly traces: readonly string[];
}

const ERRORS =
  ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error'], .jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']";
const FIGURES = ".jp-RenderedPlotly.js-plotly-plot";

const DRAWN_MS = 20_000;

/**
 * Runs all cells and waits for the last; an error in a cell ends the wait. Cells out of sight may not be in the page yet, so that the kernel has to be
 * idle too: between two cells of a run it is busy.
 */
export async function runAll(page: Page, timeout: number): Promise<void> {
  await page.click(".lm-MenuBar-itemLabel:text-is('Run')");
  await page.click(".lm-Menu-itemLabel:text-is('Run All Cells')");
  await page.waitForFunction(
    (errors) => {
      const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(({ textContent }) =>
        textContent ?? ""
      );
      const status = document.querySelector(".jp-Notebook-ExecutionIndicator")?.getAttribute("data-status");
      const isDone = prompts.length > 0 && prompts.every((text) => /\[\d+\]/.test(text)) && status === "idle";
      return isDone || document.querySelector(errors) !== null;
    },
    ERRORS,
    { timeout },
  );
}

/** Texts of outputs that are errors. */
export async function errorsIn(page: Page): Promise<string[]> {
  return await page.locator(ERRORS).allTextContents();
}

/** Waits until every figure that was put out is drawn, and reads them out of the page. */
export async function drawnFigures(page: Page): Promise<DrawnFigure[]> {
  // Cells out of sight are drawn when they come into it.
  for (const cell of await page.locator(".jp-Notebook .jp-Cell").all()) await cell.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () => {
      const outputs = [...document.querySelectorAll(".jp-RenderedPlotly")];
      return outputs.every((output) => output.querySelector(".main-svg .trace") !== null);
    },
    undefined,
    { timeout: DRAWN_MS },
  );
  return await page.locator(FIGURES).evaluateAll((plots) =>
    plots.map((plot) => ({
      title: plot.querySelector(".gtitle")?.textContent ?? "",
      traces: (plot as unknown as { data: { name?: string }[] }).data.map(({ name }) => name ?? ""),
    }))
  );
}

/** Moves the pointer over a point of a figure, each trace in turn, until a text appears, which it returns. */
export async function hoverText(page: Page, figure: number): Promise<string> {
  const plot = page.locator(FIGURES).nth(figure);
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  const places = await plot.evaluate((element) => {
    type Axis = { _offset: number; d2p(value: unknown): number };
    const { _fullLayout: { xaxis, yaxis }, data } = element as unknown as {
      _fullLayout: { xaxis: Axis; yaxis: Axis };
      data: { x?: ArrayLike<unknown>; y?: ArrayLike<unknown> }[];
    };
    return data.filter(({ x, y }) => (x?.length ?? 0) > 0 && (y?.length ?? 0) > 0).map(({ x, y }) => {
      const last = x!.length - 1;
      return [xaxis._offset + xaxis.d2p(x![last]), yaxis._offset + yaxis.d2p(y![last])];
    });
  });
  // A line with gaps ends with nothing, which has no place.
  for (const [x, y] of places.filter((place) => place.every((value) => Number.isFinite(value))).toReversed()) {
    await page.mouse.move(box!.x + x - 3, box!.y + y);
    await page.mouse.move(box!.x + x, box!.y + y);
    await page.waitForTimeout(400);
    const text = (await page.locator(".hovertext").allTextContents()).join(" | ");
    if (text !== "") return text;
  }
  return "";
}

/** Replaces the text of a code cell and runs it, without waiting for its end. */
export async function runCell(page: Page, cell: number, code: string): Promise<void> {
  const editor = page.locator(".jp-CodeCell").nth(cell).locator(".cm-content");
  await editor.scrollIntoViewIfNeeded();
  await editor.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(code);
  await page.keyboard.press("Control+Enter");
}

/** Waits for a text in a cell's outputs. */
export async function waitForOutput(page: Page, cell: number, text: string): Promise<void> {
  await page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea").getByText(text).first().waitFor({
    timeout: 30_000,
  });
}
