import { seededRandom } from "../../base/random.ts";
import type { Embeddings } from "../../embeddings/embeddings.ts";
import { armName, NO_RETRIEVER } from "../../outcomes/arm.ts";
import { type PairOutcomes, pairOutcomes } from "./arms.ts";
import type { RetrievalWorld } from "./retrieval_world.ts";

/** Simulated pairs, with what no one knows of real ones. */
export interface SimulatedRetrieval {
  /** Outcomes of retrievers none, bm25 and dense with three models. */
  readonly pairs: PairOutcomes;
  /** The score of what each retriever found, a number a prompt, by retriever: all that a second look shows. */
  readonly retrieved: Readonly<Record<string, Embeddings>>;
  /** The world behind them. */
  readonly world: RetrievalWorld;
  /** The kind of each prompt. */
  readonly kinds: Int32Array;
  /** What each retriever found, `[n · r]`. */
  readonly findings: Int32Array;
}

const RETRIEVERS = [NO_RETRIEVER, "bm25", "dense"];
const MODELS = ["small", "medium", "large"];
const SUBJECTS = ["castles", "enzymes", "treaties", "comets", "operas", "harbours"];
/** What retrieval does for a prompt, and how such prompts read. */
const NEEDS = ["helps", "harms", "is wasted"] as const;
const SENTENCES: Readonly<Record<(typeof NEEDS)[number], readonly string[]>> = {
  "helps": [
    "According to the archive, which year is recorded for {}?",
    "Name the person that the register lists for {}.",
    "Which place does the catalogue give for {}?",
  ],
  "harms": [
    "Reason step by step: if all {} were doubled, what would follow?",
    "Prove or refute this claim about {}.",
    "Work out how many {} remain after three losses.",
  ],
  "is wasted": [
    "In one sentence, what are {}?",
    "Give a simple example of {}.",
    "Translate the word {} into plain English.",
  ],
};
/** Right answers without anything retrieved, then after a poor, a fair and a good finding, by model. */
const QUALITY: Readonly<Record<(typeof NEEDS)[number], readonly (readonly number[])[]>> = {
  "helps": [[0.15, 0.3, 0.6], [0.05, 0.2, 0.6], [0.4, 0.6, 0.75], [0.92, 0.94, 0.95]],
  "harms": [[0.5, 0.65, 0.85], [0.25, 0.4, 0.6], [0.35, 0.5, 0.7], [0.45, 0.6, 0.8]],
  "is wasted": [[0.7, 0.8, 0.9], [0.69, 0.79, 0.89], [0.71, 0.81, 0.9], [0.73, 0.82, 0.91]],
};
/** Probabilities of a poor, a fair and a good finding where a retriever knows the subject, where it does not, and where there is nothing to be found. */
const FOUND = { knows: [0.35, 0.1, 0.55], unknown: [0.7, 0.2, 0.1], nothing: [0.5, 0.3, 0.2] };
const RETRIEVAL_COST_USD = [0, 1e-5, 5e-5];
const CALL_COST_USD = [1e-4, 4e-4, 3e-3];
/** A prompt with documents is so many times as dear. */
const LENGTHENED = 2;

/** The world: retrieval helps, harms or is wasted, and words find what is known of the first three subjects, meanings of the others. */
export const SIMULATED_WORLD: RetrievalWorld = worldOf();

function worldOf(): RetrievalWorld {
  const kinds = SUBJECTS.flatMap((_, subject) => NEEDS.map((need) => ({ subject, need })));
  const finds = ({ subject, need }: typeof kinds[number], r: number): readonly number[] => {
    if (r === 0) return [1];
    if (need !== "helps") return FOUND.nothing;
    return (subject < SUBJECTS.length / 2) === (r === 1) ? FOUND.knows : FOUND.unknown;
  };
  return {
    kinds: kinds.map(() => 1 / kinds.length),
    retrievers: RETRIEVERS,
    models: MODELS,
    found: kinds.map((kind) => RETRIEVERS.map((_, r) => finds(kind, r))),
    quality: kinds.map(({ need }) => RETRIEVERS.map((_, r) => r === 0 ? [QUALITY[need][0]] : QUALITY[need].slice(1))),
    retrievalCostUsd: RETRIEVAL_COST_USD,
    callCostUsd: RETRIEVERS.map((_, r) => CALL_COST_USD.map((cost) => r === 0 ? cost : LENGTHENED * cost)),
  };
}

