import { expect, test } from 'vitest'
import type { ConfiguredHttpClient } from '#net'
import { Mutex } from '#sdk'
import { FakeClock, settle } from '#support'
import { ScrapeLoop, type ScrapeRun } from './scrape-loop.js'
import { scrapeTarget } from './target.js'
import { TargetState } from './target-state.js'

const INTERVAL_MS = 15_000
/** More than is parsed in one turn of the event loop. */
const LINES = 20_000

const DEFAULTS = {
  ...{ job_name: 'a', scheme: 'http', metrics_path: '/metrics', params: new Map() },
  ...{ scrape_interval: INTERVAL_MS, scrape_timeout: 10_000 },
  metric_name_validation_scheme: 'legacy',
} as const

const SETTINGS: ScrapeRun['settings'] = {
  ...{ protocols: [], fallback: undefined, escaping: 'underscores', wantsGzip: false },
  parsing: {},
  rules: {
    ...{ honor_labels: false, honor_timestamps: true, honor_metadata: false },
    ...{ track_timestamps_staleness: false, metric_name_validation_scheme: 'legacy' },
    ...{ sample_limit: 0, label_limit: 0, label_name_length_limit: 0 },
    ...{ label_value_length_limit: 0, native_histogram_bucket_limit: 0 },
    native_histogram_min_bucket_factor: 0,
  },
  refusal: undefined,
}

test('of answers that come at once, one is parsed after the other', async () => {
  const clock = new FakeClock()
  const bodies = new Map([
    ['large', Array.from({ length: LINES }, (_, n) => `m{n="${n}"} ${n}\n`).join('')],
    ['small', 'm 1\n'],
  ])
  const events: string[] = []
  const request = async ({ url }: { url: URL }) => {
    events.push(`asked ${url.hostname}`)
    const header = () => 'text/plain; version=0.0.4'
    return { status: 200, header, body: Buffer.from(bodies.get(url.hostname)!) }
  }
  const run: ScrapeRun = {
    clock,
    client: { request } as unknown as ConfiguredHttpClient,
    settings: SETTINGS,
    deliver: () => Promise.resolve(true),
    builders: [],
    writing: new Mutex(),
    scraped: ({ target }, { counts }) => {
      events.push(`${target.url.hostname} had ${counts.kept}`)
    },
    fail: (error) => {
      throw error
    },
  }
  const loops = ['large', 'small'].map((host) => {
    const target = scrapeTarget(new Map([['__address__', `${host}:80`]]), DEFAULTS)
    if (typeof target === 'string') throw new Error(target)
    const loop = new ScrapeLoop(
      { ...target, offset: 0.5 },
      new TargetState(target.labels, false),
      run,
    )
    loop.start()
    return loop
  })
  await clock.tick(INTERVAL_MS)
  await settle()
  for (const loop of loops) await loop.stop()
  expect(events).toEqual(['asked large', 'asked small', `large had ${LINES}`, 'small had 1'])
})
