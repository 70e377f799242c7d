import { quantileOfSorted } from "../../base/quantile.ts";
import { seededRandom } from "../../base/random.ts";
import { meanOf } from "../../base/statistics.ts";
import { type OutcomeTable, outcomeTable } from "../../outcomes/outcome_table.ts";
import { PRICE_USD_PER_MILLION_TOKENS } from "../../outcomes/paper_table.ts";
import type { PriceList } from "../../outcomes/price_list.ts";

/** How long answers take, seconds. */
export interface LatencySummary {
  /** Mean. */
  readonly meanSeconds: number;
  /** Median. */
  readonly medianSeconds: number;
  /** 95th percentile, between order statistics as numpy interpolates. */
  readonly p95Seconds: number;
}

/**
 * Mean, median and 95th percentile of some times.
 *
 * @throws RangeError where there are none
 */
export function latencySummary(seconds: Float64Array): LatencySummary {
  if (seconds.length === 0) throw new RangeError("Cannot sum up times as there must be at least one: there is none");
  const sorted = seconds.toSorted();
  return {
    meanSeconds: meanOf(seconds),
    medianSeconds: quantileOfSorted(sorted, 0.5),
    p95Seconds: quantileOfSorted(sorted, 0.95),
  };
}

/**
 * How long each model takes, in the table's order.
 *
 * @throws TypeError where the table has no times
 */
export function modelLatencies(table: OutcomeTable): (LatencySummary & { readonly model: string })[] {
  const times = timesOf(table);
  const m = table.models.length;
  return table.models.map((model, j) => ({ model, ...latencySummary(times.filter((_, at) => at % m === j)) }));
}

/**
 * The table's times.
 *
 * @throws TypeError where it has none
 */
export function timesOf({ latencySeconds, source }: OutcomeTable): Float64Array {
  if (latencySeconds !== null) return latencySeconds;
  throw new TypeError(
    `Cannot evaluate latency as the outcomes must have times: "${source.name}" has none; load a file with a column of latencies, or give speeds to withSpeeds`,
  );
}

/** How fast a model answers. */
export interface ModelSpeed {
  /** Time to the first token, seconds. */
  readonly firstTokenSeconds: number;
  /** Tokens of the answer a second after that. */
  readonly tokensPerSecond: number;
}

/** How times are made from speeds. */
export interface SpeedOptions {
  /** The speed of each model, by its name in the table. */
  readonly speeds: Readonly<Record<string, ModelSpeed>>;
  /** USD per million tokens. Default: the paper's list prices. */
  readonly prices?: PriceList;
  /** Share of each cost that was paid for the answer's tokens, 0..1. Default one half. */
  readonly completionShare?: number;
  /** Standard deviation of the logarithm of each time around what the speeds give. Default 0. */
  readonly spread?: number;
  /** Seed of the spread; needed where there is one. */
  readonly seed?: number;
}

/**
 * A table with times made from speeds, for tables without recorded ones: time to the first token plus tokens of the answer ÷ tokens a second. The
 * number of tokens is read off the cost: the share of it that was paid for the answer ÷ the price of a token.
 *
 * What comes out is a simulation and says so in its source's notes.
 *
 * @throws RangeError where a model has no speed or no price, or a number is out of its range; TypeError where a spread has no seed
 * @example
 * ```ts
 * import { PAPER_MODEL_SPEEDS, withSpeeds } from "routerbench/axes";
 * import { simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = withSpeeds(simulateOutcomes({ nPromptsPerEval: 5, seed: 1 }), { speeds: PAPER_MODEL_SPEEDS });
 * assert.ok(table.latencySeconds!.every((seconds) => seconds > 0));
 * ```
 */
