/** JSON (RFC 8259) read into values and written from them, as Go's encoding/json does it. */
import { Uint64, type Value } from '#sdk'
import { isArray, isObject } from '../kind.js'
import { LIMITS } from '../limits.js'
import { type NumberValue, numberOfText, toInt64 } from '../numbers.js'
import { jsonOfFloat, sortedKeys } from '../value-json.js'
import { DocumentFault, placeIn } from './document-fault.js'

/** All numbers as floats, or whole ones as whole numbers where they fit. */
export type JsonNumbers = 'floats' | 'kinds'

/** Throws `DocumentFault`. Of equal keys the last wins. */
export function parseJson(text: string, numbers: JsonNumbers): Value {
  return new JsonReader(text, numbers).read()
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const PLAIN = /[ !#-[\]-\uffff]*/y
const WORDS: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class JsonReader {
  readonly #text: string
  readonly #numbers: JsonNumbers
  #at = 0
  #depth = 0

  constructor(text: string, numbers: JsonNumbers) {
    this.#text = text
    this.#numbers = numbers
  }

  read(): Value {
    const value = this.#value()
    if (this.#next() !== '') throw this.#fault('the end of the text')
    return value
  }

  #value(): Value {
    const first = this.#next()
    if (first === '{') return this.#nested(() => this.#object())
    if (first === '[') return this.#nested(() => this.#array())
    if (first === '"') return this.#string()
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    return this.#number()
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > LIMITS.depth) throw new DocumentFault(LIMITS.tooDeep)
    this.#at++
    const value = read()
    this.#depth--
    return value
  }

  #object(): Value {
    const fields = new Map<string, Value>()
    if (this.#skip('}')) return fields
    for (;;) {
      if (this.#next() !== '"') throw this.#fault('a key in double quotes')
      const key = this.#string()
      if (!this.#skip(':')) throw this.#fault('":"')
      fields.set(key, this.#value())
      if (this.#skip('}')) return fields
      if (!this.#skip(',')) throw this.#fault('"," or "}"')
    }
  }

  #array(): Value {
    const items: Value[] = []
    if (this.#skip(']')) return items
    for (;;) {
      items.push(this.#value())
      if (this.#skip(']')) return items
      if (!this.#skip(',')) throw this.#fault('"," or "]"')
    }
  }

  #string(): string {
    const parts: string[] = []
    this.#at++
    for (;;) {
      PLAIN.lastIndex = this.#at
      const plain = PLAIN.exec(this.#text)![0]
      parts.push(plain)
      this.#at += plain.length
      const end = this.#text[this.#at]
      if (end === '"') break
      if (end !== '\\') throw this.#fault('the end of the string, in double quotes')
      parts.push(this.#escape())
    }
    this.#at++
    return wellFormed(parts.join(''))
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    const simple = ESCAPES[letter]
    const digits = this.#text.slice(this.#at + 2, this.#at + 6)
    if (simple === undefined && !(letter === 'u' && /^[\da-f]{4}$/i.test(digits))) {
      throw this.#fault('an escape such as \\n or \\u00e9')
    }
    this.#at += simple === undefined ? 6 : 2
    return simple ?? String.fromCharCode(Number.parseInt(digits, 16))
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at
    const found = NUMBER.exec(this.#text)?.[0]
    if (found === undefined) throw this.#fault('a value')
    const value = this.#numbers === 'floats' ? Number(found) : numberOfKind(found)
    if (typeof value === 'number' && !Number.isFinite(value)) throw this.#fault('a smaller number')
    this.#at += found.length
    return value
  }

  /** The next character that is no white space; "" at the end. */
  #next(): string {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#text[this.#at] ?? ''
  }

  #skip(character: string): boolean {
    const found = this.#next() === character
    if (found) this.#at++
    return found
  }

  #fault(expected: string): DocumentFault {
    return new DocumentFault(`expected ${expected} at ${placeIn(this.#text, this.#at)}`)
  }
}

function numberOfKind(text: string): NumberValue {
  if (/[.eE]/.test(text)) return Number(text)
  const whole = numberOfText(text)
  if (whole instanceof Uint64 && whole.value < 1n << 63n) return toInt64(whole)
  return whole ?? Number(text)
}

/** Half of a surrogate pair is no character. */
function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
}

/** Keys sorted by their bytes, and `<`, `>`, `&` escaped for HTML. Throws `DocumentFault`. */
export function writeJson(value: Value): string {
  if (isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (isObject(value)) {
    const fields = sortedKeys(value).map(
      (key) => `${jsonOfString(key)}:${writeJson(value.get(key)!)}`,
    )
    return `{${fields.join(',')}}`
  }
  if (typeof value === 'string') return jsonOfString(value)
  if (typeof value === 'number') {
    const text = jsonOfFloat(value)
    if (text === undefined) throw new DocumentFault('JSON has no infinity and no NaN')
    return text
  }
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint64) return String(value.value)
  if (value === null || typeof value === 'boolean') return String(value)
  throw new DocumentFault('JSON has no functions and no capsules')
}

function jsonOfString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
