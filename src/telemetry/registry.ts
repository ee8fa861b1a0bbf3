import { setImmediate } from 'node:timers/promises'
import type { Counter, Gauge, Histogram, Labels, Meter } from '#sdk'
import { ExpositionText, linesOf } from './exposition-text.js'
import {
  Buckets,
  Cell,
  type Lines,
  labelText,
  type Point,
  Reading,
  Readings,
  type Series,
} from './series.js'

type Format = 'prometheus' | 'openmetrics'
export type MetricKind = 'counter' | 'gauge' | 'histogram'

interface Family {
  readonly kind: MetricKind
  readonly about: string
  readonly rows: Map<string, Row>
  /** By labels, what an exposition shows of them: until a row comes or goes. */
  shown: Shown | undefined
}

/** In arrays: the memory that stands together is read several times faster. */
interface Shown {
  readonly labels: readonly string[]
  readonly series: readonly Series[]
}

/** What stands under one set of labels. */
interface Row {
  readonly labels: Labels
  /**
   * Oldest first, and the oldest is shown: figures of an instance that is replaced stand until it
   * has drained, or for good where its successor does not start.
   */
  readonly all: Series[]
}

/** A metric with all that is known of it at the moment. */
export interface MetricFamily {
  /** Of a counter without `_total`. */
  readonly name: string
  readonly kind: MetricKind
  readonly about: string
  readonly points: readonly Point[]
}

/** The agent's own metrics. A scope's series vanish with it: removed components leave nothing. */
export class Registry {
  readonly #families = new Map<string, Family>()
  /** The next text is about as long. */
  #lastLength = 0

  /** A meter whose series all carry `labels`, until `close`. */
  scope(labels: Labels = {}): MeterScope {
    return new MeterScope(this.#families, labels)
  }

  /** Prometheus text 0.0.4 or OpenMetrics 1.0: they differ in counter names and the end mark. */
  render(format: Format): string {
    const text = new ExpositionText(this.#lastLength)
    for (const _ of this.#write(text, format));
    return text.bytes().toString()
  }

  /** The same in UTF-8; telemetry gets its turn in between. */
  async encode(format: Format): Promise<Uint8Array<ArrayBuffer>> {
    const text = new ExpositionText(this.#lastLength)
    let turnAt = TURN_BYTES
    for (const length of this.#write(text, format)) {
      if (length < turnAt) continue
      turnAt = length + TURN_BYTES
      await setImmediate()
    }
    this.#lastLength = text.length
    return text.bytes()
  }

  /** Yields the length so far after each family: within one, series may come and go meanwhile. */
  *#write(to: ExpositionText, format: Format): Generator<number, void> {
    for (const [name, described] of this.#sorted()) {
      const { kind, about } = described
      described.shown ??= shownOf(described)
      const sample = kind === 'counter' ? `${name}_total` : name
      const family = format === 'openmetrics' ? name : sample
      to.add(linesOf(`# HELP ${family} ${about}\n# TYPE ${family} ${kind}\n`))
      writeShown(to, sample, described.shown)
      yield to.length
    }
    if (format === 'openmetrics') to.add('# EOF\n')
  }

  /** The same as data. */
  families(): readonly MetricFamily[] {
    return this.#sorted().map(([name, { kind, about, rows }]) => ({
      name,
      kind,
      about,
      points: [...rows.values()].flatMap(({ labels, all }) => all[0]!.points(labels)),
    }))
  }

  #sorted(): readonly [string, Family][] {
    return [...this.#families].filter(([, { rows }]) => rows.size > 0).sort(byName)
  }
}

function shownOf({ rows }: Family): Shown {
  return { labels: [...rows.keys()], series: Array.from(rows.values(), ({ all }) => all[0]!) }
}

function writeShown(to: Lines, name: string, { labels, series }: Shown): void {
  for (let index = 0; index < series.length; index++) {
    series[index]!.write(to, name, labels[index]!)
  }
}

/** A few milliseconds' worth, the first time some 20. */
const TURN_BYTES = 256 * 1024

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

  #add(name: string, kind: MetricKind, about: string, series: Series, more: Labels = {}): void {
    const family: Family = this.#families.get(name) ?? {
      kind,
      about,
      rows: new Map(),
      shown: undefined,
    }
    this.#families.set(name, family)
    if (family.kind !== kind) throw new Error(`bug: ${name} is a ${family.kind}, not a ${kind}`)
    const labels = { ...this.#labels, ...more }
    const key = labelText(labels)
    const row = family.rows.get(key) ?? { labels, all: [] }
    family.rows.set(key, row)
    row.all.push(series)
    family.shown = undefined
    this.#owned.push(() => {
      row.all.splice(row.all.indexOf(series), 1)
      if (row.all.length === 0) family.rows.delete(key)
      family.shown = undefined
    })
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