export function withSpeeds<T extends OutcomeTable>(table: T, options: SpeedOptions): T {
  const { speeds, prices = PRICE_USD_PER_MILLION_TOKENS, completionShare = 0.5, spread = 0, seed } = options;
  if (!(completionShare >= 0 && completionShare <= 1 && spread >= 0 && spread < Infinity)) {
    throw new RangeError(
      `Cannot make times from speeds as the completion share must be in 0..1 and the spread 0 or more: they are ${completionShare} and ${spread}`,
    );
  }
  if (spread > 0 && seed === undefined) {
    throw new TypeError("Cannot make times from speeds as their spread needs a seed: there is none; pass seed: 1");
  }
  const random = seededRandom(seed ?? 0, "latency");
  const m = table.models.length;
  const perModel = table.models.map((model) => {
    const speed = Object.hasOwn(speeds, model) ? speeds[model] : undefined;
    const price = Object.hasOwn(prices, model) ? prices[model].completion : undefined;
    const isRight = speed !== undefined && price !== undefined && price > 0 && speed.firstTokenSeconds >= 0 &&
      speed.tokensPerSecond > 0;
    if (isRight) return { first: speed.firstTokenSeconds, secondsPerUsd: 1e6 / price / speed.tokensPerSecond };
    throw new RangeError(
      `Cannot make times from speeds as each model needs a speed and a price above 0: "${model}" has ${
        JSON.stringify(speed ?? "no speed")
      } and ${price ?? "no price"}`,
    );
  });
  const latencySeconds = table.costUsd.map((cost, at) => {
    const { first, secondsPerUsd } = perModel[at % m];
    return (first + completionShare * cost * secondsPerUsd) * (spread === 0 ? 1 : Math.exp(spread * random.normal()));
  });
  outcomeTable({ ...table, latencySeconds });
  const note = "Times are not recorded: they are made from given speeds of the models";
  return { ...table, latencySeconds, source: { ...table.source, notes: [...table.source.notes, note] } };
}

/**
 * Speeds of the paper's eleven models to try things out with. They are round numbers chosen for examples, larger models being slower, and no
 * measurements: the paper has no times.
 */
export const PAPER_MODEL_SPEEDS: Readonly<Record<string, ModelSpeed>> = {
  "WizardLM/WizardLM-13B-V1.2": { firstTokenSeconds: 0.4, tokensPerSecond: 60 },
  "claude-instant-v1": { firstTokenSeconds: 0.5, tokensPerSecond: 90 },
  "claude-v1": { firstTokenSeconds: 1.2, tokensPerSecond: 25 },
  "claude-v2": { firstTokenSeconds: 1.3, tokensPerSecond: 25 },
  "gpt-3.5-turbo-1106": { firstTokenSeconds: 0.4, tokensPerSecond: 70 },
  "gpt-4-1106-preview": { firstTokenSeconds: 0.9, tokensPerSecond: 20 },
  "meta/code-llama-instruct-34b-chat": { firstTokenSeconds: 0.4, tokensPerSecond: 40 },
  "meta/llama-2-70b-chat": { firstTokenSeconds: 0.5, tokensPerSecond: 30 },
  "mistralai/mistral-7b-chat": { firstTokenSeconds: 0.2, tokensPerSecond: 110 },
  "mistralai/mixtral-8x7b-chat": { firstTokenSeconds: 0.3, tokensPerSecond: 80 },
  "zero-one-ai/Yi-34B-Chat": { firstTokenSeconds: 0.4, tokensPerSecond: 45 },
};

/**
 * The table with, in place of each time, 1 where it is later than a limit and 0 where it is not: the mean "seconds" of anything is then the share
 * of its answers that come too late, and a latency budget of .05 says "95 % of the answers within the limit".
 *
 * @throws TypeError where the table has no times; RangeError where the limit is not above 0
 */
export function lateBeyond(table: OutcomeTable, limitSeconds: number): OutcomeTable {
  if (!(limitSeconds > 0)) {
    throw new RangeError(`Cannot count late answers as the limit must be above 0 seconds: it is ${limitSeconds}`);
  }
  return { ...table, latencySeconds: timesOf(table).map((seconds) => seconds > limitSeconds ? 1 : 0) };
}
