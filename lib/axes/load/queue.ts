/** A queue in front of a model: requests come by chance, each takes one of several places for a while. */
export interface Queue {
  /** Mean number of requests that come in a second. */
  readonly arrivalsPerSecond: number;
  /** Requests that the model answers at once. */
  readonly places: number;
  /** Mean seconds that an answer takes. */
  readonly serviceSeconds: number;
  /** Squared coefficient of variation of these seconds: their variance ÷ their squared mean. 1 for exponential ones, 0 where all are equal. */
  readonly serviceVariation: number;
  /** The same of the times between arrivals. Default 1: requests come independently of each other (Poisson). */
  readonly arrivalVariation?: number;
}

/** How busy a queue's places are: 1 or more cannot be kept up. */
export function utilisation({ arrivalsPerSecond, places, serviceSeconds }: Queue): number {
  return arrivalsPerSecond * serviceSeconds / places;
}

/**
 * Probability that a request finds all places taken in M/M/c (Erlang's C formula).
 *
 * @param places c
 * @param offered arrivals a second × seconds of an answer, less than c
 *
 * **Source**: Erlang 1917; the recursion of Erlang's B formula is stable for any c.
 */
export function erlangC(places: number, offered: number): number {
  if (!(offered < places)) return 1;
  let blocking = 1;
  for (let c = 1; c <= places; c++) blocking = offered * blocking / (c + offered * blocking);
  return places * blocking / (places - offered * (1 - blocking));
}

/**
 * Mean seconds that a request waits before it is answered: Allen and Cunneen's approximation of G/G/c, the wait of M/M/c times the mean of both
 * squared coefficients of variation. Exact for M/M/c and, with independent arrivals, for one place (Pollaczek and Khinchine); else an approximation.
 *
 * @returns `Infinity` where the queue grows without end
 * **Source**: Allen 1990, *Probability, Statistics, and Queueing Theory*, section 5.3.
 * @throws RangeError where a number is out of its range
 * @example
 * ```ts
 * import { meanWait } from "routerbench/axes";
 *
 * // M/D/1 at half load: ρ / (2 (1 − ρ)) of a service.
 * const wait = meanWait({ arrivalsPerSecond: 0.5, places: 1, serviceSeconds: 1, serviceVariation: 0 });
 * if (Math.abs(wait - 0.5) > 1e-12) throw new Error(`${wait}`);
 * ```
 */
export function meanWait(queue: Queue): number {
  checkQueue(queue);
  const { arrivalsPerSecond, places, serviceSeconds } = queue;
  const offered = arrivalsPerSecond * serviceSeconds;
  if (!(offered < places)) return Infinity;
  return variationOf(queue) * erlangC(places, offered) * serviceSeconds / (places - offered);
}

/**
 * Probability that a request waits longer than some seconds: an exponential tail behind Erlang's C, with the mean wait of {@linkcode meanWait}.
 * Exact for M/M/c.
 *
 * @throws RangeError where a number is out of its range
 */
export function waitsLongerThan(queue: Queue, seconds: number): number {
  const wait = meanWait(queue);
  if (seconds < 0 || wait === Infinity) return 1;
  if (wait === 0) return 0;
  const busy = erlangC(queue.places, queue.arrivalsPerSecond * queue.serviceSeconds);
  return busy * Math.exp(-seconds * busy / wait);
}

function variationOf({ serviceVariation, arrivalVariation = 1 }: Queue): number {
  return (arrivalVariation + serviceVariation) / 2;
}

function checkQueue(queue: Queue): void {
  const { arrivalsPerSecond, places, serviceSeconds, serviceVariation, arrivalVariation = 1 } = queue;
  const amounts = [arrivalsPerSecond, serviceSeconds, serviceVariation, arrivalVariation];
  if (Number.isInteger(places) && places > 0 && amounts.every((value) => value >= 0 && value < Infinity)) return;
  throw new RangeError(
    `Cannot compute a wait as places must be a whole number above 0 and rates and times 0 or more: they are ${places} and ${
      amounts.join(", ")
    }`,
  );
}
