import type { Table } from "../../base/table.ts";
import type { Embeddings } from "../../embeddings/embeddings.ts";
import { type EvaluatedRouter, evaluateRouters } from "../../evaluation/evaluate.ts";
import { splitForEvaluation } from "../../evaluation/evaluation_data.ts";
import { knn } from "../../evaluation/recipes.ts";
import type { Family } from "../../evaluation/systems.ts";
import { ablationPanel } from "../../figures/ablation_panel.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { type PooledEffects, pooledEffects } from "../long_tail/shrinkage.ts";

/** A data set with its prompts' vectors. */
export interface DataSet {
  /** Its name. */
  readonly name: string;
  /** Its outcomes. */
  readonly outcomes: OutcomeTable;
  /** The prompts' vectors. */
  readonly embeddings: Embeddings;
}

/** What a router gains over Zero on a data set. */
export interface DataSetGain {
  /** The data set. */
  readonly dataSet: string;
  /** Number of test prompts. */
  readonly nTest: number;
  /** Number of models. */
  readonly nModels: number;
  /** The router. */
  readonly system: string;
  /** Its family. */
  readonly family: Family;
  /** AIQ (formula) less Zero's. */
  readonly difference: number;
  /** Its interval at 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** Standard error of the difference. */
  readonly standardError: number;
  /** Place among the routers and Zero on this data set, 1 the best; equals share the mean of their places. */
  readonly rank: number;
}

/** The same routers on several data sets. */
export interface DataSetsEvaluation {
  /** A line a data set and router. */
  readonly gains: readonly DataSetGain[];
  /** Each router's gain over all data sets, their differences counted: {@linkcode pooledEffects}. */
  readonly pooled: Readonly<Record<string, PooledEffects>>;
  /** Mean rank of each router and of Zero over the data sets. */
  readonly meanRanks: Readonly<Record<string, number>>;
}

/** How data sets are evaluated. */
export interface DataSetsOptions {
  /** Seed of splits, fits and intervals. */
  readonly seed: number;
  /** Share of the prompts for training, as of `splitForEvaluation`. */
  readonly trainShare?: number;
  /** Resamples of each interval. Default 1,000. */
  readonly nResamples?: number;
  /** Called before each data set and after the last. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const DEFAULT_RESAMPLES = 1000;

/**
 * Evaluates the same routers on several data sets, each by our protocol on its own split: whether a gain is of one data set or of all. Beside intervals
 * on each, a router has its mean rank (Demšar 2006) and its gain over all of them, drawn from a model in which true gains differ from data set to
 * data set.
 *
 * AIQs of data sets are means over different ranges of costs; only gains over each one's own Zero are compared.
 *
 * @throws RangeError where there is no data set; whatever an evaluation throws
 * @example
 * ```ts
 * import { knn, openEncoder, simulateOutcomes } from "routerbench";
 * import { evaluateDataSets } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const encoder = await openEncoder("lexical");
 * const sets = await Promise.all([1, 2].map(async (seed) => {
 *   const outcomes = simulateOutcomes({ nPromptsPerEval: 20, seed });
 *   return { name: `seed ${seed}`, outcomes, embeddings: await encoder.encode(outcomes) };
 * }));
 * const { gains, meanRanks } = await evaluateDataSets(sets, [knn({ k: 5 })], { seed: 1, nResamples: 100 });
 * assert.deepEqual(gains.map(({ dataSet }) => dataSet), ["seed 1", "seed 2"]);
 * assert.equal(meanRanks["Zero"] + meanRanks["KNN, k = 5"], 3);
 * ```
 */
export async function evaluateDataSets(
  sets: readonly DataSet[],
  routers: readonly EvaluatedRouter[],
  { seed, nResamples = DEFAULT_RESAMPLES, trainShare, onProgress }: DataSetsOptions,
): Promise<DataSetsEvaluation> {
  if (sets.length === 0) throw new RangeError("Cannot evaluate data sets as there must be at least one: there is none");
  const gains: DataSetGain[] = [];
  const ranks = new Map<string, number[]>();
  for (const [done, { name, outcomes, embeddings }] of sets.entries()) {
    onProgress?.({ done, total: sets.length });
    const data = splitForEvaluation(outcomes, embeddings, { seed, trainShare });
    const { systems, nPrompts } = await evaluateRouters(data, routers, { seed, nResamples });
    const places = ranksOf(systems.map(({ aiqFormula }) => aiqFormula));
    systems.forEach((system, at) => {
      ranks.set(system.name, [...ranks.get(system.name) ?? [], places[at]]);
      if (system.againstZero === null) return;
      const { difference, interval, standardError } = system.againstZero;
      const of = { dataSet: name, nTest: nPrompts.test, nModels: outcomes.models.length, rank: places[at] };
      gains.push({ ...of, system: system.name, family: system.family, difference, interval, standardError });
    });
  }
  onProgress?.({ done: sets.length, total: sets.length });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    gains,
    pooled: Object.fromEntries(
      [...Map.groupBy(gains, ({ system }) => system)].map(([system, own]) => [
        system,
        pooledEffects(own.map(({ difference: effect, standardError }) => ({ effect, standardError }))),
      ]),
    ),
    meanRanks: Object.fromEntries([...ranks].map(([system, places]) => [system, mean(places)])),
  };
}

