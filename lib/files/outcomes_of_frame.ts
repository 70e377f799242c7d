import { benchmarkLayout } from "./benchmarks/benchmark_formats.ts";
import { type BenchmarkLayout, type FormatContext, type FramePart, nameFileOfRow } from "./benchmarks/layout.ts";
import { CONVENTIONS, findColumn, found, modelsOfWide } from "./column_names.ts";
import type { Frame } from "./frame.ts";
import type { LoadOptions } from "./load_options.ts";
import { outcomesOfLong } from "./long_layout.ts";
import type { FrameOutcomes, LayoutOptions } from "./table_of_cells.ts";
import { outcomesOfWide } from "./wide_layout.ts";

/** The outcomes of a frame, and the files that its rows stand in. */
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
    const benchmark = benchmarkLayout(frame, context);
    if (benchmark === null) return { ...readLayout(frame, withDefaults(context.options)), parts };
    parts = benchmark.parts ?? parts;
    return { ...readBenchmark(benchmark, context.options), parts };
  } catch (cause) {
    if (cause instanceof Error) nameFileOfRow(cause, parts);
    throw cause;
  }
}

function readBenchmark(
  { frame, models, columns, defaults, notes = [] }: BenchmarkLayout,
  options: LoadOptions,
): FrameOutcomes {
  const given = withDefaults({ ...defaults, ...options, columns });
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
function readLayout(frame: Frame, options: LayoutOptions): FrameOutcomes {
  const names = [...frame.columns.keys()];
  const models = modelsOfWide(frame, options.columns);
  if (options.columns.model === undefined && models.size > 0) return outcomesOfWide(frame, models, options);
  const modelColumn = findColumn(names, "model", options.columns);
  if (modelColumn !== undefined) return outcomesOfLong(frame, modelColumn, options);
  const nested = modelsOfWide(frame, options.columns, ".");
  if (nested.size > 1) return outcomesOfWide(frame, nested, options);
  throw new TypeError(
    `a long table must have a column ${
      CONVENTIONS.model.join(", ")
    }, a wide one columns "MODEL|quality" and "MODEL|cost_usd": ${
      found(names)
    }; name the column of models by columns.model (--columns model=NAME)`,
  );
}
