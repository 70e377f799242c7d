import { chooseModels, sweepWillingnessToPay } from "../../evaluation/policy.ts";
import type { RecipeContext, SystemRecipe } from "../../evaluation/recipe.ts";
import type { Part, PromptResults, System } from "../../evaluation/systems.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import type { EmbeddedOutcomes, QualityPredictions } from "../../routers/router.ts";
import type { TwoStageOptions } from "./two_stage_options.ts";
import { firstStage, secondStage, type Stretch } from "./_stages.ts";
import type { PairOutcomes } from "./arms.ts";

/** A willingness to pay, and which stretch of it decides the retriever. */
interface TwoStageSetting {
  readonly stretch: number;
  readonly willingnessToPay: number;
}

/**
 * The recipe of a two-stage router: first the retriever from the prompt, then, once something is retrieved, the model from the prompt and what was
 * retrieved.
 *
 * The second stage is one router for each retriever, on the prompt's vector beside the numbers that describe what was retrieved. The first stage
 * regresses on the prompt's vector what the second one attains, `λ · quality − cost` of the model that it chooses, at sixteen values of λ, with the
 * penalty that leave-one-out errors choose; the choices come from routers that were fitted on the other half of the prompts. Between two of these
 * values the retrievers stay and the models follow λ exactly.
 *
 * With one retriever there is no first stage: the system has the very points of its second stage's router.
 *
 * **Source**: backward induction with estimated values, as in approximate dynamic programming; not in the paper, whose Figure 6 has fixed pairs.
 * @throws TypeError where a prompt of a part is not among the pairs; whatever the router's fit throws
 */
export function twoStage(options: TwoStageOptions): SystemRecipe {
  return { system: (learn, context) => twoStageSystem(options, learn, context) };
}

async function twoStageSystem(
  options: TwoStageOptions,
  learn: EmbeddedOutcomes,
  context: RecipeContext,
): Promise<System<TwoStageSetting>> {
  const { pairs, name = "Two stages" } = options;
  const rowOf = new Map(pairs.outcomes.promptIds.map((id, row) => [id, row]));
  const rowsOf = ({ promptIds }: OutcomeTable): number[] => promptIds.map((id) => knownRow(rowOf, id));
  const { validation = null } = context;
  const data = { rows: rowsOf(learn.outcomes), validationRows: validation && rowsOf(validation.outcomes), context };
  const stages = await Promise.all(pairs.retrievers.map((retriever) => secondStage(options, retriever, data)));
  const stretches = await firstStage(options, data, stages);
  const gathered = (part: Part, { retriever }: Stretch): Gathered =>
    gather(pairs, stages, rowsOf(part.outcomes), retriever);
  return {
    name,
    family: "other",
    points: (part) =>
      stretches.flatMap((stretch, at) => {
        const { predictions, outcomes } = gathered(part, stretch);
        return sweepWillingnessToPay(predictions, outcomes).flatMap((point) => {
          const [from, to] = [Math.max(stretch.from, point.interval[0]), Math.min(stretch.to, point.interval[1])];
          if (from >= to) return [];
          const isWhole = from === point.interval[0] && to === point.interval[1];
          const willingnessToPay = isWhole ? point.willingnessToPay : inside(from, to);
          return [{ ...point, setting: { stretch: at, willingnessToPay } }];
        });
      }),
    results: (part, { stretch, willingnessToPay }) => {
      const { predictions, outcomes } = gathered(part, stretches[stretch]);
      return resultsOf(outcomes, chooseModels(predictions, willingnessToPay));
    },
    describe: ({ willingnessToPay }) =>
      willingnessToPay === 0
        ? "λ → 0"
        : willingnessToPay === Infinity
        ? "λ → ∞"
        : `λ = ${willingnessToPay.toPrecision(3)} USD`,
  };
}

function knownRow(rowOf: ReadonlyMap<string, number>, id: string): number {
  const row = rowOf.get(id);
  if (row !== undefined) return row;
  throw new TypeError(
    `Cannot route in two stages as every prompt must be among the pairs: "${id}" is not; make the pairs from the whole table`,
  );
}

interface Gathered {
  readonly predictions: QualityPredictions;
  readonly outcomes: OutcomeTable;
}

/** Outcomes and predictions of the models after each prompt's own retriever, for some rows of the table. */
function gather(
  { outcomes, models }: PairOutcomes,
  stages: readonly QualityPredictions[],
  rows: readonly number[],
  retriever: Int32Array,
): Gathered {
  const [m, width] = [models.length, outcomes.models.length];
  const cells = (of: (row: number, place: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: rows.length * m }, (_, at) => {
      const row = rows[Math.floor(at / m)];
      return of(row, retriever[row], at % m);
    });
  const recorded = (values: Float64Array): Float64Array =>
    cells((row, place, j) => values[row * width + place * m + j]);
  const isPerModel = stages.every(({ costUsd }) => costUsd.length === m) && stages.length === 1;
  const costUsd = isPerModel ? stages[0].costUsd : cells((row, place, j) => {
    const costs = stages[place].costUsd;
    return costs[costs.length === m ? j : row * m + j];
  });
  return {
    predictions: {
      nPrompts: rows.length,
      models,
      quality: cells((row, place, j) => stages[place].quality[row * m + j]),
      costUsd,
    },
    outcomes: {
      ...outcomes,
      promptIds: rows.map((row) => outcomes.promptIds[row]),
      models,
      quality: recorded(outcomes.quality),
      costUsd: recorded(outcomes.costUsd),
      latencySeconds: outcomes.latencySeconds && recorded(outcomes.latencySeconds),
    },
  };
}

function resultsOf(
  { models: { length: m }, quality, costUsd, latencySeconds }: OutcomeTable,
  choices: Int32Array,
): PromptResults {
  const chosen = (values: Float64Array): Float64Array =>
    Float64Array.from(choices, (model, i) => values[i * m + model]);
  return {
    costUsd: chosen(costUsd),
    quality: chosen(quality),
    latencySeconds: latencySeconds && chosen(latencySeconds),
    choices: null,
  };
}

function inside(from: number, to: number): number {
  if (from === 0) return 0;
  return to === Infinity ? Infinity : Math.sqrt(from) * Math.sqrt(to);
}
