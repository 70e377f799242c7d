import assert from "node:assert/strict";
import { join } from "node:path";
import { openNetwork } from "../../lib/embeddings/_network.ts";
import { loadWordPieces } from "../../lib/embeddings/word_pieces.ts";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { openEncoder, type OpenEncoderOptions } from "../../lib/embeddings/open_encoder.ts";
import {
  inNewFolder,
  pathsBelow,
  TOY_DIMS,
  toyIds,
  toyNetwork,
  toyPieceVector,
  writeToyWeights,
} from "./_toy_weights.ts";

function rowsOf({ nPrompts, nDims, values }: Embeddings): number[][] {
  return Array.from({ length: nPrompts }, (_, i) => [...values.subarray(i * nDims, (i + 1) * nDims)]);
}

/** The mean of the pieces' vectors, scaled to length one. */
function toyVector(pieces: readonly string[]): number[] {
  const sum = new Array<number>(TOY_DIMS).fill(0);
  for (const id of toyIds(...pieces)) toyPieceVector(id).forEach((value, d) => sum[d] += value);
  return sum.map((value) => value / Math.hypot(...sum));
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, d) =>
    assert.ok(Math.abs(value - expected[d]) < 1e-6, `dim ${d}: ${value}, expected ${expected[d]}`)
  );
}

/** Runs a test with a toy encoder under the name "toys/toy". */
async function withToy(test: (folder: string, options: OpenEncoderOptions) => Promise<void>): Promise<void> {
  await inNewFolder(async (folder) => {
    await writeToyWeights(join(folder, "toys/toy"));
    await test(folder, { weightsFolder: folder, cacheFolder: null, fetchWeights: false, maxTokens: 16 });
  });
}

Deno.test("openEncoder() pools the word pieces of each text", async () => {
  await withToy(async (_, options) => {
    const encoder = await openEncoder("toys/toy", options);
    assert.match(encoder.name, /^toys\/toy \(q8 [0-9a-f]{8}\+[0-9a-f]{8}, 16 word pieces, mean\)$/);
    assert.equal(encoder.maxTokens, 16);
    const rows = rowsOf(await encoder.encode(["red green", "Inky!", "", "red green"]));
    const pieces = [["[CLS]", "red", "green", "[SEP]"], ["[CLS]", "ink", "##y", "[UNK]", "[SEP]"], ["[CLS]", "[SEP]"]];
    pieces.forEach((list, i) => assertNear(rows[i], toyVector(list)));
    assert.deepEqual(rows[3], rows[0]);
    assert.deepEqual(rowsOf(await encoder.encode([])), []);
  });
});

Deno.test("openEncoder() cuts long texts and keeps the closing word piece", async () => {
  await withToy(async (folder, options) => {
    const wordPieces = await loadWordPieces(join(folder, "toys/toy"), 4);
    assert.deepEqual(wordPieces("red green"), toyIds("[CLS]", "red", "green", "[SEP]"));
    assert.deepEqual(wordPieces("red green blue"), toyIds("[CLS]", "red", "green", "[SEP]"));
    const encoder = await openEncoder("toys/toy", { ...options, maxTokens: 4 });
    const rows = rowsOf(await encoder.encode(["red green", "red green blue", "red green red"]));
    assert.deepEqual(rows[1], rows[0]);
    assert.deepEqual(rows[2], rows[0]);
  });
});

Deno.test("openEncoder() gives the same bytes on workers, in this thread, alone, and after a stop", async () => {
  await withToy(async (folder, options) => {
    const colours = ["red", "green", "blue", "inky", "?"];
    const texts = Array.from(
      { length: 150 },
      (_, i) => `${colours[i % 5]} ${colours[i % 4]} ${colours[i % 3]} ${"red ".repeat(i % 8)}`,
    );
    const seen: number[] = [];
    const workers = await openEncoder("toys/toy", {
      ...options,
      nWorkers: 2,
      onProgress: ({ done }) => seen.push(done),
    });
    const expected = await workers.encode(texts);
    const nDistinct = new Set(texts).size;
    assert.ok(nDistinct >= 64, "enough texts for workers");
    assert.deepEqual(seen, Array.from({ length: nDistinct + 1 }, (_, done) => done));

    const here = await openEncoder("toys/toy", { ...options, nWorkers: 1 });
    assert.deepEqual(await here.encode(texts), expected);
    for (const i of [0, 77, 149]) assert.deepEqual(rowsOf(await here.encode([texts[i]]))[0], rowsOf(expected)[i]);

    const cacheFolder = join(folder, "cache");
    const stopping = await openEncoder("toys/toy", {
      ...options,
      cacheFolder,
      nWorkers: 2,
      onProgress: ({ done }) => {
        if (done === 40) throw new Error("stopped here");
      },
    });
    await assert.rejects(stopping.encode(texts), { message: "stopped here" });
    const counts: number[] = [];
    const continued = await openEncoder("toys/toy", {
      ...options,
      cacheFolder,
      nWorkers: 2,
      onProgress: ({ done }) => counts.push(done),
    });
    assert.deepEqual(await continued.encode(texts), expected);
    assert.ok(counts[0] >= 40 && counts[0] < nDistinct, `started from ${counts[0]}`);
    assert.equal((await pathsBelow(cacheFolder)).length, 1);
  });
});

