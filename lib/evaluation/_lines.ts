import type { QualityPredictions } from "../routers/router.ts";

/** Breakpoints closer than this, relatively, count as one, as rounding may separate equal ones. */
export const SAME_BREAKPOINT = 1e-12;

/** The lines `λ · quality − cost` of one prompt's models, in the arrays of all prompts. */
export class Lines {
  private readonly m: number;
  private qualityAt = 0;
  private costAt = 0;

  constructor(private readonly predictions: QualityPredictions, private readonly costs: Float64Array) {
    this.m = predictions.models.length;
  }

  /** Moves to the lines of a prompt. */
  of(prompt: number): this {
    this.qualityAt = prompt * this.m;
    this.costAt = this.costs.length === this.m ? 0 : this.qualityAt;
    return this;
  }

  quality(model: number): number {
    return this.predictions.quality[this.qualityAt + model];
  }

  cost(model: number): number {
    return this.costs[this.costAt + model];
  }

  /** The choice at λ → 0. */
  cheapest(): number {
    let best = 0;
    for (let j = 1; j < this.m; j++) {
      const saved = this.cost(best) - this.cost(j);
      if (saved > 0 || (saved === 0 && this.quality(j) > this.quality(best))) best = j;
    }
    return best;
  }

  /** Where the envelope leaves a model, and what follows: of lines that cross there the steepest, cheapest, first. */
  nextSwitch(model: number): { readonly at: number; readonly model: number } | null {
    let best = -1;
    let at = Infinity;
    for (let j = 0; j < this.m; j++) {
      const gain = this.quality(j) - this.quality(model);
      if (gain <= 0) continue;
      const crossing = (this.cost(j) - this.cost(model)) / gain;
      const isSame = best >= 0 && Math.abs(crossing - at) <= SAME_BREAKPOINT * at;
      const lead = isSame ? this.quality(j) - this.quality(best) : at - crossing;
      if (lead > 0 || (isSame && lead === 0 && this.cost(j) < this.cost(best))) [best, at] = [j, crossing];
    }
    return best < 0 ? null : { at, model: best };
  }

  /** The choice at a willingness to pay: along the envelope from the cheapest. */
  chosenAt(willingnessToPay: number): number {
    let model = this.cheapest();
    for (
      let next = this.nextSwitch(model);
      next !== null && next.at <= willingnessToPay;
      next = this.nextSwitch(model)
    ) model = next.model;
    return model;
  }

  /** The reference code's choice: the first maximum in an order of the models; at λ ≤ 0 of predicted quality. */
  firstMaximum(willingnessToPay: number, order: readonly number[]): number {
    const worth = (j: number): number =>
      willingnessToPay > 0 ? willingnessToPay * this.quality(j) - this.cost(j) : this.quality(j);
    let [best] = order;
    for (const j of order) if (worth(j) > worth(best)) best = j;
    return best;
  }
}
