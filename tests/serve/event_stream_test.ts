import assert from "node:assert/strict";
import { readEvents } from "../../lib/serve/event_stream.ts";

async function eventsOf(text: string, maxEventCharacters: number): Promise<string[]> {
  // Seven bytes at a time, so that lines, line ends and characters are cut.
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.slice(7 * i, 7 * i + 7));
  return await Array.fromAsync(readEvents(ReadableStream.from(chunks), { maxEventCharacters }));
}

Deno.test("readEvents() reads events whatever the line ends and chunks", async () => {
  assert.deepEqual(
    await eventsOf('data: {"é": 1}\r\n\r\n: a comment\nevent: x\ndata:two\ndata: lines\n\n\rdata: cut off', 50),
    ['{"é": 1}', "two\nlines"],
  );
});

Deno.test("readEvents() bounds an event of one long line and one of many short lines alike", async () => {
  for (const text of [`data: ${"x".repeat(200)}`, "data: x\n".repeat(40)]) {
    await assert.rejects(
      () => eventsOf(text, 100),
      /^RangeError: Cannot read the stream as an event must have at most 100 characters$/,
    );
  }
  assert.equal((await eventsOf("data: x\n\n".repeat(40), 100)).length, 40);
});
