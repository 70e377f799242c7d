import { meanOf } from "../base/statistics.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { PRICE_USD_PER_MILLION_TOKENS } from "../outcomes/paper_table.ts";
import { constantRouters } from "./constant.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { quantileOfSorted } from "../base/quantile.ts";

/** The settings of a cascade. */
export interface CascadeOptions {
  /** The models in the order in which they are asked, indices into the table's models: {@linkcode cascadeOrder}. */
  readonly order: readonly number[];
  /** The paper's ε: the probability with which the judge's decision is reversed, independently at each call. Give this or the two rates. */
  readonly judgeError?: number;
  /** Probability that an answer that should be refused is accepted. */
  readonly falseAccept?: number;
  /** Probability that an answer that should be accepted is refused. */
  readonly falseReject?: number;
  /** An answer is good enough from this quality on; the paper: the .95 quantile of all qualities, {@linkcode acceptanceQuality}. */
  readonly acceptFromQuality: number;
}

/** The expected cost and quality of a cascade with one budget on each prompt, averaged over the judge's errors. */
export interface CascadeExpectation {
  /** Expected cost of each prompt, `[n]`, USD. */
  readonly costUsd: Float64Array;
  /** Expected quality of each prompt, `[n]`. */
  readonly quality: Float64Array;
  /** Expected time to the answer of each prompt, `[n]`, seconds: the calls one after the other; `null` where the table has no times. */
  readonly latencySeconds: Float64Array | null;
}

/** A cascade at one budget. */
export interface CascadePoint extends OperatingPoint {
  /** The most it may spend on one prompt, USD. */
  readonly budgetUsd: number;
}

/** The paper's budgets T, USD for one prompt (reference code; data/paper/README.md, "Routers"). */
export const PAPER_BUDGETS_USD: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100];

/**
 * The order of the paper's cascade: ascending list price, prompt plus completion, equal prices in the table's order. Where a model has no
 * list price, ascending mean cost on the table, so pass training outcomes.
 */
export function cascadeOrder(table: OutcomeTable): number[] {
  const prices = table.models.map((model) => PRICE_USD_PER_MILLION_TOKENS[model]);
  const costs = prices.every((price) => price !== undefined)
    ? prices.map((price) => price.prompt + price.completion)
    : constantRouters(table).map((router) => router.costUsd);
  return costs.map((_, j) => j).sort((a, b) => costs[a] - costs[b] || a - b);
}

/** The quality from which the paper's judge accepts: the .95 quantile of all qualities, between order statistics as numpy interpolates. */
export function acceptanceQuality(table: OutcomeTable): number {
  return quantileOfSorted(table.quality.toSorted(), 0.95);
}

/**
 * Expected cost and quality of a cascade on each prompt, in closed form.
 *
 * Models are asked in order; each answer is paid; a judge accepts it or asks the next model. Before each call after the first the cascade stops if that
 * call's true cost is at least what is left of the budget; then, and after the last model, the last answer is returned whatever the judge
 * decides. With call k reached with probability r_k and accepted with a_k: E cost = Σ r_k c_k, E quality = Σ r_k a_k q_k over all but the last
 * affordable call, which adds r_K q_K.
 *
 * **Source**: paper section 4 and the reference code, whose judge is an oracle with noise that knows each next call's cost; closed form:
 * data/paper/README.md, "Routers". **Differs from** the reference code, which simulates one run.
 *
 * @throws RangeError where a rate is outside 0..1, the budget is negative, or the order is empty or names a model that is not there
 */
