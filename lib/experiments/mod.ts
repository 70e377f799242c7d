/** Questions asked of an evaluation: groups of prompts, what a router reads, how much is luck. @module */

export type { Progress, StageProgress } from "../base/progress.ts";
export {
  evaluateGroups,
  type GroupEvaluation,
  type GroupEvaluationOptions,
  type GroupSystem,
  type Seen,
  SMALLER_GROUPS,
} from "./group_evaluation.ts";
export { type GainOverSplits, gainsOverSplits, type OverSplitsOptions } from "./over_splits.ts";
export type { WorldSizes } from "./_trust_world.ts";
export { trustOfIntervals, type TrustOptions, type TrustRow, trustTable } from "./trust.ts";
export { type PairedCounts, pairedCounts } from "../evaluation/paired_counts.ts";
export { type SimultaneousInterval, simultaneousIntervals } from "../evaluation/simultaneous.ts";
export { cascadeRouting, type CascadeRoutingOptions } from "../evaluation/cascade_routing_system.ts";
export type { AnswerScore } from "../routers/fitted_judge.ts";
export { labelEconomics, type LabelEconomicsOptions, labelEconomicsTable, type LabelRow } from "./label_economics.ts";
export { labelEconomicsPanel } from "./label_economics_panel.ts";
export { negativeControl, type NegativeControlOptions } from "./negative_control.ts";
export {
  BEST_ROUTER,
  type SelectionOptimism,
  selectionOptimism,
  type SelectionOptimismOptions,
  type SpreadOverCuts,
} from "./selection_optimism.ts";
export {
  type Ablation,
  ablation,
  type AblationBase,
  type AblationFactor,
  type AblationGrid,
  type AblationOptions,
  type AblationReading,
  type AblationRow,
  type AblationText,
  type ReadingReport,
  type RouterMeasurement,
  type VectorPlaces,
} from "./ablation.ts";
export { ablationTable } from "./ablation_table.ts";
export { evaluateLogged, type JudgedPolicy, type LoggedEvaluation } from "./logged_evaluation.ts";
export { fetchOutcomes } from "../files/released/fetch_outcomes.ts";
export type { CommandResult, CommandRunner } from "../base/python_index.ts";
export { loadLoggedOutcomes, type LoggedLoadOptions } from "../files/load_logged.ts";
export { type LoggedOutcomes, loggedOutcomes, type LoggedPredictions } from "../outcomes/logged_outcomes.ts";
export { type AbTest, abTest } from "../evaluation/arms.ts";
export {
  evaluatePolicy,
  loggedMeans,
  type OffPolicyEvaluation,
  type OffPolicyOptions,
  type PolicyEstimate,
  type PolicyMeans,
} from "../evaluation/off_policy.ts";
export {
  type PolicySupport,
  policySupport,
  type PropensityConflict,
  propensityConflicts,
  type WeightedSupport,
} from "../evaluation/policy_support.ts";
export { constantPolicy, loggingPolicy, routerPolicy, type TargetPolicy } from "../evaluation/target_policy.ts";
