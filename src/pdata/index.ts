export {
  isOtlp,
  OTLP_SIGNALS,
  type OtlpSignal,
  perSignal,
  SIGNALS,
  type Signal,
} from '#wire'
export { type Attributes, attributeKey } from './attributes.js'
export {
  Batch,
  type BatchLimits,
  type ClientInfo,
  type EntryBatch,
  type Gathering,
  type OtlpBatch,
  type SampleBatch,
} from './batch.js'
export { BytePool } from './byte-pool.js'
export { dealBatch } from './deal.js'
export { EntryBatchBuilder } from './entry-batch-builder.js'
export { EntryReader } from './entry-reader.js'
export { ItemEdits, type KeyEdit } from './item-edits.js'
export { labelName, labelText, parseLabelText } from './label-text.js'
export {
  areCanonicalLabels,
  decodePairs,
  encodeLabels,
  encodeStructuredMetadata,
  PairReader,
  writeLabels,
} from './labels.js'
export type { Message } from './message.js'
export { joinBatches, receiveBatch } from './receive.js'
export { withoutCreated } from './remote-write.js'
export { encodeWriteTwo } from './remote-write-two.js'
export { pointsOf, Rewrite } from './rewrite.js'
export {
  type FamilyMetadata,
  SampleBatchBuilder,
  STALE_HIGH,
  STALE_LOW,
} from './sample-batch-builder.js'
export { metadataOf, type PointKind, SampleReader } from './sample-reader.js'
export { LAYOUT } from './shape.js'
export { groupBatch, splitBatch, splitBatchBytes } from './split.js'
export {
  type AttributeValue,
  decodeValue,
  encodeValue,
  type ValueKind,
  ValueView,
  valueText,
} from './value.js'
