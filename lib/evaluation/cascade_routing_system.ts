import { meanOf } from "../base/statistics.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { acceptanceQuality } from "../routers/cascade.ts";
import { CascadeRouting } from "../routers/cascade_routing.ts";
import { type AnswerScore, fitJudge } from "../routers/fitted_judge.ts";
import { erringJudge, type Judge } from "../routers/judge.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import { bestRouter } from "./chosen_recipes.ts";
import { aiqAmong } from "./aiq_among.ts";
import { preparedRecipes, type RecipeContext, type RouterRecipe, type SystemRecipe } from "./recipe.ts";
import { alternateRows, type PredictedOutcomes, selectPredicted } from "./select_predictions.ts";
import { describeWillingnessToPay, type Part, type System, type SystemSettings } from "./systems.ts";

/** Who judges the answers, and what predicts them. */
export type CascadeRoutingOptions =
  & {
    /** What predicts quality and cost before a call; default {@linkcode bestRouter}. */
    readonly predictor?: RouterRecipe;
  }
  & (
    | {
      /** The paper's judge, which knows the outcome: how often it is wrong, 0..1. */
      readonly judgeError: number;
    }
    | {
      /** A judge that does not know the outcome: {@linkcode fitJudge} on the validation prompts. */
      readonly judge: "fitted";
      /** A score of each answer that the judge reads too, higher or lower for better ones. */
      readonly score?: AnswerScore;
    }
  );

/** Among which the trust in a fitted judge is chosen. */
const SHRINKAGES: readonly number[] = [Infinity, 100, 10];
/**
 * Values of the willingness to pay that are tried: the AIQ is then within .0004 of that of 2,000 on real outcomes for
 * judges that err in up to a tenth of the cases, and within .0013 for one that knows nothing.
 */
const N_SETTINGS = 240;
/** From the cheapest answer to where cost no longer counts, as a multiple of the dearest. */
const REACH = 100;

/**
 * The recipe of cascade routing: {@linkcode CascadeRouting}. Before each call it expects what a router predicts, after
 * it what a judge says of the answer, so it may ask the right model first, stop early, or leave models out, where a
 * cascade asks all from the cheapest on.
 *
 * Its costs in decisions are predicted ones, where the paper's cascade knows each next cost. With the same error its
 * judge is that cascade's.
 *
 * @throws TypeError, when fitted, where the default predictor or a fitted judge has no validation prompts, as by the
 * paper's protocol
 * @example
 * ```ts
 * import { cascade, evaluate, knn, simulateOutcomes } from "routerbench";
 * import { cascadeRouting } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const predictor = knn({ k: 10 });
 * const systems = [predictor, cascade({ judgeError: 0.1 }), cascadeRouting({ judgeError: 0.1, predictor })];
 * const evaluation = await evaluate(outcomes, systems, { seed: 1, encoder: "lexical", nResamples: 100 });
 * assert.equal(evaluation.systems[3].name, "Cascade routing, ε = 0.1");
 * ```
 */
export function cascadeRouting(options: CascadeRoutingOptions): SystemRecipe {
  const { predictor = bestRouter() } = options;
  return {
    system: async (learn, context) => {
      const router = await fitted(predictor, learn, context);
      const judge = await judgeOf(options, router, { learn, context });
      return cascadeRoutingSystem(router, judge, learn);
    },
  };
}

async function fitted(predictor: RouterRecipe, learn: EmbeddedOutcomes, context: RecipeContext): Promise<Router> {
  const [recipe] = preparedRecipes([predictor], context);
  if ("system" in recipe) throw new TypeError("Cannot route by cascades as the predictor must be a router: it is none");
  return await recipe.fit(learn, context);
}

