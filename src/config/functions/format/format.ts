/**
 * `string.format`: Go's Sprintf. Faults of a format do not fail; they show in the text, as in Go.
 */
import { Uint64, type Value } from '#sdk'
import { failure } from '../../fault.js'
import { LIMITS } from '../../limits.js'
import { type Flags, noFlags } from './directive.js'
import { goType, print } from './print.js'

/** Go reads no digit after a width, precision or argument number is above this. */
const NUMBER_MAX = 1_000_000

export function format(text: string, values: readonly Value[]): string {
  return new Formatter(text, values).run()
}

class Formatter {
  readonly #text: string
  readonly #values: readonly Value[]
  readonly #parts: string[] = []
  #length = 0
  /** The place in the text, and the next value. */
  #at = 0
  #next = 0
  /** A `[n]` was seen: values that are left over are no mistake. */
  #reordered = false
  /** Per directive: its `[n]`s name values there are; the last part read was a `[n]`. */
  #goodIndex = true
  #afterIndex = false

  constructor(text: string, values: readonly Value[]) {
    this.#text = text
    this.#values = values
  }

  run(): string {
    const text = this.#text
    while (this.#at < text.length) {
      const percent = text.indexOf('%', this.#at)
      const end = percent < 0 ? text.length : percent
      if (end > this.#at) this.#write(text.slice(this.#at, end))
      this.#at = end + 1
      if (percent >= 0) this.#directive()
    }
    if (!this.#reordered && this.#next < this.#values.length) this.#write(this.#extra())
    return this.#parts.join('')
  }

  /** Flags, [n], width, precision, [n], verb. */
  #directive(): void {
    this.#goodIndex = true
    this.#afterIndex = false
    const flags = this.#flags()
    this.#index()
    this.#width(flags)
    this.#precision(flags)
    if (!this.#afterIndex) this.#index()
    const code = this.#text.codePointAt(this.#at)
    const verb = code === undefined ? '' : String.fromCodePoint(code)
    this.#at += verb.length
    if (verb === '') this.#write('%!(NOVERB)')
    else if (verb === '%') this.#write('%')
    else if (!this.#goodIndex) this.#write(`%!${verb}(BADINDEX)`)
    else if (this.#next >= this.#values.length) this.#write(`%!${verb}(MISSING)`)
    else this.#write(print(this.#values[this.#next++]!, verb, forVerb(flags, verb)))
  }

  #flags(): Flags {
    const flags = noFlags()
    for (; ; this.#at++) {
      const name = FLAG_NAMES[this.#text[this.#at] ?? '']
      if (name === undefined) return flags
      flags[name] = true
    }
  }

  /** `[n]` makes the n-th value, from 1, the next. */
  #index(): void {
    this.#afterIndex = false
    if (this.#text[this.#at] !== '[') return
    this.#reordered = true
    const close = this.#text.indexOf(']', this.#at)
    if (close < 0) {
      this.#at++
      this.#goodIndex = false
      return
    }
    const number = wholeNumber(this.#text.slice(this.#at + 1, close))
    this.#at = close + 1
    this.#afterIndex = number !== undefined
    if (number !== undefined && number >= 1 && number <= this.#values.length)
      this.#next = number - 1
    else this.#goodIndex = false
  }

  #width(flags: Flags): void {
    if (this.#text[this.#at] === '*') {
      this.#at++
      const width = this.#numberFromValue()
      if (width === undefined) this.#write('%!(BADWIDTH)')
      else if (width < 0) Object.assign(flags, { width: -width, minus: true, zero: false })
      else flags.width = width
      this.#afterIndex = false
      return
    }
    flags.width = this.#number()
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false
  }

  #precision(flags: Flags): void {
    if (this.#text[this.#at] !== '.') return
    this.#at++
    if (this.#afterIndex) this.#goodIndex = false
    this.#index()
    if (this.#text[this.#at] === '*') {
      this.#at++
      const precision = this.#numberFromValue()
      if (precision !== undefined && precision >= 0) flags.precision = precision
      else this.#write('%!(BADPREC)')
      this.#afterIndex = false
      return
    }
    flags.precision = this.#number() ?? 0
  }

  /** Digits; too large a number swallows the rest of the text, as in Go. */
  #number(): number | undefined {
    const digits = /\d*/y
    digits.lastIndex = this.#at
    const [found] = digits.exec(this.#text)!
    if (found === '') return undefined
    const number = wholeNumber(found)
    this.#at = number === undefined ? this.#text.length : this.#at + found.length
    return number
  }

  #numberFromValue(): number | undefined {
    if (this.#next >= this.#values.length) return undefined
    const value = this.#values[this.#next++]!
    const whole = value instanceof Uint64 ? value.value : value
    if (typeof whole !== 'bigint' || whole > NUMBER_MAX || whole < -NUMBER_MAX) return undefined
    return Number(whole)
  }

  #extra(): string {
    const rest = this.#values.slice(this.#next).map((value) => {
      return value === null ? '<nil>' : `${goType(value)}=${print(value, 'v', noFlags())}`
    })
    return `%!(EXTRA ${rest.join(', ')})`
  }

  #write(text: string): void {
    this.#length += text.length
    if (this.#length > LIMITS.textLength) throw failure([], LIMITS.textTooLong)
    this.#parts.push(text)
  }
}

const FLAG_NAMES: Readonly<Record<string, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'>> = {
  '+': 'plus',
  '-': 'minus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero',
}

/** `%#v` is a verb of its own, and `%+v` forces no signs; `%w` shares their flags. */
function forVerb(flags: Flags, verb: string): Flags {
  if (verb !== 'v' && verb !== 'w') return flags
  return { ...flags, sharp: false, sharpV: flags.sharp, plus: false }
}

function wholeNumber(digits: string): number | undefined {
  if (!/^\d+$/.test(digits)) return undefined
  return Number(digits.slice(0, -1)) > NUMBER_MAX ? undefined : Number(digits)
}
