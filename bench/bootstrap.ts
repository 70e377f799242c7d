import { compareCurves, type CurveComparison, type SettingSample } from "../lib/evaluation/compare_curves.ts";
import { checkEqual, madeOutcomes, N_MODELS, N_TEST, writeNumbers } from "./made_data.ts";
import type { Workload } from "./workload.ts";

const N_RESAMPLES = 1000;
const COST_RANGE_USD = [0, 0.4] as const;

/** The interval of a difference of two curves of eleven settings each. */
export const BOOTSTRAP: Workload = {
  name: "bootstrap",
  prepare: async (folder) => {
    const [first, second] = [sample(1), sample(2)];
    await writeNumbers(folder, {
      ...{ "first_cost.f64": first.costUsd, "first_quality.f64": first.quality },
      ...{
        "second_cost.f64": second.costUsd,
        "second_quality.f64": second.quality,
        "range.f64": Float64Array.from(COST_RANGE_USD),
      },
    });
    let comparison: CurveComparison | null = null;
    return [{
      workload: `${N_RESAMPLES} paired resamples of two curves of ${N_MODELS} settings, ${N_TEST} prompts`,
      targetSeconds: 5,
      ours: () => {
        comparison = compareCurves(first, second, { costRangeUsd: COST_RANGE_USD, nResamples: N_RESAMPLES, seed: 1 });
      },
      peers: [{
        ...{
          name: "the same by matrix products",
          needs: "numpy",
          program: ["bootstrap", String(N_RESAMPLES)],
          target: null,
        },
        check: ({ difference, standardError }) => {
          checkEqual("the difference of two curves", [[comparison!.difference], difference], 1e-12);
          // Other random numbers: two standard errors from 1,000 resamples each agree to some 3 %.
          const ratio = standardError[0] / comparison!.standardError;
          if (Math.abs(ratio - 1) > 0.15) {
            throw new Error(`Cannot time the bootstrap as both must find one standard error: their ratio is ${ratio}`);
          }
        },
      }],
    }];
  },
};

/** Each model as a setting: its cost and quality on each prompt, [11 · n]. */
function sample(seed: number): SettingSample {
  const { costUsd, quality } = madeOutcomes(N_TEST, seed);
  const bySetting = (cells: Float64Array): Float64Array =>
    Float64Array.from(cells, (_, at) => cells[(at % N_TEST) * N_MODELS + Math.floor(at / N_TEST)]);
  return { nSettings: N_MODELS, costUsd: bySetting(costUsd), quality: bySetting(quality) };
}
