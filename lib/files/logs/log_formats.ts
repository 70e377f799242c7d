import type { BenchmarkFormat } from "../benchmarks/layout.ts";
import { LM_EVAL } from "./_lm_eval.ts";

/** What evaluation tools write, in the order in which their columns are looked for. */
export const LOG_FORMATS: readonly BenchmarkFormat[] = [LM_EVAL];
