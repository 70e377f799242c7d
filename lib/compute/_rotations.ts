/** Rotations that are collected before they are applied to the vectors. */
const MOST_ROTATIONS = 4096;
/** Rows that are rotated at the same time, as each rotation of a row waits for the one before. */
const ROWS_AT_A_TIME = 4;

/** Rotations of neighbouring columns, i with i + 1, in the order in which they are added. */
export class Rotations {
  readonly #places = new Int32Array(MOST_ROTATIONS);
  readonly #cosines = new Float64Array(MOST_ROTATIONS);
  readonly #sines = new Float64Array(MOST_ROTATIONS);
  #count = 0;

  constructor(private readonly vectors: Float64Array, private readonly n: number) {}

  add(place: number, cosine: number, sine: number): void {
    if (this.#count === MOST_ROTATIONS) this.apply();
    this.#places[this.#count] = place;
    this.#cosines[this.#count] = cosine;
    this.#sines[this.#count] = sine;
    this.#count++;
  }

  /** Applies them all. */
  apply(): void {
    if (this.#count === 0) return;
    const n = this.n;
    const together = n - n % ROWS_AT_A_TIME;
    for (let row = 0; row < together; row += ROWS_AT_A_TIME) this.#rotateFour(row * n);
    for (let row = together; row < n; row++) this.#rotateOne(row * n);
    this.#count = 0;
  }

  #rotateFour(first: number): void {
    const values = this.vectors;
    const places = this.#places;
    const cosines = this.#cosines;
    const sines = this.#sines;
    const count = this.#count;
    const [second, third, fourth] = [first + this.n, first + 2 * this.n, first + 3 * this.n];
    // The numbers in column `held` of the four rows, which a sweep hands from one rotation to the next.
    let held = places[0] + 1;
    let a = values[first + held];
    let b = values[second + held];
    let c = values[third + held];
    let d = values[fourth + held];
    for (let at = 0; at < count; at++) {
      const cosine = cosines[at];
      const sine = sines[at];
      const left = places[at];
      const right = left + 1;
      if (right !== held) {
        values[first + held] = a;
        values[second + held] = b;
        values[third + held] = c;
        values[fourth + held] = d;
        a = values[first + right];
        b = values[second + right];
        c = values[third + right];
        d = values[fourth + right];
      }
      const p = values[first + left];
      values[first + right] = sine * p + cosine * a;
      a = cosine * p - sine * a;
      const q = values[second + left];
      values[second + right] = sine * q + cosine * b;
      b = cosine * q - sine * b;
      const r = values[third + left];
      values[third + right] = sine * r + cosine * c;
      c = cosine * r - sine * c;
      const s = values[fourth + left];
      values[fourth + right] = sine * s + cosine * d;
      d = cosine * s - sine * d;
      held = left;
    }
    values[first + held] = a;
    values[second + held] = b;
    values[third + held] = c;
    values[fourth + held] = d;
  }

  #rotateOne(first: number): void {
    for (let at = 0; at < this.#count; at++) {
      const left = first + this.#places[at];
      const p = this.vectors[left];
      const a = this.vectors[left + 1];
      this.vectors[left + 1] = this.#sines[at] * p + this.#cosines[at] * a;
      this.vectors[left] = this.#cosines[at] * p - this.#sines[at] * a;
    }
  }
}