export function expectCascade(table: OutcomeTable, budgetUsd: number, options: CascadeOptions): CascadeExpectation {
  const { order, falseAccept, falseReject, acceptFromQuality } = checkedOptions(table, options);
  if (!(budgetUsd >= 0)) {
    throw new RangeError(`Cannot run a cascade as its budget must be 0 USD or more: it is ${budgetUsd}`);
  }
  const n = table.promptIds.length;
  const m = table.models.length;
  const costUsd = new Float64Array(n);
  const quality = new Float64Array(n);
  const times = table.latencySeconds;
  const latencySeconds = times && new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const nCalls = affordableCalls(order.map((j) => table.costUsd[i * m + j]), budgetUsd);
    let reached = 1;
    for (let k = 0; k < nCalls; k++) {
      const at = i * m + order[k];
      const accepted = k === nCalls - 1 ? 1 : table.quality[at] >= acceptFromQuality ? 1 - falseReject : falseAccept;
      costUsd[i] += reached * table.costUsd[at];
      quality[i] += reached * accepted * table.quality[at];
      if (latencySeconds !== null) latencySeconds[i] += reached * times![at];
      reached *= 1 - accepted;
    }
  }
  return { costUsd, quality, latencySeconds };
}

/** The number of calls of these costs, in order, that a budget allows: the first one always, further ones while the next costs less than is left. */
export function affordableCalls(costsUsd: readonly number[], budgetUsd: number): number {
  let left = budgetUsd;
  let hasSpent = false;
  let calls = 0;
  for (const cost of costsUsd) {
    if (hasSpent && cost >= left) break;
    left -= cost;
    hasSpent ||= cost > 0;
    calls++;
  }
  return calls;
}

/**
 * A cascade's points over budgets: means of {@linkcode expectCascade} over the prompts.
 *
 * @param options as of `expectCascade`, and `budgetsUsd`: USD for one prompt, default {@linkcode PAPER_BUDGETS_USD}
 * @throws RangeError as `expectCascade`
 * @example
 * ```ts
 * import { acceptanceQuality, cascadeCurve, cascadeOrder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * const curve = cascadeCurve(table, { order: cascadeOrder(table), judgeError: 0, acceptFromQuality: acceptanceQuality(table) });
 * assert.equal(curve.length, 11);
 * ```
 */
export function cascadeCurve(
  table: OutcomeTable,
  options: CascadeOptions & { readonly budgetsUsd?: readonly number[] },
): CascadePoint[] {
  const { budgetsUsd = PAPER_BUDGETS_USD, ...rest } = options;
  return budgetsUsd.map((budgetUsd) => {
    const { costUsd, quality } = expectCascade(table, budgetUsd, rest);
    return { budgetUsd, costUsd: meanOf(costUsd), quality: meanOf(quality) };
  });
}

/**
 * Budgets worth trying on a table, ascending: `nBudgets` quantiles of what the first 1, 2, … m calls of a prompt cost together, so that each
 * step lets some prompts make one more call.
 */
export function budgetGrid(table: OutcomeTable, order: readonly number[], nBudgets: number): number[] {
  const m = table.models.length;
  const totals = table.promptIds.flatMap((_, i) => {
    let sum = 0;
    return order.map((j) => sum += table.costUsd[i * m + j]);
  }).sort((a, b) => a - b);
  const picked = Array.from(
    { length: nBudgets },
    (_, b) => totals[Math.round(b * (totals.length - 1) / (nBudgets - 1))],
  );
  // A call is made if it costs less than is left, so the dearest prompt's last call needs slightly more than their sum.
  return [...new Set(picked.map((budget) => budget * (1 + 1e-9)))];
}

function checkedOptions(table: OutcomeTable, options: CascadeOptions): Required<Omit<CascadeOptions, "judgeError">> {
  const { order, judgeError, acceptFromQuality } = options;
  if ((judgeError === undefined) === (options.falseAccept === undefined || options.falseReject === undefined)) {
    throw new TypeError(
      "Cannot run a cascade as its judge needs either judgeError or both falseAccept and falseReject",
    );
  }
  const falseAccept = judgeError ?? options.falseAccept!;
  const falseReject = judgeError ?? options.falseReject!;
  for (const rate of [falseAccept, falseReject]) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new RangeError(`Cannot run a cascade as its judge's error rates must be in 0..1: one is ${rate}`);
    }
  }
  const known = new Set(order.filter((j) => j in table.models));
  if (order.length === 0 || known.size !== order.length) {
    throw new RangeError(
      `Cannot run a cascade as its order must name some of the ${table.models.length} models once each: it is [${order}]`,
    );
  }
  return { order, falseAccept, falseReject, acceptFromQuality };
}
