import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { constantRouters } from "../../routers/constant.ts";
import type { EmbeddedOutcomes } from "../../routers/router.ts";
import { meanOf } from "../../base/statistics.ts";
import type { CurveComparison } from "../../evaluation/compare_curves.ts";
import { type EvaluatedRouter, partOf, systemsOf } from "../../evaluation/evaluate.ts";
import type { EvaluationData } from "../../evaluation/evaluation_data.ts";
import type { Family } from "../../evaluation/systems.ts";
import { compareTimed, type TimedMeasure, type TimedSample } from "./_timed_comparison.ts";
import { type TimedPart, type TimedSetting, type TimedSystem, timedSystem } from "./_timed_systems.ts";
import { lateBeyond, type LatencySummary, latencySummary, modelLatencies, timesOf } from "./latencies.ts";
import { fitLatencyPredictor, type LatencyPredictor } from "./predicted_latency.ts";
import { timedSurface } from "./surface.ts";
import type { TimedPoint } from "./timed_point.ts";
import { checkedAmounts, defaultBudgets, defaultPrices, limitsBetween, type Ranges, rangesOf } from "./_ranges.ts";
import { aiqWithin, type CostRange, curveWithin, type SurfaceAiq, surfaceAiq } from "./timed_aiq.ts";
import { oracleSettings } from "./timed_oracle.ts";

/** How routers are evaluated on cost, quality and time. */
export interface LatencyEvaluationOptions {
  /** Limits on the mean seconds of an answer; `Infinity` is none. Default: none, and the models' median and fastest quarter of mean times. */
  readonly latencyBudgets?: readonly number[];
  /** Prices of a second (τ) with which routers decide, USD. Default: none, and nine from a hundredth to a hundred times the ratio of the models' ranges. */
  readonly usdPerSecond?: readonly number[];
  /**
   * Count late answers instead of seconds: every budget is then a share of answers that take longer than so many seconds, and .05 says "95 % of the
   * answers within the limit".
   */
  readonly lateBeyondSeconds?: number;
  /** Resamples of the bootstrap. Default 1,000. */
  readonly nResamples?: number;
  /** Seed of fits and of the bootstrap. */
  readonly seed: number;
}

/** A setting of a system, measured on the test split. */
export interface TimedMeasurement extends TimedPoint, LatencySummary {
  /** The setting in words. */
  readonly label: string;
  /** What a second was worth in its decisions, USD. */
  readonly usdPerSecond: number;
}

/** What a system reaches under a limit on mean seconds. */
export interface WithinLatency {
  /** The limit; `Infinity` is none. */
  readonly latencySeconds: number;
  /** Corners of the best quality at each cost. */
  readonly curve: readonly OperatingPoint[];
  /** Its mean over the evaluation's range of costs. */
  readonly aiq: number;
  /** That mean less Zero's; `null` for Zero itself. */
  readonly againstZero: CurveComparison | null;
}

/** A system, measured on cost, quality and time. */
export interface TimedSystemResult {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** The settings that were chosen on validation prompts. */
  readonly settings: readonly TimedMeasurement[];
  /** What it reaches under each limit. */
  readonly within: readonly WithinLatency[];
  /** The mean height of its surface over both ranges. */
  readonly surface: SurfaceAiq & { readonly againstZero: CurveComparison | null };
}

/** Routers evaluated on cost, quality and time. */
export interface LatencyEvaluation {
  /** How long each model takes on the test prompts. */
  readonly models: readonly (TimedPoint & LatencySummary & { readonly model: string })[];
  /** From the cheapest to the dearest model. */
  readonly costRangeUsd: CostRange;
  /** From the fastest to the slowest model, mean seconds (or shares of late answers). */
  readonly latencyRangeSeconds: readonly [fastest: number, slowest: number];
  /** The limit of a single answer where late answers were counted instead of seconds; else `null`. */
  readonly lateBeyondSeconds: number | null;
  /** Limits on the mean, as asked for. */
  readonly latencyBudgets: readonly number[];
  /** Prices of a second. */
  readonly usdPerSecond: readonly number[];
  /** Zero first, then the routers, then the oracle, which knows outcomes and times. */
  readonly systems: readonly TimedSystemResult[];
}

