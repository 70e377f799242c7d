/** A reader: it answers a question from what was retrieved, or from what it knows. */
export interface Reader {
  /** Its name, as a model's. */
  readonly name: string;
  /** Retrieved documents that it reads, the best first. */
  readonly nDocuments: number;
  /** How many of the general questions it knows by heart, the first of them. */
  readonly nKnown: number;
  /** Whether it answers general questions from memory although documents lie before it. */
  readonly trustsMemory: boolean;
}

const PATTERNS: Readonly<Record<"year" | "person" | "place", RegExp>> = {
  year: /\b1[0-9]{3}\b/,
  person: /\bby ([A-Z]\w+ [A-Z]\w+)/,
  place: /\bplace in ([A-Z]\w+)/,
};
const STOP_WORDS = new Set(
  "a an and at by call can could do does first for in is it of on or over the to was which who when where".split(" "),
);

/** What kind of answer a question asks for, by its first words. */
function askedFor(question: string): "year" | "person" | "place" {
  if (/^(In which year|When|Since when)/.test(question)) return "year";
  if (/^(Who|Which (engineer|curator|musician))/.test(question)) return "person";
  return "place";
}

/**
 * Answers a question by extraction: of the sentences of the first documents that hold an answer of the kind asked for, the one that shares most words
 * with the question, of equals the first; from it the year, name or place.
 *
 * @param documents what was retrieved, the best first; empty where nothing was
 * @param memory answers that the reader knows by heart, by question
 * @returns the answer, or "" where there is none
 */
export function readAnswer(
  { nDocuments, trustsMemory }: Reader,
  question: string,
  { documents, memory }: { readonly documents: readonly string[]; readonly memory: ReadonlyMap<string, string> },
): string {
  const known = memory.get(question);
  if (known !== undefined && (trustsMemory || documents.length === 0)) return known;
  const kind = askedFor(question);
  const wanted = new Set(wordsOf(question));
  let best = "";
  let most = -1;
  for (const sentence of documents.slice(0, nDocuments).flatMap((text) => text.split(/(?<=\.) /))) {
    const match = PATTERNS[kind].exec(sentence);
    if (match === null) continue;
    const shared = wordsOf(sentence).filter((word) => wanted.has(word)).length;
    if (shared > most) [best, most] = [match[1] ?? match[0], shared];
  }
  return best;
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !STOP_WORDS.has(word));
}
