import type { Embeddings } from "../../embeddings/embeddings.ts";
import type { RouterRecipe } from "../../evaluation/recipe.ts";
import type { PairOutcomes } from "./arms.ts";

/** How a two-stage router is made. */
export interface TwoStageOptions {
  /** The pairs of the whole table; a part of an evaluation is found in it by its prompts' ids. */
  readonly pairs: PairOutcomes;
  /** The prompts' vectors, for all of them. */
  readonly embeddings: Embeddings;
  /** What each retriever found, as numbers that can be read before a model is chosen (scores, vectors), by retriever, for all prompts. */
  readonly retrieved?: Readonly<Record<string, Embeddings>>;
  /** The router that chooses the model once something is retrieved: `linear({ alpha: 10 })`, `knn({ k: 40 })`, … */
  readonly router: RouterRecipe;
  /** Its name in tables. Default `"Two stages"`. */
  readonly name?: string;
}
