import type { Counter, Gauge, Histogram, Labels } from '#sdk'
import { linesOf } from './exposition-text.js'

/** What a series says at the moment: one number, or how values lie in buckets. */
export type Point = { readonly labels: Labels } & (
  | { readonly value: number }
  | {
      /** Upper ends, inclusive; the last bucket has none. */
      readonly bounds: readonly number[]
      /** One more than bounds, each for itself. */
      readonly counts: readonly number[]
      readonly sum: number
    }
)

/** Where lines of an exposition go. */
export interface Lines {
  /** Of `linesOf`. */
  add(lines: string): void
}

/** One line, or for a histogram a handful, of an exposition: kept until a number changes. */
export interface Series {
  /** `name` and `labels` are the same at each call. */
  write(to: Lines, name: string, labels: string): void
  points(labels: Labels): readonly Point[]
}

export class Cell implements Series, Counter, Gauge {
  #value = 0
  readonly #line = new Line()

  add(amount: number): void {
    this.#value += amount
  }

  set(value: number): void {
    this.#value = value
  }

  write(to: Lines, name: string, labels: string): void {
    to.add(this.#line.of(name, labels, this.#value))
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#value }]
  }
}

export class Reading implements Series {
  readonly #read: () => number
  readonly #line = new Line()

  constructor(read: () => number) {
    this.#read = read
  }

  write(to: Lines, name: string, labels: string): void {
    to.add(this.#line.of(name, labels, this.#read()))
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#read() }]
  }
}

export class Readings implements Series {
  readonly #read: () => Iterable<readonly [Labels, number]>
  /** For those that read the same objects each time. */
  readonly #lines = new WeakMap<Labels, Line>()

  constructor(read: () => Iterable<readonly [Labels, number]>) {
    this.#read = read
  }

  write(to: Lines, name: string): void {
    for (const [labels, value] of this.#read()) {
      let line = this.#lines.get(labels)
      if (line === undefined) {
        line = new Line()
        this.#lines.set(labels, line)
      }
      to.add(line.of(name, labels, value))
    }
  }

  points(): readonly Point[] {
    return Array.from(this.#read(), ([labels, value]) => ({ labels, value }))
  }
}

export class Buckets implements Series, Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #lines: string | undefined

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array<number>(bounds.length + 1).fill(0)
  }

  record(value: number): void {
    let index = 0
    while (index < this.#bounds.length && value > this.#bounds[index]!) index++
    this.#counts[index]!++
    this.#sum += value
    this.#lines = undefined
  }

  write(to: Lines, name: string, labels: string): void {
    this.#lines ??= this.#written(name, labels)
    to.add(this.#lines)
  }

  #written(name: string, labels: string): string {
    const before = labels === '' ? '' : `${labels},`
    let lines = ''
    let count = 0
    for (const [index, inBucket] of this.#counts.entries()) {
      count += inBucket
      const le = numberText(this.#bounds[index] ?? Number.POSITIVE_INFINITY)
      lines += lineOf(`${name}_bucket`, `${before}le="${le}"`, count)
    }
    lines += lineOf(`${name}_sum`, labels, this.#sum) + lineOf(`${name}_count`, labels, count)
    return linesOf(lines)
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }]
  }
}

class Line {
  #value = 0
  #text = ''

  of(name: string, labels: Labels | string, value: number): string {
    if (!Object.is(value, this.#value) || this.#text === '') {
      const text = typeof labels === 'string' ? labels : labelText(labels)
      this.#text = linesOf(lineOf(name, text, value))
      this.#value = value
    }
    return this.#text
  }
}

function lineOf(name: string, labels: string, value: number): string {
  return `${labels === '' ? name : `${name}{${labels}}`} ${numberText(value)}\n`
}

export function labelText(labels: Labels): string {
  let text = ''
  for (const [name, value] of Object.entries(labels)) {
    const escaped = SPECIAL.test(value) ? value.replace(/[\\"\n]/g, escapeLabel) : value
    text += `${text === '' ? '' : ','}${name}="${escaped}"`
  }
  return text
}

const SPECIAL = /[\\"\n]/

function escapeLabel(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
