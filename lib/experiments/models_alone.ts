import { counted } from "../base/words.ts";
import { splitForEvaluation, TRAIN_SHARE } from "../evaluation/evaluation_data.ts";
import { evalNamesOf, modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";
import { oracle } from "../routers/oracle.ts";
import { noChoice, noVectors, type TableEvaluationOptions } from "./evaluate_table.ts";

/** What can be measured where routers cannot be compared. */
export interface ModelsAlone {
  /** Why they cannot, as a sentence. */
  readonly why: string;
  /** The means of each model, and of the oracle, over all prompts. */
  readonly means: readonly { readonly name: string; readonly quality: number; readonly costUsd: number }[];
}

/**
 * The models by themselves, where a table has too few prompts to learn from some and measure on others, or nothing to
 * choose between.
 *
 * @returns `null` where routers can be evaluated
 */
export function modelsAlone(
  outcomes: OutcomeTable,
  split: Pick<TableEvaluationOptions, "trainShare" | "testIds" | "seed">,
): ModelsAlone | null {
  const why = noChoice(outcomes) ?? noSplit(outcomes, split);
  if (why === null) return null;
  const { quality, costUsd } = modelMeans(outcomes);
  const best = oracle(outcomes);
  return {
    why: `Routers cannot be compared, as ${why}`,
    means: [
      ...outcomes.models.map((name, j) => ({ name, quality: quality[j], costUsd: costUsd[j] })),
      { name: "Oracle", quality: best.quality, costUsd: best.costUsd },
    ],
  };
}

function noSplit(
  outcomes: OutcomeTable,
  split: Pick<TableEvaluationOptions, "trainShare" | "testIds" | "seed">,
): string | null {
  // A split that was asked for is refused by its own name.
  if (split.testIds !== undefined || split.trainShare !== TRAIN_SHARE) return null;
  try {
    splitForEvaluation(outcomes, noVectors(outcomes), split);
    return null;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  const nEvals = evalNamesOf(outcomes).length;
  const prompts = `${counted(outcomes.promptIds.length, "prompt")}${
    nEvals > 1 ? ` in ${counted(nEvals, "evaluation")}` : ""
  }`;
  const remedy = nEvals > 1 ? "; --eval-column none splits all prompts together" : "";
  return `${prompts} cannot be parted into some to learn from, some to choose settings on and some to test on${remedy}`;
}
