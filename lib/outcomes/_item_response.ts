import { normalCdf } from "../base/statistics.ts";

/** Subjects of an evaluation. Each pair of a subject and a level of difficulty is equally likely. */
export const N_SUBJECTS = 6;

/** The five visible levels of difficulty, standardised: mean 0, variance 1. */
export const DIFFICULTY_LEVELS: readonly number[] = [-2, -1, 0, 1, 2].map((level) => level / Math.SQRT2);

/** Shares of the latent variance: a prompt's subject (ω), its difficulty (ρ), hidden skill (h); the rest is luck. */
export interface VarianceShares {
  readonly subject: number;
  readonly difficulty: number;
  readonly hiddenSkill: number;
  /** The share of the difficulty's variance that shows in the text (s). */
  readonly visibleDifficulty: number;
}

/** How a latent value becomes a quality: `base + step · (number of thresholds below it)`. */
export interface QualityScale {
  readonly base: number;
  readonly step: number;
  readonly thresholds: readonly number[];
}

/** Right or wrong. */
export const RIGHT_OR_WRONG: QualityScale = { base: 0, step: 1, thresholds: [0] };

/** Graded in quarters, of which only .25 and .75 occur (GSM8K). */
export const QUARTER_OR_THREE: QualityScale = { base: 0.25, step: 0.5, thresholds: [0] };

/** Tenths, of a normal judgement with standard deviation .2 (MT-Bench). */
export const TENTHS: QualityScale = {
  base: 0,
  step: 0.1,
  thresholds: Array.from({ length: 10 }, (_, k) => (k + 0.5) / 2),
};

/** Expected quality where the latent value is normal with this mean and variance. */
export function expectedQuality(scale: QualityScale, mean: number, variance: number): number {
  const deviation = Math.sqrt(variance);
  let sum = 0;
  for (const threshold of scale.thresholds) sum += normalCdf((mean - threshold) / deviation);
  return scale.base + scale.step * sum;
}

/** The quality of a latent value. */
export function qualityOf(scale: QualityScale, latent: number): number {
  let passed = 0;
  for (const threshold of scale.thresholds) if (latent > threshold) passed++;
  return scale.base + scale.step * passed;
}

/** Mean latent value of a model in a cell of subject and level. */
export function visibleMean(shares: VarianceShares, location: number, skill: number, level: number): number {
  return location + Math.sqrt(shares.subject) * skill - Math.sqrt(shares.difficulty * shares.visibleDifficulty) * level;
}

/** Variance of the part of the latent value that the text does not show. */
export function hiddenVariance(shares: VarianceShares): number {
  return 1 - shares.subject - shares.difficulty * shares.visibleDifficulty;
}

/** The location b of a model at which its mean quality over all cells is `target`. */
function solveLocation(
  scale: QualityScale,
  shares: VarianceShares,
  skills: readonly number[],
  target: number,
): number {
  const variance = hiddenVariance(shares);
  return risingZero(-5, 10, (location) => {
    let sum = 0;
    for (const skill of skills) {
      for (const level of DIFFICULTY_LEVELS) {
        sum += expectedQuality(scale, visibleMean(shares, location, skill, level), variance);
      }
    }
    return sum / (skills.length * DIFFICULTY_LEVELS.length) - target;
  });
}

/** The trapezoid rule for the hidden part of the difficulty, exact to 1e-12 on normal weights. */
const QUADRATURE = Array.from({ length: 49 }, (_, k) => -6 + k / 4).map((u) => ({
  u,
  weight: Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI) / 4,
}));

/** Expected best quality over models that are independent given subject and difficulty. `skills[j][subject]`. */
function expectedOracleQuality(
  scale: QualityScale,
  shares: VarianceShares,
  locations: readonly number[],
  skills: readonly (readonly number[])[],
): number {
  const deviation = Math.sqrt(1 - shares.subject - shares.difficulty);
  const hidden = Math.sqrt(shares.difficulty * (1 - shares.visibleDifficulty));
  let sum = 0;
  for (let subject = 0; subject < N_SUBJECTS; subject++) {
    for (const level of DIFFICULTY_LEVELS) {
      const means = locations.map((location, j) => visibleMean(shares, location, skills[j][subject], level));
      for (const { u, weight } of QUADRATURE) {
        for (const threshold of scale.thresholds) {
          let noneAbove = 1;
          for (const mean of means) noneAbove *= normalCdf((threshold - mean + hidden * u) / deviation);
          sum += weight * (1 - noneAbove);
        }
      }
    }
  }
  return scale.base + scale.step * sum / (N_SUBJECTS * DIFFICULTY_LEVELS.length);
}

/** A model of one evaluation whose means are the table's. */
export interface Calibration {
  readonly shares: VarianceShares;
  /** Location b of each model. */
  readonly locations: readonly number[];
}

/**
 * Solves the models' locations for their mean qualities and, where `oracleQuality` is given, the share of difficulty
 * for the oracle's.
 *
 * **Source**: data/paper/README.md, "Simulation". The more of the variance is shared difficulty, the more models fail
 * together, the lower the oracle.
 */
export function calibrate(
  scale: QualityScale,
  shares: VarianceShares,
  skills: readonly (readonly number[])[],
  targets: { readonly quality: readonly number[]; readonly oracleQuality: number | null },
): Calibration {
  const locate = (shares: VarianceShares): Calibration => ({
    shares,
    locations: targets.quality.map((target, j) => solveLocation(scale, shares, skills[j], target)),
  });
  const { oracleQuality } = targets;
  if (oracleQuality === null) return locate(shares);
  const difficulty = risingZero(0, 1 - shares.subject - shares.hiddenSkill, (difficulty) => {
    const tried = locate({ ...shares, difficulty });
    return oracleQuality - expectedOracleQuality(scale, tried.shares, tried.locations, skills);
  });
  return locate({ ...shares, difficulty });
}

/** The zero of a rising function by false position, Illinois rule: a tenth of the steps that halving needs. */
function risingZero(low: number, high: number, rising: (x: number) => number): number {
  let [a, fa, b, fb] = [low, rising(low), high, rising(high)];
  for (let step = 0; step < 200; step++) {
    const x = (a * fb - b * fa) / (fb - fa);
    const fx = rising(x);
    if (Math.abs(fx) < 1e-13 || b - a < 1e-13) return x;
    if (fx < 0) {
      [a, fa] = [x, fx];
      fb /= 2;
    } else {
      [b, fb] = [x, fx];
      fa /= 2;
    }
  }
  return (a + b) / 2;
}
