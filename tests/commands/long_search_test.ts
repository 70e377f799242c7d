import assert from "node:assert/strict";
import "../../lib/base/telemetry_off.ts";
import { longSearchNotice } from "../../lib/commands/long_search.ts";

Deno.test("longSearchNotice() estimates a quadratic search before it starts, and says nothing of a short one or of none", async () => {
  const of = (nPrompts: number): Parameters<typeof longSearchNotice>[0] => ({
    ...{ nPrompts, nDims: 2, encoder: "made" },
    values: new Float32Array(2 * nPrompts).map((_, at) => at % 7),
  });
  const options = { trainShare: 0.7, routers: ["knn", "linear"] };
  assert.match(
    await longSearchNotice(of(200_000), options) ?? "",
    /^Routers of neighbours compare each of 102,000 prompts with each of 98,000 learned ones, in blocks: about \d+ (second|minute)s? here.* quadratic/,
  );
  assert.equal(await longSearchNotice(of(20_000), options), null);
  assert.equal(await longSearchNotice(of(200_000), { ...options, routers: ["linear"] }), null);
});
