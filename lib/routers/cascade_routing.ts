import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { CascadeExpectation } from "./cascade.ts";
import { chanceOfGood, type Judge } from "./judge.ts";
import type { QualityPredictions } from "./router.ts";

/** What a router that may ask several models is expected to cost and yield on each prompt. */
export interface CascadeRoutingExpectation extends CascadeExpectation {
  /** Expected number of calls for each prompt, `[n]`. */
  readonly nCalls: Float64Array;
}

/**
 * Routing and cascading in one: before each call every model that was not asked has an index, the model with the greatest is asked next, and it
 * ends where the best answer in hand, by what the judge said of it, is worth at least every index that is left. That answer is returned.
 *
 * A model whose predicted quality says that its answer is good with probability p gives signal b with probability A_b = p g_b + (1 − p) h_b
 * and is then worth v_b = its posterior mean quality. Its index is the worth z of an answer in hand at which one more call just pays:
 * Σ A_b max(0, v_b − z) = cost / λ. For a judge that is wrong with probability ε, A = p (1 − ε) + (1 − p) ε, this is
 * z = max(p (1 − ε) / A − cost / (λ A), p − cost / λ). Where answers are independent given the text and predictions hold, no rule has a greater
 * expected `quality of the answer − total cost / λ`.
 *
 * The expectation is over the judge's errors, given the recorded outcomes: in closed form, call after call.
 *
 * **Units**: λ in USD for one unit of quality; costs in the decisions are the predictions', those paid are the recorded ones. **Shapes**: n × m.
 * O(n m log m) for a judge that says yes or no, or whose signal is certain.
 *
 * **Source**: Weitzman 1979 (Pandora's rule) on the task of cascade routing, Dekoninck, Baader and Vechev 2024, arXiv:2410.10347. **Differs
 * from** theirs, which looks at every set of further models and needs no independence.
 */
export class CascadeRouting {
  readonly #outcomes: OutcomeTable;
  readonly #judge: Judge;
  readonly #signals: Float64Array;
  /** Worth of each signal, `[n · m · B]`. */
  readonly #worth: Float64Array;
  /** For each cell and number of its best signals: Σ A_b v_b and Σ A_b, `[n · m · B]`. */
  readonly #worthSums: Float64Array;
  readonly #chanceSums: Float64Array;
  /** Predicted costs, `[n · m]`. */
  readonly #expectedCost: Float64Array;

  /**
   * @param outcomes what happened, of the same prompts and models as the predictions
   * @throws TypeError where predictions and outcomes differ in shape
   */
  constructor(outcomes: OutcomeTable, predictions: QualityPredictions, judge: Judge) {
    const cells = outcomes.quality.length;
    const m = outcomes.models.length;
    if (predictions.quality.length !== cells || judge.goodQuality.length !== m) {
      throw new TypeError(
        `Cannot route by cascades as predictions, judge and outcomes must have the same prompts and models: they have ${predictions.quality.length} cells, ${judge.goodQuality.length} models and ${cells} cells`,
      );
    }
    const b = judge.nSignals;
    const perModel = predictions.costUsd.length === m;
    this.#outcomes = outcomes;
    this.#judge = judge;
    this.#signals = judge.signals(outcomes, predictions);
    this.#expectedCost = Float64Array.from({ length: cells }, (_, at) => predictions.costUsd[perModel ? at % m : at]);
    this.#worth = new Float64Array(cells * b);
    this.#worthSums = new Float64Array(cells * b);
    this.#chanceSums = new Float64Array(cells * b);
    for (let at = 0; at < cells; at++) this.#believe(at, predictions.quality[at]);
  }

