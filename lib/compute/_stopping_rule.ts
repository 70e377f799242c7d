import type { TrainedMlp } from "./mlp_training.ts";

/** scikit-learn's rule: training stops after more than `patience` epochs in a row without an improvement, or after `maxEpochs`. */
export class StoppingRule {
  readonly #options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number };
  readonly #losses: number[] = [];
  #least = Infinity;
  #nWithoutImprovement = 0;

  constructor(options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number }) {
    this.#options = options;
  }

  /** Epochs so far. */
  get nEpochs(): number {
    return this.#losses.length;
  }

  /** Takes the loss of the next epoch. */
  add(loss: number): void {
    this.#nWithoutImprovement = loss > this.#least - this.#options.tolerance ? this.#nWithoutImprovement + 1 : 0;
    this.#least = Math.min(this.#least, loss);
    this.#losses.push(loss);
  }

  /** The loss of the last epoch. */
  lastLoss(): number {
    return this.#losses[this.#losses.length - 1];
  }

  /** Whether there is another epoch. */
  goesOn(): boolean {
    return this.nEpochs < this.#options.maxEpochs && this.#nWithoutImprovement <= this.#options.patience;
  }

  /** How the training went. */
  history(): Pick<TrainedMlp, "lossCurve" | "nEpochs" | "stopped"> {
    const stopped = this.#nWithoutImprovement > this.#options.patience ? "converged" : "max-epochs";
    return { lossCurve: Float64Array.from(this.#losses), nEpochs: this.nEpochs, stopped };
  }
}
