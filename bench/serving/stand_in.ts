/** A model that answers at once: `deno run … stand_in.ts SHARE_OF_FAILURES`. Prints its port. */
import { seededRandom } from "../../lib/base/random.ts";

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "stand-in",
  choices: [{ index: 0, message: { role: "assistant", content: "Four." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
});
const JSON_HEADERS = { "content-type": "application/json" };
const shareOfFailures = Number(Deno.args[0] ?? 0);
const random = seededRandom(1);

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  await request.bytes();
  if (random.uniform() < shareOfFailures) return new Response("{}", { status: 503, headers: JSON_HEADERS });
  return new Response(ANSWER, { headers: JSON_HEADERS });
});
await Deno.stdout.write(new TextEncoder().encode(`${server.addr.port}\n`));
