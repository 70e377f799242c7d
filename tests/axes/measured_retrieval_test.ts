import assert from "node:assert/strict";
import { openEncoder } from "routerbench";
import { measureRetrieval, READERS, tfidfEmbeddings, writeCorpus } from "routerbench/axes";
import { readAnswer } from "../../lib/axes/retrieval/measured/reader.ts";
import reference from "../reference/tfidf.json" with { type: "json" };

Deno.test("measureRetrieval() runs retrieval and reading, and checks every answer", async () => {
  const encoder = await openEncoder("lexical");
  const options = { nDocuments: 90, nQuestions: 150, seed: 1 };
  const found = await measureRetrieval(encoder, options);
  const { outcomes, retrievers, models } = found.pairs;
  assert.deepEqual([retrievers, models], [["none", "bm25", "dense"], READERS.map(({ name }) => name)]);
  assert.ok(outcomes.latencySeconds!.every((seconds) => seconds >= 0));
  const again = await measureRetrieval(encoder, options);
  assert.deepEqual(again.pairs.outcomes.quality, outcomes.quality);
  assert.deepEqual(again.pairs.outcomes.costUsd, outcomes.costUsd);
  // Without documents no reader knows what only documents tell; by the documents' own words BM25 finds it.
  const mean = (column: string, evalName: string): number => {
    const j = outcomes.models.indexOf(column);
    const rows = outcomes.evalNames.flatMap((name, i) => name === evalName ? [i] : []);
    return rows.reduce((sum, i) => sum + outcomes.quality[i * outcomes.models.length + j], 0) / rows.length;
  };
  assert.equal(mean("reader-5", "own words"), 0);
  assert.ok(mean("bm25+reader-1", "own words") > 0.9);
  assert.ok(mean("bm25+reader-1", "general knowledge") === 0 && mean("reader-5", "general knowledge") > 0.5);
  assert.ok(found.hits.bm25.amongFive >= found.hits.bm25.first);
});

Deno.test("writeCorpus() tells each fact once, and its questions have their answers in a document or in none", () => {
  const { documents, questions } = writeCorpus({ nDocuments: 60, nQuestions: 90, seed: 3 });
  assert.equal(new Set(documents).size, 60);
  for (const { answer, evalName, text } of questions) {
    const names = text.slice(1).match(/[A-Z]\w+/g) ?? [];
    const holds = documents.some((document) =>
      document.includes(answer) && names.every((name) => document.includes(name))
    );
    assert.equal(holds, evalName !== "general knowledge", text);
  }
  assert.throws(() => writeCorpus({ nDocuments: 0, nQuestions: 1, seed: 1 }), /needs whole numbers above 0/);
  assert.throws(() => writeCorpus({ nDocuments: 10_000, nQuestions: 1, seed: 1 }), /its grammar has 600 subjects/);
});

Deno.test("readAnswer() takes the sentence that shares most words, of the first documents only", () => {
  const [reader] = READERS;
  const documents = [
    "The museum of Ashden was founded in 1801. The bridge of Ashden was opened in 1850.",
    "The mill was opened in 1900.",
  ];
  const answer = (question: string, known = new Map<string, string>()): string =>
    readAnswer(reader, question, { documents, memory: known });
  assert.equal(answer("In which year was the bridge of Ashden opened?"), "1850");
  assert.equal(answer("Who designed the bridge of Ashden?"), "");
  const memory = new Map([["When?", "1700"]]);
  assert.equal(readAnswer(reader, "When?", { documents: [], memory }), "1700");
  assert.notEqual(answer("When?", memory), "1700");
  assert.equal(readAnswer({ ...reader, trustsMemory: true }, "When?", { documents, memory }), "1700");
});

Deno.test("tfidfEmbeddings() are scikit-learn's", () => {
  const { texts, learnedFrom, vectors } = reference;
  const { nDims, values } = tfidfEmbeddings(texts, { learnedFrom, nTerms: 1000 });
  // The columns are in another order: inner products of the rows are the same.
  const inner = (of: ArrayLike<number>, width: number, a: number, b: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += of[a * width + k] * of[b * width + k];
    return sum;
  };
  const theirs = vectors.flat();
  for (let a = 0; a < texts.length; a++) {
    for (let b = 0; b < texts.length; b++) {
      assert.ok(Math.abs(inner(values, nDims, a, b) - inner(theirs, vectors[0].length, a, b)) < 1e-6);
    }
  }
});
