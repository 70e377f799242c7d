import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isBatchIndependent, openNetwork } from "../../lib/embeddings/_network.ts";
import { loadWordPieces } from "../../lib/embeddings/word_pieces.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { findWeights } from "../../lib/embeddings/weights.ts";
import { seededRandom } from "../../lib/base/random.ts";
import reference from "../reference/minilm.json" with { type: "json" };

const WEIGHTS_FOLDER = fileURLToPath(new URL("../../data/raw/weights", import.meta.url));
const FOLDER = (await findWeights("all-MiniLM-L6-v2", { weightsFolder: WEIGHTS_FOLDER, fetchWeights: false })).folder;
if (FOLDER === null) {
  // deno-lint-ignore no-console -- skipped tests say so
  console.log(
    'Skipped: the tests of all-MiniLM-L6-v2, as its weights are not in data/raw/weights (openEncoder("auto") fetches them)',
  );
}

/** A test that needs the weights; nothing is kept on disk. */
function testWithWeights(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: FOLDER === null, fn: run });
}

function open(options: { maxTokens?: number; nWorkers?: number } = {}): ReturnType<typeof openEncoder> {
  return openEncoder("all-MiniLM-L6-v2", { ...options, cacheFolder: null, fetchWeights: false });
}

testWithWeights(
  "all-MiniLM-L6-v2 has the word pieces and the vectors of Python's tokenizers and onnxruntime",
  async () => {
    const wordPieces = await loadWordPieces(FOLDER!, reference.maxTokens);
    for (const { text, ids } of reference.texts) assert.deepEqual(wordPieces(text), ids);
    const encoder = await open({ maxTokens: reference.maxTokens });
    if (!encoder.name.includes(reference.modelSha256.slice(0, 8))) {
      // deno-lint-ignore no-console -- a skipped test says so
      return console.log(
        "Skipped: the vectors of tests/reference/minilm.json, as they belong to another file of weights",
      );
    }
    const { nDims, values } = await encoder.encode(reference.texts.map(({ text }) => text));
    reference.texts.forEach(({ text, first8 }, i) => {
      first8.forEach((value, d) => {
        const found = values[i * nDims + d];
        assert.ok(Math.abs(found - value) < 1e-4, `${text.slice(0, 30)}, dim ${d}: ${found}, expected ${value}`);
      });
    });
  },
);

testWithWeights(
  "all-MiniLM-L6-v2 gives unit vectors in which a paraphrase is nearer than another subject",
  async () => {
    const { nDims, values } = await (await open()).encode([
      "How many apples are left if I eat two of seven?",
      "I had 7 apples and ate 2. What number remains?",
      "Who wrote the constitution of Norway?",
    ]);
    const dot = (a: number, b: number): number => {
      let sum = 0;
      for (let d = 0; d < nDims; d++) sum += values[a * nDims + d] * values[b * nDims + d];
      return sum;
    };
    assert.equal(nDims, 384);
    for (const i of [0, 1, 2]) assert.ok(Math.abs(dot(i, i) - 1) < 1e-6);
    assert.ok(dot(0, 1) > 0.6 && dot(0, 2) < 0.2, `${dot(0, 1)}, ${dot(0, 2)}`);
  },
);

testWithWeights("all-MiniLM-L6-v2 gives a text the same bits alone, among others, and on workers", async () => {
  const texts = Array.from({ length: 70 }, (_, i) => `Question ${i}: ${"why is the sky blue ".repeat(i % 9)}?`);
  const together = await (await open({ nWorkers: 2 })).encode(texts);
  const here = await open({ nWorkers: 1 });
  for (const i of [0, 8, 69]) {
    const alone = await here.encode([texts[i]]);
    assert.deepEqual(alone.values, together.values.slice(i * 384, (i + 1) * 384));
  }
});

testWithWeights("all-MiniLM-L6-v2 gives word pieces the same bits alone and in batches of any size", async () => {
  const modelPath = join(FOLDER!, "onnx/model_quantized.onnx");
  if (!isBatchIndependent(await Deno.readFile(modelPath))) {
    // deno-lint-ignore no-console -- a skipped test says so
    return console.log("Skipped: batches of all-MiniLM-L6-v2, as these weights quantise while they run");
  }
  const network = await openNetwork(modelPath, { nDims: 384, threads: 1 });
  const random = seededRandom(1, "word pieces");
  for (const nPieces of [2, 3, 16, 17, 64, 75, 127, 128]) {
    const texts = Array.from({ length: Math.min(9, Math.ceil(256 / nPieces)) }, () => {
      return [101, ...Array.from({ length: nPieces - 2 }, () => 1000 + random.integer(20_000)), 102];
    });
    const together = await network(texts);
    for (let i = 0; i < texts.length; i++) {
      assert.deepEqual((await network([texts[i]]))[0], together[i], `text ${i} of ${nPieces} pieces`);
    }
  }
});