const DEFAULT_RESAMPLES = 1000;
/** Pieces of the range of times in the measure that is resampled: its bounds are then some .002 apart. */
const RESAMPLED_PIECES = 4;

/**
 * Evaluates routers with time as a third axis, by our protocol: routers learn on the fit part, decide by λ · quality − cost − τ · seconds with
 * seconds predicted per prompt, the settings that are part of a best mix on the validation part are measured on the test part, and the best mixes
 * within each budget are made of them there. Zero is treated alike; the oracle decides by what really happened.
 *
 * With no price of a second and no limit, costs, qualities and AIQs are those of {@linkcode evaluateRouters}, bit for bit.
 *
 * @throws TypeError where the outcomes have no times; RangeError for a limit or price below 0, or where all models are equally dear or fast
 * @example
 * ```ts
 * import { linear, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import { evaluateLatency, PAPER_MODEL_SPEEDS, withSpeeds } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const outcomes = withSpeeds(simulateOutcomes({ nPromptsPerEval: 40, seed: 1 }), { speeds: PAPER_MODEL_SPEEDS });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const { systems } = await evaluateLatency(data, [linear()], { latencyBudgets: [2, Infinity], nResamples: 100, seed: 1 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "Linear", "Oracle"]);
 * assert.ok(systems[0].within[0].aiq <= systems[0].within[1].aiq);
 * ```
 */
export async function evaluateLatency(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  options: LatencyEvaluationOptions,
): Promise<LatencyEvaluation> {
  const { lateBeyondSeconds, nResamples = DEFAULT_RESAMPLES, seed } = options;
  const counted = (part: EmbeddedOutcomes): EmbeddedOutcomes =>
    lateBeyondSeconds === undefined ? part : { ...part, outcomes: lateBeyond(part.outcomes, lateBeyondSeconds) };
  timesOf(data.test.outcomes);
  const test = counted(data.test);
  const ranges = rangesOf(test.outcomes);
  const usdPerSecond = checkedAmounts("prices of a second", options.usdPerSecond ?? defaultPrices(ranges));
  const latencyBudgets = checkedAmounts("latency budgets", options.latencyBudgets ?? defaultBudgets(test.outcomes));
  const systems = await systemsOf(routers, data.fit, { settings: "exact", validation: data.validation, seed });
  const predictor = await fitLatencyPredictor(data.fit);
  const timedPart = async (part: EmbeddedOutcomes): Promise<TimedPart> => ({
    ...await partOf(part, systems),
    expectedSeconds: await expectedSeconds(predictor, part, lateBeyondSeconds),
  });
  const chosenOn = await timedPart(counted(data.validation));
  const measuredOn = await timedPart(test);
  const limits = limitsBetween(ranges.latencyRangeSeconds, latencyBudgets);
  const samples = systems.map((system) => {
    const timed = timedSystem(system, usdPerSecond);
    const chosen = chosenSettings(timed.points(chosenOn), { limits, costRangeUsd: ranges.costRangeUsd });
    return { timed, ...sampleOf(timed, measuredOn, chosen) };
  });
  const measures: TimedMeasure[] = [
    ...latencyBudgets.map((latencySeconds): TimedMeasure => (points) =>
      aiqWithin(points, { ...ranges, latencySeconds })
    ),
    (points) => surfaceAiq(points, { ...ranges, nPieces: RESAMPLED_PIECES }).aiq,
  ];
  const measured = samples.map(({ timed, settings, sample }, at) => {
    const comparisons = at === 0 ? null : compareTimed(sample, samples[0].sample, { measures, nResamples, seed });
    const { name, family } = timed;
    return { name, family, settings, ...heightsOf(settings, { ranges, latencyBudgets, comparisons }) };
  });
  const best = oracleSettings(test.outcomes, { ranges, limits: latencyBudgets });
  return {
    models: modelPoints(data.test, test),
    ...ranges,
    lateBeyondSeconds: lateBeyondSeconds ?? null,
    latencyBudgets,
    usdPerSecond,
    systems: [...measured, {
      name: "Oracle",
      family: "other",
      settings: [],
      ...heightsOf(best, { ranges, latencyBudgets, comparisons: null }),
    }],
  };
}