Deno.test("openEncoder() runs texts alone where a vector would depend on the others", async () => {
  await withToy(async (folder, options) => {
    const modelPath = join(folder, "toys/toy/onnx/model_quantized.onnx");
    await Deno.writeFile(modelPath, toyNetwork({ quantised: true }));
    const network = await openNetwork(modelPath, { nDims: TOY_DIMS, threads: 1 });
    const [red, green] = ["red", "green"].map((word) => toyIds("[CLS]", word, "[SEP]"));
    assert.notDeepEqual(
      (await network([red, green]))[0],
      (await network([red]))[0],
      "the network must be one whose batches matter",
    );

    const encoder = await openEncoder("toys/toy", options);
    const rows = rowsOf(await encoder.encode(["red", "green"]));
    assert.deepEqual(rows[0], rowsOf(await encoder.encode(["red"]))[0]);
    assert.deepEqual(rows[0], [...(await network([red]))[0]]);
  });
});

Deno.test("openEncoder() needs no network of its own for texts that are on disk", async () => {
  await withToy(async (folder, options) => {
    const cacheFolder = join(folder, "cache");
    const expected = await (await openEncoder("toys/toy", { ...options, cacheFolder })).encode(["red", "blue"]);
    const encoder = await openEncoder("toys/toy", { ...options, cacheFolder });
    await Deno.remove(join(folder, "toys"), { recursive: true });
    assert.deepEqual(await encoder.encode(["red", "blue"]), expected);
    await assert.rejects(encoder.encode(["green"]), {
      name: "Error",
      message: /^Cannot load the encoder "toys\/toy" as its files must be readable and whole: /,
    });
  });
});

Deno.test('openEncoder() falls back to the lexical encoder for "auto" only, and says so', async () => {
  await inNewFolder(async (weightsFolder) => {
    const lines: string[] = [];
    const options: OpenEncoderOptions = { weightsFolder, fetchWeights: false, onNotice: (line) => lines.push(line) };
    assert.equal((await openEncoder("auto", options)).name, "lexical-512");
    assert.equal(lines.length, 1);
    assert.match(
      lines[0],
      /^Using the lexical encoder \(hashed words\) in place of all-MiniLM-L6-v2, whose weights cannot be had: local folder: /,
    );
    assert.equal((await openEncoder("lexical", options)).name, "lexical-512");
    assert.equal(lines.length, 1);
    await assert.rejects(openEncoder("all-MiniLM-L6-v2", options), {
      name: "Error",
      message:
        /^Cannot open the encoder "all-MiniLM-L6-v2" as its weights must be in one of these places: local folder: .* by hand, or use /,
    });
  });
});

Deno.test("openEncoder() refuses bad names, options and files", async () => {
  await withToy(async (folder, options) => {
    await assert.rejects(openEncoder("MiniLM", options), {
      name: "RangeError",
      message: /^Cannot open an encoder as its name must be known: found "MiniLM"/,
    });
    await assert.rejects(openEncoder("lexical", { cacheDir: "x" } as OpenEncoderOptions), {
      name: "TypeError",
      message: /^Cannot open an encoder as options must be among weightsFolder, cacheFolder, .*: "cacheDir" is not/,
    });
    await assert.rejects(openEncoder("lexical", { maxTokens: "128" } as unknown as OpenEncoderOptions), {
      name: "TypeError",
      message: "Cannot open an encoder as maxTokens must be a number: it is a string; leave it out for the default",
    });
    for (const maxTokens of [2, 12.5, NaN]) {
      await assert.rejects(openEncoder("lexical", { maxTokens }), {
        name: "RangeError",
        message:
          `Cannot open an encoder as maxTokens must be a whole number of at least 3: it is ${maxTokens}; leave it out for the default`,
      });
    }
    await assert.rejects(openEncoder("toys/toy", { ...options, maxTokens: 17 }), {
      name: "RangeError",
      message:
        'Cannot open the encoder "toys/toy" as it reads at most 16 word pieces: maxTokens is 17; pass at most 16',
    });
    await Deno.writeTextFile(join(folder, "toys/toy/config.json"), '{"hidden_size": ');
    await assert.rejects(openEncoder("toys/toy", options), {
      name: "SyntaxError",
      message: /^Cannot read ".*config.json" as it must be JSON: /,
    });
    await Deno.writeTextFile(join(folder, "toys/toy/config.json"), "{}");
    await assert.rejects(openEncoder("toys/toy", options), {
      name: "SyntaxError",
      message: /as its config.json must have hidden_size: found undefined/,
    });
  });
});

Deno.test("openEncoder() refuses a network that cannot be read, here and on workers", async () => {
  await withToy(async (folder, options) => {
    await Deno.writeTextFile(join(folder, "toys/toy/onnx/model_quantized.onnx"), "not a network");
    const encoder = await openEncoder("toys/toy", { ...options, nWorkers: 2 });
    await assert.rejects(encoder.encode(["red"]), {
      name: "Error",
      message: /^Cannot load the encoder "toys\/toy" as .* delete ".*" to fetch them again$/,
    });
    const texts = Array.from({ length: 64 }, (_, i) => "red ".repeat(i));
    await assert.rejects(encoder.encode(texts), {
      name: "Error",
      message: /^Cannot embed the texts as the network ".*" must run in a worker: /,
    });
  });
});
