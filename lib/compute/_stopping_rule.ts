import type { TrainedMlp } from "./mlp_training_options.ts";

/**
 * scikit-learn's rule: training stops after more than `patience` epochs in a row without an improvement, or after `maxEpochs`. What must
 * improve is the training loss or, where there is one, the score on the validation part.
 */
export class StoppingRule {
  readonly #options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number };
  readonly #losses: number[] = [];
  readonly #scores: number[] = [];
  #least = Infinity;
  #nWithoutImprovement = 0;

  constructor(options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number }) {
    this.#options = options;
  }

  /** Epochs so far. */
  get nEpochs(): number {
    return this.#losses.length;
  }

  /** Takes the loss of the next epoch, and its score if there is a validation part; says whether it is the best so far. */
  add(loss: number, score?: number): boolean {
    this.#losses.push(loss);
    if (score !== undefined) this.#scores.push(score);
    const watched = score === undefined ? loss : -score;
    this.#nWithoutImprovement = watched > this.#least - this.#options.tolerance ? this.#nWithoutImprovement + 1 : 0;
    const isBest = watched < this.#least;
    if (isBest) this.#least = watched;
    return isBest;
  }

  /** Whether there is another epoch. */
  goesOn(): boolean {
    return this.nEpochs < this.#options.maxEpochs && this.#nWithoutImprovement <= this.#options.patience;
  }

  /** How the training went. */
  history(): Pick<TrainedMlp, "lossCurve" | "validationCurve" | "nEpochs" | "stopped"> {
    return {
      lossCurve: Float64Array.from(this.#losses),
      validationCurve: this.#scores.length === 0 ? null : Float64Array.from(this.#scores),
      nEpochs: this.nEpochs,
      stopped: this.#nWithoutImprovement > this.#options.patience ? "converged" : "max-epochs",
    };
  }
}
