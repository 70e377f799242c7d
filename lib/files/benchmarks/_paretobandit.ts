import { type BenchmarkFormat, type BenchmarkLayout, fileNames, formatColumns, withColumns } from "./layout.ts";
import { found, modelsOfWide } from "../column_names.ts";

const MODELS = "arms.";

/**
 * ParetoBandit's examples: a line a prompt, with `prompt`, `source` (the evaluation), and `arms`, an object with `reward` (a judge's, 0 to 1) and `cost`
 * (USD) for each model; beside them what follows from those (`best_arm`, `difficulty`, `near_best`, …). Ids are `FILE/LINE`.
 *
 * **Source**: Taberner-Miller, "ParetoBandit" (2026); confirmed on `val.jsonl` and `test_holdout.jsonl` of the Python package paretobandit 0.1.1.
 */
export const PARETOBANDIT: BenchmarkFormat = {
  name: "paretobandit",
  title: "a ParetoBandit file",
  detects: ({ columns }): boolean =>
    columns.has("prompt") && columns.has("source") &&
    [...columns.keys()].some((name) =>
      name.startsWith(MODELS) && name.endsWith(".reward") && columns.has(name.replace(/reward$/, "cost"))
    ),
  layout(frame, { parts, options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, {
      prompt: { names: ["prompt"], isNeeded: true },
      evalName: { names: ["source"], isNeeded: true },
    }, options.columns);
    const models = [...modelsOfWide(frame, columns, ".")].filter(([name]) => name.startsWith(MODELS));
    if (models.length === 0) {
      throw new TypeError(
        `${this.title} must have an object "arms" with "reward" and "cost" for each model: ${
          found([...frame.columns.keys()])
        }; name the file's format by format (--format NAME), or leave the format out`,
      );
    }
    const files = fileNames(parts);
    const lines = parts.flatMap(({ nRows }) => Array.from({ length: nRows }, (_, at) => at + 1));
    const ids = lines.map((line, row) => `${files[row]}/${line}`);
    return {
      frame: withColumns(frame, { "file and line": ids }),
      models: new Map(models.map(([name, fields]) => [name.slice(MODELS.length), fields])),
      columns: { promptId: "file and line", ...columns },
    };
  },
};
