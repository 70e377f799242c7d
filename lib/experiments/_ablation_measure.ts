import { selectEmbeddings } from "../embeddings/embeddings.ts";
import { evaluateRouters, type Protocol, type RouterRecipe } from "../evaluation/evaluate.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";
import { knn, linear, mlp } from "../evaluation/recipes.ts";
import type { Family } from "../evaluation/systems.ts";
import { selectPrompts } from "../outcomes/outcome_table.ts";
import { seededRandom } from "../base/random.ts";
import type { EmbeddedOutcomes } from "../routers/router.ts";
import type { AblationRouter } from "./_ablation_plan.ts";
import { LEAST_TO_LEARN_FROM } from "./paper_routers.ts";

/** A router, measured against Zero. */
export interface RouterMeasurement {
  /** The router's name with its setting, such as "KNN, k = 40". */
  readonly router: string;
  /** Its family. */
  readonly family: Family;
  /** Prompts it learned from. */
  readonly nLearned: number;
  /** Prompts it was measured on. */
  readonly nTest: number;
  /** Its AIQ by the paper's formula, over the costs from the cheapest to the dearest model's mean. */
  readonly aiqFormula: number;
  /** That less Zero's on the same prompts. */
  readonly difference: number;
  /** 95 % of the difference, paired bootstrap over prompts. */
  readonly interval: readonly [low: number, high: number];
}

/** Options of {@linkcode measureRouters}. */
export interface MeasureOptions {
  readonly evalName: string;
  readonly trainShare: number;
  readonly protocol: Protocol;
  readonly nResamples: number;
  readonly seed: number;
}

/** A key for each router with its setting. */
export function routerKey(router: AblationRouter): string {
  return JSON.stringify(router);
}

/**
 * Fits routers on a share of the prompts to learn from and measures each against Zero; by {@linkcode routerKey}. A
 * router that cannot be fitted on so few prompts is missing from the result, and a note says so.
 */
export async function measureRouters(
  data: EvaluationData,
  routers: readonly AblationRouter[],
  options: MeasureOptions,
): Promise<{ readonly measured: ReadonlyMap<string, RouterMeasurement>; readonly notes: readonly string[] }> {
  const { evalName, trainShare, protocol, nResamples, seed } = options;
  const nLearnable = nPromptsToLearn(data, protocol);
  if (nLearnable < LEAST_TO_LEARN_FROM) {
    const found =
      `${evalName}: left out, as there are ${nLearnable} prompts to learn from and ${LEAST_TO_LEARN_FROM} are needed`;
    return { measured: new Map(), notes: [found] };
  }
  const part = learnFromShare(data, trainShare, seed);
  const nLearned = nPromptsToLearn(part, protocol);
  const notes = routers.flatMap((router) =>
    router.family === "knn" && router.k > nLearned
      ? [`${evalName}: KNN with k = ${router.k} left out, as it would learn from ${nLearned} prompts`]
      : []
  );
  const possible = routers.filter((router) => router.family !== "knn" || router.k <= nLearned);
  const { systems, nPrompts } = await evaluateRouters(part, possible.map(recipeOf), {
    protocol,
    nResamples,
    seed,
  });
  const measured = new Map(possible.map((router, at): [string, RouterMeasurement] => {
    const { name, family, aiqFormula, againstZero } = systems[at + 1]; // Zero stands first
    const { difference, interval } = againstZero!;
    return [routerKey(router), {
      router: name,
      family,
      nLearned,
      nTest: nPrompts.test,
      aiqFormula,
      difference,
      interval,
    }];
  }));
  return { measured, notes };
}

function nPromptsToLearn(data: EvaluationData, protocol: Protocol): number {
  return (protocol === "ours" ? data.fit : data.train).outcomes.promptIds.length;
}

function recipeOf(router: AblationRouter): RouterRecipe {
  if (router.family === "knn") return knn({ k: router.k });
  if (router.family === "mlp") return mlp({ hiddenSizes: router.hiddenSizes });
  const { alpha } = router;
  const { fit } = linear({ alpha });
  // Systems of one evaluation must differ in their names.
  return { family: "linear", fit: async (train) => ({ ...await fit(train), name: `Linear, α = ${alpha}` }) };
}

/**
 * The same data with fewer prompts to learn from: of each evaluation the first ⌈share · n⌉ of a seeded order, so that a
 * smaller share is part of a larger one. The prompts on which settings are chosen (validation in our protocol) and the
 * test prompts stay.
 */
export function learnFromShare(data: EvaluationData, share: number, seed: number): EvaluationData {
  if (share === 1) return data;
  const reduced = ({ outcomes, embeddings }: EmbeddedOutcomes): EmbeddedOutcomes => {
    const rows = [...Map.groupBy(outcomes.promptIds.keys(), (row) => outcomes.evalNames[row])].flatMap((
      [evalName, ofEval],
    ) => seededRandom(seed, `learn from ${evalName}`).shuffle(ofEval).slice(0, Math.ceil(share * ofEval.length))).sort((
      a,
      b,
    ) => a - b);
    return { outcomes: selectPrompts(outcomes, rows), embeddings: selectEmbeddings(embeddings, rows) };
  };
  return { ...data, train: reduced(data.train), fit: reduced(data.fit) };
}
