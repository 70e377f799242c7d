import type { EmbeddedOutcomes, QualityPredictions, Router } from "../routers/router.ts";
import { selectEmbeddings } from "../embeddings/embeddings.ts";
import { type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import { selectModels } from "../outcomes/what_if.ts";
import type { RouterRecipe } from "../evaluation/recipe.ts";
import { seededRandom } from "../base/random.ts";

/** Which answers are labelled: `[n · m]`, 1 or 0, equally many of each prompt. */
export type Labelled = Uint8Array;

/** Draws for each prompt the models whose answers are labelled, each set of so many models being equally likely. */
export function drawnLabels(
  { promptIds: { length: n }, models: { length: m } }: OutcomeTable,
  { modelsPerPrompt, seed }: { readonly modelsPerPrompt: number; readonly seed: number },
): Labelled {
  const random = seededRandom(seed, "labels");
  const labelled = new Uint8Array(n * m);
  const all = Array.from({ length: m }, (_, j) => j);
  for (let i = 0; i < n; i++) {
    for (const j of random.shuffle(all).slice(0, modelsPerPrompt)) labelled[i * m + j] = 1;
  }
  return labelled;
}

/** What is learned from: all answers together, or where labels are missing for each model the prompts that have its. */
export function labelledParts(train: EmbeddedOutcomes, labelled: Labelled): EmbeddedOutcomes[] {
  if (labelled.every(Boolean)) return [train];
  const { outcomes, embeddings } = train;
  const m = outcomes.models.length;
  return outcomes.models.map((model, j) => {
    const rows = outcomes.promptIds.flatMap((_, i) => labelled[i * m + j] === 1 ? [i] : []);
    const own = selectModels(selectPrompts(outcomes, rows), [model]);
    return { outcomes: own, embeddings: selectEmbeddings(embeddings, rows) };
  });
}

/** Fits a router on {@linkcode labelledParts}: where there are several, one for each model, put beside each other. */
export async function fitOnLabels(
  recipe: RouterRecipe,
  parts: readonly EmbeddedOutcomes[],
  { models, seed }: { readonly models: readonly string[]; readonly seed: number },
): Promise<Router> {
  const fits: Router[] = [];
  for (const part of parts) fits.push(await recipe.fit(part, { seed }));
  if (fits.length === 1) return fits[0];
  const m = models.length;
  return {
    name: fits[0].name,
    notes: [],
    predict: async (asked, prompts) => {
      const columns: QualityPredictions[] = [];
      for (const fit of fits) columns.push(await fit.predict(asked, prompts));
      const beside = (values: (column: QualityPredictions) => Float64Array): Float64Array =>
        Float64Array.from({ length: asked.nPrompts * m }, (_, at) => {
          const column = values(columns[at % m]);
          return column.length === 1 ? column[0] : column[Math.floor(at / m)];
        });
      return {
        nPrompts: asked.nPrompts,
        models,
        quality: beside(({ quality }) => quality),
        costUsd: beside(({ costUsd }) => costUsd),
      };
    },
  };
}

/**
 * Outcomes of which only the labelled answers are known, as a table whose means are those of all answers in
 * expectation: each cell holds what is predicted for it, and a labelled one also what is off by, m / k times. With all
 * answers labelled these are the outcomes.
 *
 * **Source**: the doubly robust estimate of Robins, Rotnitzky and Zhao 1994, with known probabilities k / m.
 */
export function estimatedOutcomes(
  outcomes: OutcomeTable,
  { quality, costUsd }: QualityPredictions,
  { labelled, modelsPerPrompt }: { readonly labelled: Labelled; readonly modelsPerPrompt: number },
): OutcomeTable {
  const m = outcomes.models.length;
  if (modelsPerPrompt === m) return outcomes;
  const estimate = (truth: Float64Array, predicted: (at: number) => number): Float64Array =>
    truth.map((value, at) => {
      const expected = predicted(at);
      return expected + labelled[at] * (value - expected) * m / modelsPerPrompt;
    });
  return {
    ...outcomes,
    quality: estimate(outcomes.quality, (at) => quality[at]),
    costUsd: estimate(outcomes.costUsd, (at) => costUsd[costUsd.length === m ? at % m : at]),
    latencySeconds: null,
  };
}
