/** Counts 32-bit hashes in an open-addressing table that is reused for each text; a Map takes several times as long. */
export class FeatureCounts {
  #hashes = new Uint32Array(0);
  #counts = new Uint32Array(0);
  #used = new Uint32Array(0); // slots in use, in the order of first occurrence
  #nUsed = 0;

  /** Empties the table and makes room for at most `nFeatures` different hashes. */
  start(nFeatures: number): void {
    let nSlots = Math.max(1024, this.#counts.length);
    while (nSlots < 2 * nFeatures) nSlots *= 2;
    if (nSlots > this.#counts.length) {
      this.#hashes = new Uint32Array(nSlots);
      this.#counts = new Uint32Array(nSlots);
      this.#used = new Uint32Array(nSlots);
    } else {
      for (let u = 0; u < this.#nUsed; u++) this.#counts[this.#used[u]] = 0;
    }
    this.#nUsed = 0;
  }

  /** Counts one occurrence. */
  add(hash: number): void {
    const mask = this.#counts.length - 1;
    let slot = hash & mask;
    while (this.#counts[slot] > 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & mask;
    if (this.#counts[slot] === 0) {
      this.#hashes[slot] = hash;
      this.#used[this.#nUsed++] = slot;
    }
    this.#counts[slot]++;
  }

  /** Adds ±(1 + ln count) of each hash to the place it names; the lowest bit is the sign. */
  addTo(sum: Float64Array): void {
    for (let u = 0; u < this.#nUsed; u++) {
      const hash = this.#hashes[this.#used[u]];
      const weight = 1 + Math.log(this.#counts[this.#used[u]]);
      sum[(hash >>> 1) % sum.length] += (hash & 1) === 0 ? weight : -weight;
    }
  }
}
