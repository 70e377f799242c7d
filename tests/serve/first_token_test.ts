import assert from "node:assert/strict";
import { chunk, configOf, LENGTH_ROUTER, startUpstream, STREAM_END, until, withLive } from "./_live.ts";

/** A streamed answer whose tokens come when the test says so. */
function heldStream(): {
  readonly response: Response;
  readonly send: (part: string) => void;
  readonly end: () => void;
} {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  return {
    response: new Response(body, { headers: { "content-type": "text/event-stream" } }),
    send: (part) => controller.enqueue(new TextEncoder().encode(part)),
    end: () => controller.close(),
  };
}

Deno.test("a token reaches the client before the model has sent the next one", async () => {
  const held = heldStream();
  const upstream = startUpstream(() => held.response);
  await withLive(configOf(upstream.url), async ({ chat, logged }) => {
    held.send(chunk({ content: "first" }));
    const reader = (await chat({ stream: true })).body!.pipeThrough(new TextDecoderStream()).getReader();
    for (const token of ["first", "second", "third"]) {
      if (token !== "first") held.send(chunk({ content: token }));
      let text = "";
      while (!text.includes(token)) {
        const { value, done } = await reader.read();
        assert.ok(!done, `${token} must come: the answer ended`);
        text += value;
      }
    }
    held.send(STREAM_END);
    held.end();
    while (!(await reader.read()).done);
    await until(async () => (await logged()).length === 1);
    const [{ first_token_seconds: first, latency_seconds: all }] = await logged() as Record<string, number>[];
    assert.ok(first >= 0 && first <= all);
  });
  await upstream.stop();
});

const N_PAIRS = 15, ROUTING_MILLISECONDS = 40;

Deno.test("routing delays the first token by the time of the decision, and by little else", async () => {
  const upstream = startUpstream(() => {
    const held = heldStream();
    held.send(chunk({ content: "first" }));
    setTimeout(() => {
      held.send(STREAM_END);
      held.end();
    }, 5);
    return held.response;
  });
  const slow = {
    ...LENGTH_ROUTER,
    predict: async (texts: readonly string[]) => {
      await new Promise((resolve) => setTimeout(resolve, ROUTING_MILLISECONDS));
      return await LENGTH_ROUTER.predict(texts);
    },
  };
  await withLive(configOf(upstream.url), async ({ url }) => {
    const firstToken = async (address: string): Promise<{ readonly ms: number; readonly routing: number }> => {
      const start = performance.now();
      const response = await fetch(`${address}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "router", stream: true, messages: [{ role: "user", content: "Hello" }] }),
      });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("first")) text += (await reader.read()).value;
      const ms = performance.now() - start;
      while (!(await reader.read()).done);
      return { ms, routing: Number(response.headers.get("x-routerbench-routing-ms")) };
    };
    for (const address of [upstream.url, `${url}/v1`]) await firstToken(address);
    const beyond: number[] = [];
    for (let pair = 0; pair < N_PAIRS; pair++) {
      const direct = await firstToken(upstream.url);
      const { ms, routing } = await firstToken(`${url}/v1`);
      assert.ok(routing >= ROUTING_MILLISECONDS - 1, `${routing}`);
      beyond.push(ms - direct.ms - routing);
    }
    const [median] = beyond.sort((a, b) => a - b).slice(Math.floor(N_PAIRS / 2));
    // The way through the server: 1 to 2 ms on a quiet machine.
    assert.ok(median < ROUTING_MILLISECONDS / 2, `${beyond.map((ms) => ms.toFixed(1))}`);
  }, { router: slow });
  await upstream.stop();
});
