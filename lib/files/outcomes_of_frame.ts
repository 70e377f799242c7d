import { benchmarkLayout } from "./benchmarks/benchmark_formats.ts";
import {
  type BenchmarkLayout,
  type FormatContext,
  type FramePart,
  nameFileOfRow,
  selectRows,
} from "./benchmarks/layout.ts";
import { CONVENTIONS, findColumn, found, type ModelColumns, modelsOfWide, plainName } from "./column_names.ts";
import { modelsOfNames, namedModels, withoutContainer } from "./_wide_names.ts";
import { type Frame, textOfCell } from "./frame.ts";
import type { LoadOptions } from "./load_options.ts";
import { outcomesOfLong } from "./long_layout.ts";
import type { FrameOutcomes, LayoutOptions } from "./table_of_cells.ts";
import { outcomesOfWide } from "./wide_layout.ts";
import { listed } from "../base/words.ts";

/** The outcomes of a frame, and the files of its rows. */
export interface OutcomesOfParts extends FrameOutcomes {
  /** The files, in the order of the rows. */
  readonly parts: readonly FramePart[];
}

/**
 * The outcomes of a frame: of a benchmark, or of a table whose columns have the usual names or those of the options.
 *
 * @throws TypeError, RangeError as `loadOutcomes`; their messages are still without the file's name
 */
export function outcomesOfFrame(frame: Frame, context: FormatContext): OutcomesOfParts {
  let { parts } = context;
  try {
    const kept = rowsWhere(frame, context);
    parts = kept.parts;
    const benchmark = benchmarkLayout(kept.frame, { ...context, parts });
    if (benchmark === null) return { ...readLayout(kept.frame, parts, withDefaults(context.options)), parts };
    parts = benchmark.parts ?? parts;
    return { ...readBenchmark(benchmark, context.options), parts };
  } catch (cause) {
    if (cause instanceof Error) nameFileOfRow(cause, parts);
    throw cause;
  }
}

/** The rows that the options keep, and their number in each file. */
function rowsWhere(
  frame: Frame,
  { parts, options: { where = {} } }: FormatContext,
): { readonly frame: Frame; readonly parts: readonly FramePart[] } {
  if (Object.keys(where).length === 0) return { frame, parts };
  const { holds, missed } = rowsThatHold(frame, where);
  if (missed !== null) {
    throw new TypeError(
      `rows must be left: none has "${missed.value.slice(0, 60)}" in "${missed.name}" (--where); it has ${
        listed([...missed.found], 5)
      }`,
    );
  }
  let start = 0;
  const kept = parts.map(({ path, nRows }) => {
    const count = holds.subarray(start, start += nRows).reduce((sum, hold) => sum + hold, 0);
    return { path, nRows: count };
  });
  return { frame: selectRows(frame, (row) => holds[row] === 1), parts: kept };
}

/** Which rows have some values in some columns, 1 for yes. */
export interface HoldingRows {
  readonly holds: Uint8Array;
  /** The condition at which no row was left, and values that are there; `null` where some are left. */
  readonly missed: { readonly name: string; readonly value: string; readonly found: ReadonlySet<string> } | null;
}

/**
 * Finds the rows with these values in these columns.
 *
 * @throws TypeError where a column is not there
 */
export function rowsThatHold(frame: Frame, where: Readonly<Record<string, string>>): HoldingRows {
  const holds = new Uint8Array(frame.nRows).fill(1);
  for (const [name, value] of Object.entries(where)) {
    const column = frame.columns.get(name);
    if (column === undefined) {
      throw new TypeError(
        `rows can be kept by a column that is there: where (--where) names "${name}"; ${
          found([...frame.columns.keys()])
        }`,
      );
    }
    const before = new Set<string>();
    for (let row = 0; row < frame.nRows; row++) {
      if (holds[row] === 0) continue;
      const text = textOfCell(column[row]) ?? "";
      if (before.size < 50) before.add(text);
      if (text !== value) holds[row] = 0;
    }
    if (!holds.includes(1)) return { holds, missed: { name, value, found: before } };
  }
  return { holds, missed: null };
}

function readBenchmark(
  { frame, models, columns, defaults, costsAreKnown, notes = [] }: BenchmarkLayout,
  options: LoadOptions,
): FrameOutcomes {
  const given = { ...withDefaults({ ...defaults, ...options, columns }), costsAreKnown };
  const outcomes = typeof models === "string"
    ? outcomesOfLong(frame, models, given)
    : outcomesOfWide(frame, models, given);
  return { ...outcomes, notes };
}

