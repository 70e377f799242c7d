/** A world in which everything about retrieval is known: kinds of prompts, what each retriever finds for them, and what models make of it. */
export interface RetrievalWorld {
  /** Share of each kind of prompt; they add up to 1. */
  readonly kinds: readonly number[];
  /** Names of the retrievers. */
  readonly retrievers: readonly string[];
  /** Names of the models. */
  readonly models: readonly string[];
  /** Probability of each finding, by kind and retriever: `found[kind][retriever][finding]`. */
  readonly found: readonly (readonly (readonly number[])[])[];
  /** Probability of a right answer: `quality[kind][retriever][finding][model]`. */
  readonly quality: readonly (readonly (readonly (readonly number[])[])[])[];
  /** Cost of retrieving, by retriever, USD. */
  readonly retrievalCostUsd: readonly number[];
  /** Cost of a model's call after a retriever, `[retriever][model]`, USD. */
  readonly callCostUsd: readonly (readonly number[])[];
}

/** A policy of two stages: a retriever for each kind, then a model for each kind and finding. */
export interface TwoStagePolicy {
  /** Place of the retriever of each kind. */
  readonly retriever: readonly number[];
  /** Place of the model of each kind and finding of that retriever. */
  readonly model: readonly (readonly number[])[];
}

/** What a policy is worth. */
export interface PolicyWorth {
  /** Expected cost of a prompt, USD. */
  readonly costUsd: number;
  /** Expected quality, 0..1. */
  readonly quality: number;
}

/** Expected cost and quality of a policy. */
export function worthOf(world: RetrievalWorld, { retriever, model }: TwoStagePolicy): PolicyWorth {
  let [costUsd, quality] = [0, 0];
  world.kinds.forEach((share, kind) => {
    const r = retriever[kind];
    costUsd += share * world.retrievalCostUsd[r];
    world.found[kind][r].forEach((probability, finding) => {
      const m = model[kind][finding];
      costUsd += share * probability * world.callCostUsd[r][m];
      quality += share * probability * world.quality[kind][r][finding][m];
    });
  });
  return { costUsd, quality };
}

/**
 * The policy of two stages with the greatest expected λ · quality − cost, by backward induction: for each kind, retriever and finding the best
 * model, then for each kind the retriever after which that is worth most. Of equals the first.
 *
 * @param options `secondLook`: whether the model may depend on the finding, default true. Without it one model is chosen for each kind and retriever.
 */
export function bestPolicy(
  world: RetrievalWorld,
  { willingnessToPay, secondLook = true }: { readonly willingnessToPay: number; readonly secondLook?: boolean },
): TwoStagePolicy {
  const chosen = world.kinds.map((_, kind) => {
    const options = world.retrievers.map((_, r) => {
      const found = world.found[kind][r];
      const worth = (finding: number, m: number): number =>
        willingnessToPay * world.quality[kind][r][finding][m] - world.callCostUsd[r][m];
      const overall = (m: number): number =>
        found.reduce((sum, probability, finding) => sum + probability * worth(finding, m), 0);
      const models = found.map((_, finding) =>
        firstBest(world.models.length, secondLook ? (m) => worth(finding, m) : overall)
      );
      const value = found.reduce((sum, probability, finding) => sum + probability * worth(finding, models[finding]), 0);
      return { models, value: value - world.retrievalCostUsd[r] };
    });
    const best = firstBest(options.length, (r) => options[r].value);
    return { retriever: best, models: options[best].models };
  });
  return { retriever: chosen.map(({ retriever }) => retriever), model: chosen.map(({ models }) => models) };
}

function firstBest(count: number, worth: (at: number) => number): number {
  let best = 0;
  for (let at = 1; at < count; at++) if (worth(at) > worth(best)) best = at;
  return best;
}
