import { type FamilyMetadata, metadataOf, type SampleBatch } from '#pdata'
import type { Clock } from '#sdk'
import type { EndpointValues } from './arguments.js'

interface Known {
  readonly metadata: FamilyMetadata
  /** By the monotonic clock. */
  sentAt: number
}

/** Metric families that are remembered; the oldest are forgotten, and sent anew when they come. */
const FAMILIES_MAX = 50_000

/** Help, type and unit of metrics: what is known, and when it was sent last. */
export class FamilyBook {
  readonly #clock: Clock
  readonly #config: EndpointValues['metadata_config']
  readonly #known = new Map<string, Known>()

  constructor(clock: Clock, config: EndpointValues['metadata_config']) {
    this.#clock = clock
    this.#config = config
  }

  /** What is to go of the metadata in a batch; 'all' where that is to stay as it is. */
  due(batch: SampleBatch): readonly FamilyMetadata[] | 'all' {
    const all = metadataOf(batch)
    if (all.length === 0) return 'all'
    const { send, max_samples_per_send: max } = this.#config
    const due = all.filter((one) => this.#note(one))
    if (!send) return []
    for (const { family } of due.slice(max)) this.#known.delete(family)
    return due.length === all.length && due.length <= max ? 'all' : due.slice(0, max)
  }

  /** Of a metric or of the family it is a part of, as `x_bucket` is of `x`. */
  find(metric: string): FamilyMetadata | undefined {
    const known = this.#known.get(metric)
    if (known) return known.metadata
    const suffix = SUFFIXES.find((one) => metric.endsWith(one))
    if (suffix === undefined) return undefined
    return this.#known.get(metric.slice(0, -suffix.length))?.metadata
  }

  /** True when it is to be sent now. */
  #note(metadata: FamilyMetadata): boolean {
    const { family, type, help, unit } = metadata
    const known = this.#known.get(family)
    const now = this.#clock.monotonic()
    const is = known?.metadata
    const isSame = is !== undefined && is.type === type && is.help === help && is.unit === unit
    if (isSame && now - known!.sentAt < this.#config.send_interval) return false
    this.#known.delete(family)
    this.#known.set(family, { metadata, sentAt: now })
    if (this.#known.size > FAMILIES_MAX) this.#known.delete(this.#known.keys().next().value!)
    return true
  }
}

/** Of metrics that are a part of their family. */
const SUFFIXES = ['_bucket', '_count', '_sum', '_total', '_created', '_info']
