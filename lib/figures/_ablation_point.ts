import type { CurveFamily } from "./theme.ts";

/** One measured difference. */
export interface AblationPoint {
  /** The evaluation: a panel of its own. */
  readonly evalName: string;
  /** What is varied: a group of lines. */
  readonly factor: string;
  /** Its value: a line. */
  readonly setting: string;
  /** Whether the line is the one from which the others differ in one thing. */
  readonly isBase: boolean;
  /** Kind of router; decides colour and marker. */
  readonly family: CurveFamily;
  /** AIQ less Zero's. */
  readonly difference: number;
  /** Its interval. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * Checks what is to be drawn.
 *
 * @throws RangeError where a panel has no points, or a number is out of range
 */
export function checkInput(points: readonly AblationPoint[], evalNames: readonly string[], limit: number): void {
  if (!(limit > 0)) {
    throw new RangeError(`Cannot draw an ablation as its limit must be above 0: it is ${limit}; pass one such as .1`);
  }
  const without = evalNames.find((name) => !points.some(({ evalName }) => evalName === name));
  if (points.length === 0 || without !== undefined) {
    throw new RangeError(
      `Cannot draw an ablation as every panel needs points: ${
        without === undefined ? "there are none" : `"${without}" has none`
      }; leave it out`,
    );
  }
  for (const { evalName, setting, difference, interval } of points) {
    if (![difference, ...interval].every(Number.isFinite)) {
      throw new RangeError(
        `Cannot draw an ablation as its differences must be finite: "${setting}" on "${evalName}" has ${difference} [${interval}]; leave it out`,
      );
    }
  }
}
