/** Cost and quality of each prompt under each setting, `[s · n]`. */
interface Sample {
  readonly nSettings: number;
  readonly costUsd: Float64Array;
  readonly quality: Float64Array;
}

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
  readonly #prompts: Int32Array;
  readonly #costSteps: Float64Array;
  readonly #qualitySteps: Float64Array;
  readonly #costUsd: Float64Array;
  readonly #quality: Float64Array;
  /** Settings by ascending cost in the previous resample, which is nearly their order in the next. */
  readonly #order: Int32Array;
  readonly #hull: Int32Array;

  constructor({ nSettings, costUsd, quality }: Sample) {
    const n = costUsd.length / nSettings;
    const starts = new Int32Array(nSettings + 1);
    const prompts: number[] = [];
    const costSteps: number[] = [];
    const qualitySteps: number[] = [];
    for (let s = 0; s < nSettings; s++) {
      for (let i = 0; i < n; i++) {
        const at = s * n + i;
        const cost = costUsd[at] - (s === 0 ? 0 : costUsd[at - n]);
        const gain = quality[at] - (s === 0 ? 0 : quality[at - n]);
        if (cost === 0 && gain === 0) continue;
        prompts.push(i);
        costSteps.push(cost);
        qualitySteps.push(gain);
      }
      starts[s + 1] = prompts.length;
    }
    this.#n = n;
    this.#nSettings = nSettings;
    this.#starts = starts;
    this.#prompts = Int32Array.from(prompts);
    this.#costSteps = Float64Array.from(costSteps);
    this.#qualitySteps = Float64Array.from(qualitySteps);
    this.#costUsd = new Float64Array(nSettings);
    this.#quality = new Float64Array(nSettings);
    this.#order = Int32Array.from({ length: nSettings }, (_, s) => s);
    this.#hull = new Int32Array(nSettings);
  }

  /** The AIQ where prompt i counts `weights[i]` times; the weights add up to n. */
  of(weights: Float64Array, costRangeUsd: readonly [low: number, high: number]): number {
    this.#sum(weights);
    this.#sort();
    return this.#areaUnder(this.#hullSize(), costRangeUsd) / (costRangeUsd[1] - costRangeUsd[0]);
  }

  #sum(weights: Float64Array): void {
    const prompts = this.#prompts;
    const costSteps = this.#costSteps;
    const qualitySteps = this.#qualitySteps;
    let cost = 0;
    let quality = 0;
    for (let s = 0; s < this.#nSettings; s++) {
      const end = this.#starts[s + 1];
      for (let at = this.#starts[s]; at < end; at++) {
        const weight = weights[prompts[at]];
        cost += weight * costSteps[at];
        quality += weight * qualitySteps[at];
      }
      // Rounding may leave a sum slightly below 0.
      this.#costUsd[s] = Math.max(0, cost / this.#n);
      this.#quality[s] = Math.max(0, quality / this.#n);
    }
  }

  /** Sorts by insertion: by ascending cost, of equal costs the better first. */
  #sort(): void {
    const order = this.#order;
    const costUsd = this.#costUsd;
    const quality = this.#quality;
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
  #hullSize(): number {
    const hull = this.#hull;
    const costUsd = this.#costUsd;
    const quality = this.#quality;
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
  #areaUnder(size: number, [low, high]: readonly [low: number, high: number]): number {
    let area = 0;
    let fromCost = 0;
    let fromQuality = this.#costUsd[this.#hull[0]] === 0 ? this.#quality[this.#hull[0]] : 0;
    for (let vertex = 0; vertex <= size; vertex++) {
      const isEnd = vertex === size;
      const toCost = isEnd ? Math.max(high, fromCost) : this.#costUsd[this.#hull[vertex]];
      const toQuality = isEnd ? fromQuality : this.#quality[this.#hull[vertex]];
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
