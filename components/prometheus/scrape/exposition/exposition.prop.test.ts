/** What is printed comes back, from each format the same, in whatever chunks it comes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  encodeFamilies,
  type Family,
  linesOf,
  printFamilies,
  type RecordedEntry,
  RecordingSink,
} from '#support'
import { anyFamily, anyFamilies as families } from '../../../../test/support/any-families.js'
import type { ExpositionOptions } from './options.js'
import { createExpositionParser, type ExpositionFormat } from './parser.js'
import { SeriesCache } from './series-cache.js'

const blank = fc.constantFrom('', ' ', '\t', ' \t ')

function parsed(
  format: ExpositionFormat,
  chunks: readonly Uint8Array[],
  options: ExpositionOptions = {},
): RecordingSink {
  const sink = new RecordingSink()
  const parser = createExpositionParser(format, sink, options)
  for (const chunk of chunks) parser.push(chunk)
  parser.end()
  return sink
}

function samplesOf({ entries }: RecordingSink): unknown[] {
  return entries
    .filter(({ kind }) => kind === 'series')
    .map(({ ...entry }: RecordedEntry) => {
      if (entry.kind !== 'series') return entry
      const { text: _, kind: __, ...rest } = entry
      return rest
    })
}

const SEED = { seed: 11, numRuns: 150 }

test('Prometheus text: samples, times, help', () => {
  fc.assert(
    fc.property(families, blank, (of, space) => {
      const text = printFamilies(of, { isOpenMetrics: false, blank: space })
      const sink = parsed('PrometheusText', [Buffer.from(text)])
      const expected = of.flatMap(linesOf).map(({ startTimestampMs: _, ...line }) => line)
      const plain = expected.map((line) => ({ ...line, exemplars: [] }))
      expect(samplesOf(sink)).toEqual(plain)
      const helps = sink.entries.flatMap((one) => (one.kind === 'help' ? [one] : []))
      const isBlank = /^[ \t]*$/
      expect(helps.map(({ family: name, help }) => [name, help])).toEqual(
        of.map(({ name, help }) => [name, isBlank.test(help) ? '' : help]),
      )
    }),
    SEED,
  )
})

test('OpenMetrics and protobuf say the same, and what was printed', () => {
  fc.assert(
    fc.property(families, (of) => {
      const text = printFamilies(of, { isOpenMetrics: true, blank: '' })
      const fromText = parsed('OpenMetricsText', [Buffer.from(text)], { createdLines: true })
      const fromProtobuf = parsed('PrometheusProto', [encodeFamilies(of)])
      expect(samplesOf(fromProtobuf)).toEqual(of.flatMap(linesOf))
      expect(samplesOf(fromText)).toEqual(of.flatMap(linesOf))
      const said = ({ entries }: RecordingSink) =>
        entries.filter(({ kind }) => kind === 'help' || kind === 'type')
      expect(said(fromText)).toEqual(said(fromProtobuf))
    }),
    SEED,
  )
})

test('a histogram becomes the same native one from a text and from protobuf', () => {
  const histograms = fc
    .uniqueArray(anyFamily, { minLength: 1, maxLength: 3, selector: ({ name }) => name })
    .map((of) => of.map((one) => ({ ...cumulative(one), type: 'histogram' as const })))
  fc.assert(
    fc.property(histograms, fc.boolean(), (of, keepClassicHistograms) => {
      const options = { convertClassicHistograms: true, keepClassicHistograms, createdLines: true }
      const text = printFamilies(of, { isOpenMetrics: true, blank: '' })
      const fromText = parsed('OpenMetricsText', [Buffer.from(text)], options)
      const fromProtobuf = parsed('PrometheusProto', [encodeFamilies(of)], options)
      const natives = ({ entries }: RecordingSink) =>
        entries.flatMap((one) => (one.kind === 'histogram' ? [withoutTimeless(one)] : []))
      expect(natives(fromText)).toHaveLength(of.flatMap(({ metrics }) => metrics).length)
      expect(natives(fromText)).toEqual(natives(fromProtobuf))
      expect(samplesOf(fromText)).toEqual(samplesOf(fromProtobuf))
    }),
    SEED,
  )
})

test('borders of chunks are nowhere to be seen', () => {
  const format = fc.constantFrom<ExpositionFormat>(
    'PrometheusText',
    'OpenMetricsText',
    'PrometheusProto',
  )
  fc.assert(
    fc.property(
      families,
      format,
      fc.boolean(),
      fc.infiniteStream(fc.nat(30)),
      (of, as, ahead, cuts) => {
        const body =
          as === 'PrometheusProto'
            ? encodeFamilies(of)
            : Buffer.from(printFamilies(of, { isOpenMetrics: as === 'OpenMetricsText', blank: '' }))
        const chunks: Buffer[] = []
        for (let at = 0; at < body.length; ) {
          const size = cuts.next().value
          chunks.push(body.subarray(at, at + size))
          at += size
        }
        const options = { createdLines: ahead }
        expect(parsed(as, chunks, options).entries).toEqual(parsed(as, [body], options).entries)
      },
    ),
    SEED,
  )
})

test('a cache changes nothing but what it says of a series', () => {
  const scrapes = fc.array(families, { minLength: 2, maxLength: 4 })
  const format = fc.constantFrom<ExpositionFormat>('OpenMetricsText', 'PrometheusProto')
  fc.assert(
    fc.property(scrapes, format, fc.boolean(), (bodies, as, convertClassicHistograms) => {
      const cache = new SeriesCache()
      const known = new Map<number, string>()
      // Each twice: the second time nothing is new.
      for (const [n, of] of bodies.flatMap((one) => [one, one]).entries()) {
        const body =
          as === 'PrometheusProto'
            ? encodeFamilies(of)
            : Buffer.from(printFamilies(of, { isOpenMetrics: true, blank: '' }))
        cache.begin()
        const options = { convertClassicHistograms }
        const sink = parsed(as, [body], { ...options, cache })
        expect(sink.entries).toEqual(parsed(as, [body], options).entries)
        checkRefs(sink, known, n % 2 === 1)
        // Lines that became part of a histogram were never handed on.
        cache.finish((ref) => expect(known.delete(ref) || convertClassicHistograms).toBe(true))
      }
    }),
    { seed: 12, numRuns: 80 },
  )
})

/** A ref stands for the same labels as long as it is not gone. */
function checkRefs(sink: RecordingSink, known: Map<number, string>, isRepeated: boolean): void {
  const series = sink.entries.flatMap((entry) =>
    entry.kind === 'series' || entry.kind === 'histogram' ? [JSON.stringify(entry.labels)] : [],
  )
  for (const [n, [ref, isNew]] of sink.refs.entries()) {
    if (isRepeated) expect(isNew).toBe(false)
    expect(known.has(ref)).toBe(!isNew)
    if (isNew) known.set(ref, series[n]!)
    expect(known.get(ref)).toBe(series[n])
  }
}

/** Counts that rise from bucket to bucket. */
function cumulative(one: Family): Family {
  const metrics = one.metrics.map((of) => {
    let below = 0
    const summed = of.steps.map((step) => {
      below += step.value
      return { ...step, value: below }
    })
    return { ...of, steps: summed, count: below }
  })
  return { ...one, metrics }
}

/** In protobuf those without a time are passed over already. */
function withoutTimeless(entry: Extract<RecordedEntry, { kind: 'histogram' }>): RecordedEntry {
  return { ...entry, exemplars: entry.exemplars.filter(({ timestampMs }) => timestampMs) }
}
