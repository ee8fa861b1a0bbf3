/**
 * How a server answers an export: Export*ServiceResponse and its partial_success, in both
 * encodings.
 */
import { scans } from './generated/scan.js'
import { jsonToMessage } from './json-read.js'
import { parseJsonObject } from './json-text.js'
import { messageToJson } from './json-write.js'
import { type OtlpSignal, RESPONSE } from './schema.js'

export type Encoding = 'protobuf' | 'json'

/** What of a request was not taken, and why; with `rejected` 0 the message is a warning. */
export interface PartialSuccess {
  /** Spans, data points or log records. */
  readonly rejected: number
  readonly message: string
}

const REJECTED = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const satisfies Record<OtlpSignal, string>

/** Without `partial` the answer for full success: no bytes, or `{}`. */
export function encodeResponse(
  signal: OtlpSignal,
  encoding: Encoding,
  partial?: PartialSuccess,
): Uint8Array {
  if (!partial) return Buffer.from(encoding === 'json' ? '{}' : '')
  const tree = {
    partialSuccess: {
      [REJECTED[signal]]: String(partial.rejected),
      errorMessage: partial.message,
    },
  }
  if (encoding === 'json') return Buffer.from(JSON.stringify(tree))
  return jsonToMessage(RESPONSE[signal], tree)
}

/**
 * What an answer says was not taken; undefined for full success, which no body at all and an empty
 * partial_success say too. Throws MalformedData.
 */
export function decodeResponse(
  signal: OtlpSignal,
  encoding: Encoding,
  body: Uint8Array,
): PartialSuccess | undefined {
  if (body.length === 0) return undefined
  const name = RESPONSE[signal]
  const bytes = encoding === 'json' ? jsonToMessage(name, parseJsonObject(body)) : body
  scans[name](bytes)
  const { partialSuccess } = messageToJson(name, bytes)
  const { [REJECTED[signal]]: count = 0, errorMessage = '' } = Object(partialSuccess)
  const rejected = Math.max(0, Number(count))
  return rejected === 0 && errorMessage === '' ? undefined : { rejected, message: errorMessage }
}
