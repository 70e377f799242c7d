/** Two requests through a live server, one of them streamed: telemetry_test.ts looks at what is told of them. */
import { chunk, completion, configOf, startUpstream, stream, STREAM_END, withLive } from "./_live.ts";

const upstream = startUpstream(({ body }) =>
  body.stream === true ? stream([chunk({ content: "Hi" }), STREAM_END]) : completion("Hi")
);
await withLive(configOf(upstream.url), async ({ chat }) => {
  const messages = [{ role: "user", content: "never to be told" }];
  await (await chat({ messages })).text();
  await (await chat({ messages, stream: true })).text();
});
await upstream.stop();
