/**
 * The labels of a Loki stream as text: `{job="a", level="info"}`, in the syntax of Prometheus.
 *
 *     labels = "{" [ label { "," label } [ "," ] ] "}"
 *     label  = name "=" value
 *     name   = [a-zA-Z_][a-zA-Z0-9_]*
 *     value  = a string in double or single quotes with the escapes of Go, or in backquotes
 *
 * In canonical form labels are sorted by name, none is empty, `, ` lies between them and values
 * are in double quotes: equal sets are equal texts.
 */
import { MalformedData } from '#wire'

const NAME = '[a-zA-Z_][a-zA-Z0-9_]*'
const STRING = '"(?:[^"\\\\\\n]|\\\\.)*"|\'(?:[^\'\\\\\\n]|\\\\.)*\'|`[^`]*`'
const SPACE = '[ \\t\\r\\n]*'
const LABEL = new RegExp(`${SPACE}(${NAME})${SPACE}=${SPACE}(${STRING})${SPACE}`, 'y')
const BLANK = new RegExp(SPACE, 'y')
const ESCAPES = [
  ...['([abfnrtv\\\\\'"])', 'x([0-9a-fA-F]{2})', '([0-7]{3})'],
  ...['u([0-9a-fA-F]{4})', 'U([0-9a-fA-F]{8})', '.?'],
]
const ESCAPE = new RegExp(`\\\\(?:${ESCAPES.join('|')})`, 'g')
const SIMPLE: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"' },
}

/** Name, value, name, value ... in the order they are written. Throws `MalformedData`. */
export function parseLabelText(text: string): string[] {
  const open = skip(text, 0)
  if (text[open] !== '{') throw expected('"{"', text, open)
  const pairs: string[] = []
  const names = new Set<string>()
  let pos = skip(text, open + 1)
  while (text[pos] !== '}') {
    LABEL.lastIndex = pos
    const label = LABEL.exec(text)
    if (!label) throw expected('name="value"', text, pos)
    const [whole, name, quoted] = label
    if (names.has(name!)) throw new MalformedData(`labels: "${name}" is there twice`)
    names.add(name!)
    pairs.push(name!, unquote(quoted!))
    pos += whole.length
    if (text[pos] === ',') pos = skip(text, pos + 1)
    else if (text[pos] !== '}') throw expected('"," or "}"', text, pos)
  }
  const end = skip(text, pos + 1)
  if (end < text.length) throw expected('the end', text, end)
  return pairs
}

/**
 * Canonical text of name, value, name, value ... in any order; of several values for a name the
 * last counts. The names must be names of labels.
 */
export function labelText(pairs: readonly string[]): string {
  const labels = new Map<string, string>()
  for (let n = 0; n + 1 < pairs.length; n += 2) labels.set(pairs[n]!, pairs[n + 1]!)
  const sorted = [...labels]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}}`
}

/** A name of labels made of any text, as Prometheus's translation of OTLP makes it. */
export function labelName(text: string): string {
  const name = text.replace(/[^a-zA-Z0-9_]/gu, '_')
  if (/^\d/.test(name)) return `key_${name}`
  return name.startsWith('_') && !name.startsWith('__') ? `key${name}` : name
}

function skip(text: string, pos: number): number {
  BLANK.lastIndex = pos
  BLANK.exec(text)
  return BLANK.lastIndex
}

function expected(what: string, text: string, pos: number): MalformedData {
  const rest = text.slice(pos, pos + 20)
  const found = rest === '' ? 'the end' : JSON.stringify(rest)
  return new MalformedData(`labels: expected ${what} at ${pos}, found ${found}`)
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1)
  if (quoted[0] === '`' || !inner.includes('\\')) return inner
  // Bytes: `\x` and octal escapes may spell parts of a character.
  const parts: Buffer[] = []
  let from = 0
  for (const found of inner.matchAll(ESCAPE)) {
    parts.push(Buffer.from(inner.slice(from, found.index)), unescaped(found, quoted[0]!))
    from = found.index + found[0].length
  }
  parts.push(Buffer.from(inner.slice(from)))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts))
  } catch {
    throw new MalformedData(`labels: the value ${quoted.slice(0, 40)} is no UTF-8`)
  }
}

function unescaped(found: RegExpExecArray | RegExpMatchArray, quote: string): Buffer {
  const [whole, simple, hex, octal, short, long] = found
  const other = quote === '"' ? "'" : '"'
  if (simple !== undefined && simple !== other) return Buffer.from(SIMPLE[simple]!)
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)])
  const byte = octal === undefined ? Number.NaN : Number.parseInt(octal, 8)
  if (byte < 256) return Buffer.from([byte])
  const point = Number.parseInt(short ?? long ?? '', 16)
  if (point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)) {
    return Buffer.from(String.fromCodePoint(point))
  }
  throw new MalformedData(`labels: unknown escape ${whole}`)
}

function quote(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  return `"${value.replace(/[\x00-\x1f\x7f"\\]/g, escaped)}"`
}

function escaped(char: string): string {
  const simple = Object.keys(SIMPLE).find((name) => SIMPLE[name] === char)
  return simple ? `\\${simple}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
}
