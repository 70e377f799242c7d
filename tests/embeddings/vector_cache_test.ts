import assert from "node:assert/strict";
import { join } from "node:path";
import { openVectorCache, type VectorCache } from "../../lib/embeddings/_vector_cache.ts";
import { inNewFolder } from "./_toy_weights.ts";

const N_DIMS = 3;
const OPTIONS = { label: "toy", key: "toy encoder, 16 word pieces", nDims: N_DIMS };
const HEADER_BYTES = `RBVECT01\n${N_DIMS}\n${OPTIONS.key}\n`.length + 4;
const RECORD_BYTES = 16 + 4 * N_DIMS + 4;
const TEXTS = ["one", "two", "three", ""];

function vectorOf(text: string): Float32Array {
  return Float32Array.of(text.length, Math.fround(1 / 3), text.charCodeAt(0) || -0);
}

/** Reads, makes what is missing, writes: what an encoder does. Returns what had to be made. */
async function complete(cache: VectorCache, texts: readonly string[]): Promise<string[]> {
  const vectors = await cache.read(texts);
  const missing = texts.filter((text) => !vectors.has(text));
  for (const text of missing) cache.append(text, vectorOf(text));
  cache.flush();
  for (const [text, vector] of await cache.read(texts)) assert.deepEqual(vector, vectorOf(text));
  return missing;
}

Deno.test("openVectorCache() gives back the bits it was given, and nothing for other texts", async () => {
  await inNewFolder(async (folder) => {
    const cache = openVectorCache(join(folder, "made", "when needed"), OPTIONS);
    assert.equal((await cache.read(TEXTS)).size, 0);
    assert.deepEqual(await complete(cache, TEXTS), TEXTS);
    assert.deepEqual(await complete(openVectorCache(join(folder, "made", "when needed"), OPTIONS), TEXTS), []);
    assert.equal((await cache.read(["four", "One"])).size, 0);
    assert.equal((await Deno.stat(cache.path)).size, HEADER_BYTES + TEXTS.length * RECORD_BYTES);
  });
});

Deno.test("openVectorCache() continues a file that was cut at any byte, and ends with the same bytes", async () => {
  await inNewFolder(async (folder) => {
    const cache = openVectorCache(folder, OPTIONS);
    await complete(cache, TEXTS);
    const whole = await Deno.readFile(cache.path);
    for (let length = 0; length <= whole.length; length++) {
      await Deno.writeFile(cache.path, whole.subarray(0, length));
      const nKept = Math.max(0, Math.floor((length - HEADER_BYTES) / RECORD_BYTES));
      assert.deepEqual(
        await complete(openVectorCache(folder, OPTIONS), TEXTS),
        TEXTS.slice(nKept),
        `cut to ${length} bytes`,
      );
      assert.deepEqual(await Deno.readFile(cache.path), whole, `cut to ${length} bytes`);
    }
  });
});

Deno.test("openVectorCache() makes a damaged record again, whichever byte is wrong", async () => {
  await inNewFolder(async (folder) => {
    const cache = openVectorCache(folder, OPTIONS);
    await complete(cache, TEXTS);
    const whole = await Deno.readFile(cache.path);
    for (let at = 0; at < RECORD_BYTES; at++) {
      const damaged = whole.slice();
      damaged[HEADER_BYTES + RECORD_BYTES + at] ^= 1; // in the second record
      await Deno.writeFile(cache.path, damaged);
      assert.deepEqual(await complete(cache, TEXTS), ["two"]);
      assert.deepEqual(await complete(cache, TEXTS), []);
    }
  });
});

Deno.test("openVectorCache() refuses a file of something else, and leaves it as it is", async () => {
  await inNewFolder(async (folder) => {
    const cache = openVectorCache(folder, OPTIONS);
    const foreign = new TextEncoder().encode("a table of mine, which is worth keeping ".repeat(3));
    await Deno.writeFile(cache.path, foreign);
    const message = {
      name: "Error",
      message: /^Cannot use the vector cache ".*" as its first 43 bytes must name this encoder: byte 0 differs; delete/,
    };
    await assert.rejects(cache.read(TEXTS), message);
    cache.append("one", vectorOf("one"));
    assert.throws(() => cache.flush(), message);
    assert.deepEqual(await Deno.readFile(cache.path), foreign);
  });
});

Deno.test("openVectorCache() keeps encoders apart that differ in anything", async () => {
  await inNewFolder(async (folder) => {
    await complete(openVectorCache(folder, OPTIONS), TEXTS);
    const others = [{ ...OPTIONS, key: "toy encoder, 15 word pieces" }, { ...OPTIONS, label: "owner/toy" }];
    for (const other of others) assert.deepEqual(await complete(openVectorCache(folder, other), TEXTS), TEXTS);
    assert.throws(() => {
      Deno.writeTextFileSync(join(folder, "file"), "");
      const cache = openVectorCache(join(folder, "file"), OPTIONS);
      cache.append("one", vectorOf("one"));
      cache.flush();
    }, { name: "Error", message: /^Cannot write the vector cache .* cacheFolder: null to keep no vectors$/ });
  });
});

Deno.test("openVectorCache() writes as it goes, so that a killed run loses at most 31 vectors", async () => {
  await inNewFolder(async (folder) => {
    const cache = openVectorCache(folder, OPTIONS);
    for (let i = 0; i < 100; i++) cache.append(`text ${i}`, vectorOf(`text ${i}`));
    const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
    assert.equal((await openVectorCache(folder, OPTIONS).read(texts)).size, 96);
  });
});

Deno.test("openVectorCache() takes turns with others that write to the same file", async () => {
  await inNewFolder(async (folder) => {
    const caches = [openVectorCache(folder, OPTIONS), openVectorCache(folder, OPTIONS)];
    const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    texts.forEach((text, i) => caches[i % 2].append(text, vectorOf(text)));
    for (const cache of caches) cache.flush();
    assert.equal((await caches[0].read(texts)).size, 200);
  });
});
