import { meanRouter } from "../routers/mean.ts";
import { type CostPredictor, sharedCostPredictor } from "../routers/predicted_cost.ts";
import type { EmbeddedOutcomes, LadderStep, QualityPredictions, Router } from "../routers/router.ts";
import { aiqAmong } from "./aiq_among.ts";
import {
  ALL_KINDS,
  type Candidate,
  GROUP,
  GROUP_AND_RESIDUAL,
  KERNEL,
  type Kind,
  KNN,
  LINEAR,
} from "./_router_kinds.ts";
import { choosingPays } from "./_fall_back.ts";
import { sweepWillingnessToPay } from "./policy.ts";
import type { RecipeContext, RouterRecipe } from "./recipe.ts";

/**
 * The recipe of a KNN router whose k is chosen on validation prompts among 5, 10, 20, 40, 80 and 160, with costs
 * predicted per prompt where that pays there.
 *
 * @throws TypeError, when fitted, where there are no validation prompts: by the paper's protocol, or outside an
 * evaluation
 * @example
 * ```ts
 * import { evaluate, simulateOutcomes } from "routerbench";
 * import { chosenKnn } from "./chosen_recipes.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const { systems } = await evaluate(outcomes, [chosenKnn()], { seed: 1, encoder: "lexical", nResamples: 100 });
 * assert.equal(systems[1].ladder.filter(({ isChosen }) => isChosen).length, 1);
 * ```
 */
export function chosenKnn(): RouterRecipe {
  return chosenRecipe(KNN);
}

/**
 * The recipe of a linear router whose penalty is chosen on validation prompts among nine from .1 to 1000, with costs
 * predicted per prompt where that pays there.
 *
 * The leave-one-out errors of {@linkcode fitLinearRouter} choose weaker penalties: a squared error counts all prompts
 * alike, while the curve depends on those whose choice is close. On 3,164 real prompts they gained .022 over Zero, the
 * choice on validation prompts .03.
 *
 * @throws TypeError as {@linkcode chosenKnn}
 */
export function chosenLinear(): RouterRecipe {
  return chosenRecipe(LINEAR);
}

/**
 * The recipe of a kernel-average router: {@linkcode fitKernelRouters}, its sharpness and costs chosen on validation
 * prompts.
 *
 * @throws TypeError as {@linkcode chosenKnn}
 */
export function kernelAverage(): RouterRecipe {
  return chosenRecipe(KERNEL);
}

/**
 * The recipe of a group router: {@linkcode fitGroupRouter}, its costs chosen on validation prompts; with `residual`
 * also the penalty of a regression on the residuals of the groups' means.
 *
 * @throws TypeError as {@linkcode chosenKnn}
 */
export function group({ residual = false }: { readonly residual?: boolean } = {}): RouterRecipe {
  return chosenRecipe(residual ? GROUP_AND_RESIDUAL : GROUP);
}

/**
 * The recipe of the best router: of all kinds above, with all their settings and both kinds of costs, the one with the
 * greatest AIQ on validation prompts. Where choosing does not pay there by more than a standard error, measured on
 * prompts on which nothing was chosen, it is the Zero router.
 *
 * It is a system of its own. The choice does not flatter its interval, as it never uses the test prompts.
 *
 * @throws TypeError as {@linkcode chosenKnn}
 */
export function bestRouter(): RouterRecipe {
  const candidates = async (train: EmbeddedOutcomes, validation: EmbeddedOutcomes): Promise<Candidate[]> => {
    // With the means of the prompts on which settings are chosen, its choices are Zero's.
    const found: Candidate[] = [{ setting: "No router: mean of each model", router: meanRouter(validation) }];
    for (const kind of ALL_KINDS) {
      for (const { setting, router } of await candidatesOf(kind, { train, validation })) {
        found.push({ setting: `${kind.name}: ${setting}`, router });
      }
    }
    return found;
  };
  return chosenRecipe({ name: "Best router", family: "best", fallsBack: true, candidates });
}

