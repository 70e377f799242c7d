import { EMBEDLLM } from "./_embedllm.ts";
import { LOG_FORMATS } from "../logs/log_formats.ts";
import { LLMROUTERBENCH } from "./_llmrouterbench.ts";
import { PARETOBANDIT } from "./_paretobandit.ts";
import { ROUTELLM } from "./_routellm.ts";
import { ROUTERARENA } from "./_routerarena.ts";
import { ROUTERBENCH, ROUTERBENCH_RAW } from "./_routerbench.ts";
import { ROUTEREVAL } from "./_routereval.ts";
import { SPROUT } from "./_sprout.ts";
import type { BenchmarkFormat, BenchmarkLayout, FormatContext } from "./layout.ts";
import type { Frame } from "../frame.ts";

/** The formats, in the order in which their columns are looked for. */
const FORMATS: readonly BenchmarkFormat[] = [
  ...LOG_FORMATS,
  ...[ROUTEREVAL, LLMROUTERBENCH, ROUTERARENA, SPROUT, EMBEDLLM, ROUTELLM],
  ...[PARETOBANDIT, ROUTERBENCH, ROUTERBENCH_RAW],
];

/**
 * The reading of a benchmark's frame: the format that the options name, else the one that its columns show unmistakably.
 *
 * @returns `null` where it is of none; the usual names are then used
 * @throws TypeError where the frame is not of the format named, naming the column looked for, those found, and the option that helps
 */
export function benchmarkLayout(frame: Frame, context: FormatContext): BenchmarkLayout | null {
  const { fileFormat, options: { format, pool, filter } } = context;
  if (pool !== undefined && !ROUTEREVAL.detects(frame, fileFormat)) {
    throw new TypeError(
      "a pool (--pool) must be a RouterEval dataset's group of models: the file is none; leave it out",
    );
  }
  if (filter !== undefined && !frame.columns.has("filter")) {
    throw new TypeError(
      "a filter (--filter) must be one of lm-evaluation-harness's samples: the file has none; leave it out",
    );
  }
  if (format === "any") return null;
  const benchmark = FORMATS.find((known) =>
    format === undefined ? known.detects(frame, fileFormat) : known.name === format
  );
  if (benchmark === undefined) return null;
  const layout = benchmark.layout(frame, context);
  const how = `read as ${benchmark.title}${
    format === undefined ? `, known by its columns (if it is none: --format any)` : ""
  }`;
  return { ...layout, notes: [how, ...(layout.notes ?? [])] };
}
