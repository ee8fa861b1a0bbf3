/**
 * Writes the scanner's text (generated/scan.ts) from the message tables: one function for each
 * message. `wasm/scanner.ts` writes the same as a module of WebAssembly.
 */
import { type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { firstField, groupsOf, knownFields, legacyField, reachable } from './scan-plan.js'
import { isMessage, OTLP_SIGNALS, REQUEST, RESPONSE, SCANNED, wireTypeOf } from './schema.js'

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
  ...OTLP_SIGNALS.flatMap((signal) => [REQUEST[signal], RESPONSE[signal]]),
  ...(['Status', 'RetryInfo', 'BadRequest'] as const),
  ...Object.values(SCANNED).filter((name) => !OTLP_SIGNALS.some((one) => REQUEST[one] === name)),
]

function scanFunction(message: MessageName): string {
  const known = knownFields(message)
  const arms = Object.entries(MESSAGES[message]).flatMap(([name, field]) =>
    armsOf(message, name, field),
  )
  const legacy = legacyField(message)
  if (legacy) {
    const code = `        state.regular = false\n${value(legacy)}`
    // Read as what it became, so that nothing unchecked comes to `normalize`.
    arms.push({ tag: (legacy.number << 3) | 2, comment: 'legacy', code })
  }
  const first = firstField(message)
  const hasSeen = groupsOf(message).size > 0 || first
  return `
function ${message}(bytes: Uint8Array, pos: number, end: number): void {
${hasSeen ? '  let seen = 0\n' : ''}  while (pos < end) {
    const tag = bytes[pos++]!
    switch (tag) {
${arms.map(smallTag).join('')}      default:
${arms.map(largeTag).join('')}${first?.repeated ? seenIs(first.bit) : ''}        pos =
          unknown('${message}', ${known}, bytes, pos - 1, end)
    }
  }
  if (pos !== end) failEnd('${message}', pos)
}
`
}

/** What is done at a tag. */
interface Arm {
  readonly tag: number
  readonly comment: string
  readonly code: string
}

function armsOf(message: MessageName, name: string, field: FieldTable): Arm[] {
  const wire = wireTypeOf(field.type)
  const before = order(message, name, field)
  const single: Arm = {
    tag: (field.number << 3) | wire,
    comment: name,
    code: `${before}${field.item ? '        state.items++\n' : ''}${value(field)}`,
  }
  if (!field.repeated || wire === 2) return [single]
  const tag = (field.number << 3) | 2
  return [single, { tag, comment: `${name}, packed`, code: before + sized(packed(wire)) }]
}

/** Notes what has been seen, and whether it is regular that this field comes now. */
function order(message: MessageName, name: string, field: FieldTable): string {
  const bit = groupsOf(message).get(field.oneof ?? name)
  if (bit !== undefined) {
    return `        if ((seen & ${bit}) !== 0) state.regular = false\n${seenIs(bit)}`
  }
  const first = firstField(message)
  if (!first) return ''
  if (first.name !== name) return seenIs(first.bit)
  const check = '        if (seen !== 0) state.regular = false\n'
  return first.repeated ? check : check + seenIs(first.bit)
}

function seenIs(bit: number): string {
  return `        seen |= ${bit}\n`
}

/** Tags of one byte. */
function smallTag({ tag, comment, code }: Arm): string {
  if (tag > 127) return ''
  return `      case ${tag}: // ${comment}\n${code}        break\n`
}

/** Tags of two bytes: the switch has seen the first. */
function largeTag({ tag, comment, code }: Arm): string {
  if (tag < 128) return ''
  return `        if (tag === ${(tag & 127) | 128} && bytes[pos] === ${tag >> 7}) { // ${comment}
          pos++
${code}          break
        }
`
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
