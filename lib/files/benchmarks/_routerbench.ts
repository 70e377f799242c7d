import { type BenchmarkFormat, type BenchmarkLayout, formatColumns, type FormatFields } from "./layout.ts";
import { found, modelsOfWide } from "../column_names.ts";

const COMMON: FormatFields = {
  promptId: { names: ["sample_id"], isNeeded: true },
  prompt: { names: ["prompt"], isNeeded: true },
  evalName: { names: ["eval_name"], isNeeded: true },
};

/**
 * RouterBench's 0-shot and 5-shot tables: `sample_id`, `prompt`, `eval_name`, and `MODEL`, `MODEL|model_response` and `MODEL|total_cost` for each
 * model. The usual names read them as well, so they need no detection; naming the format gives its own errors.
 *
 * **Source**: Hu et al., "RouterBench" (arXiv 2403.12031); confirmed on the released files.
 */
export const ROUTERBENCH: BenchmarkFormat = {
  name: "routerbench",
  title: "a RouterBench table",
  detects: (): boolean => false,
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, COMMON, options.columns);
    const models = modelsOfWide(frame, columns);
    if (models.size === 0) {
      throw new TypeError(
        `${this.title} must have columns "MODEL" and "MODEL|total_cost" for each model: ${
          found([...frame.columns.keys()])
        }; take format "routerbench-raw" (--format routerbench-raw) for a row a response, or leave the format out`,
      );
    }
    return { frame, models, columns };
  },
};

/**
 * RouterBench's raw table, a row a response: `sample_id`, `prompt`, `eval_name`, `model_name`, `performance` and `cost`.
 *
 * **Source**: as {@linkcode ROUTERBENCH}; confirmed on the released file's layout. Each prompt was asked once for each model, in words of its own.
 */
export const ROUTERBENCH_RAW: BenchmarkFormat = {
  name: "routerbench-raw",
  title: "a raw RouterBench table",
  detects: (): boolean => false,
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, {
      ...COMMON,
      model: { names: ["model_name"], isNeeded: true },
      quality: { names: ["performance"], isNeeded: true },
      costUsd: { names: ["cost"], isNeeded: true },
    }, options.columns);
    return { frame, models: columns.model!, columns };
  },
};
