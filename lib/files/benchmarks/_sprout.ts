import { needCosts } from "./costs.ts";
import { type BenchmarkFormat, type BenchmarkLayout, formatColumns, type FormatFields } from "./layout.ts";
import { found, modelsOfWide } from "../column_names.ts";

const FIELDS: FormatFields = {
  prompt: { names: ["prompt"], isNeeded: true },
  evalName: { names: ["dataset"], isNeeded: false },
};

/**
 * SPROUT, the outcomes of CARROT, as Parquet or exported to JSON Lines: a row a prompt with `key`, `dataset`, `dataset_level`, `dataset_idx`, `prompt`
 * and `golden_answer`, and for each model an object with `score` (a judge's, 0 to 1), `num_input_tokens`, `num_output_tokens`, `response` and
 * `judge_response`. Fields of an object are columns with a dot, `openai-gpt-4o.score`. Token counts, no costs.
 *
 * **Source**: Somerstep et al., "CARROT" (arXiv 2502.03261), repository somerstep/CARROT. Confirmed in its `carrot/gen_sprout.py`: `prompt`, and
 * `score`, `num_input_tokens` and `num_output_tokens` of each model's object. The other columns are known from programs of others that load the
 * data. That `key` is unique is not confirmed, so each row is taken for a prompt of its own.
 */
export const SPROUT: BenchmarkFormat = {
  name: "sprout",
  title: "a SPROUT table",
  detects: ({ columns }): boolean =>
    columns.has("prompt") && columns.has("dataset") &&
    [...columns.keys()].some((name) =>
      name.endsWith(".score") && columns.has(name.replace(/score$/, "num_input_tokens")) &&
      columns.has(name.replace(/score$/, "num_output_tokens"))
    ),
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, FIELDS, options.columns);
    const models = modelsOfWide(frame, columns, ".");
    if (models.size === 0) {
      throw new TypeError(
        `${this.title} must have an object with "score", "num_input_tokens" and "num_output_tokens" for each model: ${
          found([...frame.columns.keys()])
        }; export it to JSON Lines or Parquet with the objects whole, or name the file's format by format (--format NAME)`,
      );
    }
    needCosts(this.title, [...models.keys()], [...models.values()][0], options);
    return { frame, models, columns };
  },
};
