import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** The oracle: one point, and what it chose. */
export interface Oracle extends OperatingPoint {
  /** Index of the chosen model of each prompt, `[n]`; −1 where no model was right. */
  readonly choices: Int32Array;
}

/**
 * The oracle: for each prompt the model with the best quality, of equals the cheapest (then the first). Where every quality is 0 it calls
 * none and pays nothing. It is a maximum over recorded outcomes, luck included, which no predicting router can be expected to reach.
 *
 * **Source**: paper section 3 and Table 1; "no model correct" in Figure 3.
 *
 * @example
 * ```ts
 * import { constantRouters, oracle, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * for (const { quality } of constantRouters(table)) assert.ok(oracle(table).quality >= quality);
 * ```
 */
export function oracle(table: OutcomeTable): Oracle {
  const n = table.promptIds.length;
  const m = table.models.length;
  const choices = new Int32Array(n).fill(-1);
  let quality = 0;
  let costUsd = 0;
  for (let i = 0; i < n; i++) {
    let best = -1;
    for (let at = i * m; at < (i + 1) * m; at++) {
      if (table.quality[at] === 0) continue;
      const isBetter = best < 0 || table.quality[at] > table.quality[best] ||
        (table.quality[at] === table.quality[best] && table.costUsd[at] < table.costUsd[best]);
      if (isBetter) best = at;
    }
    if (best < 0) continue;
    choices[i] = best - i * m;
    quality += table.quality[best];
    costUsd += table.costUsd[best];
  }
  return { costUsd: costUsd / n, quality: quality / n, choices };
}
