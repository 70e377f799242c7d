/** Where a prompt belongs, by a hash of its evaluation and id: two numbers of 32 bits. */
export interface PromptHash {
  /** Decides the place among the parts. */
  readonly place: number;
  /** Decides the group that is resampled. */
  readonly group: number;
}

/**
 * Hashes texts to 64 bits in two halves, of which each spreads alike: prompts are told apart by both, and dealt to
 * parts and groups by one each. With ten million prompts two are taken for one with a probability of 3 in a million;
 * that would show as a repeated outcome.
 *
 * It has to be fast, not safe: SHA-256 would take longer than reading the file.
 *
 * **Source**: MurmurHash3's finaliser (A. Appleby) behind two multiplicative hashes, as in "cyrb53" (bryc, public
 * domain).
 *
 * @param seed another seed deals prompts in another way
 */
export function promptHasher(seed: number): (evaluation: string, id: string) => PromptHash {
  const first = 0xdeadbeef ^ seed, second = 0x41c6ce57 ^ seed;
  return (evaluation, id) => {
    let a = first;
    let b = second;
    const take = (code: number): void => {
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    };
    for (let at = 0; at < evaluation.length; at++) take(evaluation.charCodeAt(at));
    // No sign of UTF-16 is so large, so that no pair of texts is another pair's.
    take(0x10000);
    for (let at = 0; at < id.length; at++) take(id.charCodeAt(at));
    return { place: finished(a, b), group: finished(b, a) };
  };
}

function finished(hash: number, other: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 2246822507);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 3266489909);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const NUMBER = new Float64Array(1);
const HALVES = new Uint32Array(NUMBER.buffer);

/** A prompt and a number as one hash of 32 bits. */
export function hashOfNumber({ place, group }: PromptHash, value: number): number {
  NUMBER[0] = value;
  return finished(place ^ HALVES[0], Math.imul(group, 2654435761) ^ HALVES[1]);
}
