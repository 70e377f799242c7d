import assert from "node:assert/strict";
import { progressBar, type ProgressStream } from "../../lib/base/progress.ts";

function recorder(isTTY: boolean): { stream: ProgressStream; text: () => string } {
  const parts: string[] = [];
  return { stream: { isTTY, columns: 100, write: (part) => parts.push(part) }, text: () => parts.join("") };
}

/** A clock that is set by hand, in seconds. */
function handClock(): { now: () => number; set: (seconds: number) => void } {
  let ms = 0;
  return { now: () => ms, set: (seconds) => ms = seconds * 1000 };
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

Deno.test("progressBar() writes at most a line every ten seconds to a log, and one at the end", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const bar = progressBar("Embedding", { stream, now: clock.now });
  for (let second = 0; second <= 20; second++) {
    clock.set(second);
    bar.update(second * 100, 2_000);
  }
  bar.stop();
  bar.stop();
  assert.deepEqual(text().split("\n"), [
    "Embedding: 200 of 2,000, 100/s, 18 s left",
    "Embedding: 1,200 of 2,000, 100/s, 8 s left",
    "Embedding: 2,000 in 20 s",
    "",
  ]);
});

Deno.test("progressBar() does not count what was there at the start into the rate", () => {
  const { stream, text } = recorder(false);
  const clock = handClock();
  const bar = progressBar("Embedding", { stream, now: clock.now });
  bar.update(900, 1_000);
  clock.set(4);
  bar.update(902, 1_000);
  assert.equal(text(), "Embedding: 902 of 1,000, 0.5/s, 3 min 16 s left\n");
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
  assert.deepEqual(text().split("\n").slice(1), ["Embedding: stopped at 1 of 1,000 after 3 s", ""]);
});

Deno.test("progressBar() draws a bar on a terminal and leaves the terminal as it was", () => {
  const { stream, text } = recorder(true);
  const bar = progressBar("Embedding", { stream });
  bar.update(0, 1_000);
  bar.update(1_000, 1_000);
  bar.stop();
  bar.stop();
  assert.match(text(), /Embedding ░+ 0\/1,000/);
  assert.match(text(), /Embedding █+ 1,000\/1,000/);
  assert.ok(text().endsWith("\n"));
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text(), /\x1b\[\?(25|7)[hl]/, "neither cursor nor line wrapping is switched");
});
