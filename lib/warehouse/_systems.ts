import type { Family } from "../evaluation/systems.ts";
import { type CascadeInput, cascadeOf } from "./_cascade_settings.ts";
import { type PromptPredictor, type PromptSystem, routerOf } from "./_prompt_settings.ts";

/** A system whose settings are numbers: values of the willingness to pay, or budgets. */
export interface WarehouseSystem {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** What is to be said of it. */
  readonly notes: readonly string[];
  /** What it predicts, or how its cascade runs. */
  readonly kind: { readonly predictor: PromptPredictor } | { readonly cascade: CascadeInput };
}

/** A system as SQL. */
export function promptSystemOf({ kind }: WarehouseSystem): PromptSystem {
  return "predictor" in kind ? routerOf(kind.predictor) : cascadeOf(kind.cascade);
}
