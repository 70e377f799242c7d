import type { StageProgress } from "../base/progress.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import {
  type EvaluationData,
  paperSplitForEvaluation,
  restrictToEvals,
  splitForEvaluation,
} from "../evaluation/evaluation_data.ts";
import { type Embeddings, selectEmbeddings } from "../embeddings/embeddings.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { lastQuestions } from "../outcomes/prompt_text.ts";
import { measureRouters, routerKey, type RouterMeasurement } from "./_ablation_measure.ts";
import {
  ABLATION_FACTORS,
  ABLATION_GRID,
  type AblationBase,
  type AblationFactor,
  type AblationGrid,
  type AblationReading,
  type AblationText,
  LEXICAL,
  planAblation,
  readingKey,
} from "./_ablation_plan.ts";
import { encodersAtHand, type ReadingReport, readVectors, type VectorPlaces } from "./ablation_vectors.ts";
import { evaluationsOf, PRINTED_ORDER, withPooled } from "./evaluation_names.ts";

export { ABLATION_FACTORS, ABLATION_GRID };
export type {
  AblationBase,
  AblationFactor,
  AblationGrid,
  AblationReading,
  AblationText,
  ReadingReport,
  RouterMeasurement,
  VectorPlaces,
};

/** One measurement: a router under one setting, on one evaluation. */
export interface AblationRow extends AblationReading, ReadingReport, RouterMeasurement {
  /** The evaluation; `pooled` for all prompts together. */
  readonly evalName: string;
  /** The factor that is varied in this row. */
  readonly factor: AblationFactor;
  /** Its value in words, such as "last question, 256". */
  readonly setting: string;
  /** Whether this is the base, from which one factor at a time is changed. */
  readonly isBase: boolean;
  /** Share of the prompts to learn from that the router learned from. */
  readonly trainShare: number;
}

/** The results of an ablation. */
export interface Ablation {
  /** By evaluation, pooled first, then factor, then value. */
  readonly rows: readonly AblationRow[];
  /** A sentence for everything that was left out, with the reason. */
  readonly notes: readonly string[];
  /** The base. */
  readonly base: AblationBase;
  /** The protocol. */
  readonly protocol: Protocol;
}

/** How an ablation is run. */
export interface AblationOptions extends VectorPlaces {
  /** One seed for splits, subsets, networks and resamples. */
  readonly seed: number;
  /** The protocol, as in {@linkcode evaluateRouters}, with its split; default `"ours"`. */
  readonly protocol?: Protocol;
  /** Evaluations, each every name that begins so; default the paper's that are there, else all. */
  readonly evalNames?: readonly string[];
  /** Encoders to compare; default each known one whose weights are there, and the lexical one. */
  readonly encoders?: readonly string[];
  /** Changes of the base: the whole prompt, the first of `encoders`, 128 word pieces, k = 40, α = 1. */
  readonly base?: Partial<AblationBase>;
  /** Factors to vary; default all. */
  readonly factors?: readonly AblationFactor[];
  /** Other values than {@linkcode ABLATION_GRID}'s. */
  readonly grid?: Partial<AblationGrid>;
  /** Resamples of the bootstrap; default 1000. */
  readonly nResamples?: number;
  /** Called as the work goes on; `done` begins anew at each stage, which is named in words. */
  readonly onProgress?: (progress: StageProgress) => void;
}

/** The paper's setting, and scikit-learn's default for the penalty of ridge regression. */
const PAPER_BASE = { text: "whole", maxTokens: 128, k: 40, alpha: 1 } as const;

/**
 * Measures what routers gain over Zero by what their encoder reads and how they are set: one factor at a time around a
 * base.
 *
 * | factor | values | routers |
 * |---|---|---|
 * | `text` | whole prompt, last question × 128, 256, 512 word pieces | KNN, linear |
 * | `k` | 1 2 5 10 20 40 80 120 160 200, as many as there are prompts to learn from | KNN |
 * | `encoder` | each that is there | KNN, linear |
 * | `alpha` | 1, 10, 100: few prompts and many dimensions need a heavier penalty than the default | linear |
 * | `mlp` | hidden layers of 32, 100, 100-100 | MLP |
 * | `share` | .1 .3 .5 .7 1 of the prompts to learn from, each part of the next | KNN, linear |
 *
 * All rows of an evaluation are measured on the same test prompts; a smaller share takes prompts from those that
 * routers learn from, not from those on which settings are chosen. The last question is found by
 * {@linkcode lastQuestions}.
 *
 * **Source**: paper section 4, which encodes the whole prompt; data/paper/README.md, "Faults" 6. O(rows) evaluations,
 * not their product.
 *
 * @throws TypeError where the table has no texts; RangeError where an encoder, a factor or a number is not known or out
 * of range
 * @throws Error where an encoder's weights are not there
 * @example
 * ```ts
 * import { simulateOutcomes } from "routerbench";
 * import { ablation } from "./ablation.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 250, seed: 1 });
 * const { rows } = await ablation(outcomes, {
 *   encoders: ["lexical"],
 *   evalNames: ["mbpp"],
 *   factors: ["k"],
 *   grid: { ks: [5, 40] },
 *   nResamples: 100,
 *   seed: 1,
 * });
 * assert.deepEqual(rows.map(({ router }) => router), ["KNN, k = 5", "KNN, k = 40"]);
 * ```
 */
