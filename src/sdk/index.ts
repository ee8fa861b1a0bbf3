export { type Budget, type BudgetShare, MemoryBudget } from './budget.js'
export { CONSUMER_CAPSULES, type ConsumerCapsule, capsuleOf } from './capsules.js'
export { changeCase } from './case.js'
export {
  type Clock,
  type Deferred,
  deferred,
  settledOrAborted,
  sleep,
  systemClock,
  type Timer,
} from './clock.js'
export type {
  Activating,
  Caller,
  ClientAuth,
  Component,
  Consumer,
  Context,
  Foreseeing,
  GatheringConsumer,
  Handle,
  HandlerPower,
  Health,
  HealthReporting,
  Holding,
  Intake,
  Next,
  Powers,
  Remembering,
  Reservation,
  Reserving,
  ServerAuth,
  Storage,
} from './component.js'
export { folderOfId, idOfFolder, splitId } from './component-id.js'
export {
  type Definition,
  defineConfigBlock,
  defineExporter,
  defineExtension,
  defineImport,
  defineModuleBlock,
  defineProcessor,
  defineReceiver,
  type ExportShape,
  type Outputs,
  output,
  STABILITIES,
  type Stability,
} from './define.js'
export {
  type AttributeDescription,
  type BodyDescription,
  describeSchema,
  describeType,
  jsonSchemaOf,
  nameOfExport,
  nameOfType,
} from './describe.js'
export { DrainRate } from './drain-rate.js'
export {
  assert,
  failureOf,
  faultOf,
  isExpected,
  messageOf,
  Permanent,
  Retryable,
  systemCodeOf,
} from './errors.js'
export { ExportedConsumer, ExportedHandler, ExportedRules } from './exported.js'
export type { ExportFigures, Exporting } from './exporting.js'
export { findFiles } from './find-files.js'
export { Glob } from './glob.js'
export { Ledger, type LedgerCounts } from './ledger.js'
export type { Log, LogFields } from './log.js'
export type { Counter, Gauge, Histogram, Labels, Meter } from './meter.js'
export { Mutex } from './mutex.js'
export type {
  Address,
  Disk,
  DiskFile,
  DiskLock,
  DnsRecord,
  FileEntry,
  FileFacts,
  Files,
  Listening,
  Memory,
  Network,
  RecordType,
  Resource,
  Resources,
  Watcher,
} from './outside.js'
export { Poller } from './poller.js'
export { formatDuration, formatSize, parseDuration, parseSize, roundSize } from './quantity.js'
export {
  type Moved,
  type QueueContent,
  type Queued,
  type Queueing,
  type QueueName,
  type QueuePart,
  type QueueReport,
  queueText,
  type Totals,
  type Verdict,
} from './queueing.js'
export { compileRe2 } from './re2.js'
export { type Sample, sampleOf } from './sample.js'
export {
  type ArgumentsOf,
  type AttributeField,
  absentBlock,
  any,
  attributes,
  type BlockField,
  block,
  blocks,
  boolean,
  type Claim,
  choice,
  consumers,
  defaultsOf,
  duration,
  entries,
  type Field,
  type ForwardTo,
  forwardTo,
  handler,
  integer,
  label,
  list,
  listening,
  map,
  number,
  type Problem,
  relabelRules,
  type Schema,
  secret,
  size,
  string,
  stringOrSecret,
  type Target,
  type Type,
  type TypeShape,
  targets,
  type,
  type VariantsField,
  variants,
} from './schema.js'
export { OptionalSecret, Secret } from './secret.js'
export { lockHolder, systemDisk } from './system-disk.js'
export { reasonOf, systemFiles } from './system-files.js'
export { letHeapGrow, systemMemory } from './system-memory.js'
export { type Found, type TargetFinder, TargetSearch } from './target-search.js'
export { Capsule, FunctionValue, Uint64, type Value } from './value.js'
