import assert from "node:assert/strict";
import { cachedEncoder, type VectorMaker } from "../../lib/embeddings/_cached_encoder.ts";
import type { EncodingProgress } from "../../lib/embeddings/embeddings.ts";
import { inNewFolder } from "./_toy_weights.ts";

/** Makes [length, first unit] of each text, last text first, and notes what it was asked for. */
function fakeMaker(asked: string[], stopAfter = Infinity): VectorMaker {
  return {
    name: "fake",
    nDims: 2,
    maxTokens: 8,
    key: "fake",
    async make(texts, onVector): Promise<void> {
      for (let i = texts.length - 1; i >= 0; i--) {
        if (asked.length >= stopAfter) throw new Error("stopped");
        await Promise.resolve();
        asked.push(texts[i]);
        onVector(i, Float32Array.of(texts[i].length, texts[i].charCodeAt(0)));
      }
    },
  };
}

Deno.test("cachedEncoder() embeds each distinct text once and keeps the order", async () => {
  const asked: string[] = [];
  const encoder = cachedEncoder(fakeMaker(asked), { cacheFolder: null });
  const { nPrompts, nDims, values, encoder: name } = await encoder.encode(["b", "aa", "b", "ccc", "aa"]);
  assert.deepEqual([nPrompts, nDims, name], [5, 2, "fake"]);
  assert.equal(encoder.maxTokens, 8);
  assert.deepEqual([...values], [1, 98, 2, 97, 1, 98, 3, 99, 2, 97]);
  assert.deepEqual(asked.toSorted(), ["aa", "b", "ccc"]);
});

Deno.test("cachedEncoder() gives no rows for no texts, without asking for any", async () => {
  await inNewFolder(async (folder) => {
    const asked: string[] = [];
    const { nPrompts, nDims, values } = await cachedEncoder(fakeMaker(asked), { cacheFolder: folder }).encode([]);
    assert.deepEqual([nPrompts, nDims, values.length, asked.length], [0, 2, 0, 0]);
  });
});

Deno.test("cachedEncoder() continues after an error, and never asks twice", async () => {
  await inNewFolder(async (folder) => {
    const texts = ["a", "bb", "ccc", "dddd"];
    const asked: string[] = [];
    await assert.rejects(cachedEncoder(fakeMaker(asked, 2), { cacheFolder: folder }).encode(texts), {
      message: "stopped",
    });
    const seen: EncodingProgress[] = [];
    const encoder = cachedEncoder(fakeMaker(asked), {
      cacheFolder: folder,
      onProgress: (progress) => seen.push(progress),
    });
    const { values } = await encoder.encode(texts);
    assert.deepEqual(asked, ["dddd", "ccc", "bb", "a"]);
    assert.deepEqual(values, (await cachedEncoder(fakeMaker([]), { cacheFolder: null }).encode(texts)).values);
    assert.deepEqual(seen, [2, 3, 4].map((done) => ({ done, total: 4 })));
  });
});

Deno.test("cachedEncoder() goes on where the disk takes no vectors, and says so once", async () => {
  await inNewFolder(async (folder) => {
    const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
    const notices: string[] = [];
    const cacheFolder = `${folder}/cache`;
    const maker = fakeMaker([]);
    const encoder = cachedEncoder({
      ...maker,
      async make(missing, onVector): Promise<void> {
        await Deno.writeTextFile(cacheFolder, "a file takes the folder's place after the cache was read");
        await maker.make(missing, onVector);
      },
    }, { cacheFolder, onNotice: (line) => notices.push(line) });
    const { values } = await encoder.encode(texts);
    assert.deepEqual(values, (await cachedEncoder(fakeMaker([]), { cacheFolder: null }).encode(texts)).values);
    assert.equal(notices.length, 1);
    assert.match(notices[0], /^Vectors are not kept for the next run: Cannot write the vector cache ".*" as /);
  });
});

Deno.test("cachedEncoder() refuses what is not a text", async () => {
  const encoder = cachedEncoder(fakeMaker([]), { cacheFolder: null });
  await assert.rejects(encoder.encode("one text" as unknown as string[]), {
    name: "TypeError",
    message: "Cannot embed the texts as they must be an array of strings: found string; pass [text] for one text",
  });
  for (const [value, found] of [[null, "null"], [7, "number"], [undefined, "undefined"]] as const) {
    await assert.rejects(encoder.encode(["a", value as unknown as string]), {
      name: "TypeError",
      message: `Cannot embed the texts as each must be a string: texts[1] is ${found}; leave it out or pass ""`,
    });
  }
});
