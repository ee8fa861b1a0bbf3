/** Reading what targets expose: CPU time, one core. */

import { randomFrom } from '#support'
import { createExpositionParser } from '../../components/prometheus/scrape/exposition/parser.js'
import { SeriesCache } from '../../components/prometheus/scrape/exposition/series-cache.js'
import type { ExpositionSink, Sample } from '../../components/prometheus/scrape/exposition/sink.js'
import { median, type Row } from './rows.js'

const SERIES = 40_000
const CHUNK_SIZE = 64 * 1024
const LIMIT_MB = 80

type Asking = 'never' | 'new' | 'always'

/** Sums the values, and asks for the labels of some series. */
class SummingSink implements ExpositionSink {
  samples = 0
  sum = 0
  readonly #asking: Asking
  readonly #labels: string[] = []

  constructor(asking: Asking) {
    this.#asking = asking
  }

  sample({ series, value }: Sample): void {
    this.samples++
    this.sum += value
    if (this.#asking === 'always' || (this.#asking === 'new' && series.isNew)) {
      series.labels(this.#labels)
    }
  }

  metadata(): void {}
  histogram(): void {}
  exemplar(): void {}
  unconvertible(): void {}
  end(): void {}
}

export function expositionRows(rounds: number): readonly Row[] {
  const bodies = Array.from({ length: rounds + 1 }, (_, n) => exposition(n + 1))
  const repeated = bodies.map(() => bodies[0]!)
  const unseen = speeds(bodies, 'never')
  const labels = median(speeds(bodies, 'always'))
  const known = median(speeds(repeated, 'new', new SeriesCache()))
  return [
    {
      name: 'exposition in text, never seen before',
      value: `${median(unseen).toFixed(0)} MB/s`,
      limit: `>= ${LIMIT_MB} MB/s`,
      note: `${labels.toFixed(0)} MB/s with all labels as strings`,
      ok: median(unseen) >= LIMIT_MB,
    },
    {
      name: 'exposition in text, scraped again',
      value: `${known.toFixed(0)} MB/s`,
      limit: '',
      note: `${SERIES.toLocaleString('en')} series from the cache`,
      ok: true,
    },
  ]
}

/** MB a second of CPU time; the first body only warms up. */
function speeds(bodies: readonly Buffer[], asking: Asking, cache?: SeriesCache): number[] {
  const found = bodies.map((body) => {
    const before = process.cpuUsage()
    const sink = new SummingSink(asking)
    cache?.begin()
    const parser = createExpositionParser('PrometheusText', sink, cache ? { cache } : {})
    for (let at = 0; at < body.length; at += CHUNK_SIZE) {
      parser.push(body.subarray(at, at + CHUNK_SIZE))
    }
    parser.end()
    cache?.finish(() => {})
    const { user, system } = process.cpuUsage(before)
    if (sink.samples < SERIES) throw new Error(`${sink.samples} samples of ${SERIES}`)
    return body.length / (user + system)
  })
  return found.slice(1)
}

const BOUNDS = '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf'.split(' ')

/** As services write it: a third counters, a third gauges, a third in histograms. */
function exposition(seed: number): Buffer {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const lines: string[] = []
  let series = 0
  for (let family = 0; series < SERIES; family++) {
    const type = (['counter', 'gauge', 'histogram'] as const)[family % 3]!
    const name = `app_${type}_of_the_service_${family}`
    lines.push(`# HELP ${name} What it counts, in a few words.`, `# TYPE ${name} ${type}`)
    const metrics = type === 'histogram' ? 2 : 28
    for (let n = 0; n < metrics; n++) {
      const labels = `namespace="prod-${n % 7}",pod="web-${below(1e9).toString(36)}",code="${200 + (n % 5)}"`
      const of = type === 'histogram' ? histogramLines(name, labels, below) : undefined
      const value = type === 'counter' ? below(1e7) : random() * below(1000)
      lines.push(...(of ?? [`${name}{${labels}} ${value}`]))
      series += of?.length ?? 1
    }
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}

function histogramLines(name: string, labels: string, below: (limit: number) => number): string[] {
  let count = 0
  const buckets = BOUNDS.map((bound) => {
    count += below(1000)
    return `${name}_bucket{${labels},le="${bound}"} ${count}`
  })
  return [...buckets, `${name}_sum{${labels}} ${count / 7}`, `${name}_count{${labels}} ${count}`]
}
