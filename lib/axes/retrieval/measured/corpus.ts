import { type Random, seededRandom } from "../../../base/random.ts";

/** A question about a small corpus, with the answer that is checked. */
export interface CorpusQuestion {
  /** Its text. */
  readonly text: string;
  /** The right answer: a year, a name or a place. */
  readonly answer: string;
  /** How it is asked: by the document's own words, by others, or about nothing that a document says. */
  readonly evalName: "own words" | "other words" | "general knowledge";
}

/** Documents written by a grammar, and questions about them. */
export interface Corpus {
  /** The documents' texts. */
  readonly documents: readonly string[];
  /** The questions, some of which no document answers. */
  readonly questions: readonly CorpusQuestion[];
}

/** Ways to say one thing: those of documents first, those of questions in other words second. */
interface Topic {
  readonly kind: string;
  readonly otherKind: string;
  readonly facts: readonly {
    /** `{n}` is the name, `{a}` the answer. */
    readonly sentence: string;
    readonly question: string;
    readonly otherQuestion: string;
    readonly answers: "year" | "person" | "place";
  }[];
}

const TOPICS: readonly Topic[] = [
  {
    kind: "bridge",
    otherKind: "crossing over the river",
    facts: [
      {
        sentence: "The {k} of {n} was opened in {a}.",
        question: "In which year was the {k} of {n} opened?",
        otherQuestion: "When could people first walk across the {k} at {n}?",
        answers: "year",
      },
      {
        sentence: "The {k} of {n} was designed by {a}.",
        question: "Who designed the {k} of {n}?",
        otherQuestion: "Which engineer drew up the plans of the {k} at {n}?",
        answers: "person",
      },
    ],
  },
  {
    kind: "museum",
    otherKind: "house of exhibitions",
    facts: [
      {
        sentence: "The {k} of {n} was founded in {a}.",
        question: "In which year was the {k} of {n} founded?",
        otherQuestion: "Since when has the {k} in {n} existed?",
        answers: "year",
      },
      {
        sentence: "The {k} of {n} was directed by {a}.",
        question: "Who directed the {k} of {n}?",
        otherQuestion: "Which curator was in charge of the {k} in {n}?",
        answers: "person",
      },
    ],
  },
  {
    kind: "festival",
    otherKind: "yearly celebration",
    facts: [
      {
        sentence: "The {k} of {n} takes place in {a}.",
        question: "In which town does the {k} of {n} take place?",
        otherQuestion: "Where do visitors travel for the {k} called {n}?",
        answers: "place",
      },
      {
        sentence: "The {k} of {n} was started by {a}.",
        question: "Who started the {k} of {n}?",
        otherQuestion: "Which musician came up with the {k} called {n}?",
        answers: "person",
      },
    ],
  },
];
const FIRST_NAMES =
  "Ada Boris Clara Dmitri Elena Farid Greta Hugo Ines Jonas Karin Leo Mira Nils Olga Piotr Rosa Sven Tessa Ulrich"
    .split(" ");
const LAST_NAMES =
  "Almgren Brandt Castellan Dorn Ekberg Falk Gruber Holm Ivarsen Jansky Keller Lindqvist Moreau Novak Okafor Petrov Quist Rosen Salo Turner"
    .split(" ");
const STARTS = "Ash Birk Calder Dun Elm Fern Glen Hal Iver Jura Kel Lang Mor Nor Oak Penn Quar Roth Stan Thorn".split(
  " ",
);
const ENDS = "den ford gate ham ley mouth port stead ton wick".split(" ");
const PLACES =
  "Arden Bellmore Corvina Dalesund Estrel Fonteva Granby Harlow Istria Jorvik Kestrel Lorne Mandal Nyborg Orsay Pavia"
    .split(" ");
/** Questions that no document answers; the answers are common knowledge. */
const GENERAL: readonly (readonly [question: string, answer: string])[] = [
  ["In which year did the Second World War end?", "1945"],
  ["In which year did people first land on the Moon?", "1969"],
  ["In which year did the Berlin Wall fall?", "1989"],
  ["In which year did the French Revolution begin?", "1789"],
  ["In which year did Columbus first reach America?", "1492"],
  ["In which year did the First World War begin?", "1914"],
  ["In which year was the Battle of Hastings fought?", "1066"],
  ["In which year did the United States declare independence?", "1776"],
];
const FILLERS = [
  "Guides lead visitors through it on weekends.",
  "Local schools visit every spring.",
  "It is shown on many postcards.",
  "A small shop nearby sells maps.",
  "Restoration work is paid for by donations.",
];

/**
 * Writes a small corpus and questions about it, by a grammar: each document tells two facts about one of its subjects, among sentences that say
 * nothing, and names that are shared by several subjects lead astray. A third of the questions use the documents' words, a third say the same in other
 * words, a third ask for common knowledge that no document has.
 *
 * @throws RangeError where a number is not a whole number above 0
 */
export function writeCorpus(
  { nDocuments, nQuestions, seed }: { readonly nDocuments: number; readonly nQuestions: number; readonly seed: number },
): Corpus {
  if (![nDocuments, nQuestions].every((count) => Number.isInteger(count) && count > 0)) {
    throw new RangeError(
      `Cannot write a corpus as it needs whole numbers above 0: it is to have ${nDocuments} documents and ${nQuestions} questions`,
    );
  }
  const random = seededRandom(seed, "corpus");
  const subjects = distinctSubjects(nDocuments, random);
  const told = subjects.map(({ topic, name }) => ({
    topic,
    name,
    answers: topic.facts.map(({ answers }) => answerOf(answers, random)),
  }));
  const documents = told.map(({ topic, name, answers }) => {
    const facts = topic.facts.map(({ sentence }, at) => filled(sentence, { k: topic.kind, n: name, a: answers[at] }));
    return random.shuffle([...facts, ...random.shuffle(FILLERS).slice(0, 2)]).join(" ");
  });
  const questions = Array.from({ length: nQuestions }, (_, at): CorpusQuestion => {
    if (at % 3 === 2) {
      const [text, answer] = GENERAL[random.integer(GENERAL.length)];
      return { text: `${text} (${at})`, answer, evalName: "general knowledge" };
    }
    const { topic, name, answers } = told[random.integer(told.length)];
    const fact = random.integer(topic.facts.length);
    const isOwn = at % 3 === 0;
    const { question, otherQuestion } = topic.facts[fact];
    const text = filled(isOwn ? question : otherQuestion, { k: isOwn ? topic.kind : topic.otherKind, n: name });
    return { text: `${text} (${at})`, answer: answers[fact], evalName: isOwn ? "own words" : "other words" };
  });
  return { documents, questions };
}

/** A topic and a name, no pair of them twice; names stand with several topics. */
function distinctSubjects(count: number, random: Random): { readonly topic: Topic; readonly name: string }[] {
  const names = STARTS.flatMap((start) => ENDS.map((end) => `${start}${end}`));
  const all = names.flatMap((name) => TOPICS.map((topic) => ({ topic, name })));
  if (count > all.length) {
    throw new RangeError(
      `Cannot write a corpus as its grammar has ${all.length} subjects: it is to have ${count} documents`,
    );
  }
  return random.shuffle(all).slice(0, count);
}

function answerOf(kind: "year" | "person" | "place", random: Random): string {
  if (kind === "year") return String(1750 + random.integer(250));
  if (kind === "place") return PLACES[random.integer(PLACES.length)];
  return `${FIRST_NAMES[random.integer(FIRST_NAMES.length)]} ${LAST_NAMES[random.integer(LAST_NAMES.length)]}`;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w)\}/g, (_, key: string) => values[key]);
}
