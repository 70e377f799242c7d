import { checkedRouter, type CustomRouter, type PromptFunction } from "../routers/checked_router.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import type { Family, System, SystemSettings } from "./systems.ts";

/** The context that an evaluation passes to a recipe. */
export interface RecipeContext {
  /** The evaluation's seed. */
  readonly seed: number;
  /** All recipes of the evaluation, so that recipes of one kind can share work. */
  readonly alongside?: readonly EvaluatedRouter[];
  /** Prompts on which a recipe may choose its settings; `null` by the paper's protocol, which has none for that. */
  readonly validation?: EmbeddedOutcomes | null;
}

/** A router to be evaluated, by the way in which it is fitted: a {@linkcode Router}, or one of one's own. */
export interface RouterRecipe<Fitted extends CustomRouter | PromptFunction = Router> {
  /** Its family; default `"other"`. */
  readonly family?: Family;
  /** Fits it; the context is there in every evaluation. */
  fit(train: EmbeddedOutcomes, context?: RecipeContext): Fitted | Promise<Fitted>;
}

/** A system that is more than a router, such as a cascade, by the way in which it is made from the training prompts. */
export interface SystemRecipe {
  /** Makes it. */
  system(
    learn: EmbeddedOutcomes,
    context: RecipeContext & SystemSettings,
  ): System<unknown> | Promise<System<unknown>>;
}

/** What an evaluation accepts as a router: a recipe, an object that predicts, or a function of the prompt. */
export type EvaluatedRouter =
  | RouterRecipe<CustomRouter | PromptFunction>
  | SystemRecipe
  | CustomRouter
  | PromptFunction;

/** A recipe whose router keeps the contract and which needs nothing but the training set. */
export interface FittedRecipe {
  /** Its family. */
  readonly family: Family;
  /** Fits it; the fit does not depend on `this`. */
  readonly fit: (train: EmbeddedOutcomes, context?: Pick<RecipeContext, "validation">) => Promise<Router>;
}

/**
 * Turns everything that was passed as a router into recipes that know the seed and each other.
 *
 * @throws TypeError where one is no router
 */
export function preparedRecipes(
  routers: readonly EvaluatedRouter[],
  { seed }: { readonly seed: number },
): (FittedRecipe | SystemRecipe)[] {
  return routers.map((router, place) => prepared(router, place, { seed, alongside: routers }));
}

function prepared(router: EvaluatedRouter, place: number, context: RecipeContext): FittedRecipe | SystemRecipe {
  if (typeof router === "function") return readyMade(router);
  if (typeof router === "object" && router !== null) {
    if ("system" in router) return router;
    if ("fit" in router) {
      return {
        family: router.family ?? "other",
        fit: async (train, { validation = null } = {}) =>
          checkedRouter(await router.fit(train, { ...context, validation }), train),
      };
    }
    if ("predict" in router) return readyMade(router);
  }
  throw new TypeError(
    `Cannot evaluate a router as it must be a function of the prompt, an object { name, predict } or a recipe such as knn({ k: 40 }): router ${
      place + 1
    } is ${described(router)}`,
  );
}

/** A router that needs no fit, as a recipe. */
function readyMade(router: CustomRouter | PromptFunction): FittedRecipe {
  return { family: "other", fit: (train) => Promise.resolve(checkedRouter(router, train)) };
}

function described(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `an object of ${Object.keys(value).join(", ") || "nothing"}`
    : String(value);
}
