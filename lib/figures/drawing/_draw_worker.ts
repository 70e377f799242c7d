/// <reference lib="deno.worker" />
import { type RenderedFigure, renderFigure } from "../export.ts";
import type { PlotlyFigure } from "../plotly_figure.ts";

/** To the worker: a figure and its number. */
export interface ToDrawWorker {
  readonly job: number;
  readonly figure: PlotlyFigure;
}

/** From the worker: the drawing, or the error. */
export type FromDrawWorker = { readonly job: number; readonly drawn: RenderedFigure } | {
  readonly job: number;
  readonly error: string;
};

/** Figures are drawn one after the other, as there is one window for Plotly. */
let last: Promise<void> = Promise.resolve();

async function draw({ job, figure }: ToDrawWorker): Promise<void> {
  let answer: FromDrawWorker;
  try {
    answer = { job, drawn: await renderFigure(figure) };
  } catch (error) {
    answer = { job, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(answer);
}

self.onmessage = ({ data }: MessageEvent<ToDrawWorker>): void => {
  last = last.then(() => draw(data));
};
