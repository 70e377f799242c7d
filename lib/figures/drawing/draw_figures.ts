import type { FromDrawWorker, ToDrawWorker } from "./_draw_worker.ts";
import type { RenderedFigure } from "../export.ts";
import type { PlotlyFigure } from "../plotly_figure.ts";

/** Figures that a worker draws while the program goes on. */
export interface FigureDrawing {
  /** Gives a figure to be drawn, under a name that no other has. */
  add(name: string, figure: PlotlyFigure): void;
  /**
   * Waits until all are drawn, and ends the drawing.
   *
   * @returns the drawings by name, in the order in which they were added
   * @throws Error where a figure cannot be drawn
   */
  finish(
    onProgress?: (progress: { readonly done: number; readonly total: number }) => void,
  ): Promise<ReadonlyMap<string, RenderedFigure>>;
  /** Ends the drawing, whole or not; call it in `finally`. */
  stop(): void;
}

/**
 * Draws figures in a worker, in the three formats of `renderFigure`, while this thread goes on. The bytes are those
 * that `renderFigure` gives.
 *
 * @example
 * ```ts
 * import { drawFigures } from "./draw_figures.ts";
 * import assert from "node:assert/strict";
 *
 * const drawing = drawFigures();
 * drawing.add("two points", { data: [{ x: [1, 2], y: [3, 4] }], layout: {} });
 * const drawn = await drawing.finish();
 * assert.match(drawn.get("two points")!.svg, /^<svg /);
 * ```
 */
export function drawFigures(): FigureDrawing {
  const worker = new Worker(new URL("./_draw_worker.ts", import.meta.url), { type: "module" });
  const names: string[] = [];
  const drawn: RenderedFigure[] = [];
  let fault: string | null = null;
  let changed = (): void => {};
  let nDone = 0;
  const fail = (name: string, found: string): void => {
    fault ??= `Cannot draw "${name}" as its worker must draw it: ${found}`;
    changed();
  };
  worker.onmessage = ({ data }: MessageEvent<FromDrawWorker>): void => {
    if ("error" in data) return fail(names[data.job], data.error);
    drawn[data.job] = data.drawn;
    nDone++;
    changed();
  };
  worker.onerror = (event): void => {
    event.preventDefault();
    fail(names[nDone] ?? "figures", event.message);
  };
  return {
    add(name: string, figure: PlotlyFigure): void {
      const message: ToDrawWorker = { job: names.push(name) - 1, figure };
      worker.postMessage(message);
    },
    async finish(onProgress?: Parameters<FigureDrawing["finish"]>[0]): Promise<ReadonlyMap<string, RenderedFigure>> {
      while (fault === null && nDone < names.length) {
        onProgress?.({ done: nDone, total: names.length });
        await new Promise<void>((resolve) => changed = resolve);
      }
      worker.terminate();
      if (fault !== null) throw new Error(fault);
      onProgress?.({ done: nDone, total: names.length });
      return new Map(names.map((name, job) => [name, drawn[job]]));
    },
    stop: () => worker.terminate(),
  };
}
