import {
  type Batch,
  decodePairs,
  encodeLabels,
  metadataOf,
  type SampleBatch,
  SampleBatchBuilder,
  SampleReader,
} from '#pdata'
import { compileRules, LabelCache, labelsOf, type Rule, relabel } from '#relabel'
import type { Context } from '#sdk'
import type { EndpointValues } from './arguments.js'
import { FamilyBook } from './family-book.js'

/** Series whose labels are remembered; others are worked out again. */
const CACHE_MAX = 50_000
const SEED_RANGE = 2 ** 32

/** What the cache has for a series that a rule drops. */
const DROPPED = new Uint8Array(0)

/** Makes of a batch what an endpoint is to get: external labels, relabelling, what it may take. */
export class Outgoing {
  readonly #externalLabels: ReadonlyMap<string, string>
  readonly #rules: readonly Rule[]
  readonly #cache: LabelCache<Uint8Array>
  readonly #sendsExemplars: boolean
  readonly #sendsHistograms: boolean
  readonly #builder = new SampleBatchBuilder()
  /** What is known of metrics, for metadata. */
  readonly families: FamilyBook
  /** The newest sample that came, milliseconds since the epoch; 0 before any. */
  newestMs = 0
  /** Samples and histograms of series that a rule drops, and histograms that are not sent. */
  readonly dropped = { series: 0, histograms: 0 }

  constructor(
    { clock, random }: Context,
    values: EndpointValues,
    externalLabels: ReadonlyMap<string, string>,
  ) {
    this.#externalLabels = externalLabels
    this.#rules = compileRules(values.write_relabel_config)
    this.#cache = new LabelCache(CACHE_MAX, Math.floor(random() * SEED_RANGE))
    this.#sendsExemplars = values.send_exemplars
    this.#sendsHistograms = values.send_native_histograms
    this.families = new FamilyBook(clock, values.metadata_config)
  }

  /** The batch itself where nothing is to change; undefined where nothing is left. */
  prepare(batch: Batch<'samples'>): SampleBatch | undefined {
    const changesLabels = this.#externalLabels.size > 0 || this.#rules.length > 0
    const due = this.families.due(batch)
    const isAsItIs = this.#look(batch) && !changesLabels && due === 'all'
    if (isAsItIs) return batch
    const builder = this.#builder
    const reader = new SampleReader(batch)
    while (reader.nextSeries()) {
      if (!changesLabels) {
        builder.beginSeries(reader.bytes, reader.labelsStart, reader.labelsEnd)
      } else {
        const labels = this.#labelsOf(reader)
        if (labels === DROPPED) {
          this.dropped.series += itemsIn(reader)
          continue
        }
        builder.beginSeries(labels)
      }
      this.#copyPoints(reader)
      builder.endSeries(reader.createdTimestampMs)
    }
    for (const one of due === 'all' ? metadataOf(batch) : due) builder.metadata(one)
    const prepared = builder.take(batch.client)
    return prepared.bytes === 0 ? undefined : prepared
  }

  /** True when no point of it is to be left out. */
  #look(batch: SampleBatch): boolean {
    const reader = new SampleReader(batch)
    let isWhole = true
    while (reader.nextSeries()) {
      while (reader.nextPoint()) {
        if (reader.kind !== 'exemplar') {
          this.newestMs = Math.max(this.newestMs, reader.timestampMs)
        }
        isWhole &&= this.#sends(reader)
      }
    }
    return isWhole
  }

  #sends({ kind }: SampleReader): boolean {
    if (kind === 'sample') return true
    return kind === 'histogram' ? this.#sendsHistograms : this.#sendsExemplars
  }

  #copyPoints(reader: SampleReader): void {
    const builder = this.#builder
    while (reader.nextPoint()) {
      if (!this.#sends(reader)) {
        if (reader.kind === 'histogram') this.dropped.histograms++
        continue
      }
      const items = reader.kind === 'exemplar' ? 0 : 1
      builder.copy(reader.bytes, reader.pointStart, reader.pointEnd, items)
    }
  }

  #labelsOf({ bytes, labelsStart, labelsEnd }: SampleReader): Uint8Array {
    const known = this.#cache.get(bytes, labelsStart, labelsEnd)
    if (known) return known
    const made = this.#make(decodePairs(bytes, labelsStart, labelsEnd))
    this.#cache.set(bytes, labelsStart, labelsEnd, made)
    return made
  }

  #make(pairs: readonly string[]): Uint8Array {
    // What comes later wins, and labels of the series are to.
    const all = [...this.#externalLabels]
    for (let n = 0; n < pairs.length; n += 2) all.push([pairs[n]!, pairs[n + 1]!])
    const labels = relabel(this.#rules, labelsOf(all))
    return labels === undefined || labels.length === 0 ? DROPPED : encodeLabels(labels)
  }
}

/** Samples and histograms of the series. */
function itemsIn(reader: SampleReader): number {
  let items = 0
  while (reader.nextPoint()) if (reader.kind !== 'exemplar') items++
  return items
}
