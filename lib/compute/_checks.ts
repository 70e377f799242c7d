import type { Matrix, Matrix64 } from "./matrix.ts";

/** Throws unless a matrix holds as many numbers as its shape says. `action` completes "Cannot …", `name` is the matrix's. */
export function checkShape(action: string, name: string, { rows, cols, values }: Matrix | Matrix64): void {
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (isCount(rows) && isCount(cols) && values.length === rows * cols) return;
  throw new TypeError(
    `Cannot ${action} as ${name} must hold rows × cols numbers: shape is ${rows}×${cols}, length is ${values.length}; correct the shape`,
  );
}

/** Throws if a matrix holds NaN or an infinity, and says where. */
export function checkFinite(action: string, name: string, { cols, values }: Matrix | Matrix64): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const place = `row ${Math.floor(i / cols)}, column ${i % cols}`;
    throw new RangeError(
      `Cannot ${action} as ${name} must be finite: ${values[i]} is at ${place}; remove that row or fill the gap`,
    );
  }
}

/** Throws unless a number is whole and at least `least`. */
export function checkCount(action: string, name: string, { value, least }: { value: number; least: number }): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot ${action} as ${name} must be a whole number of at least ${least}: it is ${value}; correct it`,
  );
}