async function judgeOf(
  options: CascadeRoutingOptions,
  router: Router,
  { learn, context }: { readonly learn: EmbeddedOutcomes; readonly context: RecipeContext & SystemSettings },
): Promise<Judged> {
  const acceptFromQuality = acceptanceQuality(learn.outcomes);
  if ("judgeError" in options) {
    return { judge: erringJudge(learn.outcomes, { judgeError: options.judgeError, acceptFromQuality }), notes: [] };
  }
  const validation = context.validation ?? null;
  if (validation === null) {
    throw new TypeError(
      "Cannot fit a judge as it needs validation prompts: by the paper's protocol there are none; evaluate it by our protocol",
    );
  }
  const { embeddings, outcomes } = validation;
  const predictions = await router.predict(embeddings, outcomes.prompts);
  const fit = (half: PredictedOutcomes, shrinkBy: number): Judge =>
    fitJudge(half.outcomes, half.predictions, { acceptFromQuality, score: options.score, shrinkBy });
  const whole = { outcomes, predictions };
  const shrinkBy = chosenShrinkage(whole, fit);
  const note = shrinkBy === Infinity
    ? "On validation prompts nothing that is known of an answer tells enough to pay for a second call"
    : `The judge's signals are mixed with ${shrinkBy} answers that say nothing, by cross-validation`;
  return { judge: fit(whole, shrinkBy), notes: [note] };
}

/** Of the shrinkages the first with the greatest AIQ where a judge of one half of the prompts judges the other. */
function chosenShrinkage(whole: PredictedOutcomes, fit: (half: PredictedOutcomes, shrinkBy: number) => Judge): number {
  const halves = alternateRows(whole.outcomes.promptIds.length).map((rows) => selectPredicted(whole, rows));
  const sums = SHRINKAGES.map((shrinkBy) =>
    halves.reduce((sum, half, h) => {
      const routing = new CascadeRouting(half.outcomes, half.predictions, fit(halves[1 - h], shrinkBy));
      return sum + aiqAmong(half.outcomes, settingsFor(whole.outcomes).map((setting) => pointAt(routing, setting)));
    }, 0)
  );
  return SHRINKAGES[sums.reduce((best, sum, at) => sum > sums[best] ? at : best, 0)];
}

interface Judged {
  readonly judge: Judge;
  readonly notes: readonly string[];
}

function cascadeRoutingSystem(
  predictor: Router,
  { judge, notes }: Judged,
  { outcomes }: EmbeddedOutcomes,
): System<number> {
  const name = `Cascade routing, ${judge.name}`;
  // Under a name of its own, as another system may have a predictor of the same name.
  const router: Router = {
    ...predictor,
    name: `${name}: ${predictor.name}`,
    notes: [...predictor.notes, ...notes],
    state: undefined,
  };
  const settings = settingsFor(outcomes);
  const known = new WeakMap<Part, CascadeRouting>();
  const routingOn = (part: Part): CascadeRouting => {
    const routing = known.get(part) ?? new CascadeRouting(part.outcomes, part.predictions.get(router.name)!, judge);
    known.set(part, routing);
    return routing;
  };
  return {
    name,
    family: "cascade",
    router,
    points: (part) => settings.map((setting) => ({ ...pointAt(routingOn(part), setting), setting })),
    results: (part, willingnessToPay) => {
      const { costUsd, quality, latencySeconds } = routingOn(part).expect(willingnessToPay);
      return { costUsd, quality, latencySeconds, choices: null };
    },
    describe: describeWillingnessToPay,
  };
}

function pointAt(routing: CascadeRouting, willingnessToPay: number): OperatingPoint {
  const { costUsd, quality } = routing.expect(willingnessToPay);
  return { costUsd: meanOf(costUsd), quality: meanOf(quality) };
}

/** Values of the willingness to pay in equal ratios, and quality alone. */
function settingsFor({ costUsd }: OutcomeTable): number[] {
  const low = costUsd.reduce((least, cost) => cost > 0 ? Math.min(least, cost) : least, Infinity);
  const high = costUsd.reduce((most, cost) => Math.max(most, cost), 0) * REACH;
  const step = (high / low) ** (1 / (N_SETTINGS - 2));
  return [...Array.from({ length: N_SETTINGS - 1 }, (_, k) => low * step ** k), Infinity];
}
