import type { Random } from "../../lib/base/random.ts";
import { type LoggedOutcomes, loggedOutcomes } from "../../lib/outcomes/logged_outcomes.ts";

/** What every model would have answered, and how the logging policy chooses: n × m, row-major. */
export interface World {
  readonly models: readonly string[];
  readonly quality: Float64Array;
  readonly costUsd: Float64Array;
  readonly propensities: Float64Array;
}

/** Rows of chance numbers that add up to 1, each of them at least `least`. */
export function chanceRows(random: Random, n: number, { m, least }: { m: number; least: number }): Float64Array {
  const rows = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const parts = Array.from({ length: m }, () => random.uniform());
    const sum = parts.reduce((a, b) => a + b, 0);
    parts.forEach((part, j) => rows[i * m + j] = least + (1 - m * least) * part / sum);
  }
  return rows;
}

/** The log of some choices. */
export function logOf(world: World, chosen: readonly number[], ids = chosen.map((_, i) => `p${i}`)): LoggedOutcomes {
  const m = world.models.length;
  const cells = (values: Float64Array): Float64Array => Float64Array.from(chosen, (j, i) => values[i * m + j]);
  return loggedOutcomes({
    models: world.models,
    requestIds: chosen.map((_, i) => `request ${i}`),
    promptIds: ids,
    prompts: null,
    chosen: Int32Array.from(chosen),
    quality: cells(world.quality),
    costUsd: cells(world.costUsd),
    propensity: cells(world.propensities),
    propensities: world.propensities,
    predictions: null,
    source: { kind: "file", name: "a small world", sha256: "", notes: [] },
  });
}

/** Choices drawn by the logging policy. */
export function drawn({ models, propensities }: World, random: Random): number[] {
  const m = models.length;
  return Array.from({ length: propensities.length / m }, (_, i) => {
    let left = random.uniform();
    for (let j = 0; j < m - 1; j++) {
      left -= propensities[i * m + j];
      if (left < 0) return j;
    }
    return m - 1;
  });
}
