/**
 * String literals as Go reads them: the escapes of double-quoted strings, raw strings in back
 * quotes.
 */

const ESCAPE = /\\(?:([abfnrtv\\"])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** A part of a string: text as it stands, one byte of UTF-8, or what is wrong with an escape. */
type Escape =
  | { readonly text: string; readonly length: number }
  | { readonly byte: number; readonly length: number }
  | { readonly fault: 'invalid-escape' | 'invalid-code-point'; readonly length: number }

/**
 * The text of a string literal; undefined where the parser has reported it as malformed.
 * `\x` and octal escapes are bytes of UTF-8; bytes that are none become U+FFFD.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0]
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined
  const inner = literal.slice(1, -1)
  if (quote === '`') return inner.includes('`') ? undefined : inner.replaceAll('\r', '')
  if (quote !== '"' || inner.includes('\n')) return undefined
  if (!inner.includes('\\')) return inner.includes('"') ? undefined : inner

  const parts: Buffer[] = []
  let from = 0
  for (let at = inner.indexOf('\\'); at >= 0; at = inner.indexOf('\\', from)) {
    const sequence = readEscape(inner, at)
    if ('fault' in sequence) return undefined
    const text = inner.slice(from, at)
    if (text.includes('"')) return undefined
    parts.push(Buffer.from(text))
    parts.push('byte' in sequence ? Buffer.of(sequence.byte) : Buffer.from(sequence.text))
    from = at + sequence.length
  }
  const rest = inner.slice(from)
  if (rest.includes('"')) return undefined
  parts.push(Buffer.from(rest))
  return Buffer.concat(parts).toString('utf8')
}

/**
 * Calls `report` for each bad escape of the body of a double-quoted string, with its place in
 * `text`.
 */
export function findBadEscapes(
  text: string,
  report: (code: 'invalid-escape' | 'invalid-code-point', start: number, end: number) => void,
): void {
  for (let at = text.indexOf('\\'); at >= 0; ) {
    const sequence = readEscape(text, at)
    if ('fault' in sequence) report(sequence.fault, at, at + sequence.length)
    at = text.indexOf('\\', at + sequence.length)
  }
}

function readEscape(text: string, at: number): Escape {
  ESCAPE.lastIndex = at
  const match = ESCAPE.exec(text)
  if (match === null) return { fault: 'invalid-escape', length: badLength(text, at) }
  const [{ length }, simple, octal, hex, short, long] = match
  if (simple !== undefined) return { text: SIMPLE[simple]!, length }
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8)
    return byte > 0xff ? { fault: 'invalid-code-point', length } : { byte, length }
  }
  if (hex !== undefined) return { byte: Number.parseInt(hex, 16), length }
  const code = Number.parseInt(short ?? long!, 16)
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
    ? { fault: 'invalid-code-point', length }
    : { text: String.fromCodePoint(code), length }
}

/** The backslash and the character after it, if that may not close the string. */
function badLength(text: string, at: number): number {
  const next = text.codePointAt(at + 1)
  if (next === undefined) return 1
  return next > 0xffff ? 3 : 2
}
