import MiniSearch from "minisearch";
import type { Embeddings, Encoder } from "../../../embeddings/embeddings.ts";
import type { OutcomeTable } from "../../../outcomes/outcome_table.ts";
import { armName, NO_RETRIEVER } from "../../../outcomes/arm.ts";
import { type PairOutcomes, pairOutcomes } from "../arms.ts";
import { type Corpus, writeCorpus } from "./corpus.ts";
import { readAnswer, type Reader } from "./reader.ts";

/** Pairs that were measured on this machine. */
export interface MeasuredRetrieval {
  /** What was searched and asked. */
  readonly corpus: Corpus;
  /** Outcomes of retrievers none, bm25 and dense with the readers of {@linkcode READERS}. */
  readonly pairs: PairOutcomes;
  /** What each retriever shows after it has searched: its best scores and how many words of the question its first document has. */
  readonly retrieved: Readonly<Record<string, Embeddings>>;
  /** The questions' vectors. */
  readonly embeddings: Embeddings;
  /** Share of the questions about documents whose document is the first that was found, and among the first five, by retriever. */
  readonly hits: Readonly<Record<string, { readonly first: number; readonly amongFive: number }>>;
}

/** The readers, from the cheapest: they stand for models. */
export const READERS: readonly Reader[] = [
  { name: "reader-1", nDocuments: 1, nKnown: 2, trustsMemory: false },
  { name: "reader-3", nDocuments: 3, nKnown: 5, trustsMemory: false },
  { name: "reader-5", nDocuments: 5, nKnown: 6, trustsMemory: true },
];
/** Price of a word that a reader reads, USD, and of a search: given, as nothing on this machine is billed. */
const USD_PER_WORD: Readonly<Record<string, number>> = { "reader-1": 2e-7, "reader-3": 1e-6, "reader-5": 5e-6 };
const USD_PER_SEARCH: Readonly<Record<string, number>> = { bm25: 1e-6, dense: 1e-5 };
/** Words of a question and of the instruction before it. */
const INSTRUCTION_WORDS = 30;
const N_FOUND = 5;

/** A document that was found, with the retriever's score. */
interface Found {
  readonly document: number;
  readonly score: number;
}

/**
 * Runs retrieval for real: a corpus written by a grammar, BM25 over an inverted index (`minisearch`), dense retrieval by the cosine of the encoder's
 * vectors, and readers that extract an answer, whose correctness is checked against the corpus. Qualities and times are measured; only prices are given.
 *
 * Times are of this machine and differ from run to run; everything else is decided by the seed.
 *
 * **Source**: BM25+ of Lv and Zhai 2011, as minisearch has it; Reimers and Gurevych 2019 for the vectors.
 * @param encoder embeds documents and questions
 */
export async function measureRetrieval(
  encoder: Encoder,
  { nDocuments = 300, nQuestions = 600, seed }: {
    readonly nDocuments?: number;
    readonly nQuestions?: number;
    readonly seed: number;
  },
): Promise<MeasuredRetrieval> {
  const corpus = writeCorpus({ nDocuments, nQuestions, seed });
  const texts = corpus.questions.map(({ text }) => text);
  const embeddings = await encoder.encode(texts);
  const embeddedIn = await secondsOf(() => encoder.encode(texts.slice(0, 20).map((text) => `${text} `)));
  const documentVectors = await encoder.encode(corpus.documents);
  const searches = {
    bm25: timed(texts, lexicalSearch(corpus.documents), 0),
    dense: timed(texts, denseSearch(documentVectors, embeddings), embeddedIn / 20),
  };
  const { table, retrievalSeconds } = answered(corpus, searches);
  const retrieved = Object.fromEntries(
    Object.entries(searches).map(([name, { found }]) => [name, describedBy(found, corpus)]),
  );
  const pairs = pairOutcomes(table, { retrievalCostUsd: { ...USD_PER_SEARCH }, retrievalSeconds });
  return { corpus, pairs, retrieved, embeddings, hits: hitsOf(corpus, searches) };
}

interface Searched {
  readonly found: readonly (readonly Found[])[];
  readonly seconds: Float64Array;
}

type Search = (text: string, question: number) => readonly Found[];

