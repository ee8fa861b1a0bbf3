export {
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  Logger,
  type LogLevel,
  type LogSink,
  standardError,
} from './logger.js'
export { loggingBlock } from './logging-block.js'
export { OwnData } from './own-data.js'
export type { OwnSources } from './own-telemetry.js'
export { observeBudget, observeProcess } from './process-metrics.js'
export type { LogLine, RecentErrors } from './recent-errors.js'
export { type MeterScope, Registry } from './registry.js'
export { telemetryBlock, tracingBlock } from './telemetry-block.js'
export { type TraceRoot, type TraceSink, Tracing } from './tracing.js'
