import type { Matrix64 } from "../../lib/compute/matrix.ts";

/** The generator of tests/reference/make_reference.py, which gives both languages the same inputs. */
export class WholeNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below 65,536. */
  next(): number {
    this.#state = (Math.imul(1664525, this.#state) + 1013904223) >>> 0;
    return this.#state >>> 16;
  }

  /** Multiples of 1/256 from −1 to 1, row after row. */
  matrix(rows: number, cols: number): Matrix64 {
    return { rows, cols, values: Float64Array.from({ length: rows * cols }, () => ((this.next() % 513) - 256) / 256) };
  }

  /** Fisher–Yates from the last place down. */
  shuffled(items: readonly number[]): number[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.next() % (i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}

/** The same numbers in single precision. */
export function single({ rows, cols, values }: Matrix64): { rows: number; cols: number; values: Float32Array } {
  return { rows, cols, values: Float32Array.from(values) };
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return a.length === b.length ? Math.sqrt(difference / size) : Infinity;
}
