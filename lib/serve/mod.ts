/**
 * A router that answers requests: OpenAI's API in front of several models, with a log from which the next router can be
 * evaluated.
 *
 * @module
 */
export { ApiError, type ApiErrorDetails, type ApiErrorType } from "./api_error.ts";
export {
  decide,
  type Decision,
  type DecisionOptions,
  type LiveRouter,
  type LiveSetting,
  type PromptExpectation,
  type RoutedShare,
} from "./live_router.ts";
export { isLoopback, listen, type Listening, type ListenOptions } from "./listen.ts";
export { liveRouterOf, type LiveRouterOptions } from "./live_router_of.ts";
export { LiveServer, type LiveServerOptions } from "./live_server.ts";
export type { FinishedOptions } from "./_finished_requests.ts";
export type { LoggedPrompts } from "./log_line.ts";
export {
  EXAMPLE_CONFIG,
  parseServeConfig,
  type RoutedText,
  type ServeConfig,
  type UpstreamModel,
} from "./models_config.ts";
export { replay, type Replayed, type ReplayedPrompt, type ReplayOptions } from "./replay/replay.ts";
export { type Quantiles, type ReplayReport, replayReport } from "./replay/replay_report.ts";
export { type StandInLatency, type StandInOptions, type StandIns, startStandIns } from "./replay/stand_ins.ts";
export { type LogCounts, type LogSink, RequestLog, type RequestLogOptions } from "./request_log.ts";
export { WarehouseLog, type WarehouseLogOptions } from "./warehouse_log.ts";
export type { Random } from "../base/random.ts";