function chosenRecipe(kind: Kind): RouterRecipe {
  return {
    family: kind.family,
    fit: async (train, context) => {
      const validation = neededValidation(kind.name, context);
      const costs = await sharedCostPredictor(train);
      const tried: Tried[] = [];
      for (const candidate of await candidatesOf(kind, { train, validation })) {
        tried.push(...await tryCandidate(candidate, costs, validation));
      }
      if (tried.length === 0) {
        throw new TypeError(
          `Cannot fit the router "${kind.name}" as there must be prompts of several evaluations: all are of one; leave it out`,
        );
      }
      // The first of equals: candidates come in the order of simplicity.
      const greatest = tried.reduce((a, b) => b.aiq > a.aiq ? b : a);
      const [first, ...others] = tried;
      const fallsBack = kind.fallsBack === true && greatest !== first &&
        !choosingPays(others.map(({ predictions }) => predictions), validation.outcomes);
      const best = fallsBack ? first : greatest;
      const ladder = tried.map(({ setting, aiq }): LadderStep => ({
        setting,
        aiq,
        isChosen: setting === best.setting,
      }));
      const notes = best.router.notes.filter((note) => !best.setting.includes(note));
      const named = { name: kind.name, notes: [`Chosen on validation prompts: ${best.setting}`, ...notes] };
      return {
        ...named,
        ladder,
        ...stateOf(best, named, costs),
        predict: (embeddings, prompts) => predictedBy(best, { embeddings, prompts }, costs),
      };
    },
  };
}

/** The state of the router that was chosen, under the name of the choice. */
function stateOf(
  { router: { state }, predictsCosts }: Tried,
  named: Pick<Router, "name" | "notes">,
  costs: CostPredictor,
): Pick<Router, "state"> {
  return state === undefined ? {} : { state: { ...state, ...named, costs: predictsCosts ? costs.state : null } };
}

/** A setting that was tried on validation prompts. */
interface Tried extends Candidate {
  /** Predicted for the validation prompts. */
  readonly predictions: QualityPredictions;
  readonly aiq: number;
  readonly predictsCosts: boolean;
}

async function tryCandidate(
  { setting, router }: Candidate,
  costs: CostPredictor,
  { outcomes, embeddings }: EmbeddedOutcomes,
): Promise<Tried[]> {
  const predictions = await router.predict(embeddings, outcomes.prompts);
  const perPrompt = { ...predictions, costUsd: await costs.predict(embeddings) };
  const tried = (setting: string, predictions: QualityPredictions, predictsCosts: boolean): Tried => {
    const aiq = aiqAmong(outcomes, sweepWillingnessToPay(predictions, outcomes));
    return { setting, router, predictions, predictsCosts, aiq };
  };
  return [tried(setting, predictions, false), tried(`${setting}, costs predicted`, perPrompt, true)];
}

async function predictedBy(
  { router, predictsCosts }: Tried,
  { embeddings, prompts }: {
    readonly embeddings: Parameters<Router["predict"]>[0];
    readonly prompts: Parameters<Router["predict"]>[1];
  },
  costs: CostPredictor,
): Promise<QualityPredictions> {
  const predictions = await router.predict(embeddings, prompts);
  return predictsCosts ? { ...predictions, costUsd: await costs.predict(embeddings) } : predictions;
}

/** The fitted candidates of a training set, which all recipes of an evaluation share. */
const CANDIDATES = new WeakMap<EmbeddedOutcomes, Map<Kind, Promise<readonly Candidate[]>>>();

function candidatesOf(
  kind: Kind,
  { train, validation }: { readonly train: EmbeddedOutcomes; readonly validation: EmbeddedOutcomes },
): Promise<readonly Candidate[]> {
  const known = CANDIDATES.get(train) ?? new Map<Kind, Promise<readonly Candidate[]>>();
  CANDIDATES.set(train, known);
  const candidates = known.get(kind) ?? kind.candidates(train, validation);
  known.set(kind, candidates);
  return candidates;
}

function neededValidation(name: string, context: RecipeContext | undefined): EmbeddedOutcomes {
  const validation = context?.validation ?? null;
  if (validation !== null) return validation;
  throw new TypeError(
    `Cannot choose the settings of "${name}" as it needs validation prompts: by the paper's protocol there are none; evaluate it by our protocol`,
  );
}
