import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { chunk, completion, configOf, LENGTH_ROUTER, startUpstream, stream, STREAM_END, withLive } from "./_live.ts";

async function python(
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  try {
    const { code, stdout, stderr } = await new Deno.Command("python3", { args }).output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } catch (error) {
    return { code: 1, out: "", err: String(error) };
  }
}

const isThere = (await python("-c", "import openai")).code === 0;

Deno.test({
  name:
    "the official Python client: plain, with tools, streamed, an error, and one that leaves (needs pip install openai)",
  ignore: !isThere,
  fn: async () => {
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } };
    const choices = [{
      index: 0,
      message: { role: "assistant", content: "Hi", tool_calls: [call] },
      finish_reason: "stop",
    }];
    const upstream = startUpstream(({ body }) =>
      body.stream === true
        ? stream([chunk({ content: "Hel" }), chunk({ content: "lo" }), STREAM_END])
        : completion("", { choices })
    );
    await withLive(configOf(upstream.url), async ({ url, errors }) => {
      const program = fileURLToPath(new URL("python_client.py", import.meta.url));
      const { code, out, err } = await python(program, `${url}/v1`);
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), {
        names: ["router", "router-recommended", "router-95", ...LENGTH_ROUTER.models],
        plain: ["small", "Hi", 30],
        calls: ["weather"],
        attempts: "1",
        text: "Hello",
        usage: 30,
        error: [404, "model_not_found"],
        left: true,
      });
      assert.deepEqual(errors, []);
    });
    await upstream.stop();
  },
});
