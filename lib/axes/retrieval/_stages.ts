import { meanOf } from "../../base/statistics.ts";
import { toMatrix64 } from "../../compute/matrix.ts";
import { predictRidge } from "../../compute/ridge.ts";
import { type Embeddings, selectEmbeddings } from "../../embeddings/embeddings.ts";
import { chooseModels } from "../../evaluation/policy.ts";
import { preparedRecipes, type RecipeContext } from "../../evaluation/recipe.ts";
import { type OutcomeTable, selectPrompts } from "../../outcomes/outcome_table.ts";
import { constantRouters } from "../../routers/constant.ts";
import { fitRidgeByLeaveOneOut } from "../../routers/predicted_cost.ts";
import { type EmbeddedOutcomes, type QualityPredictions, vectorsOf } from "../../routers/router.ts";
import { pairsOfRetriever } from "./arms.ts";
import type { TwoStageOptions } from "./two_stage_options.ts";

/** A stretch of willingness to pay in which every prompt keeps its retriever. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Place of the retriever of each prompt of the whole table, `[n]`. */
  readonly retriever: Int32Array;
}

/** What stages are fitted on: rows of the whole table. */
export interface StageData {
  /** Prompts to learn from. */
  readonly rows: readonly number[];
  /** Prompts on which a second stage may choose its settings; `null` where there are none. */
  readonly validationRows: readonly number[] | null;
  readonly context: RecipeContext;
}

/** Values of λ at which retrievers are chosen. */
const N_LAMBDAS = 16;
/** From this share of the least mean cost of an arm to so many times the greatest. */
const LAMBDA_RANGE = [0.3, 100] as const;

/** What the second stage with one retriever sees of all prompts. */
function secondLook({ embeddings, retrieved }: TwoStageOptions, retriever: string): Embeddings {
  const found = retrieved?.[retriever];
  return found === undefined ? embeddings : besideEmbeddings(embeddings, found);
}

/** Two vectors of each prompt as one. */
export function besideEmbeddings(first: Embeddings, second: Embeddings): Embeddings {
  if (first.nPrompts !== second.nPrompts) {
    throw new TypeError(
      `Cannot join vectors as both must be of the same prompts: they are of ${first.nPrompts} and ${second.nPrompts}`,
    );
  }
  const nDims = first.nDims + second.nDims;
  const values = new Float32Array(first.nPrompts * nDims);
  for (let i = 0; i < first.nPrompts; i++) {
    values.set(first.values.subarray(i * first.nDims, (i + 1) * first.nDims), i * nDims);
    values.set(second.values.subarray(i * second.nDims, (i + 1) * second.nDims), i * nDims + first.nDims);
  }
  return { nPrompts: first.nPrompts, nDims, values, encoder: `${first.encoder}, ${second.encoder}` };
}

/** Predictions of the models for all prompts of the table after one retriever, from a router that was fitted on some of them. */
export async function secondStage(
  options: TwoStageOptions,
  retriever: string,
  { rows, validationRows, context }: StageData,
): Promise<QualityPredictions> {
  const looks = secondLook(options, retriever);
  const outcomes = pairsOfRetriever(options.pairs, retriever);
  const [recipe] = preparedRecipes([options.router], context);
  if (!("fit" in recipe)) {
    throw new TypeError("Cannot route in two stages as the second must be a router: it is another system");
  }
  const part = (of: readonly number[]): EmbeddedOutcomes => {
    return { outcomes: selectPrompts(outcomes, of), embeddings: selectEmbeddings(looks, of) };
  };
  const router = await recipe.fit(part(rows), { validation: validationRows && part(validationRows) });
  return router.predict(looks, outcomes.prompts);
}

/** The stretches of λ with the retriever of each prompt. */
export async function firstStage(
  options: TwoStageOptions,
  { rows, validationRows, context }: StageData,
  stages: readonly QualityPredictions[],
): Promise<Stretch[]> {
  const { pairs: { retrievers, outcomes }, embeddings } = options;
  const n = outcomes.promptIds.length;
  if (retrievers.length === 1) return [{ from: 0, to: Infinity, retriever: new Int32Array(n) }];
  const halves = [rows.filter((_, at) => at % 2 === 0), rows.filter((_, at) => at % 2 === 1)];
  const lambdas = lambdaGrid(selectPrompts(outcomes, rows));
  const values = new Float64Array(rows.length * retrievers.length * lambdas.length);
  const placeOf = new Map(rows.map((row, at) => [row, at]));
  for (const [place, retriever] of retrievers.entries()) {
    for (const [half, other] of [[halves[0], halves[1]], [halves[1], halves[0]]]) {
      const predictions = await secondStage(options, retriever, { rows: other, validationRows, context });
      attain(pairsOfRetriever(options.pairs, retriever), predictions, half, lambdas, (row, k, value) => {
        values[(placeOf.get(row)! * retrievers.length + place) * lambdas.length + k] = value;
      });
    }
  }
  const target = { rows: rows.length, cols: retrievers.length * lambdas.length, values };
  const { regression } = await fitRidgeByLeaveOneOut(selectEmbeddings(embeddings, rows), target);
  const { values: expected } = await predictRidge(regression, toMatrix64(vectorsOf(embeddings)));
  const chosen = lambdas.map((_, k) =>
    Int32Array.from({ length: n }, (_, i) => {
      const at = (place: number): number => expected[(i * retrievers.length + place) * lambdas.length + k];
      let best = 0;
      for (let place = 1; place < stages.length; place++) if (at(place) > at(best)) best = place;
      return best;
    })
  );
  return stretchesOf(lambdas, chosen);
}

/** What the second stage attains on some prompts at each λ: λ · quality − cost of the model that it chooses, in units of λ plus the mean cost. */
function attain(
  outcomes: OutcomeTable,
  predictions: QualityPredictions,
  rows: readonly number[],
  lambdas: readonly number[],
  write: (row: number, lambda: number, value: number) => void,
): void {
  const m = outcomes.models.length;
  const scale = meanOf(outcomes.costUsd);
  lambdas.forEach((lambda, k) => {
    const choices = chooseModels(predictions, lambda);
    for (const row of rows) {
      const at = row * m + choices[row];
      write(row, k, (lambda * outcomes.quality[at] - outcomes.costUsd[at]) / (lambda + scale));
    }
  });
}

function lambdaGrid(outcomes: OutcomeTable): number[] {
  const costs = constantRouters(outcomes).map(({ costUsd }) => costUsd);
  const dearest = Math.max(...costs);
  const low = LAMBDA_RANGE[0] * Math.max(Math.min(...costs), dearest / 1e4);
  const high = LAMBDA_RANGE[1] * dearest;
  return Array.from({ length: N_LAMBDAS }, (_, k) => low * (high / low) ** (k / (N_LAMBDAS - 1)));
}

/** Neighbouring values with the same retrievers are one stretch; between others the border is their geometric mean. */
function stretchesOf(lambdas: readonly number[], chosen: readonly Int32Array[]): Stretch[] {
  const stretches: Stretch[] = [];
  lambdas.forEach((lambda, k) => {
    const last = stretches.at(-1);
    if (last !== undefined && last.retriever.every((place, i) => place === chosen[k][i])) return;
    const from = last === undefined ? 0 : Math.sqrt(lambdas[k - 1] * lambda);
    if (last !== undefined) stretches[stretches.length - 1] = { ...last, to: from };
    stretches.push({ from, to: Infinity, retriever: chosen[k] });
  });
  return stretches;
}
