export { SIGNALS, type Signal } from '#wire'
export { type Attributes, attributeKey } from './attributes.js'
export { Batch, type BatchLimits, type ClientInfo, type Gathering } from './batch.js'
export { BytePool } from './byte-pool.js'
export { ItemEdits, type KeyEdit } from './item-edits.js'
export type { Message } from './message.js'
export { joinBatches, receiveBatch } from './receive.js'
export { pointsOf, Rewrite } from './rewrite.js'
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
