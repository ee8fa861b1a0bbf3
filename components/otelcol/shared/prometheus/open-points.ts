import type { Writer } from '#wire'
import {
  type ExemplarParts,
  type PointHead,
  writeHistogram,
  writeSummary,
} from './metric-points.js'
import type { Series } from './series.js'
import type { SeriesPart } from './series-kind.js'

/** A histogram or a summary that its series are put together to. */
interface OpenPoint {
  readonly data: 'histogram' | 'summary'
  readonly points: Writer
  readonly head: PointHead
  /** Bounds with counts, or quantiles with values. */
  readonly parts: (readonly [number, number])[]
  readonly exemplars: ExemplarParts[]
  count: number | undefined
  sum: number | undefined
  createdMs: number
  isStale: boolean
  /** How many samples it was made of. */
  samples: number
}

/** Points whose parts come as series of their own, until the batch is through. */
export class OpenPoints {
  readonly #drop: (reason: string, samples: number) => void
  readonly #byPlace = new Map<Writer, Map<string, OpenPoint>>()

  constructor(drop: (reason: string, samples: number) => void) {
    this.#drop = drop
  }

  add(
    points: Writer,
    data: OpenPoint['data'],
    part: SeriesPart,
    head: PointHead,
    { le, quantile }: Series,
    value: number,
    exemplars: readonly ExemplarParts[],
  ): void {
    const one = this.#find(points, data, head)
    one.samples++
    one.isStale ||= head.isStale
    one.exemplars.push(...exemplars)
    if (part === 'count') one.count = value
    else if (part === 'sum') one.sum = value
    else if (part === 'created') one.createdMs = value * 1000
    else one.parts.push([numberOf(part === 'bucket' ? le : quantile), value])
  }

  /** Writes all of them; how many there are. What has no count is dropped. */
  finish(): number {
    let written = 0
    for (const places of this.#byPlace.values()) {
      for (const one of places.values()) {
        if (one.count === undefined) this.#drop(`${one.data} without count`, one.samples)
        else {
          write(one, one.count)
          written++
        }
      }
    }
    return written
  }

  #find(points: Writer, data: OpenPoint['data'], head: PointHead): OpenPoint {
    let places = this.#byPlace.get(points)
    if (!places) {
      places = new Map()
      this.#byPlace.set(points, places)
    }
    const key = JSON.stringify([head.timeMs, ...head.labels])
    let one = places.get(key)
    if (!one) {
      one = {
        ...{ data, points, head, parts: [], exemplars: [], count: undefined, sum: undefined },
        ...{ createdMs: head.startMs, isStale: false, samples: 0 },
      }
      places.set(key, one)
    }
    return one
  }
}

function write(one: OpenPoint, count: number): void {
  const { points, parts, sum, exemplars, isStale, createdMs } = one
  const startMs = Number.isFinite(createdMs) ? Math.round(createdMs) : 0
  const head = { ...one.head, startMs, isStale }
  if (one.data === 'summary') writeSummary(points, head, { quantiles: parts, count, sum: sum ?? 0 })
  else writeHistogram(points, head, { buckets: parts, count, sum, exemplars })
}

/** Of a label's value; what is none is the bound above all. */
function numberOf(text = ''): number {
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  const value = /^\s*$/.test(text) ? Number.NaN : Number(text)
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
}
