/** Helpers that know nothing of routing. @module */

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of seeded chance: the only source of random numbers in the project. */
export interface Random {
  /** A uniform number in [0, 1) with 53 bits. */
  uniform(): number;
  /** A uniform whole number in 0 … below − 1. */
  integer(below: number): number;
  /** A standard normal number (Box–Muller, the cosine half). */
  normal(): number;
  /** A new array with the same items in random order (Fisher–Yates, from the last place down). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * Opens the stream of random numbers that belongs to a seed: xoroshiro128+ of the package pure-rand.
 *
 * @param seed a whole number; the same seed gives the same stream on every machine
 * @param label names an independent stream of the same seed, so that drawing more in one place changes nothing in
 * another
 * @throws RangeError if the seed is not a whole number of at most 32 bits
 * @example
 * ```ts
 * import { seededRandom } from "./random.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(seededRandom(7).uniform(), seededRandom(7).uniform());
 * assert.notEqual(seededRandom(7, "shuffle").uniform(), seededRandom(7, "noise").uniform());
 * ```
 */
export function seededRandom(seed: number, label = ""): Random {
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32) {
    throw new RangeError(
      `Cannot draw random numbers as the seed must be a whole number of at most 32 bits: it is ${seed}; pass one such as 1`,
    );
  }
  const generator = xoroshiro128plus(mixed(seed, label));
  const uniform = (): number => uniformFloat64(generator);
  const integer = (below: number): number => uniformInt(generator, 0, below - 1);
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [result[i], result[j]] = [result[j], result[i]];
      }
      return result;
    },
  };
}

/** FNV-1a of the label, started from the seed. */
function mixed(seed: number, label: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  return hash;
}
