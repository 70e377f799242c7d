import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { until } from "./_live.ts";

/** A value of OTLP's JSON. */
type Value = { readonly stringValue?: string; readonly intValue?: string | number; readonly doubleValue?: number };
type Attribute = { readonly key: string; readonly value: Value };

function valueOf(attributes: readonly Attribute[], key: string): string | number | undefined {
  const value = attributes.find((each) => each.key === key)?.value;
  return value?.stringValue ?? value?.doubleValue ??
    (value?.intValue === undefined ? undefined : Number(value.intValue));
}

/** All objects of one kind anywhere below a value. */
function below(value: unknown, kind: string): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((each) => below(each, kind));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [...(key === kind ? each : []), ...below(each, kind)]);
}

Deno.test("OpenTelemetry gets spans and metrics of the GenAI conventions, and no texts", async () => {
  const got: unknown[] = [];
  const collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    got.push(await request.json());
    return Response.json({});
  });
  const program = fileURLToPath(new URL("_traced.ts", import.meta.url));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      "--allow-net=127.0.0.1",
      "--allow-env",
      program,
    ],
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  await until(() => below(got, "metrics").length > 0);
  await collector.shutdown();

  const spans = below(got, "spans") as {
    name: string;
    spanId: string;
    parentSpanId: string;
    attributes: Attribute[];
  }[];
  const chats = spans.filter(({ name }) => name === "chat router");
  assert.equal(chats.length, 2);
  const [chat] = chats;
  const expected = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "router",
    "gen_ai.response.model": "middle",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 20,
    "routerbench.attempts": 1,
    "routerbench.arm": "router",
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(valueOf(chat.attributes, key), value, key);
  assert.ok(spans.some(({ parentSpanId }) => parentSpanId === chat.spanId), "the request to the model stands below it");

  type Point = { attributes: Attribute[]; count: string | number; sum: number };
  const points = (name: string): Point[] => {
    const found = below(got, "metrics").filter((each) => each.name === name);
    return (found.at(-1)?.histogram as { dataPoints: Point[] } | undefined)?.dataPoints ?? [];
  };
  const usage = points("gen_ai.client.token.usage");
  const sums = ["input", "output"].map((type) =>
    usage.find(({ attributes }) => valueOf(attributes, "gen_ai.token.type") === type)?.sum
  );
  assert.deepEqual(sums, [20, 40]);
  assert.equal(Number(points("gen_ai.client.operation.duration")[0]?.count), 2);
  assert.equal(Number(points("gen_ai.server.time_to_first_token")[0]?.count), 1, "of the streamed answer");
  assert.doesNotMatch(JSON.stringify(got), /never to be told/);
});
