/** What targets print arrives, scrape after scrape, and what they no longer print is stale. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePairs, receiveBatch, SampleBatchBuilder, SampleReader } from '#pdata'
import { encodeFamilies, type Family, linesOf, printFamilies } from '#support'
import { anyFamilies } from '../../../test/support/any-families.js'
import type { ExpositionOptions } from './exposition/options.js'
import { createExpositionParser, type ExpositionFormat } from './exposition/parser.js'
import { type SampleRules, ScrapeSink } from './scrape-sink.js'
import { TargetState } from './target-state.js'

const RULES: SampleRules = {
  ...{ honor_labels: true, honor_timestamps: true, honor_metadata: true, sample_limit: 0 },
  track_timestamps_staleness: true,
  metric_name_validation_scheme: 'utf8',
  ...{ label_limit: 0, label_name_length_limit: 0, label_value_length_limit: 0 },
  ...{ native_histogram_bucket_limit: 0, native_histogram_min_bucket_factor: 0 },
}

const TARGET = new Map([['z_target', 't']])

interface Point {
  readonly series: string
  readonly value: number | 'stale'
  readonly timestampMs: number
  readonly createdMs: number
}

/** One scrape of a body, the stale markers apart. */
function scraped(state: TargetState, format: ExpositionFormat, body: Buffer, at: number) {
  const builder = new SampleBatchBuilder()
  const options: ExpositionOptions = { cache: state.cache, createdLines: true }
  state.begin()
  const sink = new ScrapeSink(builder, state.table, TARGET, RULES, at)
  const parser = createExpositionParser(format, sink, options)
  parser.push(body)
  parser.end()
  state.commit(builder, at)
  return pointsOf(builder)
}

/** As whoever gets the batch reads it. */
function pointsOf(builder: SampleBatchBuilder): readonly Point[] {
  const reader = new SampleReader(receiveBatch('samples', Buffer.concat(builder.take().chunks)))
  const points: Point[] = []
  while (reader.nextSeries()) {
    const series = decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd).join('\u0000')
    while (reader.nextPoint()) {
      if (reader.kind !== 'sample') continue
      const value = reader.isStale ? 'stale' : reader.value
      const { timestampMs, createdTimestampMs: createdMs } = reader
      points.push({ series, value, timestampMs, createdMs })
    }
  }
  return points
}

function expected(families: readonly Family[], at: number): readonly Point[] {
  const seen = new Set<string>()
  return families.flatMap(linesOf).flatMap((line) => {
    const labels = Object.entries({ z_target: 't', ...line.labels }).filter(([, text]) => text)
    const byBytes = labels.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const series = byBytes.flat().join('\u0000')
    const isAgain = seen.has(series) && line.timestampMs === undefined
    seen.add(series)
    if (isAgain) return []
    const { value, timestampMs = at, startTimestampMs: createdMs = 0 } = line
    return [{ series, value, timestampMs, createdMs }]
  })
}

test.each([
  ['OpenMetricsText', (all) => Buffer.from(printFamilies(all, { blank: '', isOpenMetrics: true }))],
  ['PrometheusProto', (all) => encodeFamilies(all)],
] as const satisfies readonly (readonly [ExpositionFormat, (all: readonly Family[]) => Buffer])[])(
  '%s',
  (format, print) => {
    // Families come, stay and go.
    const scrapes = fc.array(fc.subarray([0, 1, 2, 3]), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(anyFamilies, { minLength: 4, maxLength: 4 }),
        scrapes,
        (sets, rounds) => {
          const state = new TargetState(TARGET, false)
          let before = new Set<string>()
          for (const [n, chosen] of rounds.entries()) {
            const at = 1000 + n
            const families = chosen.length > 0 ? sets[chosen[0]!]! : sets[0]!
            const points = scraped(state, format, print(families), at)
            const should = expected(families, at)
            expect(points.filter(({ value }) => value !== 'stale')).toEqual(should)
            const now = new Set(should.map(({ series }) => series))
            const stale = points.filter(({ value }) => value === 'stale')
            expect(stale.map(({ series }) => series).sort()).toEqual(
              [...before].filter((series) => !now.has(series)).sort(),
            )
            before = now
          }
        },
      ),
      { seed: 3, numRuns: 30 },
    )
  },
)
