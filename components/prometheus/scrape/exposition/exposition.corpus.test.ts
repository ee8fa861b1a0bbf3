/**
 * Expositions that Prometheus takes and refuses. Where its 2.42 was asked and took what a stricter
 * verdict refuses, so do we.
 */
import { describe, expect, test } from 'vitest'
import { corpus, type RecordedEntry, RecordingSink } from '#support'
import { chooseFormat, scrapeProtocol } from './content-type.js'
import { MalformedExposition } from './malformed-exposition.js'
import type { ExpositionOptions } from './options.js'
import { createExpositionParser } from './parser.js'

type Bytes = string | { readonly $base64: string }

interface Verdict {
  readonly id: string
  readonly input: Bytes
  readonly contentType?: string
  /** Null where it was not said. */
  readonly accept?: boolean | null
  readonly shouldParse?: boolean
  readonly prometheus242?: { readonly up: boolean; readonly samples: number } | null
}

interface Accepted {
  readonly id: string
  readonly contentType: string
  readonly options: Readonly<Record<string, boolean>>
  readonly input?: Bytes
  readonly inputRef?: string
  readonly entries: readonly Readonly<Record<string, unknown>>[]
}

interface Inputs {
  readonly inputs?: Readonly<Record<string, { readonly base64: string }>>
  readonly cases: readonly Accepted[]
}

interface Choice {
  readonly id: string
  readonly contentType: string
  readonly fallbackScrapeProtocol: string | null
  readonly parser: string | null
  readonly warnContains: string | null
}

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0'

const verdicts = ['verdicts', 'openmetrics-official'].map(
  (name) => [name, corpus<{ cases: readonly Verdict[] }>(`textparse/${name}.json`)] as const,
)

for (const [name, recorded] of verdicts) {
  describe.runIf(recorded)(name, () => {
    test.each(recorded?.cases ?? [])('$id', (one) => {
      const { accept, shouldParse, prometheus242: peer } = one
      const { entries, error } = parse(bytesOf(one.input), one.contentType ?? OPEN_METRICS, {})
      const isTaken = (accept ?? shouldParse ?? false) || (peer?.up ?? false)
      expect(error === undefined, error?.message).toBe(isTaken)
      const samples = entries.filter(({ kind }) => kind === 'series')
      if (peer?.up) expect(samples).toHaveLength(peer.samples)
    })
  })
}

for (const name of ['accepts', 'protobuf']) {
  const recorded = corpus<Inputs>(`textparse/${name}.json`)
  describe.runIf(recorded)(name, () => {
    test.each(recorded?.cases ?? [])('$id', (one) => {
      const { inputRef = '' } = one
      const input = one.input ?? { $base64: recorded?.inputs?.[inputRef]?.base64 ?? '' }
      const { entries, error } = parse(bytesOf(input), one.contentType, optionsOf(one.options))
      expect(error).toBeUndefined()
      const said = one.entries.filter(({ kind }) => kind !== 'comment').map(expectedEntry)
      const spoken = entries.filter(({ kind }) => kind !== 'end' && kind !== 'unconvertible')
      expect(spoken.map(comparable)).toEqual(said)
    })
  })
}

const choices = corpus<{ cases: readonly Choice[] }>('textparse/content-type.json')

describe.runIf(choices)('content-type', () => {
  test.each(choices?.cases ?? [])('$id', (one) => {
    const fallback = scrapeProtocol(one.fallbackScrapeProtocol ?? '')
    const { format = null, fault } = chooseFormat(one.contentType, fallback)
    expect(format).toBe(one.parser)
    expect(fault !== undefined, fault).toBe(one.warnContains !== null)
  })
})

function parse(
  input: Buffer,
  contentType: string,
  options: ExpositionOptions,
): { entries: readonly RecordedEntry[]; error: MalformedExposition | undefined } {
  const sink = new RecordingSink()
  const { format } = chooseFormat(contentType, undefined)
  const parser = createExpositionParser(format!, sink, options)
  try {
    parser.push(input)
    parser.end()
  } catch (error) {
    if (!(error instanceof MalformedExposition)) throw error
    return { entries: sink.entries, error }
  }
  expect(sink.entries.at(-1)).toEqual({ kind: 'end' })
  return { entries: sink.entries, error: undefined }
}

function bytesOf(input: Bytes): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : Buffer.from(input.$base64, 'base64')
}

function optionsOf(options: Accepted['options']): ExpositionOptions {
  return {
    typeAndUnitLabels: options['typeAndUnitLabels'] ?? options['enableTypeAndUnitLabels'] ?? false,
    createdLines: options['skipCreatedSeries'] ?? false,
    ignoreNativeHistograms: options['ignoreNativeHistograms'] ?? false,
    convertClassicHistograms: options['convertClassicHistogramsToNHCB'] ?? false,
    keepClassicHistograms:
      options['parseClassicHistograms'] ?? options['keepClassicHistograms'] ?? false,
  }
}

/** Both sides in one form: an empty value is no label, what is absent is zero. */
function comparable(entry: RecordedEntry): unknown {
  if (entry.kind === 'help') return { kind: entry.kind, metric: entry.family, text: entry.help }
  if (entry.kind === 'unit') return { kind: entry.kind, metric: entry.family, text: entry.unit }
  if (entry.kind === 'type') return { kind: entry.kind, metric: entry.family, text: entry.type }
  if (entry.kind === 'series') {
    const { text: _, ...rest } = entry
    return rest
  }
  return entry
}

function expectedEntry(entry: Accepted['entries'][number]): unknown {
  const { kind, metric, labels, timestampMs, startTimestampMs, exemplars = [] } = entry
  if (kind !== 'series' && kind !== 'histogram') {
    return { kind, metric, text: entry[kind as string] }
  }
  const isSaid = ([, value]: readonly [string, unknown]) => value !== ''
  const times = {
    ...(!!timestampMs && { timestampMs }),
    ...(!!startTimestampMs && { startTimestampMs }),
  }
  return {
    kind,
    labels: Object.fromEntries(Object.entries(labels as object).filter(isSaid)),
    ...times,
    exemplars,
    ...(kind === 'series' && { value: numberOf(entry['value']) }),
    ...(kind === 'histogram' && { histogram: expectedHistogram(entry) }),
  }
}

function expectedHistogram({ histogram, float }: Accepted['entries'][number]): unknown {
  const said = histogram as Readonly<Record<string, unknown>>
  const list = (name: string) => ((said[name] as unknown[]) ?? []).map(numberOf)
  const spans = (name: string) =>
    ((said[name] as { Offset?: number; Length?: number }[]) ?? []).flatMap((span) => [
      span.Offset ?? 0,
      span.Length ?? 0,
    ])
  return {
    schema: said['Schema'] ?? 0,
    count: numberOf(said['Count'] ?? 0),
    sum: numberOf(said['Sum'] ?? 0),
    zeroThreshold: said['ZeroThreshold'] ?? 0,
    zeroCount: numberOf(said['ZeroCount'] ?? 0),
    isFloat: float,
    isGauge: said['CounterResetHint'] === 'GaugeType',
    negativeSpans: spans('NegativeSpans'),
    negative: list('NegativeBuckets'),
    positiveSpans: spans('PositiveSpans'),
    positive: list('PositiveBuckets'),
    bounds: list('CustomValues'),
  }
}

/** JSON has no numbers that are none, and none above 2^53. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return Number(value.replace('Inf', 'Infinity'))
  const { $int, $float } = value as { $int?: string; $float?: string }
  return numberOf($int === undefined ? $float : Number($int))
}
