import { numberList } from "./sql.ts";

/** What happens on a prompt, as SQL over its columns. */
export interface PromptSetting {
  /** Place of the chosen model, from 1 on; 0 for none, and where several may be called. */
  readonly choice: string;
  /** Cost, USD. */
  readonly costUsd: string;
  /** Quality. */
  readonly quality: string;
}

/** Columns that are computed one after another; the aliases of a level are columns of the next. */
export type Levels = readonly Readonly<Record<string, string>>[];

/** A system as SQL: its columns, and what happens under the setting that the column `l` holds. */
export interface PromptSystem {
  /** Columns of a prompt. */
  readonly levels: Levels;
  /** Columns of a prompt under a setting. */
  readonly settingLevels: Levels;
  /** What happens under it. */
  readonly setting: PromptSetting;
}

/** What stands for an infinite willingness to pay. */
export const INFINITE = 1e300;

/** Each prompt goes to one model, the settings being the models' places from 1 on; place m + 1 is the oracle. */
export function modelsAndOracle(nModels: number): PromptSystem {
  const levels: Levels = [
    { best: "arrayReduce('max', q)" },
    { costs: `arrayMap((x, y) -> if(x = best, y, 1e300), ${besideColumns("q", ["best"])}, c)` },
    // The oracle: the best quality, of equals the cheapest, then the first; none where no model is right.
    { oracle: "if(best = 0, 0, indexOf(costs, arrayReduce('min', costs)))" },
  ];
  return {
    levels,
    settingLevels: [{ k: `if(l > ${nModels}, toUInt64(oracle), toUInt64(l))` }],
    setting: {
      choice: "k",
      costUsd: "if(k = 0, 0.0, c[greatest(k, 1)])",
      quality: "if(k = 0, 0.0, q[greatest(k, 1)])",
    },
  };
}

/** A router: what it predicts of each model, as SQL over a prompt's columns. */
export interface PromptPredictor {
  /** Columns that the predictions read. */
  readonly levels?: Levels;
  /** Predicted qualities, an array in the order of the models. */
  readonly quality: string;
  /** Predicted costs, an array in the order of the models, or one number a model for all prompts. */
  readonly costUsd: string | readonly number[];
}

/** A router, its settings being values of the willingness to pay. */
export function routerOf(predictor: PromptPredictor): PromptSystem {
  return {
    levels: levelsOfPredictor(predictor),
    settingLevels: [{ k: choiceAt("l") }],
    setting: { choice: "k", costUsd: "c[k]", quality: "q[k]" },
  };
}

/** The columns of a predictor: predictions `p` and `y`, the greatest of the first and the least of the second. */
export function levelsOfPredictor({ levels = [], quality, costUsd }: PromptPredictor): Levels {
  return [
    ...levels,
    // A list of constants is materialised: a server of 2018 reads beyond the end of one in arrayReduce, and falls over.
    { p: quality, y: typeof costUsd === "string" ? costUsd : `materialize(${numberList(costUsd)})` },
    { most: "arrayReduce('max', p)", least: "arrayReduce('min', y)" },
  ];
}

/**
 * The place of the model with the greatest `λ · predicted quality − predicted cost`; at λ = 0 the cheapest, then the
 * best; at infinity the best, then the cheapest; then the first: the rules of the curve in memory.
 *
 * @param l the column that holds λ
 */
export function choiceAt(l: string): string {
  const atZero = "if(v = least, u, -1e301)";
  const atInfinity = "if(u = most, -v, -1e301)";
  const worth = `multiIf(${l} = 0, ${atZero}, ${l} >= ${INFINITE}, ${atInfinity}, ${l} * u - v)`;
  const scores = `arrayMap((u, v) -> ${worth}, ${besideColumns("p", [l, "most", "least"])}, y)`;
  return `indexOf(${scores} AS scores_${l}, arrayReduce('max', scores_${l}))`;
}

/**
 * An array as it is, for a lambda that reads other columns too: servers of 2018 forget columns that only a lambda
 * reads, so they are named beside it, as the value with which the array would be filled up were it too short.
 */
export function besideColumns(array: string, columns: readonly string[]): string {
  return `arrayResize(${array}, length(${array}), ${columns.join(" + ")})`;
}