function withDefaults(
  { columns = {}, repeats = "error", qualityRange = [0, 1], ...options }: LoadOptions,
): LayoutOptions {
  return { ...options, columns, repeats, qualityRange };
}

/** A long table has a column of models, a wide one has columns of each model, or in nested JSON an object of each. */
function readLayout(frame: Frame, parts: readonly FramePart[], options: LayoutOptions): FrameOutcomes {
  const names = [...frame.columns.keys()];
  const models = modelsOfWide(frame, options.columns);
  const modelColumn = findColumn(names, "model", options.columns);
  if (options.columns.model === undefined && models.size > 0) {
    needOneLayout(names, models, modelColumn);
    return outcomesOfWide(frame, models, options);
  }
  if (modelColumn !== undefined) return outcomesOfLong(frame, modelColumn, options);
  const nested = modelsOfWide(frame, options.columns, ".");
  if (nested.size > 1) return outcomesOfWide(frame, withoutContainer(nested), options);
  const joined = modelsOfNames(names);
  if (joined.size > 1) return withNotes(outcomesOfWide(frame, joined, options), [namedModels(joined)]);
  const place = modelPlace(frame, parts);
  if (place === null) throw noModels(names, options);
  const what = place === FOLDER ? "the folder of a file" : "the name of a file";
  const note = `no column names the models: ${what} is taken for its model (--columns model=NAME names a column)`;
  return withNotes(outcomesOfLong(frame, place, options), [note]);
}

function withNotes(outcomes: FrameOutcomes, notes: readonly string[]): FrameOutcomes {
  return { ...outcomes, readingNotes: [...notes, ...(outcomes.readingNotes ?? [])] };
}

/** Refuses rows that hold outcomes of a model in a column of models, and of others in columns of their own. */
function needOneLayout(names: readonly string[], models: ReadonlyMap<string, ModelColumns>, model?: string): void {
  const ofModels = new Set([...models.values()].flatMap((columns) => Object.values(columns)));
  const rest = names.filter((name) => !ofModels.has(name));
  const quality = findColumn(rest, "quality", {});
  const cost = findColumn(rest, "costUsd", {});
  if (model === undefined || quality === undefined || cost === undefined) return;
  throw new TypeError(
    `outcomes must stand in one layout: rows have those of the models in "${model}", columns those of ${
      listed([...models.keys()], 3)
    }; read the rows by columns.model (--columns "model=${model}"), or take "${quality}" out of the file to read the columns`,
  );
}

/** Columns that the rows of a folder's files have beside their own. */
const FOLDER = "file.folder";
const FILE = "file.name";

/** The source of the models' names in a folder: a folder for each, or a file for each. */
function modelPlace({ columns }: Frame, parts: readonly FramePart[]): string | null {
  if (parts.length < 2 || !columns.has(FILE)) return null;
  const folders = new Set(parts.map(({ path }) => /^(.*)[\\/]/.exec(path)?.[1] ?? ""));
  return folders.size > 1 && !folders.has("") ? FOLDER : FILE;
}

/** Reports everything that a table lacks at once, with the columns that may be meant. */
function noModels(names: readonly string[], { columns, responseCostUsd }: LayoutOptions): TypeError {
  const lacks = (field: "quality" | "costUsd"): boolean => findColumn(names, field, columns) === undefined;
  const missing = [
    ...(findColumn(names, "promptId", columns) === undefined && findColumn(names, "prompt", columns) === undefined
      ? ["the prompts (promptId=NAME or prompt=NAME)"]
      : []),
    ...(lacks("quality") ? ["the quality (quality=NAME)"] : []),
    ...(lacks("costUsd") && responseCostUsd === undefined ? ["the cost (costUsd=NAME)"] : []),
  ];
  const likely = names.find((name) => /(^|_)(model|llm|generator|system)(_|$)/.test(plainName(name)));
  const also = missing.length === 0 ? "" : `; no column has a usual name for ${missing.join(", ")} either`;
  return new TypeError(
    `a long table must have a column ${
      CONVENTIONS.model.join(", ")
    }, a wide one columns "MODEL|quality" and "MODEL|cost_usd": ${
      found(names)
    }; name the column of models by columns.model (--columns ${
      likely === undefined ? "model=NAME" : `"model=${likely}"`
    })${also}`,
  );
}
