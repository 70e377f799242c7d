import { checkedRouter, type CustomRouter, type PromptFunction } from "../routers/custom.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import type { Family } from "./systems.ts";

/** A router to be evaluated: how it is fitted. What it fits is a {@linkcode Router}, or one of one's own. */
export interface RouterRecipe<Fitted extends CustomRouter | PromptFunction = Router> {
  /** Its family; default `"other"`. */
  readonly family?: Family;
  /** Fits it. */
  fit(train: EmbeddedOutcomes): Fitted | Promise<Fitted>;
}

/** Whatever an evaluation takes as a router: a recipe that fits one, an object that predicts, or a function of the prompt. */
export type EvaluatedRouter = RouterRecipe<CustomRouter | PromptFunction> | CustomRouter | PromptFunction;

/** A recipe whose router keeps the contract. */
export interface FittedRecipe {
  /** Its family. */
  readonly family: Family;
  /** Fits it; the fit does not depend on `this`. */
  readonly fit: (train: EmbeddedOutcomes) => Promise<Router>;
}

/**
 * What was passed as a router, as a recipe.
 *
 * @throws TypeError where it is none
 */
export function recipeOf(router: EvaluatedRouter, place: number): FittedRecipe {
  if (typeof router === "function") {
    return {
      family: "other",
      fit: (train) => Promise.resolve(checkedRouter(router, train)),
    };
  }
  if (typeof router === "object" && router !== null) {
    if ("fit" in router) {
      return {
        family: router.family ?? "other",
        fit: async (train) => checkedRouter(await router.fit(train), train),
      };
    }
    if ("predict" in router) return { family: "other", fit: (train) => Promise.resolve(checkedRouter(router, train)) };
  }
  throw new TypeError(
    `Cannot evaluate a router as it must be a function of the prompt, an object { name, predict } or a recipe { fit }: router ${
      place + 1
    } is ${described(router)}`,
  );
}

function described(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `an object of ${Object.keys(value).join(", ") || "nothing"}`
    : String(value);
}
