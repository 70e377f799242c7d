import { openEncoder } from "../embeddings/open_encoder.ts";
import {
  type EvaluatedRouter,
  evaluateRouters,
  type Evaluation,
  type EvaluationOptions,
} from "../evaluation/evaluate.ts";
import { splitForEvaluation } from "../evaluation/evaluation_data.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";

/** How outcomes are evaluated in one call. */
export interface EvaluateOptions extends EvaluationOptions {
  /** Name of the encoder, as of {@linkcode openEncoder}; default `"auto"`. */
  readonly encoder?: string;
  /** Give the encoder whole prompts, with what those of an evaluation share: {@linkcode textsToRead}. Default false. */
  readonly wholePrompts?: boolean;
}

/**
 * Evaluates routers on a table of outcomes in one call: embeds the prompts, splits them and calls
 * {@linkcode evaluateRouters}. The seed decides the split too.
 *
 * @throws TypeError where the table has no prompts; whatever the encoder, the split and the evaluation throw
 * @example
 * ```ts
 * import { cascade, evaluate, linear, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const routers = [linear(), cascade({ judgeError: 0.1 })];
 * const { systems } = await evaluate(outcomes, routers, { seed: 1, encoder: "lexical", nResamples: 100 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "Linear", "Cascade, ε = 0.1"]);
 * ```
 */
export async function evaluate(
  outcomes: OutcomeTable,
  routers: readonly EvaluatedRouter[],
  { encoder = "auto", wholePrompts = false, ...options }: EvaluateOptions,
): Promise<Evaluation> {
  const { texts } = textsToRead(outcomes, { whole: wholePrompts });
  const embeddings = await (await openEncoder(encoder)).encode(texts);
  return evaluateRouters(splitForEvaluation(outcomes, embeddings, options), routers, options);
}
