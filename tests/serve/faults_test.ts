import assert from "node:assert/strict";
import { chunk, completion, configOf, startUpstream, stream, STREAM_END, until, withLive } from "./_live.ts";

/** Nothing listens at this address. */
const NOWHERE = "http://127.0.0.1:1/v1";
const STATUSES = [429, 500, 502, 503, 504];

async function eventsOf(response: Response): Promise<string[]> {
  return (await response.text()).split("\n\n").filter((text) => text !== "").map((text) => text.replace(/^data: /, ""));
}

Deno.test("an upstream that refuses connections is replaced by the next best model of the router's prediction", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url, { urls: { small: NOWHERE } }), async ({ chat, logged }) => {
    const response = await chat({});
    assert.equal(response.status, 200);
    assert.equal((await response.json()).model, "middle");
    assert.equal(response.headers.get("x-routerbench-attempts"), "4");
    const [line] = await logged();
    assert.deepEqual([line.chosen, line.answered_by], ["small", "middle"]);
    assert.deepEqual(line.attempts, [
      ...Array(3).fill({ model: "small", failure: "connection" }),
      { model: "middle", failure: null },
    ]);
  });
  await upstream.stop();
});

for (const status of STATUSES) {
  Deno.test(`status ${status} twice, then an answer: the same model answers at the third attempt`, async () => {
    const upstream = startUpstream((_, n) => n < 3 ? new Response("no", { status }) : completion("Hi"));
    await withLive(configOf(upstream.url), async ({ chat, logged }) => {
      assert.equal((await (await chat({})).json()).model, "small");
      const [{ attempts }] = await logged();
      assert.deepEqual(
        (attempts as { failure: string | null }[]).map(({ failure }) => failure),
        [`status ${status}`, `status ${status}`, null],
      );
    });
    await upstream.stop();
  });
}

Deno.test("status 500 three times from every model is an error in OpenAI's form, without the upstream's words", async () => {
  const upstream = startUpstream(() => Response.json({ error: { message: "secret stack" } }, { status: 500 }));
  await withLive(configOf(upstream.url), async ({ chat, logged }) => {
    const response = await chat({});
    assert.equal(response.status, 502);
    assert.deepEqual(await response.json(), {
      error: {
        message: 'Cannot answer as no model did: "small", "middle", "large"; the last failed by status 500',
        type: "upstream_error",
        param: null,
        code: "upstream_failed",
      },
    });
    assert.equal(upstream.asked.length, 9);
    const [line] = await logged();
    assert.deepEqual([line.status, line.is_complete, line.answered_by, line.cost_usd], [502, false, null, null]);
  });
  await upstream.stop();
});

Deno.test("retry-after is obeyed where it is short, and sends the request to the next model where it is long", async () => {
  const times: number[] = [];
  const upstream = startUpstream(({ body }, n) => {
    times.push(performance.now());
    const after = body.model === "upstream-large" ? "60" : "1";
    return n === 1 || body.model === "upstream-large"
      ? new Response("", { status: 429, headers: { "retry-after": after } })
      : completion("Hi");
  });
  await withLive(configOf(upstream.url), async ({ chat }) => {
    assert.equal((await (await chat({ model: "small" })).json()).model, "small");
    assert.ok(times[1] - times[0] >= 990, `asked again after ${times[1] - times[0]} ms`);
    const start = performance.now();
    assert.notEqual((await (await chat({ model: "router-95" })).json()).model, "large");
    assert.ok(performance.now() - start < 900);
    const named = await chat({ model: "large" });
    assert.deepEqual([named.status, named.headers.get("retry-after")], [429, "60"]);
    assert.equal((await named.json()).error.type, "rate_limit_error");
  });
  await upstream.stop();
});

Deno.test("a wrong answer is none: no JSON, no choices, and a stream of other things", async () => {
  const wrong: (() => Response)[] = [
    () => new Response("<html>"),
    () => Response.json({ choices: null }),
    () => Response.json([]),
    () => stream(["data: <html>\n\n"]),
    () => stream([]),
    () => stream(["data: [DONE]\n\n"]),
    () => stream([`data: {"error":{"message":"no"}}\n\n`]),
  ];
  for (const [at, answer] of wrong.entries()) {
    const upstream = startUpstream(({ body }) => {
      if (body.model === "upstream-small") return answer();
      return at < 3 ? completion("Hi") : stream([chunk({ content: "Hi" }), STREAM_END]);
    });
    await withLive(configOf(upstream.url, { more: { retries: 0 } }), async ({ chat, logged }) => {
      const response = await chat({ stream: at >= 3 });
      assert.equal(response.headers.get("x-routerbench-model"), "middle", `wrong answer ${at}`);
      await response.body?.cancel();
      await until(async () => (await logged()).length === 1);
      const [{ attempts }] = await logged();
      assert.deepEqual((attempts as unknown[])[0], { model: "small", failure: "answer" });
    });
    await upstream.stop();
  }
});

