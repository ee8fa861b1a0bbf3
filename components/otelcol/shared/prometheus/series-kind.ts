import type { FamilyMetadata } from '#pdata'
import { ENUMS } from '#wire'

/** What the samples of a series are to a metric. */
export type SeriesPart = 'value' | 'bucket' | 'quantile' | 'sum' | 'count' | 'created'
/** What a family is in OTLP; `drop` has no place there. */
export type FamilyKind = 'gauge' | 'counter' | 'updown' | 'histogram' | 'summary' | 'drop'

export interface SeriesKind {
  readonly family: string
  readonly kind: FamilyKind
  readonly part: SeriesPart
}

const KINDS: Readonly<Record<string, FamilyKind>> = {
  COUNTER: 'counter',
  HISTOGRAM: 'histogram',
  SUMMARY: 'summary',
  INFO: 'updown',
  STATESET: 'updown',
  GAUGEHISTOGRAM: 'drop',
}

/** The word for a number of `MetricType`. */
export function typeWord(type: number): string {
  return ENUMS.MetricType[type] ?? 'UNKNOWN'
}

/**
 * Which family a series belongs to: by the metadata of its batch, else by its name and labels.
 * Without metadata `_total` tells a counter, `_bucket` with `le` a histogram and `quantile` a
 * summary; sums and counts go with those that the batch has series of.
 */
export class SeriesKinds {
  readonly #metadata: ReadonlyMap<string, FamilyMetadata>
  readonly #seen = new Map<string, FamilyKind>()

  constructor(metadata: readonly FamilyMetadata[]) {
    this.#metadata = new Map(metadata.map((one) => [one.family, one]))
  }

  aboutOf(family: string): FamilyMetadata | undefined {
    return this.#metadata.get(family) ?? this.#metadata.get(family.replace(/_(total|info)$/, ''))
  }

  /** To be told of all series of a batch before any is asked for. */
  see(name: string, hasBound: boolean, hasQuantile: boolean): void {
    if (hasBound && name.endsWith('_bucket')) this.#seen.set(name.slice(0, -7), 'histogram')
    else if (hasQuantile) this.#seen.set(name, 'summary')
  }

  kindOf(name: string, hasBound: boolean, hasQuantile: boolean): SeriesKind {
    const [, base = '', suffix = ''] = /^(.*)_(bucket|sum|count|created)$/s.exec(name) ?? []
    const kind = base === '' ? undefined : this.#kindOf(base)
    if (kind === 'drop') return { family: base, kind, part: 'value' }
    const part = suffix as SeriesPart
    if (suffix === 'bucket') {
      if (kind === 'histogram' && hasBound) return { family: base, kind, part }
    } else if (suffix === 'created') {
      if (kind === 'histogram' || kind === 'summary') return { family: base, kind, part }
      const counter = `${base}_total`
      if (kind === 'counter') return { family: counter, kind, part }
    } else if (kind === 'histogram' || kind === 'summary') return { family: base, kind, part }
    const own = this.#kindOf(name) ?? this.#byName(name)
    if (own === 'summary' && hasQuantile) return { family: name, kind: own, part: 'quantile' }
    // What its type has no place for is a number all the same.
    const plain = own === 'histogram' || own === 'summary' ? 'gauge' : own
    return { family: name, kind: plain, part: 'value' }
  }

  #kindOf(family: string): FamilyKind | undefined {
    const about = this.#metadata.get(family)
    if (!about || about.type === 0) return this.#seen.get(family)
    return KINDS[typeWord(about.type)] ?? 'gauge'
  }

  #byName(name: string): FamilyKind {
    const [, base = '', suffix] = /^(.*)_(total|info)$/s.exec(name) ?? []
    const kind = base === '' ? undefined : this.#kindOf(base)
    if (suffix === 'total') return kind === undefined || kind === 'counter' ? 'counter' : 'gauge'
    return suffix === 'info' && kind === 'updown' ? 'updown' : 'gauge'
  }
}