export async function ablation(outcomes: OutcomeTable, options: AblationOptions): Promise<Ablation> {
  const {
    seed,
    protocol = "ours",
    factors = ABLATION_FACTORS,
    nResamples = 1000,
    onProgress,
    weightsFolder,
    cacheFolder,
  } = options;
  const { texts: questions } = lastQuestions(outcomes);
  const encoders = options.encoders ?? await encodersAtHand({ weightsFolder });
  const base = baseOf(encoders, options.base ?? {});
  const plan = planAblation(base, {
    factors: checkedFactors(factors),
    grid: { ...ABLATION_GRID, ...options.grid },
    encoders,
  });
  const evaluations = withPooled(evaluationsOf(outcomes, options.evalNames));
  const total = evaluations.length * plan.length;
  const found = new Map<string, ReadingReport & RouterMeasurement>();
  const notes = new Set<string>();
  const place = (evalName: string, at: number): string => `${evalName} ${at}`;
  let done = 0;
  for (const ofReading of Map.groupBy(plan.keys(), (at) => readingKey(plan[at].reading)).values()) {
    const { reading } = plan[ofReading[0]];
    const stage = `Embedding (${readingText(reading)})`;
    const vectors = await readVectors(reading.text === "whole" ? outcomes.prompts! : questions, reading, {
      weightsFolder,
      cacheFolder,
      onProgress: (progress) => onProgress?.({ stage, ...progress }),
    });
    const partOf = cutter(outcomes, vectors.embeddings, { protocol, seed });
    for (const { evalName, names } of evaluations) {
      const part = partOf(names);
      const report = vectors.report(rowsOfEvals(outcomes, names));
      for (const [trainShare, rows] of Map.groupBy(ofReading, (at) => plan[at].trainShare)) {
        onProgress?.({ stage: "Evaluating routers", done, total });
        const routers = [...new Map(rows.map((at) => [routerKey(plan[at].router), plan[at].router])).values()];
        const result = await measureRouters(part, routers, { evalName, trainShare, protocol, nResamples, seed });
        for (const note of result.notes) notes.add(note);
        for (const at of rows) {
          const measured = result.measured.get(routerKey(plan[at].router));
          if (measured !== undefined) found.set(place(evalName, at), { ...report, ...measured });
        }
        done += rows.length;
      }
    }
  }
  onProgress?.({ stage: "Evaluating routers", done, total });
  const rows = evaluations.flatMap(({ evalName }) =>
    plan.flatMap(({ factor, setting, isBase, reading, trainShare }, at) => {
      const measured = found.get(place(evalName, at));
      return measured === undefined ? [] : [{ evalName, factor, setting, isBase, ...reading, trainShare, ...measured }];
    })
  );
  return { rows, notes: [...notes], base, protocol };
}

/** Cuts evaluations as the protocol does: ours all at once, without crossing texts; the paper's each by itself. */
function cutter(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  { protocol, seed }: { readonly protocol: Protocol; readonly seed: number },
): (evalNames: readonly string[]) => EvaluationData {
  if (protocol === "ours") {
    const data = splitForEvaluation(outcomes, embeddings, { seed });
    return (evalNames) => restrictToEvals(data, evalNames);
  }
  return (evalNames) => {
    const rows = rowsOfEvals(outcomes, evalNames);
    return paperSplitForEvaluation(selectPrompts(outcomes, rows), selectEmbeddings(embeddings, rows), {
      order: PRINTED_ORDER,
    });
  };
}

function baseOf(encoders: readonly string[], change: Partial<AblationBase>): AblationBase {
  const base = { ...PAPER_BASE, encoder: encoders[0], ...change };
  if (base.encoder === undefined) {
    throw new RangeError(
      'Cannot run an ablation as it needs an encoder: encoders is empty; pass one such as "lexical"',
    );
  }
  if (base.text !== "whole" && base.text !== "last question") {
    throw new RangeError(
      `Cannot run an ablation as the base's text must be "whole" or "last question": it is "${base.text}"`,
    );
  }
  return { ...base, maxTokens: base.encoder === LEXICAL ? null : base.maxTokens };
}

function checkedFactors(factors: readonly AblationFactor[]): readonly AblationFactor[] {
  const unknown = factors.find((factor) => !ABLATION_FACTORS.includes(factor));
  if (unknown !== undefined || factors.length === 0) {
    throw new RangeError(
      `Cannot run an ablation as its factors must be some of ${ABLATION_FACTORS.join(", ")}: ${
        unknown === undefined ? "there are none" : `"${unknown}" is not`
      }; leave factors out for all`,
    );
  }
  return factors;
}

function readingText({ text, encoder, maxTokens }: AblationReading): string {
  return `${encoder}, ${text}${maxTokens === null ? "" : `, ${maxTokens} word pieces`}`;
}
