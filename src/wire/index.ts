export { decodeMessage, encodeMessage, type Fields } from './codec.js'
export type { ScalarType } from './fields.js'
export { jsonToRequest } from './json-read.js'
export { requestToJson } from './json-write.js'
export { MalformedData } from './malformed.js'
export { ENUMS, type FieldTable, MESSAGES, type MessageName } from './messages.js'
export { normalize } from './normalize.js'
export {
  asBuffer,
  endOfValue,
  endOfVarint,
  FieldReader,
  readInt64,
  readSint32,
  readUint32,
  readUint64,
} from './reader.js'
export { decodeResponse, type Encoding, encodeResponse, type PartialSuccess } from './response.js'
export { scanRequest } from './scan.js'
export {
  FIELD,
  isMessage,
  isOtlp,
  OTLP_SIGNALS,
  type OtlpSignal,
  perSignal,
  REQUEST,
  SCANNED,
  type Scanned,
  SIGNALS,
  type Signal,
  wireTypeOf,
} from './schema.js'
export { decodeStatus, encodeStatus, type FieldViolation } from './status.js'
export { SHA256_DIGITS, writeSha256 } from './wasm/hash.js'
export { ENTRY_SEVERITIES, ENTRY_SLOTS, LogEntryWriter } from './wasm/log-entry-writer.js'
export { type NumberProgram, NumberSeriesWriter } from './wasm/number-series-writer.js'
export { commonWords, copyWords, equalWords, viewOf } from './words.js'
export { copyBytes, digitsOf, sizeOfVarint, Writer } from './writer.js'
