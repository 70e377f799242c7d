import { needCosts } from "./costs.ts";
import { type BenchmarkFormat, type BenchmarkLayout, fileNames, formatColumns, withColumns } from "./layout.ts";
import { found, type LoadColumns, type ModelColumns } from "../column_names.ts";
import { type Frame, textOfCell } from "../frame.ts";
import type { LoadOptions } from "../load_options.ts";

const TRUTHS: ReadonlySet<string> = new Set(["true", "false"]);
/** Other values that are accepted for them where the format is named. */
const TRUTHS_AND_NUMBERS: ReadonlySet<string> = new Set([...TRUTHS, "0", "1", "0.0", "1.0"]);
/** pandas' name of an unnamed column of row numbers. */
const UNNAMED = /^(Unnamed: \d+)?$/;

/**
 * RouteLLM's tables of responses (`evals/mmlu/responses/mmlu_DOMAIN.csv`, `evals/gsm8k/gsm8k_responses.csv`, or the folder of them): `prompt`, a
 * column of True or False for each model, named like it, and maybe `MODEL_response`; the evaluation is the file's name. There are neither costs nor
 * token counts. Its judgements for MT Bench are those of FastChat: the format `mt-bench`.
 *
 * **Source**: Ong et al., "RouteLLM" (arXiv 2406.18665), repository lm-sys/RouteLLM. Confirmed on its files of MMLU and GSM8K, and in
 * `routellm/evals/benchmarks.py`, which reads them.
 *
 * Its battles (which of two responses a judge prefers) and `gpt4_dataset` (grades of one of two models) are not read: they have no quality of each
 * model's response.
 *
 * **Differs from** the repository's benchmarks, which leave out prompts that are in the routers' training data: here all rows of a file count.
 */
export const ROUTELLM: BenchmarkFormat = {
  name: "routellm",
  title: "a RouteLLM response table",
  detects: (frame, fileFormat): boolean => fileFormat === "csv" && modelsOf(frame, {}, true).length >= 2,
  layout(frame, { parts, options }): BenchmarkLayout {
    return answered(frame, this.title, { evals: fileNames(parts), options });
  },
};

function answered(
  frame: Frame,
  title: string,
  given: { readonly evals: readonly string[]; readonly options: LoadOptions },
): BenchmarkLayout {
  const { options, evals } = given;
  const columns = formatColumns(frame, title, { prompt: { names: ["prompt"], isNeeded: true } }, options.columns);
  const models = modelsOf(frame, columns, false);
  if (models.length === 0) {
    throw new TypeError(
      `${title} must have, beside the prompt, a column of True or False for each model: ${
        found([...frame.columns.keys()])
      }; name the file's format by format (--format NAME), or leave the format out`,
    );
  }
  for (const model of models) needTruth(frame, title, model);
  needCosts(title, models, columns, options);
  const read = new Map(models.map((model): [string, ModelColumns] => [model, { quality: model }]));
  if (columns.evalName !== undefined) return { frame, models: read, columns };
  const own = evals.map((name) => name.replace(/_responses$/, ""));
  return {
    frame: withColumns(frame, { "the file's name": own }),
    models: read,
    columns: { ...columns, evalName: "the file's name" },
  };
}

/** The columns named like models: all but prompts, answers and fields; only those of True and False alone where `sure`. */
function modelsOf(frame: Frame, columns: LoadColumns, sure: boolean): string[] {
  if (sure && !frame.columns.has("prompt")) return [];
  // The rows of a folder have their file beside their own columns.
  const others = new Set<unknown>(["prompt", "file.folder", "file.name", ...Object.values(columns)]);
  const names = [...frame.columns.keys()].filter((name) => !others.has(name) && !UNNAMED.test(name));
  const candidates = names.filter((name) =>
    !(name.endsWith("_response") && frame.columns.has(name.slice(0, -"_response".length)))
  );
  return sure && candidates.some((name) => firstUntrue(frame, name) >= 0) ? [] : candidates;
}

function needTruth(frame: Frame, title: string, name: string): void {
  const row = firstUntrue(frame, name, TRUTHS_AND_NUMBERS);
  if (row < 0) return;
  throw new TypeError(
    `${title} must have only True and False in a model's column: "${name}" has "${
      (textOfCell(frame.columns.get(name)![row]) ?? "").slice(0, 40)
    }" in row ${
      row + 1
    }; if it is no model, name it by columns (--columns evalName=${name}) or take it out, else leave the format out (--format any)`,
  );
}

/** The first row that holds neither true nor false nor nothing, −1 where there is none. */
function firstUntrue(frame: Frame, name: string, truths: ReadonlySet<string> = TRUTHS): number {
  const cells = frame.columns.get(name)!;
  let hasTruth = false;
  for (let row = 0; row < frame.nRows; row++) {
    const text = (textOfCell(cells[row]) ?? "").trim().toLowerCase();
    if (text !== "" && !truths.has(text)) return row;
    if (text !== "") hasTruth = true;
  }
  return hasTruth || frame.nRows === 0 ? -1 : 0;
}
