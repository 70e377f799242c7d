import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { timesOf } from "../latency/latencies.ts";
import { meanWait, type Queue, utilisation, waitsLongerThan } from "./queue.ts";

/** How many requests each model answers at once, by the model's name. */
export type Places = Readonly<Record<string, number>>;

/** What a policy keeps. One of the two. */
export type LatencyLimit =
  /** The mean of waiting and answering together. */
  | { readonly meanSeconds: number }
  /** At least this share of the requests within so many seconds, waiting included. */
  | { readonly share: number; readonly withinSeconds: number };

/** What a pool of models does under a policy at a load. */
export interface PoolLoad {
  /** Mean number of requests a second. */
  readonly requestsPerSecond: number;
  /** How busy each model is, `[m]`; the largest is below 1 where the load can be kept up. */
  readonly utilisation: Float64Array;
  /** Mean seconds of waiting and answering together; `Infinity` where a queue grows without end. */
  readonly meanSeconds: number;
  /** Share of the requests that take longer than a number of seconds, waiting included. */
  lateShare(seconds: number): number;
}

/**
 * What a pool does where the requests are like those of a table and request i goes to model `choices[i]`: each model is a queue of its own, with the
 * share of the arrivals and the distribution of times that the policy sends to it.
 *
 * The choices do not depend on the load, so that the arrivals at each model are independent too, if they are in all. Waits are those of
 * {@linkcode meanWait}: exact for one place a model, else an approximation.
 *
 * @throws TypeError where the table has no times; RangeError where a model that is chosen has no places
 */
export function poolAt(
  { outcomes, choices, places }: {
    readonly outcomes: OutcomeTable;
    readonly choices: Int32Array;
    readonly places: Places;
  },
  requestsPerSecond: number,
): PoolLoad {
  const queues = queuesOf(outcomes, choices, places);
  const loaded = queues.map((queue) => queue && { ...queue, arrivalsPerSecond: queue.share * requestsPerSecond });
  const waits = loaded.map((queue) => queue === null ? 0 : meanWait(queue));
  const seconds = timesOf(outcomes);
  const m = outcomes.models.length;
  const time = (i: number): number => seconds[i * m + choices[i]];
  const meanOver = (of: (i: number) => number): number =>
    choices.reduce((sum, _, i) => sum + of(i), 0) / choices.length;
  return {
    requestsPerSecond,
    utilisation: Float64Array.from(
      loaded,
      (queue) => queue === null ? 0 : utilisation(queue),
    ),
    meanSeconds: meanOver((i) => waits[choices[i]] + time(i)),
    lateShare: (limit) => meanOver((i) => waitsLongerThan(loaded[choices[i]]!, limit - time(i))),
  };
}

const HALVINGS = 60;

/**
 * The largest load, requests a second, at which a policy keeps its latency limit: 0 where it does not keep it without any waiting.
 *
 * @throws RangeError where the limit is out of its range, as {@linkcode poolAt} else
 * @example
 * ```ts
 * import { largestLoad } from "routerbench/axes";
 * import { outcomeTable } from "routerbench";
 *
 * const outcomes = outcomeTable({
 *   models: ["a"], promptIds: ["1", "2"], evalNames: ["e", "e"], prompts: null,
 *   quality: Float64Array.of(1, 1), costUsd: Float64Array.of(1, 1), latencySeconds: Float64Array.of(1, 1),
 *   source: { kind: "file", name: "two", sha256: "", notes: [] },
 * });
 * const load = largestLoad({ outcomes, choices: Int32Array.of(0, 0), places: { a: 1 } }, { meanSeconds: 1.5 });
 * if (Math.abs(load - 0.5) > 1e-9) throw new Error(`${load}`); // M/D/1 at half load waits half a service
 * ```
 */
export function largestLoad(policy: Parameters<typeof poolAt>[0], limit: LatencyLimit): number {
  checkLimit(limit);
  const keeps = (load: number): boolean => {
    const pool = poolAt(policy, load);
    return "meanSeconds" in limit
      ? pool.meanSeconds <= limit.meanSeconds
      : 1 - pool.lateShare(limit.withinSeconds) >= limit.share;
  };
  if (!keeps(0)) return 0;
  const busiest = Math.max(...poolAt(policy, 1).utilisation);
  let [low, high] = [0, 1 / busiest];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (keeps(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The queue of each model without its arrivals, with its share of all requests; `null` where none goes to it. */
function queuesOf(
  outcomes: OutcomeTable,
  choices: Int32Array,
  places: Places,
): (Omit<Queue, "arrivalsPerSecond"> & { readonly share: number } | null)[] {
  const seconds = timesOf(outcomes);
  const m = outcomes.models.length;
  return outcomes.models.map((model, j) => {
    let [count, sum, squares] = [0, 0, 0];
    choices.forEach((choice, i) => {
      if (choice !== j) return;
      count++;
      sum += seconds[i * m + j];
      squares += seconds[i * m + j] ** 2;
    });
    if (count === 0) return null;
    const own = Object.hasOwn(places, model) ? places[model] : 0;
    if (!(own > 0)) {
      throw new RangeError(
        `Cannot load a pool as each model that is chosen needs places: "${model}" has ${own}; say how many requests it answers at once`,
      );
    }
    const mean = sum / count;
    const serviceVariation = mean === 0 ? 0 : Math.max(0, squares / count / mean ** 2 - 1);
    return { places: own, serviceSeconds: mean, serviceVariation, share: count / choices.length };
  });
}

function checkLimit(limit: LatencyLimit): void {
  const isRight = "meanSeconds" in limit
    ? limit.meanSeconds > 0
    : limit.share > 0 && limit.share < 1 && limit.withinSeconds > 0;
  if (isRight) return;
  throw new RangeError(
    `Cannot find the largest load as limits must be above 0 and a share below 1: the limit is ${JSON.stringify(limit)}`,
  );
}
