import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { routerFileText } from "../../lib/evaluation/router_file.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitGroupRouter } from "../../lib/routers/group.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import type { EmbeddedOutcomes, Router } from "../../lib/routers/router.ts";

const N_PROMPTS_PER_EVAL = 400;

/** Which router is timed. */
export type TimedRouter = "linear" | "group" | "knn";

const FITS: Readonly<Record<TimedRouter, (train: EmbeddedOutcomes) => Promise<Router>>> = {
  linear: (train) => fitLinearRouter(train, { alpha: 10 }),
  group: (train) => fitGroupRouter(train, { residualAlpha: 10 }),
  knn: (train) => fitKnnRouter(train, { k: 40 }),
};

/** The text of a router file, fitted on the lexical vectors of 2,800 built-in prompts among eleven models. */
export async function madeRouterFile(kind: TimedRouter): Promise<string> {
  const encoder = await openEncoder("lexical");
  const outcomes = simulateOutcomes({ nPromptsPerEval: N_PROMPTS_PER_EVAL, seed: 1 });
  const embeddings = await encoder.encode(outcomes);
  const { state } = await FITS[kind]({ outcomes, embeddings });
  if (state === undefined) {
    throw new TypeError(`Cannot time the router "${kind}" as it must be saved as data: it is code`);
  }
  const nPrompts = outcomes.promptIds.length;
  const modelShares = outcomes.models.map(() => 0);
  return routerFileText({
    state,
    encoder: { opensAs: "lexical", maxTokens: encoder.maxTokens, leftOut: [] },
    settings: [{ promises: [], willingnessToPay: 0.01, costUsd: 0, quality: 0, modelShares }],
    recommended: 0,
    reason: "It is timed",
    provenance: {
      program: "bench",
      outcomes: outcomes.source.name,
      outcomesSha256: "",
      seed: 1,
      nPrompts: { learned: nPrompts, chosen: 0, test: 0 },
    },
  });
}
