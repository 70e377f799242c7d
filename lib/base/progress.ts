import process from "node:process";
import { TimeLeft } from "./_time_left.ts";

/** How far a piece of work is. */
export interface Progress {
  /** How much is done. */
  readonly done: number;
  /** Of how much. */
  readonly total: number;
}

/** How far a stage of a run is. */
export interface StageProgress extends Progress {
  /** The stage in words. */
  readonly stage: string;
}

/** Shows how far a long piece of work is. */
export interface ProgressBar {
  /** Tells how many of how many are done. The first call starts the display. */
  update(done: number, total: number): void;
  /** Ends the display; call it in `finally`. Calling it twice does nothing more. */
  stop(): void;
}

/** Shows how far a run of several stages is. */
export interface RunProgress {
  /** Tells how many of how many are done in a stage. The first call of a stage ends the one before. */
  update(stage: string, done: number, total: number): void;
  /** One stage of the run as a display of its own; its `stop` ends the stage, not the run. */
  stage(name: string): ProgressBar;
  /** Ends the display; call it in `finally`. Calling it twice does nothing more. */
  stop(): void;
}

/** Where progress is written to. */
export interface ProgressStream {
  /** True on a terminal, where a line can be drawn over. */
  readonly isTTY?: boolean;
  /** Characters a line. */
  readonly columns?: number;
  /** Writes text. */
  write(text: string): unknown;
}

/** Options of {@linkcode progressBar} and {@linkcode runProgress}. */
export interface ProgressBarOptions {
  /** Where to write. Default stderr, so that results on stdout stay clean. */
  readonly stream?: ProgressStream;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** Work that is done sooner leaves no line in a log. */
const SILENT_SECONDS = 2;
const REDRAW_MS = 200;
const BAR_SIZE = 10;
/** Characters a line where the terminal does not tell. */
const COLUMNS = 80;

/**
 * Makes a progress display with the time left: a bar on a terminal; elsewhere (a log, a pipe) one line at the end, and
 * nothing at all for work that takes less than two seconds.
 *
 * @example
 * ```ts
 * import { progressBar } from "./progress.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const bar = progressBar("Embedding", { stream: { write: (text) => lines.push(text) } });
 * bar.update(1, 2);
 * bar.update(2, 2);
 * bar.stop();
 * assert.deepEqual(lines, []);
 * ```
 */
export function progressBar(label: string, options: ProgressBarOptions = {}): ProgressBar {
  const run = runProgress({}, options);
  return { update: (done, total) => run.update(label, done, total), stop: () => run.stop() };
}

/**
 * Makes a progress display of a run: on a terminal one line with the stage, the time left for it and the time left for
 * the whole run; elsewhere one line for each stage, at its end.
 *
 * The time left of a stage is known when a part of it is done and is "estimating" before; that of the run adds what
 * later stages take as a rule, at the pace of those that are done. Estimates move smoothly: a new rate changes them by
 * a third at a time.
 *
 * The terminal's cursor is never hidden and its line wrapping never switched, so that there is nothing to restore after
 * Ctrl-C or a kill.
 *
 * @param usualSeconds what each stage takes as a rule, in their order; only the proportions matter. Stages that are not
 * named count as they come
 */
export function runProgress(
  usualSeconds: Readonly<Record<string, number>>,
  options: ProgressBarOptions = {},
): RunProgress {
  const { stream = process.stderr, now = () => performance.now() } = options;
  const left = new TimeLeft(usualSeconds);
  const display = stream.isTTY === true ? drawnLine(left, stream, now) : plainLines(left, stream, now);
  let isStopped = false;
  const endStage = (): void => {
    if (left.stage === null) return;
    display.endStage();
    left.endStage(now());
  };
  const update = (stage: string, done: number, total: number): void => {
    if (isStopped) return;
    if (left.stage !== stage) endStage();
    left.update(stage, { done, total, nowMs: now() });
    display.update();
  };
  return {
    update,
    stage: (name) => ({
      update: (done, total) => update(name, done, total),
      stop: () => left.stage === name && endStage(),
    }),
    stop: () => {
      if (!isStopped) endStage();
      isStopped = true;
      display.stop();
    },
  };
}

/** What shows the state of a {@linkcode TimeLeft}. */
interface Display {
  update(): void;
  endStage(): void;
  stop(): void;
}

/** Back to the line's beginning, and nothing behind the cursor. */
const ERASE = "\r\x1b[K";

function drawnLine(left: TimeLeft, stream: ProgressStream, now: () => number): Display {
  let timer: ReturnType<typeof setInterval> | null = null;
  let drawnMs = -Infinity;
  const draw = (): void => {
    drawnMs = now();
    // One character short of the line, so that no terminal breaks it.
    stream.write(ERASE + lineOf(left, drawnMs).slice(0, (stream.columns ?? COLUMNS) - 1));
  };
  return {
    update: () => {
      if (timer === null) {
        // The time left falls between updates too. The timer keeps no program alive.
        timer = setInterval(draw, REDRAW_MS);
        Deno.unrefTimer(timer);
      }
      if (now() - drawnMs >= REDRAW_MS) draw();
    },
    endStage: () => drawnMs = -Infinity,
    stop: () => {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      stream.write(ERASE);
    },
  };
}

/** The line of a terminal: stage, bar, count, time left of the stage and of the run. */
function lineOf(left: TimeLeft, nowMs: number): string {
  const { stage, done, total } = left;
  if (stage === null) return "";
  const full = total === 0 ? 0 : Math.round(BAR_SIZE * Math.min(1, done / total));
  const bar = "█".repeat(full) + "░".repeat(BAR_SIZE - full);
  const ofStage = left.stageSeconds(nowMs);
  const ofRun = left.runSeconds(nowMs);
  const times = ofStage === null ? "estimating the time left" : `${durationText(ofStage)} left`;
  const whole = ofRun === null ? "" : `; the run: ${roughText(ofRun)}`;
  return `${stage} ${bar} ${countText(done)}/${countText(total)}, ${times}${whole}`;
}

function plainLines(left: TimeLeft, stream: ProgressStream, now: () => number): Display {
  return {
    update: () => {},
    endStage: () => {
      const { stage, done, total } = left;
      const seconds = left.elapsedSeconds(now());
      if (seconds < SILENT_SECONDS) return;
      const time = durationText(seconds);
      const count = done >= total
        ? `${countText(total)} in ${time}`
        : `stopped at ${countText(done)} of ${countText(total)} after ${time}`;
      stream.write(`${stage}: ${count}\n`);
    },
    stop: () => {},
  };
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** A time that is known roughly. */
function roughText(seconds: number): string {
  return seconds < 90 ? `${10 * Math.max(1, Math.round(seconds / 10))} s` : `${Math.round(seconds / 60)} min`;
}

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
