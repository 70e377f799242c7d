/** Cost and quality of each prompt under each setting, `[s · n]`. */
interface Sample {
  readonly nSettings: number;
  readonly costUsd: Float64Array;
  readonly quality: Float64Array;
}

/** Costs and qualities of the settings in one resample. */
interface Line {
  readonly costUsd: Float64Array;
  readonly quality: Float64Array;
}

/** Resamples that are summed at the same time, as each sum waits for its last term. */
export const LANES = 4;

/**
 * The AIQ (formula) of one system under weights of the prompts, thousands of times: the same as
 * `aiq(nonDecreasingHull(weightedMeans(…)))` up to rounding.
 *
 * Neighbouring settings of a router treat most prompts alike. So only the first setting is summed over all prompts, and
 * each next one over its differences from the one before. Nothing is allocated for a resample.
 */
export class ResampledAiq {
  readonly #n: number;
  readonly #nSettings: number;
  /** Where the differences of each setting from the one before begin; those of the first are from nothing. */
  readonly #starts: Int32Array;
  /** Place of each difference's prompt in a block of weights. */
  readonly #places: Int32Array;
  readonly #costSteps: Float64Array;
  readonly #qualitySteps: Float64Array;
  /** `[LANES][settings]` */
  readonly #costs: readonly Float64Array[];
  readonly #qualities: readonly Float64Array[];
  /** Settings by ascending cost in the previous resample, which is nearly their order in the next. */
  readonly #order: Int32Array;
  readonly #hull: Int32Array;

  constructor({ nSettings, costUsd, quality }: Sample) {
    const n = costUsd.length / nSettings;
    const starts = new Int32Array(nSettings + 1);
    const places: number[] = [];
    const costSteps: number[] = [];
    const qualitySteps: number[] = [];
    for (let s = 0; s < nSettings; s++) {
      for (let i = 0; i < n; i++) {
        const at = s * n + i;
        const cost = costUsd[at] - (s === 0 ? 0 : costUsd[at - n]);
        const gain = quality[at] - (s === 0 ? 0 : quality[at - n]);
        if (cost === 0 && gain === 0) continue;
        places.push(LANES * i);
        costSteps.push(cost);
        qualitySteps.push(gain);
      }
      starts[s + 1] = places.length;
    }
    const lanes = (): Float64Array[] => Array.from({ length: LANES }, () => new Float64Array(nSettings));
    this.#n = n;
    this.#nSettings = nSettings;
    this.#starts = starts;
    this.#places = Int32Array.from(places);
    this.#costSteps = Float64Array.from(costSteps);
    this.#qualitySteps = Float64Array.from(qualitySteps);
    this.#costs = lanes();
    this.#qualities = lanes();
    this.#order = Int32Array.from({ length: nSettings }, (_, s) => s);
    this.#hull = new Int32Array(nSettings);
  }

  /**
   * The AIQs of some resamples.
   *
   * @param weights for each prompt how often each of {@linkcode LANES} resamples has it, `[n · LANES]`; in each
   * resample they add up to n
   * @param into their AIQs, one a resample, of the first resamples only where it is shorter
   */
  of(weights: Uint8Array, costRangeUsd: readonly [low: number, high: number], into: Float64Array): void {
    this.#sum(weights);
    for (let lane = 0; lane < into.length; lane++) {
      const line = { costUsd: this.#costs[lane], quality: this.#qualities[lane] };
      this.#sort(line);
      into[lane] = this.#areaUnder(line, this.#hullSize(line), costRangeUsd) / (costRangeUsd[1] - costRangeUsd[0]);
    }
  }

  #sum(weights: Uint8Array): void {
    const places = this.#places;
    const costSteps = this.#costSteps;
    const qualitySteps = this.#qualitySteps;
    const [costs0, costs1, costs2, costs3] = this.#costs;
    const [qualities0, qualities1, qualities2, qualities3] = this.#qualities;
    const n = this.#n;
    let [cost0, cost1, cost2, cost3] = [0, 0, 0, 0];
    let [quality0, quality1, quality2, quality3] = [0, 0, 0, 0];
    for (let s = 0; s < this.#nSettings; s++) {
      const end = this.#starts[s + 1];
      for (let at = this.#starts[s]; at < end; at++) {
        const place = places[at];
        const cost = costSteps[at];
        const quality = qualitySteps[at];
        cost0 += weights[place] * cost;
        quality0 += weights[place] * quality;
        cost1 += weights[place + 1] * cost;
        quality1 += weights[place + 1] * quality;
        cost2 += weights[place + 2] * cost;
        quality2 += weights[place + 2] * quality;
        cost3 += weights[place + 3] * cost;
        quality3 += weights[place + 3] * quality;
      }
      // Rounding may leave a sum slightly below 0.
      costs0[s] = Math.max(0, cost0 / n);
      costs1[s] = Math.max(0, cost1 / n);
      costs2[s] = Math.max(0, cost2 / n);
      costs3[s] = Math.max(0, cost3 / n);
      qualities0[s] = Math.max(0, quality0 / n);
      qualities1[s] = Math.max(0, quality1 / n);
      qualities2[s] = Math.max(0, quality2 / n);
      qualities3[s] = Math.max(0, quality3 / n);
    }
  }

  /** Sorts by insertion: by ascending cost, of equal costs the better first. */
  #sort({ costUsd, quality }: Line): void {
    const order = this.#order;
    for (let place = 1; place < order.length; place++) {
      const setting = order[place];
      let before = place - 1;
      while (
        before >= 0 && (costUsd[order[before]] > costUsd[setting] ||
          (costUsd[order[before]] === costUsd[setting] && quality[order[before]] < quality[setting]))
      ) {
        order[before + 1] = order[before];
        before--;
      }
      order[before + 1] = setting;
    }
  }

  /** Puts the vertices of the non-decreasing hull into `#hull`, as `nonDecreasingHull` does, and gives their number. */
  #hullSize({ costUsd, quality }: Line): number {
    const hull = this.#hull;
    let size = 0;
    for (const setting of this.#order) {
      if (size > 0 && quality[setting] <= quality[hull[size - 1]]) continue;
      while (size > 1) {
        const left = hull[size - 2];
        const middle = hull[size - 1];
        const isAbove = (quality[middle] - quality[left]) * (costUsd[setting] - costUsd[middle]) >
          (quality[setting] - quality[middle]) * (costUsd[middle] - costUsd[left]);
        if (isAbove) break;
        size--;
      }
      hull[size++] = setting;
    }
    return size;
  }

  /** The area of the formula's line: from the origin to the first vertex, along the hull, flat after the last. */
  #areaUnder({ costUsd, quality }: Line, size: number, [low, high]: readonly [low: number, high: number]): number {
    const hull = this.#hull;
    let area = 0;
    let fromCost = 0;
    let fromQuality = costUsd[hull[0]] === 0 ? quality[hull[0]] : 0;
    for (let vertex = 0; vertex <= size; vertex++) {
      const isEnd = vertex === size;
      const toCost = isEnd ? Math.max(high, fromCost) : costUsd[hull[vertex]];
      const toQuality = isEnd ? fromQuality : quality[hull[vertex]];
      const left = Math.max(fromCost, low);
      const right = Math.min(toCost, high);
      if (right > left) {
        const slope = (toQuality - fromQuality) / (toCost - fromCost);
        area += (right - left) * (fromQuality + slope * ((left + right) / 2 - fromCost));
      }
      fromCost = toCost;
      fromQuality = toQuality;
    }
    return area;
  }
}
