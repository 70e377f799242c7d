import { openAdam, startOfAdam } from "./_adam.ts";
import { networkOf } from "./_parameters.ts";
import { StoppingRule } from "./_stopping_rule.ts";
import { checkData, checkedLoss, checkedOrder, checkOptions } from "./_training_checks.ts";
import { startingParameters, withDefaults } from "./_training_start.ts";
import { openValidation } from "./_validation.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { MlpTrainingOptions, TrainedMlp } from "./mlp_training_options.ts";

export type { MlpTrainingOptions, TrainedMlp };

/**
 * Trains a multilayer perceptron by Adam to predict several outputs with least squares.
 *
 * The rows are shuffled anew in each epoch, from the order of the epoch before. The parameters of the last epoch are returned, not
 * those of the best, unless `earlyStopping` watches a validation part.
 *
 * **Shapes**: x n × d, y n × outputs. Time O(nEpochs · n · parameters).
 *
 * **Source**: `MLPRegressor` of scikit-learn 1.9 with solver "adam" and activation "relu"; Kingma & Ba 2015. As there, the gradient
 * is that of the squared error summed over the outputs, while the reported loss is its mean over them; weights and biases start
 * uniform within ±√(6 / (inputs + units)) (Glorot & Bengio 2010), and biases are not penalised.
 *
 * **Differs from** scikit-learn: the random numbers.
 *
 * @throws TypeError if a matrix's length is not rows × cols, x and y differ in rows, `initial` does not fit, or an option is unknown
 * @throws RangeError if a matrix is empty, a number is not finite, an option is out of range, or the loss does not
 *   stay finite
 * @example
 * ```ts
 * import { trainMlp } from "./mlp_training.ts";
 * import { mlpPredict } from "./mlp.ts";
 * import assert from "node:assert/strict";
 *
 * const x = { rows: 4, cols: 1, values: Float32Array.of(-1, 0, 1, 2) };
 * const y = { rows: 4, cols: 1, values: Float32Array.of(1, 0, 1, 2) }; // |x|
 * const net = await trainMlp(x, y, { hiddenSizes: [8], seed: 1, learningRate: 0.05, maxEpochs: 300 });
 * const predicted = await mlpPredict(net, x);
 * assert.ok(predicted.values.every((value, i) => Math.abs(value - y.values[i]) < 0.1));
 * ```
 */
export async function trainMlp(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: MlpTrainingOptions,
): Promise<TrainedMlp> {
  checkData(x, y);
  checkOptions(options, x.rows);
  const settings = withDefaults(options, x.rows);
  const { precision, validationRows, threads } = settings;
  const layout = { sizes: [x.cols, ...options.hiddenSizes, y.cols], precision };
  const columns = Array.from({ length: y.cols }, (_, column) => column);
  const rule = new StoppingRule(settings);
  const adam = await openAdam(x, y, {
    ...settings,
    layout,
    state: startOfAdam(startingParameters(options, layout), layout),
  });
  const validation = validationRows.length === 0
    ? null
    : await openValidation(x, y, { rows: validationRows, layout, threads });
  let best = adam.state().parameters;
  try {
    while (rule.goesOn()) {
      const [mean] = await adam.epoch(checkedOrder(settings.rowOrder(rule.nEpochs), settings));
      const loss = checkedLoss(mean, rule.nEpochs + 1), { parameters } = adam.state();
      const isBest = rule.add(loss, await validation?.score(parameters, columns));
      if (isBest || validation === null) best = parameters;
      options.onEpoch?.(rule.nEpochs, loss);
    }
    return { ...networkOf(best, layout), ...rule.history() };
  } finally {
    await adam.release();
    await validation?.release();
  }
}
