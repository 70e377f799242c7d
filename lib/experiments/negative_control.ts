import { selectEmbeddings } from "../embeddings/embeddings.ts";
import { seededRandom } from "../base/random.ts";
import type { EmbeddedOutcomes } from "../routers/router.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";

/** Options of {@linkcode negativeControl}. */
export interface NegativeControlOptions {
  /**
   * The prompts among which vectors and texts are shuffled. `"part"` (default): all of a part, so that they tell
   * nothing. `"evaluation"`: those of one evaluation, so that they tell a prompt's evaluation and nothing else.
   */
  readonly within?: "part" | "evaluation";
  /** Seed of the shuffles. */
  readonly seed: number;
}

/**
 * Shuffles the prompts' vectors and texts, so that there is nothing to learn: a router that still gains on them does so
 * by a fault.
 *
 * Each part (training, fit, validation, test) is shuffled by itself, so that no prompt crosses a split.
 *
 * **Differs from** a comparison with chance alone: everything else, the protocol, the choice of settings, the
 * measuring, stays as it is.
 *
 * @throws TypeError for another `within`
 * @example
 * ```ts
 * import { openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import { negativeControl } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const control = negativeControl(data, { seed: 1 });
 * assert.deepEqual(control.test.outcomes.quality, data.test.outcomes.quality);
 * assert.notDeepEqual(control.test.embeddings.values, data.test.embeddings.values);
 * ```
 */
export function negativeControl(
  data: EvaluationData,
  { within = "part", seed }: NegativeControlOptions,
): EvaluationData {
  if (within !== "part" && within !== "evaluation") {
    throw new TypeError(`Cannot shuffle vectors as within must be "part" or "evaluation": it is "${within}"`);
  }
  const shuffled = ({ outcomes, embeddings }: EmbeddedOutcomes, label: string): EmbeddedOutcomes => {
    const rows = [...outcomes.promptIds.keys()];
    const random = seededRandom(seed, `shuffled ${label}`);
    const from = [...rows];
    for (const group of Map.groupBy(rows, (row) => within === "part" ? "" : outcomes.evalNames[row]).values()) {
      random.shuffle(group).forEach((row, at) => from[group[at]] = row);
    }
    return {
      outcomes: { ...outcomes, prompts: outcomes.prompts && from.map((row) => outcomes.prompts![row]) },
      embeddings: selectEmbeddings(embeddings, from),
    };
  };
  return {
    train: shuffled(data.train, "train"),
    fit: shuffled(data.fit, "fit"),
    validation: shuffled(data.validation, "validation"),
    test: shuffled(data.test, "test"),
    testRows: data.testRows,
  };
}