/** Every search with its time; the time of embedding a question is added where it is needed. */
function timed(texts: readonly string[], search: Search, embeddingSeconds: number): Searched {
  const seconds = new Float64Array(texts.length);
  const found = texts.map((text, question) => {
    const start = performance.now();
    const result = search(text, question);
    seconds[question] = (performance.now() - start) / 1000 + embeddingSeconds;
    return result;
  });
  return { found, seconds };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function lexicalSearch(documents: readonly string[]): Search {
  const index = new MiniSearch<{ readonly id: number; readonly text: string }>({ fields: ["text"] });
  index.addAll(documents.map((text, id) => ({ id, text })));
  return (text) =>
    index.search(text, { combineWith: "OR" }).slice(0, N_FOUND).map(({ id, score }) => ({ document: id, score }));
}

function denseSearch(documents: Embeddings, questions: Embeddings): Search {
  const d = documents.nDims;
  return (_, question) => {
    const scores = Array.from({ length: documents.nPrompts }, (_, document) => {
      let score = 0;
      for (let k = 0; k < d; k++) score += documents.values[document * d + k] * questions.values[question * d + k];
      return { document, score };
    });
    return scores.sort((a, b) => b.score - a.score || a.document - b.document).slice(0, N_FOUND);
  };
}

/** Every reader answers every question after every search; answers are checked. */
function answered(
  { documents, questions }: Corpus,
  searches: Readonly<Record<string, Searched>>,
): { readonly table: OutcomeTable; readonly retrievalSeconds: Readonly<Record<string, Float64Array>> } {
  const retrievers = [NO_RETRIEVER, ...Object.keys(searches)];
  const columns = retrievers.flatMap((retriever) => READERS.map((reader) => ({ retriever, reader })));
  const general = [...new Set(questions.filter(({ evalName }) => evalName === "general knowledge").map(plainText))]
    .sort();
  const memories = new Map(READERS.map((reader) => [reader, memoryOf(questions, general.slice(0, reader.nKnown))]));
  const cells = { quality: [] as number[], costUsd: [] as number[], latencySeconds: [] as number[] };
  questions.forEach(({ text, answer }, question) => {
    for (const { retriever, reader } of columns) {
      const search = searches[retriever];
      const read = (search?.found[question] ?? []).slice(0, reader.nDocuments).map(({ document }) =>
        documents[document]
      );
      const start = performance.now();
      const given = readAnswer(reader, text, { documents: read, memory: memories.get(reader)! });
      const seconds = (performance.now() - start) / 1000;
      const words = INSTRUCTION_WORDS + read.reduce((sum, document) => sum + document.split(" ").length, 0);
      cells.quality.push(given === answer ? 1 : 0);
      cells.costUsd.push(words * USD_PER_WORD[reader.name] + (USD_PER_SEARCH[retriever] ?? 0));
      cells.latencySeconds.push(seconds + (search?.seconds[question] ?? 0));
    }
  });
  return {
    table: {
      models: columns.map(({ retriever, reader }) => armName(retriever, reader.name)),
      promptIds: questions.map((_, at) => `question.${at}`),
      evalNames: questions.map(({ evalName }) => evalName),
      prompts: questions.map(({ text }) => text),
      quality: Float64Array.from(cells.quality),
      costUsd: Float64Array.from(cells.costUsd),
      latencySeconds: Float64Array.from(cells.latencySeconds),
      source: {
        kind: "file",
        name: "retrieval measured on this machine",
        sha256: "",
        notes: ["Prices of words and searches are given, not billed"],
      },
    },
    retrievalSeconds: Object.fromEntries(Object.entries(searches).map(([name, { seconds }]) => [name, seconds])),
  };
}

/** A question without the number that makes it differ from its repetitions. */
function plainText({ text }: { readonly text: string }): string {
  return text.replace(/ \(\d+\)$/, "");
}

function memoryOf(questions: Corpus["questions"], known: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    questions.filter((question) => known.includes(plainText(question))).map(({ text, answer }) => [text, answer]),
  );
}

/** Numbers that show what was found: the best score, its lead over the second and the fifth, and the share of the question's names in the first document. */
function describedBy(found: readonly (readonly Found[])[], { documents, questions }: Corpus): Embeddings {
  const values = found.flatMap((results, question) => {
    const scores = results.map(({ score }) => score);
    const top = scores[0] ?? 0;
    const names = questions[question].text.slice(1).match(/[A-Z]\w+/g) ?? [];
    const first = results.length === 0 ? "" : documents[results[0].document];
    const named = names.length === 0 ? 0 : names.filter((name) => first.includes(name)).length / names.length;
    return [top, top - (scores[1] ?? 0), top - (scores[4] ?? 0), named];
  });
  const scale = Math.max(...values.filter((_, at) => at % 4 === 0), 1e-12);
  return {
    nPrompts: found.length,
    nDims: 4,
    values: Float32Array.from(values, (value, at) => at % 4 === 3 ? value : value / scale),
    encoder: "scores",
  };
}

function hitsOf(
  { documents, questions }: Corpus,
  searches: Readonly<Record<string, Searched>>,
): MeasuredRetrieval["hits"] {
  const asked = [...questions.keys()].filter((at) => questions[at].evalName !== "general knowledge");
  const holds = (document: number, { text, answer }: Corpus["questions"][number]): boolean => {
    const names = text.slice(1).match(/[A-Z]\w+/g) ?? [];
    return documents[document].includes(answer) && names.every((name) => documents[document].includes(name));
  };
  const share = (found: Searched["found"], count: number): number =>
    asked.filter((at) => found[at].slice(0, count).some(({ document }) => holds(document, questions[at]))).length /
    asked.length;
  return Object.fromEntries(
    Object.entries(searches).map((
      [name, { found }],
    ) => [name, { first: share(found, 1), amongFive: share(found, N_FOUND) }]),
  );
}
