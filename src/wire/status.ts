/** google.rpc.Status: how a server says why it failed, in both encodings. */
import { scans } from './generated/scan.js'
import { jsonToMessage } from './json-read.js'
import { isObject, parseJsonObject } from './json-text.js'
import { messageToJson } from './json-write.js'
import type { Encoding } from './response.js'

export interface RpcStatus {
  /** A google.rpc.Code, 0 to 16; servers may send others. */
  readonly code: number
  readonly message: string
  /** RetryInfo: wait at least so long; 0 invites a retry without naming a wait. */
  readonly retryDelayMs?: number
  /** BadRequest: what is wrong with which part of the request. */
  readonly violations?: readonly FieldViolation[]
}

export interface FieldViolation {
  readonly field: string
  readonly description: string
}

type Tree = Record<string, unknown>
type DetailType = 'RetryInfo' | 'BadRequest'

const TYPE_PREFIX = 'type.googleapis.com/google.rpc.'
const NANOS_PER_MS = 1_000_000

export function encodeStatus(encoding: Encoding, status: RpcStatus): Uint8Array {
  const { code, message, retryDelayMs, violations = [] } = status
  const isJson = encoding === 'json'
  const details: [DetailType, Tree][] = []
  if (retryDelayMs !== undefined) {
    const ms = Math.ceil(retryDelayMs)
    details.push(['RetryInfo', { retryDelay: isJson ? durationText(ms) : duration(ms) }])
  }
  if (violations.length > 0) details.push(['BadRequest', { fieldViolations: violations }])
  const tree = { code, message, ...(details.length > 0 && { details: details.map(any) }) }
  return isJson ? Buffer.from(JSON.stringify(tree)) : jsonToMessage('Status', tree)

  function any([type, detail]: [DetailType, Tree]): Tree {
    const typeUrl = TYPE_PREFIX + type
    if (isJson) return { '@type': typeUrl, ...detail }
    const value = Buffer.from(jsonToMessage(type, detail)).toString('base64')
    return { typeUrl, value }
  }
}

/**
 * Details of other types, and details that cannot be read, are passed over. Throws MalformedData.
 */
export function decodeStatus(encoding: Encoding, body: Uint8Array): RpcStatus {
  const tree = encoding === 'json' ? (parseJsonObject(body) as Tree) : binaryTree(body)
  let retryDelayMs: number | undefined
  let violations: readonly FieldViolation[] = []
  for (const detail of objects(tree['details'])) {
    const type = detailType(detail['@type'])
    if (type === 'RetryInfo') retryDelayMs = delayMs(detail['retryDelay']) ?? retryDelayMs
    if (type === 'BadRequest') {
      violations = objects(detail['fieldViolations']).map(({ field, description }) => ({
        field: textOf(field),
        description: textOf(description),
      }))
    }
  }
  return {
    code: Number.isInteger(tree['code']) ? Number(tree['code']) : 0,
    message: textOf(tree['message']),
    ...(retryDelayMs !== undefined && { retryDelayMs }),
    ...(violations.length > 0 && { violations }),
  }
}

/** A binary status as a tree, with the details that can be read in the place of their bytes. */
function binaryTree(body: Uint8Array): Tree {
  scans.Status(body)
  const tree: Tree = messageToJson('Status', body)
  const details = objects(tree['details']).map(({ typeUrl, value }) => {
    const type = detailType(typeUrl)
    if (!type) return {}
    const bytes = Buffer.from(textOf(value), 'base64')
    try {
      scans[type](bytes)
      return { '@type': typeUrl, ...messageToJson(type, bytes) }
    } catch {
      return {}
    }
  })
  return { ...tree, details }
}

function detailType(typeUrl: unknown): DetailType | undefined {
  const name = /(?:^|\/)google\.rpc\.(\w+)$/.exec(textOf(typeUrl))?.[1]
  return name === 'RetryInfo' || name === 'BadRequest' ? name : undefined
}

function duration(ms: number): Tree {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * NANOS_PER_MS }
}

/** With 0 or 3 decimals, as the JSON mapping of Duration wants it. */
function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${(ms / 1000).toFixed(3)}s`
}

/**
 * Milliseconds, rounded up, of a duration as JSON text or as the message; 0 for one that is missing
 * or negative; undefined for what is none.
 */
function delayMs(delay: unknown): number | undefined {
  if (delay === undefined || delay === null) return 0
  if (isObject(delay)) {
    const { seconds = 0, nanos = 0 } = delay as { seconds?: string; nanos?: number }
    return Math.max(0, Number(seconds) * 1000 + Math.ceil(nanos / NANOS_PER_MS))
  }
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(textOf(delay))
  if (!parts) return undefined
  const [, sign, seconds, fraction = ''] = parts
  const nanos = Number(fraction.padEnd(9, '0'))
  return sign === '-' ? 0 : Number(seconds) * 1000 + Math.ceil(nanos / NANOS_PER_MS)
}

function objects(list: unknown): readonly Tree[] {
  return (Array.isArray(list) ? list : []).filter(isObject) as Tree[]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
