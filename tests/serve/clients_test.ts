import assert from "node:assert/strict";
import { chunk, completion, configOf, startUpstream, stream, until, withLive } from "./_live.ts";

Deno.test("bodies that are no request are refused in OpenAI's form", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url, { more: { limits: { body_bytes: 100_000 } } }), async ({ chat, logged }) => {
    const cases: [BodyInit, number, string][] = [
      ["{", 400, "the body must be JSON"],
      ["[]", 400, "the body must be a JSON object"],
      [Uint8Array.of(0x7b, 0xff, 0x7d), 400, "the body must be UTF-8"],
      ['{"model":"router"}', 400, "messages must be a list"],
      ['{"model":"router","messages":[null]}', 400, "each message must be an object"],
      ['{"messages":[{}]}', 400, "model must be a text"],
      ["x".repeat(100_001), 413, "at most 100000 bytes"],
    ];
    for (const [body, status, words] of cases) {
      const response = await chat({}, { body });
      const { error } = await response.json();
      assert.equal(response.status, status, words);
      assert.ok(error.message.includes(words), error.message);
      assert.equal(error.type, "invalid_request_error");
    }
    assert.equal(upstream.asked.length, 0);
    assert.equal((await logged()).length, cases.length);
  });
  await upstream.stop();
});

Deno.test("a body of 50 MB is refused before it is read, whether it says its length or not", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url), async ({ chat }) => {
    let nSent = 0;
    const part = new Uint8Array(2 ** 20).fill(32);
    const endless = new ReadableStream<Uint8Array>({
      pull(controller): void {
        if (nSent++ < 50) controller.enqueue(part);
        else controller.close();
      },
    });
    // The server answers and closes while the client still sends: the client sees the answer or a broken connection.
    for (const body of [endless, new Uint8Array(50 * 2 ** 20)]) {
      const status = await chat({}, { body }).then(async (response) => {
        await response.body?.cancel();
        return response.status;
      }).catch((error) => {
        assert.ok(error instanceof TypeError);
        return 413;
      });
      assert.equal(status, 413);
    }
    assert.ok(nSent < 50, `${nSent} MB were taken`);
    assert.equal((await chat({})).status, 200);
  });
  await upstream.stop();
});

Deno.test("a client that leaves ends the request to the upstream, before the answer and within a stream", async () => {
  const upstream = startUpstream(async ({ body, signal }) => {
    if (body.stream === true) return stream([chunk({ content: "Hel" }), null]);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return completion("Hi");
  });
  await withLive(configOf(upstream.url), async ({ chat, logged, url, errors }) => {
    const leaving = new AbortController();
    const asking = chat({}, { signal: leaving.signal });
    await until(() => upstream.asked.length === 1);
    leaving.abort();
    await assert.rejects(asking, { name: "AbortError" });
    await until(() => upstream.asked[0].signal.aborted);
    assert.ok(upstream.asked[0].signal.aborted);

    const streamed = await chat({ stream: true });
    const reader = streamed.body!.getReader();
    await reader.read();
    await reader.cancel();
    await until(async () => (await logged()).length === 2);
    assert.ok(upstream.asked[1].signal.aborted);
    const lines = await logged();
    assert.deepEqual(lines.map(({ status, is_complete: all }) => [status, all]), [[499, false], [499, false]]);
    assert.equal(upstream.asked.length, 2, "nobody waits for a retry");
    assert.match(await (await fetch(`${url}/metrics`)).text(), /routerbench_in_flight_requests 0/);
    assert.deepEqual(errors, []);
  });
  await upstream.stop();
});

Deno.test("clients that leave at once leave nothing behind", async () => {
  const upstream = startUpstream(async ({ body }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return body.stream === true ? stream([chunk({ content: "Hel" }), chunk({ content: "lo" })]) : completion("Hi");
  });
  await withLive(configOf(upstream.url, { more: { limits: { in_flight: 2000 } } }), async ({ chat, url, errors }) => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, async (_, i) => {
        const leaving = new AbortController();
        const asking = chat({ stream: i % 2 === 0 }, { signal: leaving.signal });
        setTimeout(() => leaving.abort(), i % 10);
        await asking.then((response) => response.text()).catch(() => {});
      }));
    }
    const inFlight = async (): Promise<string> => {
      return /routerbench_in_flight_requests (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())![1];
    };
    await until(async () => await inFlight() === "0");
    assert.equal(await inFlight(), "0");
    assert.equal((await chat({})).status, 200);
    assert.deepEqual(errors, []);
  });
  await upstream.stop();
});

Deno.test("more requests than the limit are refused with 503, and each answer has its line in the log", async () => {
  const waiting: (() => void)[] = [];
  const upstream = startUpstream(async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return completion("Hi");
  });
  await withLive(configOf(upstream.url, { more: { limits: { in_flight: 3 } } }), async ({ chat, logged }) => {
    const asking = [chat({}), chat({}), chat({})];
    await until(() => waiting.length === 3);
    const refused = await chat({});
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
    assert.equal((await refused.json()).error.code, "overloaded");
    for (const release of waiting) release();
    assert.deepEqual((await Promise.all(asking)).map(({ status }) => status), [200, 200, 200]);
    assert.equal((await logged()).length, 3);
  });
  await upstream.stop();
});

Deno.test("a header bomb is refused without harm to others", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url), async ({ chat, url }) => {
    const { hostname, port } = new URL(url);
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const write = async (text: string): Promise<void> => {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    };
    let nSent = 0;
    const bomb = async (): Promise<void> => {
      await write("POST /v1/chat/completions HTTP/1.1\r\nhost: here\r\n");
      for (; nSent < 100_000; nSent++) await write(`x-bomb-${nSent}: ${"x".repeat(1000)}\r\n`);
    };
    await bomb().catch((error) =>
      assert.ok(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)
    );
    assert.ok(nSent < 10_000, `${nSent} kB of headers were taken`);
    assert.equal((await chat({})).status, 200);
  });
  await upstream.stop();
});

Deno.test("a thousand clients that leave at once cost nothing but their requests", async () => {
  const upstream = startUpstream(async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return completion("Hi");
  });
  const limits = { limits: { in_flight: 2000 } };
  await withLive(configOf(upstream.url, { more: limits }), async ({ chat, url, logged, errors }) => {
    const leaving = new AbortController();
    const asking = Array.from({ length: 1000 }, () => chat({}, { signal: leaving.signal }).catch(() => null));
    await until(() => upstream.asked.length === 1000);
    leaving.abort();
    await Promise.all(asking);
    await until(async () => (await logged()).length === 1000);
    const statuses = new Set((await logged()).map(({ status }) => status));
    assert.deepEqual(statuses, new Set([499]));
    await until(() => upstream.asked.every(({ signal }) => signal.aborted));
    assert.ok(upstream.asked.every(({ signal }) => signal.aborted));
    assert.match(await (await fetch(`${url}/metrics`)).text(), /routerbench_in_flight_requests 0/);
    assert.deepEqual(errors, []);
  });
  await upstream.stop();
});
