import { LIMITS } from '../../limits.js'
import {
  FILTER_FUNCTIONS,
  FILTER_OPERATORS,
  type FilterFunction,
  type FilterOperator,
  type Path,
  type Segment,
  type Selector,
  type Test,
} from './path.js'

/** What is wrong with a path: what was expected, and where (characters from 1). */
export class PathFault extends Error {}

/** Throws `PathFault`. */
export function parsePath(text: string): Path {
  const parser = new PathParser(text)
  return parser.whole()
}

const NAME = /[^\s!"$&'()*+,\-./<=>@[\\\]`\p{Cc}]+/uy
const INTEGER = /-?\d+/y
const NUMBER = /-?\d+(\.\d+)?(e[+-]?\d+)?/iy
const WORD = /[A-Za-z]+/y

class PathParser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Path {
    const path = this.#path()
    if (this.#at < this.#text.length) throw this.#fault('".", "[" or the end of the path')
    return path
  }

  /** path = [ "$" | "@" | name ] { segment } */
  #path(): Path {
    const segments: Segment[] = []
    if (this.#skip('$')) segments.push({ kind: 'root' })
    else if (this.#skip('@')) segments.push({ kind: 'current' })
    else {
      const name = this.#take(NAME)
      if (name !== undefined) segments.push(select({ kind: 'name', name }))
    }
    for (;;) {
      const segment = this.#segment()
      if (!segment) return segments
      segments.push(segment)
    }
  }

  /** segment = "." ( name | "*" ) | ".." [ name | "*" | brackets ] | "*" | brackets */
  #segment(): Segment | undefined {
    if (this.#skip('..')) {
      const selectors = this.#named() ?? this.#brackets()
      return selectors ? { kind: 'select', selectors, deep: true } : { kind: 'everything' }
    }
    const dot = this.#skip('.')
    const selectors = dot || this.#text[this.#at] === '*' ? this.#named() : this.#brackets()
    if (dot && !selectors) throw this.#fault('a name or "*"')
    return selectors && { kind: 'select', selectors, deep: false }
  }

  #named(): readonly Selector[] | undefined {
    if (this.#skip('*')) return [{ kind: 'wildcard' }]
    const name = this.#take(NAME)
    return name === undefined ? undefined : [{ kind: 'name', name }]
  }

  /** brackets = "[" selector { "," selector } "]" */
  #brackets(): readonly Selector[] | undefined {
    if (!this.#skip('[')) return undefined
    const selectors: Selector[] = []
    do {
      this.#space()
      selectors.push(this.#selector())
      this.#space()
    } while (this.#skip(','))
    if (!this.#skip(']')) throw this.#fault('"," or "]"')
    return selectors
  }

  /**
   * selector = "*" | string | integer | [ integer ] ":" [ integer ] [ ":" [ integer ] ] | "?" test
   */
  #selector(): Selector {
    const first = this.#text[this.#at]
    if (this.#skip('*')) return { kind: 'wildcard' }
    if (first === '"' || first === "'") return { kind: 'name', name: this.#string() }
    if (this.#skip('?')) return { kind: 'filter', test: this.#test() }
    const start = this.#integer()
    this.#space()
    if (!this.#skip(':')) {
      if (start === undefined) throw this.#fault('a name in quotes, an index, "*", ":" or "?"')
      return { kind: 'index', index: start }
    }
    const end = this.#spacedInteger()
    const step = this.#skip(':') ? this.#spacedInteger() : undefined
    return { kind: 'slice', start, end, step: step ?? 1 }
  }

  /** Wraps around at 64 bits, as in Alloy. */
  #integer(): number | undefined {
    const digits = this.#take(INTEGER)
    return digits === undefined ? undefined : Number(BigInt.asIntN(64, BigInt(digits)))
  }

  #spacedInteger(): number | undefined {
    this.#space()
    const integer = this.#integer()
    this.#space()
    return integer
  }

  /** In either quotes, with JSON's escapes, `\'` and `\xHH`. */
  #string(): string {
    const quote = this.#text[this.#at]!
    const from = this.#at
    let text = ''
    for (this.#at++; ; ) {
      const next = this.#text[this.#at++]
      if (next === quote) return text
      if (next === undefined) {
        this.#at = from
        throw this.#fault('a string with its end')
      }
      text += next === '\\' ? this.#escape() : next
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? ''
    const simple = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }[letter]
    if (simple !== undefined) return simple
    if (/["'\\/]/.test(letter)) return letter
    const digits = letter === 'x' ? this.#take(/[\da-f]{2}/iy) : this.#take(/[\da-f]{4}/iy)
    if (digits === undefined || !/[xu]/i.test(letter)) throw this.#fault('an escape such as \\n')
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  /** test = operand { operator operand }, by the levels of operators */
  #test(level = 0): Test {
    const operators = FILTER_OPERATORS[level]
    if (!operators) return this.#operand()
    let left = this.#test(level + 1)
    for (;;) {
      const operator = this.#operator(operators)
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: this.#test(level + 1) }
    }
  }

  #operator(operators: readonly FilterOperator[]): FilterOperator | undefined {
    this.#space()
    return operators.find((operator) => this.#skip(operator))
  }

  /**
   * operand = "!" operand | "(" test ")" | path | list | pattern | string | number | word [
   * arguments ]
   */
  #operand(): Test {
    if (++this.#depth > LIMITS.depth / 10) throw this.#fault('fewer brackets')
    this.#space()
    const operand = this.#readOperand(this.#text[this.#at])
    this.#depth--
    return operand
  }

  #readOperand(first: string | undefined): Test {
    switch (first) {
      case '!':
        this.#at++
        return { kind: 'not', test: this.#operand() }
      case '(': {
        this.#at++
        const test = this.#test()
        this.#close(')')
        return test
      }
      case '@':
      case '$':
        return { kind: 'path', path: this.#path() }
      case '[':
        this.#at++
        return { kind: 'list', items: this.#tests(']') }
      case '/':
        return { kind: 'pattern', pattern: this.#pattern() }
      case '"':
      case "'":
        return { kind: 'value', value: this.#string() }
      default: {
        const number = this.#take(NUMBER)
        return number === undefined ? this.#word() : { kind: 'value', value: Number(number) }
      }
    }
  }

  #word(): Test {
    const word = this.#take(WORD) ?? ''
    if (WORD_VALUES.has(word)) return { kind: 'value', value: WORD_VALUES.get(word) }
    if (!Object.hasOwn(FILTER_FUNCTIONS, word)) {
      this.#at -= word.length
      throw this.#fault('a path, a value or a function')
    }
    const name = word as FilterFunction
    if (!this.#skip('(')) throw this.#fault('"("')
    const values = this.#tests(')')
    const count = FILTER_FUNCTIONS[name]
    if (values.length !== count) throw this.#fault(`${count} in the brackets of ${name}`)
    return { kind: 'call', name, arguments: values }
  }

  #tests(close: string): readonly Test[] {
    const tests: Test[] = []
    this.#space()
    if (this.#skip(close)) return tests
    do tests.push(this.#test())
    while (this.#skip(','))
    this.#close(close)
    return tests
  }

  #pattern(): string {
    const match = /\/((?:[^/\\]|\\.)*)\//y
    const pattern = this.#take(match)
    if (pattern === undefined) throw this.#fault('a pattern between slashes')
    return pattern.slice(1, -1).replaceAll('\\/', '/')
  }

  #close(bracket: string): void {
    this.#space()
    if (!this.#skip(bracket)) throw this.#fault(`"${bracket}"`)
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #skip(text: string): boolean {
    const found = this.#text.startsWith(text, this.#at)
    if (found) this.#at += text.length
    return found
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #fault(expected: string): PathFault {
    return new PathFault(`expected ${expected} at character ${this.#at + 1} of the path`)
  }
}

const WORD_VALUES: ReadonlyMap<string, boolean | null | undefined> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['Nothing', undefined],
])

function select(selector: Selector): Segment {
  return { kind: 'select', selectors: [selector], deep: false }
}
