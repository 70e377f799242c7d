import { quantileOfSorted } from "../../base/quantile.ts";
import { seededRandom } from "../../base/random.ts";
import { meanOf } from "../../base/statistics.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { timesOf } from "../latency/latencies.ts";
import type { Places } from "./pool.ts";

/** A policy that may look at the queues: `waits[j]` is how long a request would wait for model j now, seconds. */
export type PoolPolicy = (prompt: number, waits: Float64Array) => number;

/** What a simulated pool did. */
export interface SimulatedPool {
  /** Mean quality of the requests that count. */
  readonly quality: number;
  /** Their mean cost, USD. */
  readonly costUsd: number;
  /** Mean seconds of waiting alone. */
  readonly meanWaitSeconds: number;
  /** Mean seconds of waiting and answering together. */
  readonly meanSeconds: number;
  /** 95th percentile of these seconds. */
  readonly p95Seconds: number;
  /** Share of the requests that went to each model, `[m]`. */
  readonly modelShares: Float64Array;
}

/** How a pool is simulated. */
export interface PoolSimulation {
  /** The prompts that come, drawn with replacement, and what each model does with them. */
  readonly outcomes: OutcomeTable;
  /** Which model each request goes to. */
  readonly policy: PoolPolicy;
  /** How many requests each model answers at once. */
  readonly places: Places;
  /** Mean number of requests a second; they come independently of each other. */
  readonly requestsPerSecond: number;
  /** Requests that are counted, after a tenth as many that fill the queues first. */
  readonly nRequests: number;
  /** Decides arrivals and prompts. */
  readonly seed: number;
}

/**
 * Simulates arrivals at a pool of models, request by request: each waits for the first place of its model that becomes free, in the order of arrival.
 * It checks {@linkcode poolAt}, and measures policies that look at the queues, for which there is no formula.
 *
 * @throws TypeError where the table has no times; RangeError where the policy names no model, or one without places
 */
export function simulatePool(simulation: PoolSimulation): SimulatedPool {
  const { outcomes, policy, places, requestsPerSecond, nRequests, seed } = simulation;
  const { models, quality, costUsd, promptIds: { length: n } } = outcomes;
  const m = models.length;
  const seconds = timesOf(outcomes);
  const random = seededRandom(seed, "arrivals");
  const freeAt = models.map((model) => new Float64Array(Object.hasOwn(places, model) ? places[model] : 0));
  const waits = new Float64Array(m);
  const firstFree = freeAt.map(() => 0);
  const warmUp = Math.floor(nRequests / 10);
  const took = new Float64Array(nRequests);
  const shares = new Float64Array(m);
  let [now, good, cost, waited] = [0, 0, 0, 0];
  for (let request = -warmUp; request < nRequests; request++) {
    now -= Math.log(1 - random.uniform()) / requestsPerSecond;
    const prompt = random.integer(n);
    for (let j = 0; j < m; j++) {
      firstFree[j] = earliest(freeAt[j]);
      waits[j] = freeAt[j].length === 0 ? Infinity : Math.max(0, freeAt[j][firstFree[j]] - now);
    }
    const model = policy(prompt, waits);
    if (!(waits[model] < Infinity)) {
      throw new RangeError(
        `Cannot simulate a pool as the policy must choose a model that has places: it chose ${
          models[model] ?? model
        } for prompt ${prompt}`,
      );
    }
    const at = prompt * m + model;
    freeAt[model][firstFree[model]] = now + waits[model] + seconds[at];
    if (request < 0) continue;
    took[request] = waits[model] + seconds[at];
    waited += waits[model];
    good += quality[at];
    cost += costUsd[at];
    shares[model] += 1 / nRequests;
  }
  return {
    quality: good / nRequests,
    costUsd: cost / nRequests,
    meanWaitSeconds: waited / nRequests,
    meanSeconds: meanOf(took),
    p95Seconds: quantileOfSorted(took.toSorted(), 0.95),
    modelShares: shares,
  };
}

/** The policy that sends each prompt where a router without a look at the queues sends it. */
export function fixedPolicy(choices: Int32Array): PoolPolicy {
  return (prompt) => choices[prompt];
}

/**
 * Routing by load: each request goes to the model with the greatest `λ · quality − cost − τ · (seconds + wait)`, all but the wait as predicted. With
 * τ = 0 queues do not matter; with λ = 0 and costs that are small beside τ it is the shortest wait that counts.
 *
 * @param predicted quality, USD and seconds of each model on each prompt, `[n · m]`
 * @param options λ, USD for one unit of quality, and τ, USD for one second
 */
export function loadPolicy(
  predicted: {
    readonly nModels: number;
    readonly quality: Float64Array;
    readonly costUsd: Float64Array;
    readonly latencySeconds: Float64Array;
  },
  { willingnessToPay, usdPerSecond }: { readonly willingnessToPay: number; readonly usdPerSecond: number },
): PoolPolicy {
  const { nModels: m, quality, costUsd, latencySeconds } = predicted;
  return (prompt, waits) => {
    let best = -1;
    let most = -Infinity;
    for (let j = 0; j < m; j++) {
      const at = prompt * m + j;
      // A model without places has an endless wait, which must not meet a price of 0.
      if (waits[j] === Infinity) continue;
      const worth = willingnessToPay * quality[at] - costUsd[at] - usdPerSecond * (latencySeconds[at] + waits[j]);
      if (worth > most) [best, most] = [j, worth];
    }
    return best;
  };
}

function earliest(times: Float64Array): number {
  let best = 0;
  for (let place = 1; place < times.length; place++) if (times[place] < times[best]) best = place;
  return best;
}
