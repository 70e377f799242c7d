import type { BenchmarkFormat } from "../benchmarks/layout.ts";
import { ALPACA_EVAL } from "./_alpaca_eval.ts";
import { HELM } from "./_helm.ts";
import { INSPECT } from "./_inspect.ts";
import { LITELLM } from "./_litellm.ts";
import { LM_EVAL } from "./_lm_eval.ts";
import { MT_BENCH } from "./_mt_bench.ts";
import { OTEL } from "./_otel.ts";
import { PROMPTFOO } from "./_promptfoo.ts";

/** Formats of evaluation tools, in the order in which their columns are checked. */
export const LOG_FORMATS: readonly BenchmarkFormat[] = [
  ...[LM_EVAL, INSPECT, PROMPTFOO, HELM, MT_BENCH, ALPACA_EVAL],
  ...[LITELLM, OTEL],
];
