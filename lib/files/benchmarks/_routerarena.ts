import { knownCosts, needCosts } from "./costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  ONE_MODEL,
  withColumns,
} from "./layout.ts";
import type { Frame } from "../frame.ts";

const FIELDS: FormatFields = {
  promptId: { names: ["global index", "global_index"], isNeeded: true },
  prompt: { names: ["prompt", "question"], isNeeded: false },
  model: { names: ["prediction", "llm_selected"], isNeeded: true },
  quality: { names: ["accuracy", "evaluation_result.score"], isNeeded: true },
  costUsd: { names: ["cost", "evaluation_result.inference_cost"], isNeeded: false },
  promptTokens: { names: ["generated_result.token_usage.input_tokens", "token_usage.input_tokens"], isNeeded: false },
  completionTokens: {
    names: ["generated_result.token_usage.output_tokens", "token_usage.output_tokens"],
    isNeeded: false,
  },
};

/**
 * RouterArena's prediction files, and its cached results, of which a folder makes a whole table.
 *
 * *Predictions* (`router_inference/predictions/ROUTER.json`): a JSON array of `global index`, `prompt`, `prediction` (the model the router chose),
 * `generated_result` with `token_usage`, `accuracy` and `cost` (USD), and `for_optimality` on rows that tell of models not chosen. A router's file has
 * one model for each prompt, except where those rows are; only these prompts are complete (`missing: "drop"`). *Cached results*
 * (`cached_results/MODEL.jsonl`): a line a prompt, `global_index`, `question`, `llm_selected`, `token_usage`, `evaluation_result.score` and
 * `.inference_cost`; one model a file. The evaluation is the id's beginning, `AIME` of `AIME_112`.
 *
 * **Source**: Lu et al., "RouterArena" (arXiv 2510.00202), repository RouteWorks/RouterArena. Confirmed on files of both kinds there, and in
 * `llm_evaluation/run.py` and `evaluate_models.py`, which fill in `accuracy` and `cost`; a model without a price costs 0 there, which here needs a price
 * from the options. Its costs may count tokens of reasoning that the files' token counts leave out. Neither kind of file has latencies. Models stand under the names the files use: the repository's table of other names for them is not known here.
 */
export const ROUTERARENA: BenchmarkFormat = {
  name: "routerarena",
  title: "a RouterArena file",
  detects: ({ columns }): boolean =>
    (columns.has("global index") || columns.has("global_index")) &&
    (columns.has("prediction") || columns.has("llm_selected")),
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, FIELDS, options.columns);
    const notes: string[] = [];
    needGrades(frame, columns.quality!);
    const { costUsd, promptTokens, completionTokens } = columns;
    const model = columns.model!;
    const added: Record<string, ArrayLike<unknown>> = {
      "its evaluation": evaluations(frame.columns.get(columns.promptId!)!),
    };
    const models = distinct(frame, model);
    if (models.length === 1) notes.push(ONE_MODEL);
    needCosts(this.title, models, columns, options);
    if (costUsd !== undefined && promptTokens !== undefined && completionTokens !== undefined) {
      const { costs, nPriced } = knownCosts(frame, { costUsd, promptTokens, completionTokens, model }, options);
      added[costUsd] = costs;
      if (nPriced > 0) notes.push(`${nPriced} costs of 0 replaced by the options' prices`);
    }
    return {
      frame: withColumns(frame, added),
      models: model,
      columns: { evalName: "its evaluation", ...columns },
      costsAreKnown: costUsd !== undefined && promptTokens !== undefined && completionTokens !== undefined,
      notes,
    };
  },
};

function evaluations(ids: ArrayLike<unknown>): string[] {
  return Array.from(ids, (id) => String(id).split("_")[0]);
}

/** Refuses a file of predictions that were not graded, as it has no outcomes. */
function needGrades(frame: Frame, name: string): void {
  const grades = frame.columns.get(name);
  if (
    grades === undefined || frame.nRows === 0 ||
    Array.prototype.some.call(grades, (grade) => grade !== null && grade !== undefined)
  ) {
    return;
  }
  throw new TypeError(
    `a RouterArena file must hold graded answers: "${name}" is empty in all of its ${frame.nRows} rows; grade it with the benchmark's llm_evaluation/run.py, or name another column by columns.quality (--columns quality=NAME)`,
  );
}
