import type { CostQuality } from "../evaluation/cost_quality.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import type { SweepPoint } from "../evaluation/policy.ts";

/** An evaluation with its name. */
export interface NamedEvaluation {
  /** `mmlu`, …; `pooled` for all of them together. */
  readonly evalName: string;
  /** What was measured. */
  readonly evaluation: Evaluation;
  /** The same by the other protocol, with its own split and settings, not to be compared; `null` for none. */
  readonly byOther: Evaluation | null;
  /** Why learned routers are missing, if they are. */
  readonly leftOut: string | null;
  /** How well costs per prompt are predicted, model by model; not there where none were. */
  readonly costs?: readonly CostQuality[];
}

/** The oracle at every willingness to pay, on an evaluation's test prompts. */
export interface NamedOracleCurve {
  /** The evaluation. */
  readonly evalName: string;
  /** The evaluation's results. */
  readonly evaluation: Evaluation;
  /** The curve, from the null router to the paper's oracle. */
  readonly curve: readonly SweepPoint[];
}
