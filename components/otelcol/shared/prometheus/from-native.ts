import type { Fields } from '#wire'
import type { ExponentialParts, HistogramParts, SideParts } from './metric-points.js'

/** Buckets of one side at most: spans may claim any number of empty ones between them. */
const BUCKETS_MAX = 20_000
const CUSTOM_BUCKETS = -53
const SCHEMA_MIN = -4
const SCHEMA_MAX = 8
const GAUGE_HINT = 3

export type FromNative =
  | { readonly exponential: Omit<ExponentialParts, 'exemplars'> }
  | { readonly histogram: Omit<HistogramParts, 'exemplars'> }
  | { readonly reason: string }

/** A decoded NativeHistogram. Counts that are floats are rounded when they are written. */
export function fromNative(native: Fields): FromNative {
  const { schema = 0, resetHint = 0 } = native as { schema?: number; resetHint?: number }
  if (resetHint === GAUGE_HINT) return { reason: 'gauge histogram' }
  const count = numberOf(native, 'countFloat', 'countInt')
  const sum = Number(native['sum'] ?? 0)
  const positive = sideOf(native, 'positive')
  if (schema === CUSTOM_BUCKETS) {
    const bounds = (native['customValues'] ?? []) as readonly number[]
    return positive ? { histogram: { buckets: upTo(bounds, positive), count, sum } } : TOO_MANY
  }
  if (schema < SCHEMA_MIN || schema > SCHEMA_MAX) return { reason: 'unknown schema' }
  const negative = sideOf(native, 'negative')
  if (!positive || !negative) return TOO_MANY
  return {
    exponential: {
      ...{ scale: schema, count, sum, positive: lower(positive), negative: lower(negative) },
      zeroCount: numberOf(native, 'zeroCountFloat', 'zeroCountInt'),
      zeroThreshold: Number(native['zeroThreshold'] ?? 0),
    },
  }
}

const TOO_MANY = { reason: 'too many buckets' }

function numberOf(native: Fields, float: string, int: string): number {
  return Number((Object.hasOwn(native, float) ? native[float] : native[int]) ?? 0)
}

/** All buckets between the first and the last; undefined where those are too many. */
function sideOf(native: Fields, side: 'positive' | 'negative'): SideParts | undefined {
  const spans = (native[`${side}Spans`] ?? []) as readonly {
    readonly offset?: number
    readonly length?: number
  }[]
  const deltas = (native[`${side}Deltas`] ?? []) as readonly unknown[]
  const floats = (native[`${side}Counts`] ?? []) as readonly number[]
  const counts: number[] = []
  let [at, count] = [0, 0]
  for (const [n, { offset = 0, length = 0 }] of spans.entries()) {
    const gap = n === 0 ? 0 : Math.max(0, offset)
    if (counts.length + gap + length > BUCKETS_MAX) return undefined
    for (let empty = 0; empty < gap; empty++) counts.push(0)
    for (let bucket = 0; bucket < length; bucket++, at++) {
      count = floats.length > 0 ? (floats[at] ?? 0) : count + Number(deltas[at] ?? 0)
      counts.push(count)
    }
  }
  return { offset: spans[0]?.offset ?? 0, counts }
}

/** Prometheus tells a bucket by its upper bound, OTLP by its lower. */
function lower({ offset, counts }: SideParts): SideParts {
  return { offset: Math.max(offset - 1, -(2 ** 31)), counts }
}

function upTo(
  bounds: readonly number[],
  { offset, counts }: SideParts,
): readonly (readonly [number, number])[] {
  let total = 0
  return bounds.map((bound, n) => {
    total += counts[n - offset] ?? 0
    return [bound, total] as const
  })
}
