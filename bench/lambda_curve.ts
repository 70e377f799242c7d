import {
  chooseModels,
  measureChoices,
  PAPER_WILLINGNESS_TO_PAY,
  sweepWillingnessToPay,
} from "../lib/evaluation/policy.ts";
import { pricedCosts } from "../lib/axes/latency/priced_costs.ts";
import { modelMeans } from "../lib/outcomes/outcome_table.ts";
import { seededRandom } from "../lib/base/random.ts";
import { checkEqual, madeOutcomes, N_MODELS, N_TEST, writeNumbers } from "./made_data.ts";
import type { ReadyWork, Workload } from "./workload.ts";

/** What a second is worth in the curve with seconds, USD. */
const TAU_USD = 1e-4;

/** A router's whole curve; beside it the grid of 32 values that the reference code tries. */
export const LAMBDA_CURVE: Workload = {
  name: "lambda-curve",
  prepare: async (folder) => {
    const outcomes = madeOutcomes(N_TEST, 1);
    const random = seededRandom(1, "predictions");
    const { models } = outcomes;
    const nCells = N_TEST * N_MODELS;
    const quality = Float64Array.from({ length: nCells }, () => random.uniform());
    const prices = Float64Array.from(modelMeans(outcomes).costUsd);
    const predictions = { nPrompts: N_TEST, models, quality, costUsd: prices };
    await writeNumbers(folder, {
      ...{ "predicted.f64": quality, "quality.f64": outcomes.quality, "cost.f64": outcomes.costUsd },
      ...{ "prices.f64": prices, "grid.f64": Float64Array.from(PAPER_WILLINGNESS_TO_PAY) },
    });
    const onGrid = (costs: Float64Array): number[] =>
      PAPER_WILLINGNESS_TO_PAY.flatMap((willingnessToPay) => {
        const point = measureChoices(outcomes, chooseModels(predictions, willingnessToPay, { costs }));
        return [point.costUsd, point.quality];
      });
    const work = (what: string, costs: Float64Array, variant: string): ReadyWork => ({
      workload: `exact λ-curve, ${N_TEST} × ${N_MODELS}, ${what}`,
      targetSeconds: 0.05,
      ours: () => {
        sweepWillingnessToPay(predictions, outcomes, { costs });
      },
      peers: [{
        ...{ name: "32 values of λ", needs: "numpy", program: ["lambda_curve", variant], target: null },
        check: ({ points }) => checkEqual("the curve at the reference code's λ", [onGrid(costs), points], 1e-9),
      }],
    });
    const latencySeconds = Float64Array.from({ length: nCells }, () => 1 + random.uniform());
    const timed = { ...outcomes, latencySeconds };
    const withSeconds: ReadyWork = {
      workload: `exact λ-curve, ${N_TEST} × ${N_MODELS}, one cost a prompt and model, with seconds at one τ`,
      targetSeconds: 0.05,
      ours: () => {
        const costs = pricedCosts({ ...predictions, costUsd: outcomes.costUsd }, latencySeconds, TAU_USD);
        sweepWillingnessToPay(predictions, timed, { costs });
      },
      peers: [],
    };
    return [
      work("one price a model", prices, "prices.f64"),
      work("one cost a prompt and model", outcomes.costUsd, "cost.f64"),
      withSeconds,
    ];
  },
};
