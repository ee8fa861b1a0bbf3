/** What a verb prints of a value, as Go's fmt does it. */
import { Uint64, type Value } from '#sdk'
import { failure } from '../../fault.js'
import { isArray, isObject } from '../../kind.js'
import { describeKind } from '../../show.js'
import { sortedKeys } from '../../value-json.js'
import { type Flags, pad, padWithSpaces } from './directive.js'
import { type FloatVerb, formatFloat } from './float.js'
import { canBackquote, isPrintable, quote, quoteRune } from './quote.js'

const RUNE_MAX = 0x10ffff
const REPLACEMENT = 0xfffd

/** `verb` is one character. What it cannot print reads `%!d(string=hi)`. */
export function print(value: Value, verb: string, flags: Flags): string {
  if (verb === 'T' && value !== null) return pad(clipped(goType(value), flags), flags)
  if (value === null) {
    return verb === 'T' || verb === 'v' ? pad('<nil>', flags) : wrongVerb(value, verb, flags)
  }
  return printInner(value, verb, flags)
}

function printInner(value: Value, verb: string, flags: Flags): string {
  const wrong = () => wrongVerb(value, verb, flags)
  if (typeof value === 'boolean') {
    return verb === 't' || verb === 'v' ? pad(String(value), flags) : wrong()
  }
  if (typeof value === 'string') return printString(value, verb, flags) ?? wrong()
  if (typeof value === 'number') return printFloat(value, verb, flags) ?? wrong()
  if (typeof value === 'bigint') return printInteger(value, true, verb, flags) ?? wrong()
  if (value instanceof Uint64) {
    return printInteger(value.value, value.value < 1n << 63n, verb, flags) ?? wrong()
  }
  if (verb === 'p' || verb === 'w') return wrong()
  if (isArray(value)) {
    return printAll(value, ['[', ']'], flags, goType(value), (item) => printItem(item, verb, flags))
  }
  if (isObject(value)) {
    return printAll(sortedKeys(value), ['map[', ']'], flags, goType(value), (key) => {
      return `${printItem(key, verb, flags)}:${printItem(value.get(key)!, verb, flags)}`
    })
  }
  throw failure([], `string.format cannot print ${describeKind(value)}`)
}

function printAll<T>(
  items: readonly T[],
  [open, close]: readonly [string, string],
  { sharpV }: Flags,
  type: string,
  each: (item: T) => string,
): string {
  const texts = items.map(each)
  return sharpV ? `${type}{${texts.join(', ')}}` : `${open}${texts.join(' ')}${close}`
}

/** Inside of a list or an object null is a nil interface, whatever the verb. */
function printItem(value: Value, verb: string, flags: Flags): string {
  if (value === null) return flags.sharpV ? 'interface {}(nil)' : '<nil>'
  return printInner(value, verb, flags)
}

function wrongVerb(value: Value, verb: string, flags: Flags): string {
  if (value === null) return `%!${verb}(<nil>)`
  return `%!${verb}(${goType(value)}=${printInner(value, 'v', flags)})`
}

/** The Go type Alloy hands to fmt. */
export function goType(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return 'float64'
  if (value instanceof Uint64) return value.value < 1n << 63n ? 'int' : 'uint64'
  if (typeof value === 'bigint') return 'int'
  return isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

function printString(value: string, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? printQuoted(value, flags) : pad(clipped(value, flags), flags)
    case 's':
      return pad(clipped(value, flags), flags)
    case 'q':
      return printQuoted(value, flags)
    case 'x':
      return pad(hexOf(value, flags, '0x'), flags)
    case 'X':
      return pad(hexOf(value, flags, '0X').toUpperCase(), flags)
    default:
      return undefined
  }
}

function printQuoted(value: string, flags: Flags): string {
  const text = clipped(value, flags)
  if (flags.sharp && canBackquote(text)) return pad(`\`${text}\``, flags)
  return pad(quote(text, flags.plus), flags)
}

/** The precision of a string is its greatest number of characters. */
function clipped(text: string, { precision }: Flags): string {
  if (precision === undefined || text.length <= precision) return text
  return Array.from(text.slice(0, 2 * precision))
    .slice(0, precision)
    .join('')
}

function hexOf(text: string, { precision, space, sharp }: Flags, prefix: string): string {
  const bytes = Buffer.from(text).subarray(0, precision)
  if (bytes.length === 0) return ''
  const start = sharp ? prefix : ''
  if (!space) return start + bytes.toString('hex')
  return Array.from(bytes, (byte) => start + byte.toString(16).padStart(2, '0')).join(' ')
}