/**
 * Simulates outcomes of pairs in {@linkcode SIMULATED_WORLD}, where the best possible policy of two stages is known: {@linkcode bestPolicy}.
 *
 * Texts show the subject and the need; scores show the finding. Costs are those of the world, without noise.
 *
 * @throws RangeError where the number of prompts is not a whole number above 0
 * @example
 * ```ts
 * import { simulateRetrieval } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const { pairs } = simulateRetrieval({ nPrompts: 50, seed: 1 });
 * assert.deepEqual(pairs.outcomes.models.slice(0, 4), ["small", "medium", "large", "bm25+small"]);
 * ```
 */
export function simulateRetrieval(
  { nPrompts, seed }: { readonly nPrompts: number; readonly seed: number },
): SimulatedRetrieval {
  if (!Number.isInteger(nPrompts) || nPrompts < 1) {
    throw new RangeError(
      `Cannot simulate retrieval as the number of prompts must be a whole number above 0: it is ${nPrompts}`,
    );
  }
  const world = SIMULATED_WORLD;
  const random = seededRandom(seed, "retrieval");
  const [r, m] = [RETRIEVERS.length, MODELS.length];
  const kinds = new Int32Array(nPrompts);
  const findings = new Int32Array(nPrompts * r);
  const quality = new Float64Array(nPrompts * r * m);
  const prompts: string[] = [];
  for (let i = 0; i < nPrompts; i++) {
    kinds[i] = random.integer(world.kinds.length);
    const need = NEEDS[kinds[i] % NEEDS.length];
    const sentence = SENTENCES[need][random.integer(SENTENCES[need].length)];
    prompts.push(`${sentence.replace("{}", SUBJECTS[Math.floor(kinds[i] / NEEDS.length)])} (${i})`);
    // One draw of luck for all pairs of a prompt: pairs of one model succeed and fail together.
    const luck = MODELS.map(() => random.uniform());
    for (let place = 0; place < r; place++) {
      findings[i * r + place] = drawn(world.found[kinds[i]][place], random.uniform());
      for (let j = 0; j < m; j++) {
        const chance = world.quality[kinds[i]][place][findings[i * r + place]][j];
        quality[(i * r + place) * m + j] = luck[j] < chance ? 1 : 0;
      }
    }
  }
  const costUsd = quality.map((_, at) => {
    const place = Math.floor(at / m) % r;
    return world.retrievalCostUsd[place] + world.callCostUsd[place][at % m];
  });
  const table = {
    models: RETRIEVERS.flatMap((retriever) => MODELS.map((model) => armName(retriever, model))),
    promptIds: prompts.map((_, i) => `retrieval.${i}`),
    evalNames: Array.from(kinds, (kind) => `retrieval ${NEEDS[kind % NEEDS.length]}`),
    prompts,
    quality,
    costUsd,
    latencySeconds: null,
    source: { kind: "simulated" as const, name: `simulated retrieval, seed ${seed}`, sha256: "", notes: [] },
  };
  const retrievalCostUsd = Object.fromEntries(RETRIEVERS.map((name, place) => [name, RETRIEVAL_COST_USD[place]]));
  const scores = (place: number): Embeddings => ({
    nPrompts,
    nDims: 1,
    values: Float32Array.from(kinds, (_, i) => findings[i * r + place] - 1),
    encoder: "score",
  });
  return {
    pairs: pairOutcomes(table, { retrievalCostUsd }),
    retrieved: { bm25: scores(1), dense: scores(2) },
    world,
    kinds,
    findings,
  };
}

function drawn(probabilities: readonly number[], uniform: number): number {
  let sum = 0;
  for (const [at, probability] of probabilities.entries()) {
    sum += probability;
    if (uniform < sum) return at;
  }
  return probabilities.length - 1;
}
