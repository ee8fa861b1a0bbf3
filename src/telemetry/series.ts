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

/** Where lines of an exposition go: what each begins with, and its number with the end of line. */
export interface Lines {
  push(head: string, end: string): unknown
}

/**
 * One line, or for a histogram a handful, of an exposition. All but the number of a line is the
 * same each time, and kept: of a large exposition, joining texts is most of the work.
 */
export interface Series {
  /** `name` and `labels` are the same at each call. */
  write(to: Lines, name: string, labels: string): void
  points(labels: Labels): readonly Point[]
}

export class Cell implements Series, Counter, Gauge {
  #value = 0
  #head: string | undefined

  add(amount: number): void {
    this.#value += amount
  }

  set(value: number): void {
    this.#value = value
  }

  write(to: Lines, name: string, labels: string): void {
    this.#head ??= headOf(name, labels)
    to.push(this.#head, ending(this.#value))
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#value }]
  }
}

export class Reading implements Series {
  readonly #read: () => number
  #head: string | undefined

  constructor(read: () => number) {
    this.#read = read
  }

  write(to: Lines, name: string, labels: string): void {
    this.#head ??= headOf(name, labels)
    to.push(this.#head, ending(this.#read()))
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, value: this.#read() }]
  }
}

export class Readings implements Series {
  readonly #read: () => Iterable<readonly [Labels, number]>
  /** For those that read the same objects each time. */
  readonly #heads = new WeakMap<Labels, string>()

  constructor(read: () => Iterable<readonly [Labels, number]>) {
    this.#read = read
  }

  write(to: Lines, name: string): void {
    for (const [labels, value] of this.#read()) {
      let head = this.#heads.get(labels)
      if (head === undefined) {
        head = headOf(name, labelText(labels))
        this.#heads.set(labels, head)
      }
      to.push(head, ending(value))
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
  /** Of the buckets, the sum and the count. */
  #heads: readonly string[] | undefined

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

  write(to: Lines, name: string, labels: string): void {
    this.#heads ??= [
      ...[...this.#bounds, Number.POSITIVE_INFINITY].map((bound) => {
        const le = `le="${numberText(bound)}"`
        return headOf(`${name}_bucket`, labels ? `${labels},${le}` : le)
      }),
      headOf(`${name}_sum`, labels),
      headOf(`${name}_count`, labels),
    ]
    let count = 0
    for (const [index, inBucket] of this.#counts.entries()) {
      count += inBucket
      to.push(this.#heads[index]!, ending(count))
    }
    to.push(this.#heads.at(-2)!, ending(this.#sum))
    to.push(this.#heads.at(-1)!, ending(count))
  }

  points(labels: Labels): readonly Point[] {
    return [{ labels, bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }]
  }
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

/**
 * A line up to its number. V8 keeps a joined text as the tree of its parts, which would be walked
 * at every scrape: by way of bytes it is one piece.
 */
function headOf(name: string, labels: string): string {
  const head = labels === '' ? `${name} ` : `${name}{${labels}} `
  if (head.length * UTF8_BYTES_MAX > SCRATCH.length) return Buffer.from(head).toString()
  return SCRATCH.toString('utf8', 0, SCRATCH.write(head))
}

/** Of a UTF-16 unit. */
const UTF8_BYTES_MAX = 3
const SCRATCH = Buffer.allocUnsafe(4096)

function ending(value: number): string {
  return `${numberText(value)}\n`
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
