import { PROGRAM } from "../base/program.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { RouterState } from "../routers/router_state.ts";
import { cheapestFirst, judgedSettings } from "./_judged_settings.ts";
import type { MeasuredSetting } from "./_measure.ts";
import type { Evaluation, MeasuredSystem } from "./evaluate.ts";
import type { Recommendation } from "./recommend.ts";
import { routerFileText, type SavedEncoder, type SavedSetting } from "./router_file.ts";

/** The inputs of a router file beside the evaluation. */
export interface SaveRouterOptions {
  /** The outcomes that were evaluated. */
  readonly outcomes: Pick<OutcomeTable, "source">;
  /** How the vectors were made; `null` where there were none. */
  readonly encoder: SavedEncoder | null;
}

/** Shares of the best single model's quality whose cheapest settings a file names, beside the one asked for. */
const PROMISES: readonly number[] = [0.8, 0.9, 0.95, 0.99];

/**
 * The text of a router file: the recommended system as it was measured, with its whole curve. It is not fitted again on
 * all prompts, so that the saved router is the one that was measured.
 *
 * Each promise of 80, 90, 95 and 99 % of the best single model's quality that a setting of the system keeps, with the
 * recommendation's confidence and the same correction, stands with the cheapest such setting. A single model is saved
 * as a router with one setting.
 *
 * @throws TypeError where the system is code, such as a function of one's own
 * @example
 * ```ts
 * import { evaluate, linear, loadRouter, openEncoder, recommend, saveRouter, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 1 });
 * const options = { seed: 1, encoder: "lexical", nResamples: 100 };
 * const evaluation = await evaluate(outcomes, [linear({ alpha: 10 })], options);
 * const recommendation = recommend(evaluation, { keep: 0.8, nResamples: 500 });
 * const encoder = { opensAs: "lexical", maxTokens: null, leftOut: [] };
 * const router = loadRouter(saveRouter(evaluation, recommendation, { outcomes, encoder }));
 * assert.equal(router.recommended.costUsd, recommendation.setting.costUsd);
 * ```
 */
export function saveRouter(
  evaluation: Evaluation,
  recommendation: Recommendation,
  { outcomes: { source }, encoder }: SaveRouterOptions,
): string {
  const { reason, place } = recommendation;
  const { seed, nPrompts } = evaluation;
  const { state, settings } = place === null
    ? savedModel(evaluation, recommendation)
    : savedSystem(evaluation, recommendation);
  return routerFileText({
    state,
    encoder: state.reads === null ? null : encoder,
    settings,
    recommended: place ?? 0,
    reason,
    provenance: { program: PROGRAM, outcomes: source.name, outcomesSha256: source.sha256, seed, nPrompts },
  });
}

interface SavedParts {
  readonly state: RouterState;
  readonly settings: readonly SavedSetting[];
}

function savedSystem(evaluation: Evaluation, recommendation: Recommendation): SavedParts {
  const system = evaluation.systems.find(({ name }) => name === recommendation.system)!;
  if (system.state === null) {
    throw new TypeError(
      `Cannot save the router "${system.name}" as a router file holds no code: it is a function of one's own; recommend from fitted routers only`,
    );
  }
  const promises = promisesOf(evaluation, system, recommendation);
  const settings = system.settings.map((setting, place) =>
    savedSetting(setting, setting.willingnessToPay!, promises.get(place) ?? [])
  );
  return { state: system.state, settings };
}

/** The promises that each place keeps at the least cost. The recommended place keeps the one that was asked for. */
function promisesOf(
  evaluation: Evaluation,
  { name }: MeasuredSystem,
  { goal, place, confidence }: Recommendation,
): ReadonlyMap<number, string[]> {
  const promises = new Map<number, string[]>();
  const add = (at: number, share: number): void => {
    promises.set(at, [...(promises.get(at) ?? []), promiseName(share)]);
  };
  for (
    const keep of [...new Set([...PROMISES, ...(goal.keep === undefined ? [] : [goal.keep])])].sort((a, b) => a - b)
  ) {
    if (keep === goal.keep) {
      add(place!, keep);
      continue;
    }
    const kept = judgedSettings(evaluation, { keep }, { confidence })
      .filter(({ system, low }) => system === name && low >= 0);
    const cheapest = cheapestFirst({ keep })(kept);
    if (cheapest !== null) add(cheapest.place!, keep);
  }
  return promises;
}

/** A share in percent, such as "95". */
function promiseName(share: number): string {
  return String(Number((100 * share).toFixed(6)));
}

/** One model for every prompt, as a router whose greatest prediction is always that model. */
function savedModel({ models }: Evaluation, { setting, goal, isKept }: Recommendation): SavedParts {
  const predictor = {
    kind: "means",
    quality: setting.modelShares!,
    costUsd: Float64Array.from(models, ({ costUsd }) => costUsd),
  } as const;
  const names = models.map(({ model }) => model);
  const promises = isKept && goal.keep !== undefined ? [promiseName(goal.keep)] : [];
  return {
    state: { name: setting.label, notes: [], models: names, reads: null, predictor, costs: null },
    settings: [savedSetting(setting, Infinity, promises)],
  };
}

function savedSetting(
  { costUsd, quality, modelShares }: MeasuredSetting,
  willingnessToPay: number,
  promises: readonly string[],
): SavedSetting {
  return { promises, willingnessToPay, costUsd, quality, modelShares: [...modelShares!] };
}
