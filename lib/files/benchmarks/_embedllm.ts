import { needCosts } from "./costs.ts";
import {
  ADDED_COSTS,
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
} from "./layout.ts";

const FIELDS: FormatFields = {
  promptId: { names: ["prompt_id"], isNeeded: true },
  prompt: { names: ["prompt"], isNeeded: false },
  evalName: { names: ["category"], isNeeded: false },
  model: { names: ["model_name", "model_id"], isNeeded: true },
  quality: { names: ["label"], isNeeded: true },
  ...ADDED_COSTS,
};

/**
 * EmbedLLM's correctness tables (`train.csv`, `val.csv`, `test.csv`, or the folder of them): a row a response, with `prompt_id`, `prompt`,
 * `model_id`, `model_name`, `category` and `label`, 1 for a right answer and 0 for a wrong one. No costs and no token counts.
 *
 * **Source**: Zhuang et al., "EmbedLLM" (arXiv 2410.02223), repository richardzhuang0412/EmbedLLM. Confirmed in its `algorithm/knn.py` and `mf.py`:
 * the file names, `prompt_id`, `prompt`, `model_id`, `model_name`, `label`. `category` (and `category_id`, not read) is known from programs of
 * others that load the files. Not confirmed on the files themselves.
 *
 * **Differs from** the repository's KNN program, which takes 0 where a model has no label and the greatest of repeated labels: here a missing label stays missing,
 * and repeated labels that differ stop the load unless `repeats` says otherwise. One `prompt_id` in several categories is a prompt of each.
 */
export const EMBEDLLM: BenchmarkFormat = {
  name: "embedllm",
  title: "an EmbedLLM table",
  detects: ({ columns }): boolean =>
    ["prompt_id", "model_id", "model_name", "label"].every((name) => columns.has(name)),
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, FIELDS, options.columns);
    needCosts(this.title, distinct(frame, columns.model!), columns, options);
    return { frame, models: columns.model!, columns };
  },
};
