import assert from "node:assert/strict";
import { TimeLeft } from "../../lib/base/_time_left.ts";
import { progressBar, type ProgressStream, runProgress } from "../../lib/base/progress.ts";

function recorder(isTTY: boolean, columns = 120): { stream: ProgressStream; text: () => string } {
  const parts: string[] = [];
  return { stream: { isTTY, columns, write: (part) => parts.push(part) }, text: () => parts.join("") };
}

/** A clock that is set by hand, in seconds. */
function handClock(): { now: () => number; set: (seconds: number) => void } {
  let ms = 0;
  return { now: () => ms, set: (seconds) => ms = seconds * 1000 };
}

/** The lines that a terminal showed, one after the other,. */
function shownLines(text: string): string[] {
  return text.split("\r\x1b[K").filter((line) => line !== "");
}

Deno.test("progressBar() says nothing in a log about work of less than two seconds", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const bar = progressBar("Embedding", { stream, now: clock.now });
  bar.update(0, 10);
  clock.set(1.9);
  bar.update(10, 10);
  bar.stop();
  assert.equal(text(), "");
});

Deno.test("progressBar() says nothing if it is never updated", () => {
  for (const isTTY of [true, false]) {
    const { stream, text } = recorder(isTTY);
    progressBar("Embedding", { stream }).stop();
    assert.equal(text(), "");
  }
});

Deno.test("progressBar() writes one line to a log, at the end", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const bar = progressBar("Embedding", { stream, now: clock.now });
  for (let second = 0; second <= 100; second++) {
    clock.set(second);
    bar.update(second * 20, 2_000);
  }
  assert.equal(text(), "");
  bar.stop();
  bar.stop();
  assert.equal(text(), "Embedding: 2,000 in 1 min 40 s\n");
});

Deno.test("progressBar() says where work was stopped, and ignores what comes after", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const bar = progressBar("Embedding", { stream, now: clock.now });
  bar.update(0, 1_000);
  clock.set(3);
  bar.update(1, 1_000);
  bar.stop();
  clock.set(60);
  bar.update(2, 1_000);
  assert.equal(text(), "Embedding: stopped at 1 of 1,000 after 3 s\n");
});

Deno.test("progressBar() draws a bar on a terminal, removes it, and leaves the terminal as it was", () => {
  const { stream, text } = recorder(true);
  const bar = progressBar("Embedding", { stream });
  bar.update(0, 1_000);
  bar.update(1_000, 1_000);
  bar.stop();
  bar.stop();
  assert.deepEqual(shownLines(text()), [`Embedding ${"░".repeat(10)} 0/1,000, estimating the time left`]);
  assert.ok(text().endsWith("\r\x1b[K"), "the line is erased");
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text(), /\x1b\[\?(25|7)[hl]|\n/, "neither cursor nor line wrapping is switched");
});

Deno.test("runProgress() writes a line for each stage to a log", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const run = runProgress({ Embedding: 10, Evaluating: 10, Drawing: 1 }, { stream, now: clock.now });
  const steps = [[0, "Embedding", 0], [30, "Embedding", 10], [31, "Evaluating", 0], [40, "Evaluating", 10]] as const;
  for (const [second, stage, done] of steps) {
    clock.set(second);
    run.update(stage, done, 10);
  }
  run.update("Drawing", 0, 10);
  clock.set(41);
  run.update("Drawing", 10, 10);
  run.stop();
  assert.equal(text(), "Embedding: 10 in 31 s\nEvaluating: 10 in 9 s\n");
});

Deno.test("runProgress() shows on one line, that fits the terminal, the time left of the stage and of the run", () => {
  const { stream, text } = recorder(true, 90);
  const clock = handClock();
  const run = runProgress({ "Embedding prompts": 10, "Evaluating routers": 20 }, { stream, now: clock.now });
  const embedding = run.stage("Embedding prompts");
  embedding.update(0, 4_000);
  clock.set(5);
  embedding.update(1_000, 4_000);
  embedding.stop();
  run.update("Evaluating routers", 0, 8);
  run.stop();
  const lines = shownLines(text());
  assert.ok(lines[0].endsWith("0/4,000, estimating the time left"), lines[0]);
  // 15 s at this rate; evaluating takes twice as long as the 20 s that embedding will have taken: 55 s, told roughly.
  assert.ok(lines.some((line) => line.endsWith("1,000/4,000, 15 s left; the run: 60 s")), lines.join("\n"));
  for (const line of lines) assert.ok(line.length < 90, line);
});

Deno.test("a time left falls with the clock, and moves by a third where the rate changes", () => {
  const left = new TimeLeft({ Embedding: 5 });
  left.update("Embedding", { done: 900, total: 1_000, nowMs: 0 });
  assert.equal(left.stageSeconds(0), null);
  left.update("Embedding", { done: 901, total: 1_000, nowMs: 500 });
  assert.equal(left.stageSeconds(500), null, "half a second says nothing");
  left.update("Embedding", { done: 910, total: 1_000, nowMs: 1_000 });
  assert.equal(left.stageSeconds(1_000), 9, "what was there at the start does not count into the rate");
  assert.equal(left.stageSeconds(4_000), 6);
  assert.equal(left.stageSeconds(99_000), 0);
  // At 4 s as many as before: 27 s more at this rate, where 6 were left.
  left.update("Embedding", { done: 910, total: 1_000, nowMs: 4_000 });
  assert.equal(left.stageSeconds(4_000), 6, "no news");
  left.update("Embedding", { done: 920, total: 1_000, nowMs: 4_000 });
  assert.ok(Math.abs(left.stageSeconds(4_000)! - (6 + (16 - 6) / 3)) < 1e-9);
  assert.equal(left.runSeconds(4_000), null, "the stage is the run");
});

Deno.test("nothing is left of a stage that is done, and a stage that begins anew is estimated anew", () => {
  const left = new TimeLeft({});
  for (const [second, done] of [[0, 0], [10, 1], [11, 10]]) {
    left.update("Evaluating", { done, total: 10, nowMs: second * 1000 });
  }
  assert.equal(left.stageSeconds(11_000), 0);
  left.update("Evaluating", { done: 0, total: 7, nowMs: 12_000 });
  assert.equal(left.stageSeconds(12_000), null);
  left.update("Evaluating", { done: 1, total: 7, nowMs: 14_000 });
  assert.equal(left.stageSeconds(14_000), 12);
});

Deno.test("a time left never jumps on uneven work: each update moves it by less than half", () => {
  const left = new TimeLeft({});
  let before: number | null = null;
  for (let second = 0; second <= 60; second++) {
    // Every tenth part takes five seconds, the others a fifth.
    const done = Math.floor(second / 6) * 10 + Math.max(0, second % 6 - 4) * 9;
    left.update("Evaluating", { done, total: 110, nowMs: second * 1000 });
    const now = left.stageSeconds(second * 1000);
    if (before !== null && before > 10) {
      assert.ok(Math.abs(now! - before) < before / 2, `${second} s: ${before}, ${now}`);
    }
    before = now;
  }
});
