import process from "node:process";
import cliProgress from "cli-progress";

/** Shows how far a long piece of work is. */
export interface ProgressBar {
  /** Tells how many of how many are done. The first call starts the display. */
  update(done: number, total: number): void;
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

/** Options of {@linkcode progressBar}. */
export interface ProgressBarOptions {
  /** Where to write. Default stderr, so that results on stdout stay clean. */
  readonly stream?: ProgressStream;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** Work that is done sooner leaves no line in a log. */
const SILENT_SECONDS = 2;
const SECONDS_BETWEEN_LINES = 10;
const REDRAWS_A_SECOND = 5;

/**
 * Makes a progress display with the rate and the time left: a bar on a terminal; elsewhere (a log, a pipe) a line after two seconds, then at most one
 * every ten, and one at the end, and nothing at all for work that takes less than two seconds.
 *
 * The terminal's cursor is never hidden and its line wrapping never switched, so that there is nothing to restore after Ctrl-C or a kill.
 *
 * **Units.** Rates are per second, counted from the first update, so what was there at the start does not flatter them.
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
  const { stream = process.stderr, now = () => performance.now() } = options;
  return stream.isTTY === true ? drawnBar(label, stream, now) : plainLines(label, stream, now);
}

/** Counts from the first update. */
class Pace {
  readonly #startMs: number;
  readonly #startDone: number;

  constructor(nowMs: number, done: number) {
    this.#startMs = nowMs;
    this.#startDone = done;
  }

  seconds(nowMs: number): number {
    return (nowMs - this.#startMs) / 1000;
  }

  /** Such as "61/s, 40 s left"; empty while nothing is known. */
  text(nowMs: number, { done, total }: { done: number; total: number }): string {
    const rate = (done - this.#startDone) / this.seconds(nowMs);
    if (!(rate > 0) || !Number.isFinite(rate)) return "";
    const digits = rate < 10 ? 1 : 0;
    return `${rate.toFixed(digits)}/s, ${durationText((total - done) / rate)} left`;
  }
}

function drawnBar(label: string, stream: ProgressStream, now: () => number): ProgressBar {
  const bar = new cliProgress.SingleBar({
    stream,
    format: `${label} {bar} {value}/{total} {pace}`,
    formatValue: (value: number, _options: unknown, kind: string) =>
      kind === "percentage" ? String(value) : countText(value),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    fps: REDRAWS_A_SECOND,
    hideCursor: false,
    linewrap: true,
  });
  let pace: Pace | null = null;
  let state: "new" | "running" | "stopped" = "new";
  return {
    update(done, total): void {
      if (state === "stopped") return;
      pace ??= new Pace(now(), done);
      const payload = { pace: pace.text(now(), { done, total }) };
      if (state === "new") bar.start(total, done, payload);
      state = "running";
      bar.setTotal(total);
      bar.update(done, payload);
    },
    stop(): void {
      if (state === "running") bar.stop();
      state = "stopped";
    },
  };
}

function plainLines(label: string, stream: ProgressStream, now: () => number): ProgressBar {
  let pace: Pace | null = null;
  let last = { done: 0, total: 0 };
  let lastLineSeconds: number | null = null;
  let isStopped = false;
  return {
    update(done, total): void {
      if (isStopped) return;
      pace ??= new Pace(now(), done);
      last = { done, total };
      const seconds = pace.seconds(now());
      if (seconds < (lastLineSeconds === null ? SILENT_SECONDS : lastLineSeconds + SECONDS_BETWEEN_LINES)) return;
      lastLineSeconds = seconds;
      const paceText = pace.text(now(), last);
      stream.write(`${label}: ${countText(done)} of ${countText(total)}${paceText === "" ? "" : `, ${paceText}`}\n`);
    },
    stop(): void {
      if (isStopped) return;
      isStopped = true;
      if (pace === null || lastLineSeconds === null) return;
      const time = durationText(pace.seconds(now()));
      const isDone = last.done >= last.total;
      stream.write(
        `${label}: ${
          isDone
            ? `${countText(last.total)} in ${time}`
            : `stopped at ${countText(last.done)} of ${countText(last.total)} after ${time}`
        }\n`,
      );
    },
  };
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