async function expectedSeconds(
  predictor: LatencyPredictor,
  { embeddings }: EmbeddedOutcomes,
  lateBeyondSeconds: number | undefined,
): Promise<Float64Array> {
  const predicted = await predictor.predict(embeddings);
  return lateBeyondSeconds === undefined ? predicted.meanSeconds : predicted.lateShare(lateBeyondSeconds);
}

/** The hull's vertices, and whatever is part of a best mix under a limit at a corner of its curve: by ascending cost. */
function chosenSettings(
  points: readonly (TimedPoint & { readonly setting: TimedSetting })[],
  { limits, costRangeUsd }: { readonly limits: readonly number[]; readonly costRangeUsd: CostRange },
): TimedSetting[] {
  const chosen = new Set(nonDecreasingHull(points));
  const within = timedSurface(points);
  for (const latencySeconds of limits) {
    for (const { costUsd } of curveWithin(points, { latencySeconds, costRangeUsd })) {
      for (const { point } of within({ costUsd, latencySeconds }).parts) chosen.add(point);
    }
  }
  return [...chosen].sort((a, b) => a.costUsd - b.costUsd).map(({ setting }) => setting);
}

function sampleOf(
  system: TimedSystem,
  part: TimedPart,
  chosen: readonly TimedSetting[],
): { readonly settings: TimedMeasurement[]; readonly sample: TimedSample } {
  const results = chosen.map((setting) => system.results(part, setting));
  const joined = (rows: readonly Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]));
  const settings = results.map(({ costUsd, quality, latencySeconds, choices }, s): TimedMeasurement => ({
    costUsd: meanOf(costUsd),
    quality: meanOf(quality),
    latencySeconds: meanOf(latencySeconds!),
    ...latencySummary(latencySeconds!),
    label: system.family === "zero" ? part.outcomes.models[choices![0]] : system.describe(chosen[s]),
    usdPerSecond: chosen[s].usdPerSecond,
  }));
  const sample = {
    nSettings: chosen.length,
    costUsd: joined(results.map(({ costUsd }) => costUsd)),
    quality: joined(results.map(({ quality }) => quality)),
    latencySeconds: joined(results.map(({ latencySeconds }) => latencySeconds!)),
  };
  return { settings, sample };
}

function heightsOf(
  points: readonly TimedPoint[],
  { ranges, latencyBudgets, comparisons }: {
    readonly ranges: Ranges;
    readonly latencyBudgets: readonly number[];
    readonly comparisons: readonly CurveComparison[] | null;
  },
): Pick<TimedSystemResult, "within" | "surface"> {
  const within = latencyBudgets.map((latencySeconds, at) => ({
    latencySeconds,
    curve: curveWithin(points, { ...ranges, latencySeconds }),
    aiq: aiqWithin(points, { ...ranges, latencySeconds }),
    againstZero: comparisons?.[at] ?? null,
  }));
  const againstZero = comparisons?.at(-1) ?? null;
  return { within, surface: { ...surfaceAiq(points, ranges), againstZero } };
}

function modelPoints(recorded: EmbeddedOutcomes, counted: EmbeddedOutcomes): LatencyEvaluation["models"] {
  const onAxis = modelLatencies(counted.outcomes);
  const points = constantRouters(recorded.outcomes);
  return modelLatencies(recorded.outcomes).map((summary, j) => ({
    ...points[j],
    latencySeconds: onAxis[j].meanSeconds,
    ...summary,
  }));
}
