/**
 * Damaged expositions: a parser refuses them with an error of its own, or hands on what is sound;
 * where chunks begin never matters, nor does a cache. WEIR_SEED takes another run.
 */
import { expect, test } from 'vitest'
import {
  damage,
  encodeFamilies,
  type Family,
  printFamilies,
  type RecordedEntry,
  RecordingSink,
  randomFrom,
} from '#support'
import { MalformedExposition } from '../../components/prometheus/scrape/exposition/malformed-exposition.js'
import type { ExpositionOptions } from '../../components/prometheus/scrape/exposition/options.js'
import {
  createExpositionParser,
  type ExpositionFormat,
  FORMATS,
} from '../../components/prometheus/scrape/exposition/parser.js'
import { SeriesCache } from '../../components/prometheus/scrape/exposition/series-cache.js'

const ROUNDS = 1_500
const seed = Number(process.env['WEIR_SEED'] ?? 1)

const PIECES = (
  '{ } " \\ \\n \\" = , # _ : + - . e 0 1 1.5 -0 NaN +Inf 1e999 0x1 ' +
  'a{b="c"} {"a","b"="c"} le="1" quantile="x" __name__="a" # {a="b"} 1 ' +
  '9223372036854775808 é \u20ac \ud83d\ude00 \0 \r'
)
  .split(' ')
  .concat([' ', '  ', '\t', '\n', '\n\n', ' # {', '# EOF\n', '# HELP ', '# TYPE a histogram\n'])
  .concat([
    '# UNIT a_s s\n',
    '# TYPE a counter\na_total 1\na_created 2\n',
    '\na 1',
    'a_bucket{le="1"} 2\n',
  ])

const exemplar = { labels: { trace: 'é"\\' }, value: 0.5, timestampMs: 1_700_000_000_123 }
const steps = [
  { bound: 0.5, value: 1, exemplar },
  { bound: Infinity, value: 3 },
]
const metric = (n: number) => ({
  labels: { path: `/${n}\n`, 'a b': 'c' },
  ...{ value: n / 3, count: 3, sum: 1.25, steps, exemplar },
  ...{ timestampMs: 1_700_000_000_000 + n, startTimestampMs: 1_600_000_000_000 },
})
const FAMILIES: readonly Family[] = [
  {
    name: 'a_total',
    help: 'Some "help" \\ of\ntwo lines',
    type: 'counter',
    metrics: [metric(1), metric(2)],
  },
  { name: 'b', help: '', type: 'gauge', metrics: [metric(1)] },
  { name: 'c d', help: 'é', type: 'summary', metrics: [metric(1), metric(2)] },
  { name: 'e', help: 'x', type: 'histogram', metrics: [metric(1), metric(2)] },
]

const OPTIONS: readonly ExpositionOptions[] = [
  {},
  { createdLines: true },
  { typeAndUnitLabels: true, ignoreNativeHistograms: true },
  { convertClassicHistograms: true },
  { convertClassicHistograms: true, keepClassicHistograms: true, createdLines: true },
]

for (const format of FORMATS) {
  test(`${format} (seed ${seed})`, () => {
    const random = randomFrom(seed)
    const below = (limit: number) => Math.floor(random() * limit)
    const sample = sampleOf(format)
    const outcomes = { taken: 0, refused: 0 }
    const cache = new SeriesCache()
    for (let round = 0; round < ROUNDS; round++) {
      const body = round % 2 === 0 ? damage(sample, random) : spliced(sample, random)
      const options = OPTIONS[below(OPTIONS.length)]!
      const where = `seed ${seed} round ${round}`
      const whole = outcome(format, [body], options)
      const cut = outcome(format, chunksOf(body, random), options)
      expect(cut, where).toEqual(whole)
      cache.begin()
      const cached = outcome(format, [body], { ...options, cache })
      expect(cached, where).toEqual(whole)
      if (whole.error === undefined) cache.finish(() => {})
      else cache.abandon(() => {})
      outcomes[whole.error === undefined ? 'taken' : 'refused']++
    }
    // Damage that always or never breaks a body would find little.
    expect(Math.min(outcomes.taken, outcomes.refused)).toBeGreaterThan(ROUNDS / 40)
  })
}

function sampleOf(format: ExpositionFormat): Buffer {
  if (format === 'PrometheusProto') return encodeFamilies(FAMILIES)
  const isOpenMetrics = format === 'OpenMetricsText'
  return Buffer.from(printFamilies(FAMILIES, { isOpenMetrics, blank: '' }))
}

/** Pieces of the formats in place of others. */
function spliced(sample: Buffer, random: () => number): Buffer {
  let text = sample.toString('latin1')
  for (let count = random() * 3; count >= 0; count--) {
    const at = Math.floor(random() * text.length)
    const piece = PIECES[Math.floor(random() * PIECES.length)]!
    const bytes = Buffer.from(piece).toString('latin1')
    text = text.slice(0, at) + bytes + text.slice(at + Math.floor(random() * 4))
  }
  return Buffer.from(text, 'latin1')
}

function chunksOf(body: Buffer, random: () => number): Buffer[] {
  const chunks: Buffer[] = []
  const longest = 1 + Math.floor(random() * 200)
  for (let at = 0; at < body.length; ) {
    const size = Math.floor(random() * (longest + 1))
    // A copy that is spoilt afterwards, as a reused buffer would be.
    chunks.push(Buffer.from(body.subarray(at, at + size)))
    at += size
  }
  return chunks
}

interface Outcome {
  readonly entries: readonly RecordedEntry[]
  readonly error: string | undefined
}

function outcome(
  format: ExpositionFormat,
  chunks: readonly Buffer[],
  options: ExpositionOptions,
): Outcome {
  const sink = new RecordingSink()
  const parser = createExpositionParser(format, sink, options)
  try {
    for (const chunk of chunks) {
      parser.push(chunk)
      if (chunks.length > 1) chunk.fill(0)
    }
    parser.end()
  } catch (error) {
    if (!(error instanceof MalformedExposition)) throw error
    return { entries: sink.entries, error: error.message }
  }
  return { entries: sink.entries, error: undefined }
}
