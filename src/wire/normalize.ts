/**
 * The same request in the form that views read: each singular field and each oneof once (last one
 * wins, sub-messages merged), fields in the order of their numbers, legacy fields under their new
 * number. Unknown fields stay. Few senders need it, so it is made to be short.
 */
import { type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { FieldReader } from './reader.js'
import { isMessage, LEGACY_SCOPES_FIELD } from './schema.js'
import { Writer } from './writer.js'

type Range = readonly [start: number, end: number]

/** One field's occurrences: whole fields, or for messages their bodies. */
interface Kept {
  readonly field: FieldTable
  ranges: Range[]
}

export function normalize(message: MessageName, bytes: Uint8Array): Uint8Array {
  const writer = new Writer(bytes.length + 64)
  for (const kept of collect(message, bytes)) writeKept(writer, kept, bytes)
  for (const [start, end] of unknownFields(message, bytes)) writer.raw(bytes, start, end)
  return writer.written()
}

/** What counts of the known fields, by number. */
function collect(message: MessageName, bytes: Uint8Array): readonly Kept[] {
  const kept = new Map<number, Kept>()
  const chosen = new Map<string, number>()
  const reader = new FieldReader(bytes, 0, bytes.length)
  while (reader.next()) {
    const field = fieldOf(message, reader.number)
    if (!field) continue
    if (field.oneof !== undefined) {
      const before = chosen.get(field.oneof)
      if (before !== undefined && before !== field.number) kept.delete(before)
      chosen.set(field.oneof, field.number)
    }
    const range: Range = isMessage(field.type)
      ? [reader.value, reader.end]
      : [reader.start, reader.end]
    const held = kept.get(field.number)
    if (!held) kept.set(field.number, { field, ranges: [range] })
    else if (field.repeated || isMessage(field.type)) held.ranges.push(range)
    else held.ranges = [range]
  }
  const legacy = legacyScopes(message, bytes)
  if (legacy && !kept.has(legacy.field.number)) kept.set(legacy.field.number, legacy)
  return [...kept.values()].sort((a, b) => a.field.number - b.field.number)
}

function writeKept(writer: Writer, { field, ranges }: Kept, bytes: Uint8Array): void {
  const { type, number, repeated } = field
  if (!isMessage(type)) {
    for (const [start, end] of ranges) writer.raw(bytes, start, end)
    return
  }
  const bodies = ranges.map(([start, end]) => bytes.subarray(start, end))
  // Merging two encoded messages is putting one behind the other.
  for (const body of repeated ? bodies : [Buffer.concat(bodies)]) {
    writer.field(number, normalize(type, body))
  }
}

/**
 * Senders from before 0.16 fill field 1000; where both are filled, it is to be ignored (proto
 * comments of 0.15).
 */
function legacyScopes(message: MessageName, bytes: Uint8Array): Kept | undefined {
  const field = MESSAGES[message]
  const scopes = Object.values(field).find(({ type }) => /^Scope[A-Z]/.test(type))
  if (!scopes) return undefined
  const ranges: Range[] = []
  const reader = new FieldReader(bytes, 0, bytes.length)
  while (reader.next()) if (isLegacy(reader)) ranges.push([reader.value, reader.end])
  return ranges.length === 0 ? undefined : { field: scopes, ranges }
}

function unknownFields(message: MessageName, bytes: Uint8Array): readonly Range[] {
  const ranges: Range[] = []
  const reader = new FieldReader(bytes, 0, bytes.length)
  while (reader.next()) {
    if (fieldOf(message, reader.number) || isLegacy(reader)) continue
    ranges.push([reader.start, reader.end])
  }
  return ranges
}

function isLegacy(reader: FieldReader): boolean {
  return reader.number === LEGACY_SCOPES_FIELD && reader.wire === 2
}

function fieldOf(message: MessageName, number: number): FieldTable | undefined {
  return Object.values(MESSAGES[message]).find((field) => field.number === number)
}
