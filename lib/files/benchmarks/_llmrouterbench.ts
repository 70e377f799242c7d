import { knownCosts } from "./costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  fileNames,
  formatColumns,
  type FormatFields,
  ONE_MODEL,
  selectRows,
  withColumns,
} from "./layout.ts";
import type { Frame } from "../frame.ts";

const FIELDS: FormatFields = {
  promptId: { names: ["index"], isNeeded: true },
  prompt: { names: ["prompt", "origin_query"], isNeeded: true },
  evalName: { names: ["file.dataset_name"], isNeeded: true },
  model: { names: ["file.model_name"], isNeeded: true },
  quality: { names: ["score"], isNeeded: true },
  costUsd: { names: ["cost"], isNeeded: true },
  promptTokens: { names: ["prompt_tokens"], isNeeded: false },
  completionTokens: { names: ["completion_tokens"], isNeeded: false },
};

/**
 * LLMRouterBench's result files: a JSON object a model and evaluation, with `model_name`, `dataset_name`, `split`, `demo` and the array `records` of
 * `index`, `origin_query`, `prompt`, `score`, `prompt_tokens`, `completion_tokens`, `cost` (USD), … A comparison needs the folder of them
 * (`results/bench`, or one evaluation's), since one file holds one model. Of several files of a model, evaluation and split the newest counts, by the
 * time in its name; demos do not count. Where an evaluation has several splits, prompts are named `SPLIT/INDEX`.
 *
 * **Source**: Li et al., "LLMRouterBench" (arXiv 2601.07206), repository ynulihao/LLMRouterBench. Confirmed in its `data_collector/storage.py`, which
 * writes the files, and `baselines/data_loader.py`, which reads them. Not confirmed on the released archive, nor that models without a price have
 * costs of 0 there: such zeros need a price from the options.
 *
 * There are no latencies: `time_taken` is the whole run's, whose responses are asked for side by side.
 *
 * **Differs from** the repository's reader and adaptors, which take a missing score, and a missing model, for 0, and bring rows together by the
 * prompt's text: here missing results stay missing, and rows are brought together by evaluation, split and index; prompts whose texts differ are counted in the notes.
 */
export const LLMROUTERBENCH: BenchmarkFormat = {
  name: "llmrouterbench",
  title: "an LLMRouterBench result",
  detects: ({ columns }): boolean =>
    ["file.model_name", "file.dataset_name", "index", "score", "origin_query"].every((name) => columns.has(name)),
  layout(frame, { parts, options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, FIELDS, options.columns);
    const names = fileNames(parts);
    const counts = newestFiles(frame, { names, model: columns.model!, evalName: columns.evalName! });
    const notes = counts.nLeftOut === 0
      ? []
      : [`${counts.nLeftOut} rows of demos or of results that were made again left out`];
    let start = 0;
    const keptParts = parts.filter(({ nRows }) => counts.holds[(start += nRows) - nRows] === 1);
    const kept = selectRows(frame, (row) => counts.holds[row] === 1);
    const at = {
      ...{ costUsd: columns.costUsd!, model: columns.model! },
      ...{ promptTokens: columns.promptTokens ?? "", completionTokens: columns.completionTokens ?? "" },
    };
    if (distinct(kept, columns.model!).length === 1) notes.push(ONE_MODEL);
    const { costs, nPriced } = knownCosts(kept, at, options);
    if (nPriced > 0) notes.push(`${nPriced} costs of 0 replaced by the options' prices`);
    const added = {
      [columns.costUsd!]: costs,
      [columns.promptId!]: idsWithSplit(kept, columns.promptId!, columns.evalName!),
    };
    return {
      frame: withColumns(kept, added),
      models: columns.model!,
      columns,
      notes,
      parts: keptParts,
      costsAreKnown: true,
    };
  },
};

/** The rows of the newest whole run of each model, evaluation and split. */
function newestFiles(
  frame: Frame,
  at: { readonly names: readonly string[]; readonly model: string; readonly evalName: string },
): { readonly holds: Uint8Array; readonly nLeftOut: number } {
  const newest = new Map<string, string>();
  const demos = frame.columns.get("file.demo");
  const splits = frame.columns.get("file.split");
  const models = frame.columns.get(at.model)!;
  const evals = frame.columns.get(at.evalName)!;
  const isDemo = (row: number): boolean => demos?.[row] === true;
  const keyOf = (row: number): string => JSON.stringify([models[row], evals[row], splits?.[row] ?? null]);
  const timeOf = (row: number): string => /\d{8}_\d{6}$/.exec(at.names[row])?.[0] ?? "";
  for (let row = 0; row < frame.nRows; row++) {
    if (!isDemo(row) && timeOf(row) >= (newest.get(keyOf(row)) ?? "")) newest.set(keyOf(row), timeOf(row));
  }
  const holds = Uint8Array.from(
    { length: frame.nRows },
    (_, row) => !isDemo(row) && timeOf(row) === newest.get(keyOf(row)) ? 1 : 0,
  );
  return { holds, nLeftOut: holds.reduce((count, value) => count + 1 - value, 0) };
}

/** Ids that name the split where an evaluation has several. */
function idsWithSplit(frame: Frame, idColumn: string, evalColumn: string): ArrayLike<unknown> {
  const ids = frame.columns.get(idColumn)!;
  const splits = frame.columns.get("file.split");
  const evals = frame.columns.get(evalColumn)!;
  if (splits === undefined) return ids;
  const splitsOf = new Map<unknown, Set<unknown>>();
  for (let row = 0; row < frame.nRows; row++) {
    splitsOf.set(evals[row], (splitsOf.get(evals[row]) ?? new Set()).add(splits[row]));
  }
  return Array.from(
    { length: frame.nRows },
    (_, row) => splitsOf.get(evals[row])!.size > 1 ? `${splits[row]}/${ids[row]}` : ids[row],
  );
}
