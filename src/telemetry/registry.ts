import type { Counter, Gauge, Histogram, Labels, Meter } from '#sdk'

type Kind = 'counter' | 'gauge' | 'histogram'

interface Family {
  readonly kind: Kind
  readonly about: string
  /**
   * By labels, oldest first. The oldest is shown: figures of an instance that is replaced stand
   * until it has drained, or for good where its successor does not start.
   */
  readonly series: Map<string, readonly Series[]>
}

/** One line, or for a histogram a handful, of an exposition. */
interface Series {
  lines(name: string, labels: string): string
}

/** The agent's own metrics. A scope's series vanish with it: removed components leave nothing. */
export class Registry {
  readonly #families = new Map<string, Family>()

  /** A meter whose series all carry `labels`, until `close`. */
  scope(labels: Labels = {}): MeterScope {
    return new MeterScope(this.#families, labels)
  }

  /** Prometheus text 0.0.4 or OpenMetrics 1.0: they differ in counter names and the end mark. */
  render(format: 'prometheus' | 'openmetrics'): string {
    const parts: string[] = []
    for (const [name, { kind, about, series }] of [...this.#families].sort(byName)) {
      if (series.size === 0) continue
      const sample = kind === 'counter' ? `${name}_total` : name
      const family = format === 'openmetrics' ? name : sample
      parts.push(`# HELP ${family} ${about}\n# TYPE ${family} ${kind}\n`)
      for (const [labels, all] of series) parts.push(all[0]!.lines(sample, labels))
    }
    if (format === 'openmetrics') parts.push('# EOF\n')
    return parts.join('')
  }
}

export class MeterScope implements Meter {
  readonly #families: Map<string, Family>
  readonly #labels: Labels
  readonly #owned: (() => void)[] = []

  constructor(families: Map<string, Family>, labels: Labels) {
    this.#families = families
    this.#labels = labels
  }

  counter(name: string, about: string, labels?: Labels): Counter {
    const series = new Cell()
    this.#add(name, 'counter', about, series, labels)
    return series
  }

  gauge(name: string, about: string, labels?: Labels): Gauge {
    const series = new Cell()
    this.#add(name, 'gauge', about, series, labels)
    return series
  }

  histogram(name: string, about: string, bounds: readonly number[], labels?: Labels): Histogram {
    const series = new Buckets(bounds)
    this.#add(name, 'histogram', about, series, labels)
    return series
  }

  observeCounter(name: string, about: string, read: () => number, labels?: Labels): void {
    this.#add(name, 'counter', about, new Reading(read), labels)
  }

  observeGauge(name: string, about: string, read: () => number, labels?: Labels): void {
    this.#add(name, 'gauge', about, new Reading(read), labels)
  }

  /** Series that come and go, asked for when scraped. */
  observeMany(
    name: string,
    kind: 'counter' | 'gauge',
    about: string,
    read: () => Iterable<readonly [Labels, number]>,
  ): void {
    this.#add(name, kind, about, new Readings(read))
  }

  /** Removes every series that came through this scope. */
  close(): void {
    for (const remove of this.#owned.splice(0)) remove()
  }

  #add(name: string, kind: Kind, about: string, series: Series, labels: Labels = {}): void {
    const family: Family = this.#families.get(name) ?? { kind, about, series: new Map() }
    this.#families.set(name, family)
    if (family.kind !== kind) throw new Error(`bug: ${name} is a ${family.kind}, not a ${kind}`)
    const key = labelText({ ...this.#labels, ...labels })
    const all = family.series
    all.set(key, [...(all.get(key) ?? []), series])
    this.#owned.push(() => {
      const left = all.get(key)!.filter((one) => one !== series)
      if (left.length > 0) all.set(key, left)
      else all.delete(key)
    })
  }
}

class Cell implements Series, Counter, Gauge {
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
}

class Reading implements Series {
  readonly #read: () => number

  constructor(read: () => number) {
    this.#read = read
  }

  lines(name: string, labels: string): string {
    return `${name}${braced(labels)} ${numberText(this.#read())}\n`
  }
}

class Readings implements Series {
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
}

class Buckets implements Series, Histogram {
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
}

function labelText(labels: Labels): string {
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

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