const BASES: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }

function printInteger(
  value: bigint,
  isSigned: boolean,
  verb: string,
  flags: Flags,
): string | undefined {
  if (verb === 'v') {
    return flags.sharpV && !isSigned
      ? wholeNumber(value, 'x', { ...flags, sharp: true })
      : wholeNumber(value, 'd', flags)
  }
  if (BASES[verb]) return wholeNumber(value, verb, flags)
  const rune = value < 0n || value > RUNE_MAX || isSurrogate(value) ? REPLACEMENT : Number(value)
  if (verb === 'c') return pad(String.fromCodePoint(rune), flags)
  if (verb === 'q') return pad(quoteRune(rune, flags.plus), flags)
  return verb === 'U' ? padWithSpaces(codePointText(value, flags), flags) : undefined
}

function isSurrogate(value: bigint): boolean {
  return value >= 0xd800n && value < 0xe000n
}

/**
 * The precision is the least number of digits; the zero flag makes the width one, without the sign.
 */
function wholeNumber(value: bigint, verb: string, flags: Flags): string {
  const { precision, width, plus, space, sharp, zero, minus } = flags
  if (precision === 0 && value === 0n) return padWithSpaces('', flags)
  const sign = value < 0n ? '-' : plus ? '+' : space ? ' ' : ''
  const least = precision ?? (zero && !minus && width !== undefined ? width - sign.length : 0)
  const plain = (value < 0n ? -value : value).toString(BASES[verb])
  const digits = (verb === 'X' ? plain.toUpperCase() : plain).padStart(least, '0')
  return padWithSpaces(sign + prefixOf(verb, sharp, digits) + digits, flags)
}

function prefixOf(verb: string, sharp: boolean, digits: string): string {
  if (verb === 'O') return sharp && !digits.startsWith('0') ? '0o0' : '0o'
  if (!sharp) return ''
  if (verb === 'o') return digits.startsWith('0') ? '' : '0'
  return verb === 'd' ? '' : `0${verb}`
}

function codePointText(value: bigint, { precision = 4, sharp }: Flags): string {
  const unsigned = BigInt.asUintN(64, value)
  const digits = unsigned.toString(16).toUpperCase().padStart(Math.max(precision, 4), '0')
  if (!sharp || unsigned > RUNE_MAX || isSurrogate(unsigned)) return `U+${digits}`
  const character = String.fromCodePoint(Number(unsigned))
  return isPrintable(character) ? `U+${digits} '${character}'` : `U+${digits}`
}

/** The verbs of floats, and the precision each has when none is given. */
const FLOAT_VERBS: Readonly<Record<string, readonly [FloatVerb, number | undefined]>> = {
  v: ['g', undefined],
  g: ['g', undefined],
  G: ['G', undefined],
  b: ['b', undefined],
  x: ['x', undefined],
  X: ['X', undefined],
  e: ['e', 6],
  E: ['E', 6],
  f: ['f', 6],
  F: ['f', 6],
}

function printFloat(value: number, verb: string, flags: Flags): string | undefined {
  const known = FLOAT_VERBS[verb]
  if (!known) return undefined
  const [spelling, usual] = known
  const precision = flags.precision ?? usual
  const negative = value < 0 || Object.is(value, -0)
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (Number.isNaN(value))
    return padWithSpaces(`${flags.plus || flags.space ? sign : ''}NaN`, flags)
  if (!Number.isFinite(value)) return padWithSpaces(`${sign || '+'}Inf`, flags)
  const plain = formatFloat(Math.abs(value), spelling, precision)
  const digits = flags.sharp && spelling !== 'b' ? withPoint(plain, spelling, precision) : plain
  if (sign !== '' && flags.zero && !flags.minus) {
    return sign + pad(digits, { ...flags, width: (flags.width ?? 0) - 1 })
  }
  return pad(sign + digits, flags)
}

/** `%#g` keeps the point and the zeros that `%g` leaves out; the others get a point at least. */
function withPoint(text: string, verb: FloatVerb, precision: number | undefined): string {
  const [, mantissa = '', exponent = ''] = /^(.*?)((?:[eE][+-]|[pP]).*)?$/.exec(text)!
  const pointed = mantissa.includes('.') ? mantissa : `${mantissa}.`
  if (!'gGx'.includes(verb)) return pointed + exponent
  const digits = pointed.replace('.', '').replace(/^0+(?=.)/, '').length
  return pointed + '0'.repeat(Math.max((precision ?? 6) - digits, 0)) + exponent
}
