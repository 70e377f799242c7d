import { needCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  ONE_MODEL,
  selectRows,
} from "../benchmarks/layout.ts";
import { listed } from "../../base/words.ts";
import { textOfCell } from "../frame.ts";

/**
 * AlpacaEval's annotations (`annotations.json`, in a folder for each model): an array of `instruction`, `dataset`, `generator_1` (the reference), `generator_2`
 * (the model) and `preference` from 1 (the reference is better) to 2 (the model is). The quality is the probability of winning over the reference,
 * which itself has no rows. A preference of 0 is a draw in old files, and elsewhere a missing one: the options must say which. `price_per_example`
 * and `time_per_example` are the annotator's, not the model's: costs come from the options.
 *
 * **Source**: `alpaca_eval/annotators/pairwise_evaluator.py`, `metrics/winrate.py` and `metrics/glm_winrate.py` of the Python package alpaca_eval 0.6.6.
 */
export const ALPACA_EVAL: BenchmarkFormat = {
  name: "alpaca-eval",
  title: "a file of annotations of AlpacaEval",
  detects: ({ columns }): boolean =>
    ["instruction", "generator_1", "generator_2", "preference"].every((name) => columns.has(name)),
  layout(whole, { options }): BenchmarkLayout {
    const annotated = whole.columns.get("generator_2")!;
    const frame = selectRows(whole, (row) => textOfCell(annotated[row]) !== null);
    const columns = formatColumns(frame, this.title, {
      prompt: { names: ["instruction"], isNeeded: true },
      evalName: { names: ["dataset"], isNeeded: false },
      model: { names: ["generator_2"], isNeeded: true },
      quality: { names: ["preference"], isNeeded: true },
      costUsd: { names: ["cost_usd"], isNeeded: false },
    }, options.columns);
    const models = distinct(frame, columns.model!);
    needCosts(this.title, models, columns, options);
    return {
      frame,
      models: columns.model!,
      columns,
      defaults: { qualityRange: [1, 2] },
      parts: [],
      notes: [
        `quality is the probability of winning over ${listed(distinct(frame, "generator_1"))}`,
        ...(models.length === 1 ? [ONE_MODEL] : []),
      ],
    };
  },
};
