import { type CascadeOptions, expectCascade } from "../../routers/cascade.ts";
import { armName, armOf } from "../../outcomes/arm.ts";
import { type OutcomeTable, outcomeTable } from "../../outcomes/outcome_table.ts";
import type { PromptResults } from "../../evaluation/systems.ts";

/** Outcomes of pairs of a retriever and a model: every retriever with every model. */
export interface PairOutcomes {
  /** One column a pair: retrievers in order, within each the models in order. Costs and times are of the whole way, retrieval included. */
  readonly outcomes: OutcomeTable;
  /** The r retrievers, in the order in which they first stand. */
  readonly retrievers: readonly string[];
  /** The m models, in the order in which they first stand. */
  readonly models: readonly string[];
  /** Cost of retrieving alone, `[n · r]`, USD. */
  readonly retrievalCostUsd: Float64Array;
  /** Time of retrieving alone, `[n · r]`, seconds; `null` where the table has no times. */
  readonly retrievalSeconds: Float64Array | null;
}

/** The retrievers and models of a table's pairs, each in the order in which it first stands, and the pairs' columns: retriever by retriever. */
export interface ArmColumns {
  readonly retrievers: readonly string[];
  readonly models: readonly string[];
  readonly columns: readonly number[];
  /** The first pair that has no column; `null` where every retriever stands with every model. */
  readonly missing: string | null;
}

/** Which pairs of a retriever and a model a table has, by the names of its columns. */
export function armColumns({ models: names }: Pick<OutcomeTable, "models">): ArmColumns {
  const arms = names.map(armOf);
  const retrievers = [...new Set(arms.map(({ retriever }) => retriever))];
  const models = [...new Set(arms.map(({ model }) => model))];
  const pairs = retrievers.flatMap((retriever) => models.map((model) => ({ retriever, model })));
  const columns = pairs.map(({ retriever, model }) =>
    arms.findIndex((arm) => arm.retriever === retriever && arm.model === model)
  );
  const at = columns.indexOf(-1);
  return { retrievers, models, columns, missing: at < 0 ? null : armName(pairs[at].retriever, pairs[at].model) };
}

/**
 * Reads a table whose models are pairs of a retriever and a model, and puts its columns in order.
 *
 * @param options `retrievalCostUsd`: what retrieving alone cost, USD a prompt, by retriever; `retrievalSeconds`: how long it took, likewise. Both are
 * part of the table's costs and times. Default 0.
 * @throws TypeError where a retriever and a model have no column together
 * @throws RangeError where retrieving cost or took more than the whole way
 * @example
 * ```ts
 * import { outcomeTable } from "routerbench";
 * import { pairOutcomes } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const pairs = pairOutcomes(outcomeTable({
 *   models: ["small", "large", "bm25+small", "bm25+large"], promptIds: ["a"], evalNames: ["mine"], prompts: null,
 *   quality: Float64Array.of(0, 1, 1, 1), costUsd: Float64Array.of(1, 3, 2, 4), latencySeconds: null,
 *   source: { kind: "file", name: "one prompt", sha256: "", notes: [] },
 * }));
 * assert.deepEqual([pairs.retrievers, pairs.models], [["none", "bm25"], ["small", "large"]]);
 * ```
 */
export function pairOutcomes(
  table: OutcomeTable,
  { retrievalCostUsd = {}, retrievalSeconds = {} }: {
    readonly retrievalCostUsd?: Readonly<Record<string, number | Float64Array>>;
    readonly retrievalSeconds?: Readonly<Record<string, number | Float64Array>>;
  } = {},
): PairOutcomes {
  const { retrievers, models, columns, missing } = armColumns(table);
  if (missing !== null) {
    throw new TypeError(
      `Cannot read pairs as every retriever must stand with every model: "${missing}" has no column; add its outcomes or leave out "${
        armOf(missing).retriever
      }"`,
    );
  }
  const n = table.promptIds.length;
  const ordered = (values: Float64Array): Float64Array =>
    Float64Array.from(
      { length: values.length },
      (_, at) => values[Math.floor(at / columns.length) * columns.length + columns[at % columns.length]],
    );
  const outcomes = outcomeTable({
    ...table,
    models: columns.map((column) => table.models[column]),
    quality: ordered(table.quality),
    costUsd: ordered(table.costUsd),
    latencySeconds: table.latencySeconds && ordered(table.latencySeconds),
  });
  const perRetriever = (given: Readonly<Record<string, number | Float64Array>>): Float64Array =>
    Float64Array.from({ length: n * retrievers.length }, (_, at) => {
      const amount = given[retrievers[at % retrievers.length]] ?? 0;
      return typeof amount === "number" ? amount : amount[Math.floor(at / retrievers.length)];
    });
  const pairs = {
    outcomes,
    retrievers,
    models,
    retrievalCostUsd: perRetriever(retrievalCostUsd),
    retrievalSeconds: table.latencySeconds && perRetriever(retrievalSeconds),
  };
  checkShares(pairs);
  return pairs;
}