/** Places by descending value, 1 the first; equals share the mean of their places. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const above = values.filter((other) => other > value).length;
    const equal = values.filter((other) => other === value).length;
    return above + (equal + 1) / 2;
  });
}

/** A KNN router's gain with one encoder and one k. */
export interface GridGain extends DataSetGain {
  /** The encoder. */
  readonly encoder: string;
  /** Number of neighbours. */
  readonly k: number;
}

/**
 * How much a KNN router's gain depends on the encoder and on k: all combinations on one data set and split, each with its interval.
 *
 * @param vectors the prompts' vectors, by the name of their encoder
 * @throws as {@linkcode evaluateDataSets}
 */
export async function encoderGrid(
  { name, outcomes, vectors }: {
    readonly name: string;
    readonly outcomes: OutcomeTable;
    readonly vectors: Readonly<Record<string, Embeddings>>;
  },
  { ks, ...options }: DataSetsOptions & { readonly ks: readonly number[] },
): Promise<GridGain[]> {
  const found: GridGain[] = [];
  for (const [encoder, embeddings] of Object.entries(vectors)) {
    const routers = ks.map((k) => knn({ k }));
    const { gains } = await evaluateDataSets([{ name, outcomes, embeddings }], routers, options);
    gains.forEach((gain, at) => found.push({ ...gain, encoder, k: ks[at] }));
  }
  return found;
}

/** How an interval plot is drawn. */
export interface DataSetsFigureOptions {
  /** Bold first line. */
  readonly title: string;
  /** Where it is printed; a column if not given. */
  readonly width?: FigureWidth;
  /** Gains beyond ± this are drawn at the edge with their number. Default .1. */
  readonly limit?: number;
}

/** An interval plot over data sets: a line a data set, grouped by router, and each router's gain over all of them. */
export function dataSetsPanel({ gains, pooled }: DataSetsEvaluation, options: DataSetsFigureOptions): PlotlyFigure {
  const systems = [...new Set(gains.map(({ system }) => system))];
  const points = systems.flatMap((system) => {
    const own = gains.filter((gain) => gain.system === system);
    const { mean: difference, interval } = pooled[system];
    const line = { evalName: "Gain over Zero", factor: system, family: own[0].family, isBase: false };
    return [
      ...own.map((gain) => ({ ...line, setting: gain.dataSet, difference: gain.difference, interval: gain.interval })),
      { ...line, setting: "all data sets", isBase: true, difference, interval },
    ];
  });
  const subtitle = "Bars: 95 %, paired bootstrap over prompts. Grey: over all data sets.";
  return ablationPanel({ ...options, subtitle, points, legend: false });
}

/** The grid of encoders and numbers of neighbours: a panel a data set, grouped by encoder. */
export function encoderGridPanel(gains: readonly GridGain[], options: DataSetsFigureOptions): PlotlyFigure {
  const points = gains.map(({ dataSet, encoder, k, difference, interval }) => {
    return {
      evalName: dataSet,
      factor: encoder,
      setting: `k = ${k}`,
      family: "knn" as const,
      isBase: false,
      difference,
      interval,
    };
  });
  const subtitle = "Bars: 95 %, paired bootstrap over prompts.";
  return ablationPanel({ ...options, subtitle, points, legend: false });
}

/** The gains as a table. */
export function dataSetsTable({ gains, meanRanks }: DataSetsEvaluation): Table {
  return {
    columns: ["data_set", "n_test", "n_models", "system", "gain", "low", "high", "rank", "mean_rank"],
    rows: gains.map(({ dataSet, nTest, nModels, system, difference, interval, rank }) => [
      dataSet,
      nTest,
      nModels,
      system,
      difference,
      ...interval,
      rank,
      meanRanks[system],
    ]),
  };
}

/** Each router's gain over all data sets, and its mean rank. */
export function pooledTable({ pooled, meanRanks }: DataSetsEvaluation): Table {
  return {
    columns: ["system", "mean_gain", "low", "high", "spread", "mean_rank"],
    rows: Object.entries(pooled).map(([system, { mean, interval, spread }]) => [
      system,
      mean,
      ...interval,
      spread,
      meanRanks[system],
    ]),
  };
}
