import assert from "node:assert/strict";
import OpenAI from "openai";
import { chunk, completion, configOf, type Live, startUpstream, stream, STREAM_END, withLive } from "./_live.ts";

const TOOLS: OpenAI.ChatCompletionTool[] = [{
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
}];
const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } } as const;

function clientOf({ url }: Live, apiKey = "none"): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, dangerouslyAllowBrowser: true });
}

Deno.test("the official client gets a plain answer, with tools and images passed through as they are", async () => {
  const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } };
  const upstream = startUpstream(() =>
    completion("", {
      choices: [{
        index: 0,
        message: { role: "assistant", content: null, tool_calls: [call] },
        finish_reason: "tool_calls",
      }],
    })
  );
  await withLive(configOf(upstream.url), async (live) => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Weather?" }, IMAGE] },
    ] as OpenAI.ChatCompletionMessageParam[];
    const request = { model: "router", messages, tools: TOOLS, temperature: 0.5, seed: 7 };
    const { data, response } = await clientOf(live).chat.completions.create(request).withResponse();
    assert.deepEqual(data.choices[0].message.tool_calls, [call]);
    assert.equal(data.model, "small");
    assert.equal(data.usage?.prompt_tokens, 10);
    assert.equal((data.usage as unknown as { cost_usd: number }).cost_usd, 50e-6);
    assert.equal(response.headers.get("x-routerbench-model"), "small");
    assert.equal(response.headers.get("x-routerbench-attempts"), "1");
    assert.equal(response.headers.get("x-routerbench-cost-usd"), String(50e-6));
    assert.ok(Number(response.headers.get("x-routerbench-routing-ms")) >= 0);
    assert.deepEqual(upstream.asked[0].body, { ...request, model: "upstream-small" });
    assert.equal(upstream.asked[0].headers.get("authorization"), "Bearer secret-upstream-key");
    const [line] = await live.logged();
    assert.equal(line.request_id, response.headers.get("x-request-id"));
    assert.equal(line.prompt, "Weather?");
  });
  await upstream.stop();
});

Deno.test("the official client streams text and tool calls to the end, with the usage where it asks for it", async () => {
  const parts = [
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Hel" }),
    chunk({ content: "lo" }),
    chunk({
      tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } }],
    }),
    STREAM_END,
  ];
  const upstream = startUpstream(() => stream(parts));
  await withLive(configOf(upstream.url), async (live) => {
    const ask = async (
      more: Partial<OpenAI.ChatCompletionCreateParamsStreaming>,
    ): Promise<OpenAI.ChatCompletionChunk[]> => {
      const answer = await clientOf(live).chat.completions.create({
        model: "router-95",
        messages: [{ role: "user", content: "Hi" }],
        stream: true,
        tools: TOOLS,
        ...more,
      });
      return await Array.fromAsync(answer);
    };
    const plain = await ask({});
    assert.equal(plain.map(({ choices }) => choices[0].delta.content ?? "").join(""), "Hello");
    assert.equal(plain.at(-1)?.choices[0].delta.tool_calls?.[0].function?.name, "weather");
    assert.ok(plain.every(({ model, usage }) => model === "large" && usage === undefined));
    const counted = await ask({ stream_options: { include_usage: true } });
    assert.equal(counted.length, plain.length + 1);
    assert.deepEqual(counted.at(-1)?.choices, []);
    assert.deepEqual(counted.at(-1)?.usage, {
      prompt_tokens: 10,
      completion_tokens: 20,
      total_tokens: 30,
      cost_usd: 50e-6,
    } as unknown as OpenAI.CompletionUsage);
    assert.deepEqual(upstream.asked.map(({ body }) => body.stream_options), Array(2).fill({ include_usage: true }));
    const lines = await live.logged();
    assert.deepEqual(lines.map(({ cost_usd: cost, is_complete: all }) => [cost, all]), Array(2).fill([50e-6, true]));
    assert.ok((lines[0].first_token_seconds as number) <= (lines[0].latency_seconds as number));
  });
  await upstream.stop();
});

Deno.test("the official client reads the models, and errors in OpenAI's form", async () => {
  const body = { error: { message: "temperature must be at most 2", code: "bad_value", param: "temperature" } };
  const upstream = startUpstream(() => Response.json(body, { status: 400 }));
  await withLive(configOf(upstream.url), async (live) => {
    const client = clientOf(live);
    const names = (await Array.fromAsync(client.models.list())).map(({ id }) => id);
    assert.deepEqual(names, ["router", "router-recommended", "router-95", "small", "middle", "large"]);
    const messages = [{ role: "user", content: "Hi" }] as const;
    const unknown = client.chat.completions.create({ model: "router-99", messages: [...messages] });
    await assert.rejects(unknown, (error: unknown) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, "model_not_found");
      return true;
    });
    await assert.rejects(
      client.chat.completions.create({ model: "large", messages: [...messages] }),
      (error: unknown) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.deepEqual([error.code, error.param], ["bad_value", "temperature"]);
        return true;
      },
    );
    assert.equal(upstream.asked.length, 1, "a request that is at fault is asked once");
  });
  await upstream.stop();
});

Deno.test("a server with a key refuses clients without it and never shows a key", async () => {
  const upstream = startUpstream(() => completion("Hi"));
  await withLive(configOf(upstream.url), async (live) => {
    const ask = (key: string): Promise<unknown> =>
      clientOf(live, key).chat.completions.create({ model: "router", messages: [{ role: "user", content: "Hi" }] });
    await assert.rejects(ask("wrong"), OpenAI.AuthenticationError);
    await ask("client-secret");
    assert.equal((await fetch(`${live.url}/metrics`)).status, 401);
    assert.equal((await fetch(`${live.url}/health`)).status, 200);
    const metrics = await (await fetch(`${live.url}/metrics`, { headers: { authorization: "Bearer client-secret" } }))
      .text();
    assert.match(metrics, /routerbench_requests_total\{model="small",status="200"\} 1/);
    assert.doesNotMatch(metrics + JSON.stringify(await live.logged()), /secret/);
    assert.notEqual(upstream.asked[0].headers.get("authorization"), "Bearer client-secret");
  }, { clientKey: "client-secret" });
  await upstream.stop();
});
