import { seededRandom } from "../base/random.ts";
import { LANES } from "./_resampled_aiq.ts";

/** Resamples of n prompts. */
export interface Draws {
  readonly nPrompts: number;
  readonly nResamples: number;
  /**
   * Calls back with some resamples at a time: for each prompt how often each of {@linkcode LANES} resamples has it,
   * `[n · LANES]`, and the number of the first of them. The numbers are in an array that is not to be kept. After the
   * last resample come empty ones.
   */
  forEach(use: (weights: Uint8Array, firstResample: number) => void): void;
}

/** Counts of drawn prompts are kept for later comparisons if all together have at most so many cells (64 MB). */
const MOST_KEPT_CELLS = 2 ** 26;
const kept = new Map<string, Uint8Array>();

/**
 * The resamples of n prompts that a seed decides: the same for every comparison, and drawn once where there is room to
 * keep them.
 */
export function drawsOf(
  nPrompts: number,
  { nResamples, seed }: { readonly nResamples: number; readonly seed: number },
): Draws {
  const key = `${nPrompts} ${nResamples} ${seed}`;
  const blockLength = nPrompts * LANES;
  return {
    nPrompts,
    nResamples,
    forEach: (use) => {
      const known = kept.get(key);
      const isKept = known !== undefined || blockLength * Math.ceil(nResamples / LANES) <= MOST_KEPT_CELLS;
      const counts = known ?? new Uint8Array(isKept ? blockLength * Math.ceil(nResamples / LANES) : blockLength);
      const random = seededRandom(seed, "bootstrap");
      for (let r = 0; r < nResamples; r += LANES) {
        const block = isKept ? counts.subarray(nPrompts * r, nPrompts * r + blockLength) : counts.fill(0);
        for (let lane = 0; known === undefined && lane < Math.min(LANES, nResamples - r); lane++) {
          for (let i = 0; i < nPrompts; i++) block[Math.floor(random.uniform() * nPrompts) * LANES + lane]++;
        }
        use(block, r);
      }
      if (isKept && known === undefined) keep(key, counts);
    },
  };
}

/** Keeps some counts in the place of those that were kept first, where there is no more room. */
function keep(key: string, counts: Uint8Array): void {
  kept.set(key, counts);
  let nCells = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  for (const [oldest, { length }] of kept) {
    if (nCells <= MOST_KEPT_CELLS) break;
    kept.delete(oldest);
    nCells -= length;
  }
}

/**
 * Σ weight · value over the prompts for each of the resamples of a block, all at the same time, as a sum waits for its
 * last term.
 */
export function sumsOfLanes(block: Uint8Array, values: Float64Array, sums: Float64Array): void {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0, at = 0; i < values.length; i++, at += LANES) {
    const value = values[i];
    first += block[at] * value;
    second += block[at + 1] * value;
    third += block[at + 2] * value;
    fourth += block[at + 3] * value;
  }
  sums[0] = first;
  sums[1] = second;
  sums[2] = third;
  sums[3] = fourth;
}
