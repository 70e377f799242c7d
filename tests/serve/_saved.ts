import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { linear } from "../../lib/evaluation/recipes.ts";
import { recommend } from "../../lib/evaluation/recommend.ts";
import { saveRouter } from "../../lib/evaluation/save_router.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { madeTable } from "../commands/_run_task.ts";

/** A table of 300 prompts in a folder, and the router that was saved from it. */
export interface SavedRouter {
  readonly tableFile: string;
  readonly routerFile: string;
  readonly outcomes: OutcomeTable;
}

/** Writes `mine.jsonl` and `router.json`, a linear router of the lexical encoder that keeps a share of the best quality. */
export async function savedRouter(folder: string, { keep = 0.8 } = {}): Promise<SavedRouter> {
  const tableFile = `${folder}/mine.jsonl`;
  const routerFile = `${folder}/router.json`;
  await Deno.writeTextFile(tableFile, madeTable(300));
  const outcomes = await loadOutcomes(tableFile);
  const embeddings = await (await openEncoder("lexical")).encode(outcomes);
  const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
  const evaluation = await evaluateRouters(data, [linear({ alpha: 10 })], { seed: 1, nResamples: 100 });
  const recommendation = recommend(evaluation, { keep, nResamples: 200 });
  const encoder = { opensAs: "lexical", maxTokens: null, leftOut: [] };
  await Deno.writeTextFile(routerFile, saveRouter(evaluation, recommendation, { outcomes, encoder }));
  return { tableFile, routerFile, outcomes };
}
