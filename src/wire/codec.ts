/**
 * Messages as objects, to protobuf and back by the static code that protobufjs makes of the message
 * tables: for OTLP/JSON, answers and statuses. What only passes through, or is looked at here and
 * there, is scanned and viewed instead.
 */
import { createRequire } from 'node:module'
import type protobuf from 'protobufjs/minimal.js'
import { createCodecs } from './generated/protobuf.js'
import { JSON_DEPTH_MAX } from './json-text.js'
import type { MessageName } from './messages.js'
import { asBuffer } from './reader.js'

/**
 * A message's fields by their JSON names: bytes as Buffers, enums as numbers, 64-bit integers as
 * `Long`s, and for writing also as numbers, decimal strings or `{ low, high }`.
 */
export type Fields = Readonly<Record<string, unknown>>

/** How deep messages may lie in one another. In JSON each is an object, so no tree goes deeper. */
const DEPTH_MAX = JSON_DEPTH_MAX

/**
 * In memory of just that size. Does not check: a value of another type becomes some value of the
 * field's type.
 */
export function encodeMessage(message: MessageName, fields: Fields): Buffer {
  const writer = codecOf(message).encode(fields)
  return writer.finishInto(Buffer.allocUnsafeSlow(writer.len))
}

/**
 * What is absent or the default is no own property, but for lists, which may be empty. Bytes are
 * views of `bytes`. Throws for what is malformed or nested too deep; what was scanned is neither.
 */
export function decodeMessage(message: MessageName, bytes: Uint8Array): Fields {
  return codecOf(message).decode(asBuffer(bytes))
}

interface Codec {
  encode(fields: Fields): protobuf.Writer
  decode(bytes: Uint8Array): Fields
}

let codecs: Readonly<Record<MessageName, Codec>> | undefined

/** protobufjs takes 10 to 15 ms to load, for which the start of an agent does not wait. */
function codecOf(message: MessageName): Codec {
  if (!codecs) {
    const runtime: typeof protobuf = createRequire(import.meta.url)('protobufjs/minimal.js')
    runtime.util.recursionLimit = runtime.Reader.recursionLimit = DEPTH_MAX
    codecs = createCodecs(runtime) as Readonly<Record<MessageName, Codec>>
  }
  return codecs[message]
}
