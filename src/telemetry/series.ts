import type { Counter, Gauge, Histogram, Labels } from '#sdk'

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

/** One line, or for a histogram a handful, of an exposition. */
export interface Series {
  lines(name: string, labels: string): string
  points(labels: Labels): readonly Point[]
}

export class Cell implements Series, Counter, Gauge {
  #value = 0

  add(amount: number): void {
    this.#value += amount
  }

  set(value: number): void {
    this.#value = value
  }

  lines(name: string, labels: string): string {
    return `${name}${braced(labels)} ${numberText(this.#value)}\n`
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#value }]
  }
}

export class Reading implements Series {
  readonly #read: () => number

  constructor(read: () => number) {
    this.#read = read
  }

  lines(name: string, labels: string): string {
    return `${name}${braced(labels)} ${numberText(this.#read())}\n`
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#read() }]
  }
}

export class Readings implements Series {
  readonly #read: () => Iterable<readonly [Labels, number]>

  constructor(read: () => Iterable<readonly [Labels, number]>) {
    this.#read = read
  }

  lines(name: string): string {
    let text = ''
    for (const [labels, value] of this.#read()) {
      text += `${name}${braced(labelText(labels))} ${numberText(value)}\n`
    }
    return text
  }

  points(): readonly Point[] {
    return Array.from(this.#read(), ([labels, value]) => ({ labels, value }))
  }
}

export class Buckets implements Series, Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array<number>(bounds.length + 1).fill(0)
  }

  record(value: number): void {
    let index = 0
    while (index < this.#bounds.length && value > this.#bounds[index]!) index++
    this.#counts[index]!++
    this.#sum += value
  }

  lines(name: string, labels: string): string {
    let text = ''
    let count = 0
    for (const [index, inBucket] of this.#counts.entries()) {
      count += inBucket
      const bound = this.#bounds[index]
      const le = `le="${bound === undefined ? '+Inf' : numberText(bound)}"`
      text += `${name}_bucket${braced(labels ? `${labels},${le}` : le)} ${count}\n`
    }
    text += `${name}_sum${braced(labels)} ${numberText(this.#sum)}\n`
    return `${text}${name}_count${braced(labels)} ${count}\n`
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }]
  }
}

export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escapeLabel)}"`)
    .join(',')
}

function escapeLabel(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
