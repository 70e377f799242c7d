import assert from "node:assert/strict";
import { type StandInOptions, startStandIns } from "../../lib/serve/replay/stand_ins.ts";
import { tableOf } from "../_tables.ts";

const OUTCOMES = tableOf({
  quality: [[0, 1], [1, 1]],
  costUsd: [[1.234567890123e-7, 0.3], [0, 0.0123456789]],
  prompts: ["Same", "Same"],
});
const NONE: StandInOptions = { latency: new Map(), failures: new Map(), seed: 1 };

async function withStandIns(
  options: StandInOptions,
  body: (ask: (row: number, model: number) => Promise<Response>, prices: number[]) => Promise<void>,
): Promise<void> {
  const { config, stop } = startStandIns(OUTCOMES, options);
  const ask = (row: number, model: number): Promise<Response> =>
    fetch(`${config.models[model].baseUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ messages: [], metadata: { row: String(row) } }),
    });
  await body(ask, config.models.map(({ priceUsdPerMillionTokens: price }) => price.completion)).finally(stop);
}

Deno.test("stand-ins tell recorded costs by tokens and prices, of equal texts too", () =>
  withStandIns(NONE, async (ask, prices) => {
    for (let row = 0; row < 2; row++) {
      for (let j = 0; j < 2; j++) {
        const { usage } = await (await ask(row, j)).json();
        const cost = OUTCOMES.costUsd[row * 2 + j];
        assert.ok(Number.isSafeInteger(usage.completion_tokens));
        assert.ok(Math.abs(usage.completion_tokens * prices[j] / 1e6 - cost) <= 1e-12 * cost);
      }
    }
    assert.equal((await (await ask(7, 0)).json()).error.message, "No such model or row");
  }));

Deno.test("stand-ins fail at the rate that was asked for, by prompt and attempt whatever the order", async () => {
  const options = { ...NONE, failures: new Map([["m0", 0.3]]) };
  const statuses = async (rows: readonly number[]): Promise<number[][]> => {
    const found: number[][] = [[], []];
    await withStandIns(options, async (ask) => {
      for (const row of rows) {
        const response = await ask(row, 0);
        await response.body?.cancel();
        found[row].push(response.status);
      }
    });
    return found;
  };
  const rows = Array.from({ length: 400 }, (_, i) => i % 2);
  const inTurn = await statuses(rows);
  assert.deepEqual(await statuses(rows.toSorted()), inTurn);
  const share = inTurn.flat().filter((status) => status === 503).length / 400;
  assert.ok(Math.abs(share - 0.3) < 3.3 * Math.sqrt(0.3 * 0.7 / 400), String(share));
});

Deno.test("stand-ins take the time that is given or recorded", async () => {
  const recorded = { ...OUTCOMES, latencySeconds: Float64Array.of(0.05, 0, 0, 0) };
  const { config, stop } = startStandIns(recorded, { ...NONE, latency: "recorded" });
  const start = performance.now();
  const response = await fetch(`${config.models[0].baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ metadata: { row: "0" } }),
  });
  await response.body?.cancel();
  await stop();
  assert.ok(performance.now() - start >= 50);
  assert.throws(() => startStandIns(OUTCOMES, { ...NONE, latency: "recorded" }), /"made" has none; pass seconds/);
});