Deno.test("half a stream ends with an error and without [DONE]; no other model is asked", async () => {
  const upstream = startUpstream(() => stream([chunk({ content: "Hel" })]));
  await withLive(configOf(upstream.url), async ({ chat, logged }) => {
    const events = await eventsOf(await chat({ stream: true }));
    assert.equal(events.length, 2);
    assert.equal(JSON.parse(events[0]).choices[0].delta.content, "Hel");
    assert.equal(JSON.parse(events[1]).error.code, "upstream_stream_broken");
    assert.equal(upstream.asked.length, 1);
    const [line] = await logged();
    assert.deepEqual([line.is_complete, line.is_estimated, line.completion_tokens], [false, true, 1]);
  });
  await upstream.stop();
});

Deno.test("an upstream that hangs is left after its time: before the first token for the next model, within the stream with an error", async () => {
  const held: (() => void)[] = [];
  const upstream = startUpstream(async ({ body }) => {
    if (body.model === "upstream-small") await new Promise<void>((resolve) => held.push(resolve));
    return body.stream === true ? stream([chunk({ content: "Hel" }), null]) : completion("Hi");
  });
  const model = { timeout_seconds: { first: 0.1, idle: 0.15, total: 0.4 } };
  await withLive(configOf(upstream.url, { more: { retries: 0 }, model }), async ({ chat, logged }) => {
    assert.equal((await (await chat({})).json()).model, "middle");
    const streamed = await chat({ stream: true });
    assert.equal(streamed.headers.get("x-routerbench-model"), "middle");
    const events = await eventsOf(streamed);
    assert.equal(JSON.parse(events.at(-1)!).error.code, "upstream_stream_broken");
    const late = await chat({ model: "small" });
    assert.deepEqual([late.status, (await late.json()).error.code], [504, "upstream_timeout"]);
    const lines = await logged();
    assert.deepEqual((lines[0].attempts as unknown[])[0], { model: "small", failure: "timeout" });
  });
  for (const release of held) release();
  await upstream.stop();
});

Deno.test("a request that takes longer than its limit ends with 504", async () => {
  let release = (): void => {};
  const upstream = startUpstream(async () => {
    await new Promise<void>((resolve) => release = resolve);
    return completion("Hi");
  });
  await withLive(configOf(upstream.url, { more: { limits: { seconds: 0.2 } } }), async ({ chat }) => {
    const response = await chat({});
    assert.deepEqual([response.status, (await response.json()).error.code], [504, "request_timeout"]);
  });
  release();
  await upstream.stop();
});

Deno.test("a circuit opens after failures in a row, is probed after its time, and closes when the probe succeeds", async () => {
  let isDown = true;
  const upstream = startUpstream(() => isDown ? new Response("", { status: 500 }) : completion("Hi"));
  const more = { retries: 0, circuit: { failures: 2, open_seconds: 0.3 } };
  await withLive(configOf(upstream.url, { more }), async ({ chat, url }) => {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      const response = await chat({ model: "small" });
      await response.body?.cancel();
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [502, 502, 502, 502]);
    assert.equal(upstream.asked.length, 2, "an open circuit asks nothing");
    assert.match(await (await fetch(`${url}/metrics`)).text(), /routerbench_open_circuits 1/);
    isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal((await chat({ model: "small" })).status, 200);
  });
  await upstream.stop();
});

Deno.test("a prompt that is longer than a model's context goes to another model", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url, { model: { context_tokens: 5 } }), async ({ chat }) => {
    assert.equal((await chat({})).status, 200);
    const response = await chat({ messages: [{ role: "user", content: "a".repeat(40) }] });
    assert.equal(response.status, 502);
    assert.equal(upstream.asked.length, 1);
  });
  await upstream.stop();
});

Deno.test("streams that break within open the circuit, and a stream that ends closes the count", async () => {
  const answers = ["half", "whole", "half", "half", "whole", "whole"];
  const upstream = startUpstream(({ body }) => {
    const isHalf = body.model === "upstream-small" && answers.shift() === "half";
    return stream([chunk({ content: "Hel" }), ...(isHalf ? [] : [STREAM_END])]);
  });
  const circuit = { circuit: { failures: 2, open_seconds: 60 }, retries: 0 };
  await withLive(configOf(upstream.url, { more: circuit }), async ({ chat, logged }) => {
    for (let i = 0; i < 5; i++) await (await chat({ stream: true })).text();
    const lines = await logged();
    assert.deepEqual(lines.map(({ is_complete: all }) => all), [false, true, false, false, true]);
    assert.deepEqual(lines.map(({ answered_by: by }) => by), ["small", "small", "small", "small", "middle"]);
    assert.deepEqual(lines[4].attempts, [{ model: "small", failure: "circuit" }, { model: "middle", failure: null }]);
  });
  await upstream.stop();
});

Deno.test("requests are answered while the log cannot be written, and logged when it can again", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url), async ({ chat, logged, url, folder }) => {
    await Deno.remove(folder, { recursive: true });
    for (let i = 0; i < 3; i++) assert.equal((await (await chat({})).json()).model, "small");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /routerbench_log_lines_waiting 3/);
    await Deno.mkdir(folder);
    assert.equal((await logged()).length, 3);
  });
  await upstream.stop();
});