/** Outcomes of one retriever's pairs, their columns named after the models; costs and times of the whole way. */
export function pairsOfRetriever(pairs: PairOutcomes, retriever: string): OutcomeTable {
  return { ...onlyRetrievers(pairs, [retriever]).outcomes, models: pairs.models };
}

/**
 * The pairs of some retrievers alone.
 *
 * @throws RangeError for a retriever that the table has not
 */
export function onlyRetrievers(pairs: PairOutcomes, retrievers: readonly string[]): PairOutcomes {
  const { outcomes, models } = pairs;
  const places = retrievers.map((retriever) => placeOf(pairs.retrievers, retriever));
  const m = models.length;
  const r = pairs.retrievers.length;
  const columns = places.flatMap((place) => models.map((_, j) => place * m + j));
  const picked = (values: Float64Array, of: readonly number[], width: number): Float64Array =>
    Float64Array.from(
      { length: values.length / width * of.length },
      (_, at) => values[Math.floor(at / of.length) * width + of[at % of.length]],
    );
  const cells = (values: Float64Array): Float64Array => picked(values, columns, r * m);
  return {
    outcomes: {
      ...outcomes,
      models: columns.map((column) => outcomes.models[column]),
      quality: cells(outcomes.quality),
      costUsd: cells(outcomes.costUsd),
      latencySeconds: outcomes.latencySeconds && cells(outcomes.latencySeconds),
    },
    retrievers,
    models,
    retrievalCostUsd: picked(pairs.retrievalCostUsd, places, r),
    retrievalSeconds: pairs.retrievalSeconds && picked(pairs.retrievalSeconds, places, r),
  };
}

/**
 * A cascade over the models with one retriever: what was retrieved is kept from model to model, so that retrieving is paid and waited for once.
 *
 * @param budgetUsd the most that the models' calls may cost on one prompt, retrieval aside
 * @param options as of {@linkcode expectCascade}; `order` counts the models, not the pairs
 * @throws RangeError as `expectCascade`, or where there is no such retriever
 */
export function cascadeAfterRetrieval(
  pairs: PairOutcomes,
  { retriever, budgetUsd, ...options }: CascadeOptions & { readonly retriever: string; readonly budgetUsd: number },
): PromptResults {
  const table = pairsOfRetriever(pairs, retriever);
  const [m, r] = [pairs.models.length, pairs.retrievers.length];
  const place = placeOf(pairs.retrievers, retriever);
  const once = (values: Float64Array): Float64Array => values.filter((_, at) => at % r === place);
  const without = (cells: Float64Array, retrieval: Float64Array): Float64Array =>
    cells.map((value, at) => Math.max(0, value - retrieval[Math.floor(at / m)]));
  const costOnce = once(pairs.retrievalCostUsd);
  const secondsOnce = pairs.retrievalSeconds && once(pairs.retrievalSeconds);
  const calls = {
    ...table,
    costUsd: without(table.costUsd, costOnce),
    latencySeconds: table.latencySeconds && without(table.latencySeconds, secondsOnce!),
  };
  const { costUsd, quality, latencySeconds } = expectCascade(calls, budgetUsd, options);
  return {
    costUsd: costUsd.map((cost, i) => cost + costOnce[i]),
    quality,
    latencySeconds: latencySeconds && latencySeconds.map((seconds, i) => seconds + secondsOnce![i]),
    choices: null,
  };
}

function placeOf(retrievers: readonly string[], retriever: string): number {
  const place = retrievers.indexOf(retriever);
  if (place >= 0) return place;
  throw new RangeError(
    `Cannot take the pairs of a retriever as it must be one of the table's: "${retriever}" is none; it has ${
      retrievers.join(", ")
    }`,
  );
}

/** Rounding may leave a sum a hair below its part. */
const ROUNDING = 1e-9;

function checkShares({ outcomes, retrievers, models, retrievalCostUsd, retrievalSeconds }: PairOutcomes): void {
  const width = outcomes.models.length;
  const check = (what: string, whole: Float64Array, retrieval: Float64Array): void => {
    whole.forEach((value, at) => {
      const place = Math.floor(at % width / models.length);
      const own = retrieval[Math.floor(at / width) * retrievers.length + place];
      if (own >= 0 && own <= value * (1 + ROUNDING)) return;
      throw new RangeError(
        `Cannot read pairs as retrieving is part of the whole ${what}: "${
          outcomes.models[at % width]
        }" has ${value} in all and ${own} for retrieving`,
      );
    });
  };
  check("cost", outcomes.costUsd, retrievalCostUsd);
  if (outcomes.latencySeconds !== null) check("time", outcomes.latencySeconds, retrievalSeconds!);
}
