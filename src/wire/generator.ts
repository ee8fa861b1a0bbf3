/**
 * Writes the scanner's text (generated/scan.ts) from the message tables: one function for each
 * message. `wasm/scanner.ts` writes the same as a module of WebAssembly.
 */
import { type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { groupsOf, knownFields, legacyField, reachable } from './scan-plan.js'
import { isMessage, REQUEST, RESPONSE, SIGNALS, wireTypeOf } from './schema.js'

/** The whole file. */
export function generateScanner(): string {
  const entries = ROOTS.map(
    (name) => `  ${name}: (bytes: Uint8Array): ScanResult => scanWhole(bytes, ${name}),\n`,
  )
  return `${HEADER}
/** Checks a whole message, and counts its items. Throws MalformedData. */
export const scans = {
${entries.join('')}}
${[...reachable(ROOTS)].map(scanFunction).join('')}`
}

/** Seen from the generated file. */
const CORE = '../scan-core.js'

const HEADER = `/**
 * Made from ../messages.ts by ../generator.ts: UPDATE=1 npx vitest run src/wire/generated.test.ts
 */
import {
  descend,
  fail,
  failEnd,
  id,
  longSize,
  restOfVarint,
  type ScanResult,
  scanWhole,
  state,
  text,
  unknown,
  varints,
} from '${CORE}'
`

/** What comes from outside as a whole. */
const ROOTS: readonly MessageName[] = [
  ...SIGNALS.flatMap((signal) => [REQUEST[signal], RESPONSE[signal]]),
  ...(['Status', 'RetryInfo', 'BadRequest'] as const),
]

function scanFunction(message: MessageName): string {
  const fields = Object.entries(MESSAGES[message])
  const known = knownFields(message)
  const once = groupsOf(message)
  const small = fields.filter(([, { number }]) => number < 16)
  const large = fields.filter(([, { number }]) => number >= 16)
  return `
function ${message}(bytes: Uint8Array, pos: number, end: number): void {
${once.size > 0 ? '  let seen = 0\n' : ''}  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
${small.map(([name, field]) => cases(message, name, field, once)).join('')}      default:
${large.map(([, field]) => largeTag(field)).join('')}${legacy(message)}        pos =
          unknown('${message}', ${known}, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('${message}', pos)
}
`
}

function cases(
  message: MessageName,
  name: string,
  field: FieldTable,
  once: Map<string, number>,
): string {
  const wire = wireTypeOf(field.type)
  const bit = once.get(field.oneof ?? name)
  const check =
    bit === undefined
      ? ''
      : `        if ((seen & ${bit}) !== 0) state.regular = false\n        seen |= ${bit}\n`
  // A view looks for the key first.
  const order = message === 'KeyValue' && name === 'key' ? keyFirst() : ''
  const single = `      case ${(field.number << 3) | wire}: // ${name}
${check}${order}${field.item ? '        state.items++\n' : ''}${value(field)}        break
`
  if (!field.repeated || wire === 2) return single
  return `${single}      case ${(field.number << 3) | 2}: // ${name}, packed
${sized(packed(wire))}        break
`
}

function keyFirst(): string {
  return '        if (seen !== 0) state.regular = false\n        seen |= 2\n'
}

function value(field: FieldTable): string {
  switch (wireTypeOf(field.type)) {
    case 0:
      return '        if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)\n'
    case 1:
      return '        pos += 8\n'
    case 5:
      return '        pos += 4\n'
    case 2:
      return sized(content(field))
  }
}

/** Reads a length, checks it, does `inside` with [pos, next) and goes on behind. */
function sized(inside: string): string {
  return `        {
          let size = bytes[pos++]!
          if (size > 127) {
            size = longSize(bytes, pos - 1)
            pos = state.at
          }
          const next = pos + size
          // Not so, too, when the length was read past the end and is undefined.
          if (!(next <= end)) fail('a length runs past what holds it', pos)
${inside}          pos = next
        }
`
}

function content({ type, idLength }: FieldTable): string {
  if (type === 'string') return '          text(bytes, pos, next)\n'
  if (idLength !== undefined) return `          id(pos, next, ${idLength})\n`
  if (type === 'ArrayValue' || type === 'KeyValueList') {
    return `          descend(pos)\n          ${type}(bytes, pos, next)\n          state.depth--\n`
  }
  return isMessage(type) ? `          ${type}(bytes, pos, next)\n` : ''
}

function packed(wire: 0 | 1 | 5): string {
  if (wire === 0) return '          varints(bytes, pos, next)\n'
  const bits = wire === 1 ? 7 : 3
  return `          if ((size & ${bits}) !== 0) fail('a packed list is cut short', pos)\n`
}

/** Tags of two bytes: the switch has seen the first. */
function largeTag(field: FieldTable, before = ''): string {
  const tag = (field.number << 3) | wireTypeOf(field.type)
  return `        if (tag === ${(tag & 127) | 128} && bytes[pos] === ${tag >> 7}) {
          pos++
${before}${value(field)}          break
        }
`
}

/** Read as what it became, so that nothing unchecked comes to `normalize`. */
function legacy(message: MessageName): string {
  const field = legacyField(message)
  return field ? largeTag(field, '          state.regular = false\n') : ''
}
