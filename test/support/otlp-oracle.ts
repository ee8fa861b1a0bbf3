/**
 * A second reader and writer of OTLP beside the scanner and the views: protobufjs, by the same
 * static code that the agent has. Its reflection would be no other opinion, for it makes that code
 * at run time, of the same tables.
 */
import protobuf from 'protobufjs/minimal.js'
import {
  decodeMessage as decodeFields,
  encodeMessage as encodeFields,
  type MessageName,
  REQUEST,
  type Signal,
} from '#wire'

/** Objects as tests write them: 64-bit integers as decimal strings, absent fields absent. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into any message
export type Plain = Record<string, any>

export function decodeMessage(message: MessageName, bytes: Uint8Array): Plain {
  return plain(decodeFields(message, bytes)) as Plain
}

export function encodeMessage(message: MessageName, object: Plain): Buffer {
  return encodeFields(message, object)
}

export function decodeRequest(signal: Signal, bytes: Uint8Array): Plain {
  return decodeMessage(REQUEST[signal], bytes)
}

export function encodeRequest(signal: Signal, object: Plain): Buffer {
  return encodeMessage(REQUEST[signal], object)
}

/** What protobufjs decoded, without its classes, its Longs and its empty lists. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  if (value instanceof protobuf.util.Long) return String(value)
  const present = Object.entries(value).filter(([, one]) => !Array.isArray(one) || one.length > 0)
  return Object.fromEntries(present.map(([name, one]) => [name, plain(one)]))
}
