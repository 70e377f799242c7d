import assert from "node:assert/strict";
import { JobQueue } from "../../lib/embeddings/_job_queue.ts";

/** A text of n letters has n word pieces, which tell its letter. */
function queueOf(
  texts: readonly string[],
  inBatches: boolean,
): { queue: JobQueue; vectors: Map<number, Float32Array> } {
  const vectors = new Map<number, Float32Array>();
  const wordPieces = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
  const onVector = (index: number, vector: Float32Array): void => {
    assert.ok(!vectors.has(index), `text ${index} has one vector`);
    vectors.set(index, vector);
  };
  return { queue: new JobQueue(texts, { wordPieces, inBatches, onVector }), vectors };
}

function vectorOf(ids: readonly number[]): Float32Array {
  return Float32Array.of(ids.length, ids[0]);
}

/** Runs all jobs, `inHand` of them beside each other; how many texts of how many pieces each had. */
function runAll(queue: JobQueue, inHand: number): [nTexts: number, nPieces: number][] {
  const sizes: [number, number][] = [];
  for (;;) {
    const jobs = Array.from({ length: inHand }, () => queue.next()).filter((job) => job !== null);
    if (jobs.length === 0) return sizes;
    for (const { texts, done } of jobs.reverse()) {
      for (const ids of texts) assert.equal(ids.length, texts[0].length);
      sizes.push([texts.length, texts[0].length]);
      done(texts.map(vectorOf));
    }
  }
}

Deno.test("JobQueue puts texts of equally many word pieces together, up to 256 pieces", () => {
  const letters = [..."abcdefgh"];
  const { queue, vectors } = queueOf(
    letters.flatMap((letter) => [letter.repeat(100), letter.repeat(40), letter]),
    true,
  );
  // A batch goes when it is full, a single piece alone; the rest at the end.
  const full = runAll(queue, 1);
  assert.deepEqual(full.filter(([, nPieces]) => nPieces === 100), [[2, 100], [2, 100], [2, 100], [2, 100]]);
  assert.deepEqual(full.filter(([, nPieces]) => nPieces === 40), [[6, 40], [2, 40]]);
  assert.deepEqual(full.filter(([, nPieces]) => nPieces === 1), letters.map(() => [1, 1]));
  assert.equal(vectors.size, 24);
});

Deno.test("JobQueue gives each text its vector, and runs equal word pieces once", () => {
  const texts = Array.from({ length: 200 }, (_, i) => "abcde"[i % 5].repeat(1 + (i * i) % 7));
  for (const inBatches of [false, true]) {
    for (const inHand of [1, 4]) {
      const { queue, vectors } = queueOf(texts, inBatches);
      const sizes = runAll(queue, inHand);
      assert.equal(sizes.reduce((sum, [nTexts]) => sum + nTexts, 0), new Set(texts).size);
      if (!inBatches) assert.ok(sizes.every(([nTexts]) => nTexts === 1));
      texts.forEach((text, i) => assert.deepEqual(vectors.get(i), Float32Array.of(text.length, text.charCodeAt(0))));
    }
  }
  assert.equal(queueOf([], true).queue.next(), null);
});