  /** Cost and quality of each prompt at a willingness to pay above 0; `Infinity` looks at quality alone. */
  expect(willingnessToPay: number): CascadeRoutingExpectation {
    if (!(willingnessToPay > 0)) {
      throw new RangeError(
        `Cannot route by cascades as the willingness to pay must be above 0: it is ${willingnessToPay}; pass one such as 0.01`,
      );
    }
    const { promptIds: { length: n }, models: { length: m } } = this.#outcomes;
    const expected = {
      costUsd: new Float64Array(n),
      quality: new Float64Array(n),
      nCalls: new Float64Array(n),
      latencySeconds: this.#outcomes.latencySeconds && new Float64Array(n),
    };
    const indices = new Float64Array(m);
    const order = Int32Array.from({ length: m }, (_, j) => j);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) indices[j] = this.index(i * m + j, willingnessToPay);
      const cost = this.#expectedCost.subarray(i * m, (i + 1) * m);
      order.sort((a, b) => indices[b] - indices[a] || cost[a] - cost[b] || a - b);
      this.#ask(i, { order, indices, expected }, { call: 0, chance: 1, held: -Infinity, heldQuality: 0 });
    }
    return expected;
  }

  /** The index of a cell: the greatest root over its best 1, 2, … signals, as each gives a line below the true value of a call. */
  index(cell: number, willingnessToPay: number): number {
    const b = this.#judge.nSignals;
    const toll = this.#expectedCost[cell] / willingnessToPay;
    let index = -Infinity;
    for (let at = cell * b; at < (cell + 1) * b; at++) {
      if (this.#chanceSums[at] === 0) continue;
      index = Math.max(index, (this.#worthSums[at] - toll) / this.#chanceSums[at]);
    }
    return index;
  }

  /** Adds what happens from a state on: stops, or asks the next model and goes on after each signal. */
  #ask(
    i: number,
    run: {
      readonly order: Int32Array;
      readonly indices: Float64Array;
      readonly expected: CascadeRoutingExpectation;
    },
    { call, chance, held, heldQuality }: State,
  ): void {
    const { order, indices, expected } = run;
    if (call === order.length || held >= indices[order[call]]) {
      expected.quality[i] += chance * heldQuality;
      return;
    }
    const cell = i * order.length + order[call];
    const quality = this.#outcomes.quality[cell];
    expected.costUsd[i] += chance * this.#outcomes.costUsd[cell];
    expected.nCalls[i] += chance;
    if (expected.latencySeconds !== null) expected.latencySeconds[i] += chance * this.#outcomes.latencySeconds![cell];
    const b = this.#judge.nSignals;
    for (let at = cell * b; at < (cell + 1) * b; at++) {
      const signal = this.#signals[at];
      if (signal === 0) continue;
      const isBetter = this.#worth[at] > held;
      this.#ask(i, run, {
        call: call + 1,
        chance: chance * signal,
        held: isBetter ? this.#worth[at] : held,
        heldQuality: isBetter ? quality : heldQuality,
      });
    }
  }

  /** Works out what each signal on a cell would mean, the best first. */
  #believe(cell: number, predicted: number): void {
    const { nSignals: b, goodQuality, badQuality, whenGood, whenBad } = this.#judge;
    const j = cell % goodQuality.length;
    const good = goodQuality[j];
    const bad = badQuality[j];
    const p = chanceOfGood(this.#judge, { model: j, predicted });
    const signals = Array.from({ length: b }, (_, s) => {
      const whenIsGood = p * whenGood[j * b + s];
      const chance = whenIsGood + (1 - p) * whenBad[j * b + s];
      return { chance, worth: chance === 0 ? bad : bad + (good - bad) * whenIsGood / chance };
    });
    signals.forEach(({ worth }, s) => this.#worth[cell * b + s] = worth);
    let worthSum = 0;
    let chanceSum = 0;
    signals.sort((a, c) => c.worth - a.worth).forEach(({ worth, chance }, s) => {
      worthSum += chance * worth;
      chanceSum += chance;
      this.#worthSums[cell * b + s] = worthSum;
      this.#chanceSums[cell * b + s] = chanceSum;
    });
  }
}

/** Where a prompt stands: calls made, the chance to get there, and the best answer in hand with its judged worth and its quality. */
interface State {
  readonly call: number;
  readonly chance: number;
  readonly held: number;
  readonly heldQuality: number;
}
