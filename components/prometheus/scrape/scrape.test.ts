import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemNetwork } from '#net'
import { type Batch, decodePairs, type SampleBatch, SampleReader } from '#pdata'
import { Permanent, Retryable } from '#sdk'
import { checkBody, corpus } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './scrape.js'

// It is loaded by the first request, while the clock of a test goes on.
beforeAll(() => import('undici').then(() => {}))

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const says =
  (text: string, type = 'text/plain; version=0.0.4'): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(text)

const REPORTS = /^(up|scrape_\w+)\{/

/** `name{a="b"} value`, with the time where it is not that of the scrape. */
function linesOf(batch: Batch, scrapedAt?: number): readonly string[] {
  const reader = new SampleReader(batch as SampleBatch)
  const lines: string[] = []
  while (reader.nextSeries()) {
    const pairs = decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd)
    const labels: string[] = []
    for (let n = 0; n < pairs.length; n += 2) {
      if (pairs[n] !== '__name__') labels.push(`${pairs[n]}="${pairs[n + 1]}"`)
    }
    const name = pairs[pairs.indexOf('__name__') + 1]
    while (reader.nextPoint()) {
      const value = reader.kind !== 'sample' ? reader.kind : reader.isStale ? 'stale' : reader.value
      const time = reader.timestampMs === scrapedAt ? '' : ` ${reader.timestampMs}`
      lines.push(`${name}{${labels.join()}} ${value}${time}`)
    }
  }
  return lines
}

/** The component scraping a server of the test's. */
async function scraping(first: Answer, more = '', labels = 'job = "j", instance = "i"') {
  let answer = first
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = new World(new Map([['/token', 'abc']]))
  const body = `targets = [{ __address__ = "${host}", ${labels} }]
    forward_to = [test.samples.all.receiver]
    scrape_interval = "10s"
    ${more}`
  const all = await runComponent(definition, body, world, { network: { ...systemNetwork } })
  const { samples } = all
  const next = async (then: Answer = answer) => {
    answer = then
    const count = samples.taken.length
    await live(world, 'a scrape', () => samples.taken.length > count)
    return samples.taken.at(-1)!
  }
  /** What the target wrote, and what the scrape says of itself, by name. */
  const scrape = async (then?: Answer) => {
    const batch = await next(then)
    const up = linesOf(batch).find((line) => line.startsWith('up{'))!
    const at = Number(up.split(' ').at(-1))
    const lines = linesOf(batch, at)
    const reports = lines.filter((line) => REPORTS.test(line))
    const report = Object.fromEntries(
      reports.map((line) => [line.replace(/\{.*/, ''), Number(line.split(' ').at(-1))]),
    )
    return { at, report, lines: lines.filter((line) => !REPORTS.test(line)) }
  }
  return { ...all, host, requests, next, scrape }
}

const L = 'instance="i",job="j"'

describe('a scrape', () => {
  test('has the samples with the labels of the target, and says how it went', async () => {
    const { scrape, requests, instance } = await scraping(says('a 1\nb{x="y"} 2.5\n'))
    const { lines, report } = await scrape()
    expect(lines).toEqual([`a{${L}} 1`, `b{instance="i",job="j",x="y"} 2.5`])
    expect(report).toEqual({
      up: 1,
      scrape_duration_seconds: expect.any(Number),
      scrape_samples_scraped: 2,
      scrape_samples_post_metric_relabeling: 2,
      scrape_series_added: 2,
    })
    expect(requests[0]!.url).toBe('/metrics')
    expect(requests[0]!.headers).toMatchObject({
      'user-agent': 'weir',
      'accept-encoding': 'gzip',
      'x-prometheus-scrape-timeout-seconds': '10',
      accept: expect.stringMatching(/^application\/openmetrics-text;version=1.0.0;escaping=und/),
    })
    expect(instance.health()).toMatchObject({ state: 'healthy', message: '1 target' })
  })

  test('comes once in each interval', async () => {
    const { scrape } = await scraping(says('a 1\n'))
    const times: number[] = []
    for (let n = 0; n < 4; n++) times.push((await scrape()).at)
    expect(times.map((at) => at - times[0]!)).toEqual([0, 10_000, 20_000, 30_000])
  })

  test('knows its series again', async () => {
    const { scrape } = await scraping(says('a 1\nb 1\n'))
    await scrape()
    const { lines, report } = await scrape(says('a 2\nb 3\nc 4\n'))
    expect(lines).toEqual([`a{${L}} 2`, `b{${L}} 3`, `c{${L}} 4`])
    expect(report['scrape_series_added']).toBe(1)
  })
})

interface Row {
  readonly more?: string
  readonly labels?: string
  readonly body: string
  readonly type?: string
  readonly lines: readonly string[]
  readonly report?: Readonly<Record<string, number>>
}

const OPEN = 'application/openmetrics-text; version=1.0.0'

const rows: Readonly<Record<string, Row>> = {
  'labels that both have': {
    body: 'a{job="x",exported_job="z"} 1\n',
    lines: ['a{exported_exported_job="x",exported_job="z",instance="i",job="j"} 1'],
  },
  'labels that both have, honoured': {
    more: 'honor_labels = true',
    body: 'a{job="x",instance=""} 1\n',
    lines: ['a{instance="i",job="x"} 1'],
  },
  'labels for the scrape alone': {
    labels: '__meta_x = "1", __tmp = "2", env = "e"',
    more: 'job_name = "n"',
    body: 'a 1\n',
    lines: [expect.stringMatching(/^a\{env="e",instance="127.0.0.1:\d+",job="n"\} 1$/) as never],
  },
  'times of its own': { body: 'a 1 123\n', lines: [`a{${L}} 1 123`] },
  'times that are not honoured': {
    more: 'honor_timestamps = false',
    body: 'a 1 123\n',
    lines: [`a{${L}} 1`],
  },
  'a series twice': {
    body: 'a 1\na 2\nb{x="1",y="2"} 1\nb{y="2",x="1"} 2\n',
    lines: [`a{${L}} 1`, `b{${L},x="1",y="2"} 1`],
    report: { up: 1, scrape_samples_scraped: 4, scrape_samples_post_metric_relabeling: 2 },
  },
  'a series twice, with times': {
    body: 'a 1 1\na 2 2\n',
    lines: [`a{${L}} 1 1`, `a{${L}} 2 2`],
  },
  'a series of the scrape itself': { body: 'up 7\na 1\n', lines: [`a{${L}} 1`], report: { up: 1 } },
  'exemplars and metadata': {
    more: 'honor_metadata = true',
    type: OPEN,
    body: '# HELP a Help.\n# TYPE a counter\na_total 1 # {t="x"} 2\n# EOF\n',
    lines: [`a_total{${L}} 1`, `a_total{${L}} exemplar`],
  },
  'start times as series': {
    type: OPEN,
    body: '# TYPE a counter\na_total 1\na_created 5\n# EOF\n',
    lines: [`a_total{${L}} 1`, `a_created{${L}} 5`],
  },
  'start times': {
    more: 'start_timestamp_zero_ingestion = true',
    type: OPEN,
    body: '# TYPE a counter\na_total 1\na_created 5\n# EOF\n',
    lines: [`a_total{${L}} 1`],
  },
  'classic histograms that become native ones': {
    more: 'convert_classic_histograms_to_nhcb = true',
    body: '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n',
    lines: [`h{${L}} histogram`],
  },
  'a type that says nothing': { type: 'nonsense', body: 'a 1\n', lines: [`a{${L}} 1`] },
  'types and units': {
    more: 'enable_type_and_unit_labels = true',
    body: '# TYPE a gauge\na 1\n',
    lines: [`a{__type__="gauge",${L}} 1`],
  },
  'just enough of everything': {
    more: `sample_limit = 2\nlabel_limit = 4\nlabel_name_length_limit = 8
      label_value_length_limit = 4\nbody_size_limit = "20B"\ntarget_limit = 1`,
    body: 'abcd{e="fghi"} 1\nb 2',
    lines: [`abcd{e="fghi",${L}} 1`, `b{${L}} 2`],
  },
}

describe('what is scraped:', () => {
  test.each(Object.entries(rows))('%s', async (_, row) => {
    const { scrape } = await scraping(says(row.body, row.type), row.more, row.labels)
    const { lines, report } = await scrape()
    expect(lines).toEqual(row.lines)
    expect(report).toMatchObject(row.report ?? { up: 1 })
  })
})

const status =
  (code: number): Answer =>
  (_, response) =>
    response.writeHead(code).end('a 1\n')
const GOOD = 'ok 1\nok{x="y"} 2\n'

const faults: Readonly<Record<string, readonly [Answer, reason: string, more?: string]>> = {
  'a malformed body': [says('a 1\nb{ 2\n'), 'line 2, column 4: '],
  'a body cut off': [says('# TYPE a gauge\na 1\n', OPEN), 'line '],
  'an answer of another kind': [status(404), 'answered 404'],
  'no answer': [({ socket }) => socket.destroy(), 'no answer from'],
  'a late answer': [() => {}, 'within 3s', 'scrape_timeout = "3s"'],
  'too many samples': [says('ok 1\nb 1\nc 1\n'), 'it has 3 samples', 'sample_limit = 2'],
  'too many labels': [says('a{b="c",d="e"} 1\n'), 'label_limit is 4', 'label_limit = 4'],
  'a label too long': [says('a{bcdefghijk="c"} 1\n'), 'is 9', 'label_name_length_limit = 9'],
  'a value too long': [says('a{b="cdefg"} 1\n'), 'is 4', 'label_value_length_limit = 4'],
  'a body too large': [says('a 1\nbcdefghijklmnopq 2\n'), 'limit of 20', 'body_size_limit = "20B"'],
  'a body too large once expanded': [
    (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a 1\n'.repeat(99))),
    'cannot read the answer',
    'body_size_limit = "100B"',
  ],
  'a name of no legacy metric': [says('{"a.b"} 1\n'), '"a.b" is no name of a metric'],
  'no name': [says('{a="b"} 1\n'), 'there is no metric name'],
}

describe('a scrape fails, everything is stale once, and it works again:', () => {
  test.each(Object.entries(faults))('%s', async (_, [answer, reason, more = '']) => {
    const all = await scraping(says(GOOD), more)
    await all.scrape()
    const failed = await all.scrape(answer)
    expect(failed.report).toMatchObject({ up: 0 })
    expect([...failed.lines].sort()).toEqual([`ok{${L},x="y"} stale`, `ok{${L}} stale`])
    const { state, message } = all.instance.health()
    expect([state, message]).toEqual(['unhealthy', expect.stringContaining(reason)])
    expect(message).toContain(`http://${all.host}/metrics`)
    const again = await all.scrape()
    expect([again.report['up'], again.lines]).toEqual([0, []])
    expect(all.lines.filter((line) => line.includes('a scrape failed'))).toHaveLength(1)
    const works = await all.scrape(says(GOOD))
    expect(works.report).toMatchObject({ up: 1 })
    expect(works.lines).toEqual([`ok{${L}} 1`, `ok{${L},x="y"} 2`])
    expect(all.instance.health().state).toBe('healthy')
    expect(all.bugs).toEqual([])
  })
})

describe('staleness', () => {
  test('of what is not there any more, once', async () => {
    const { scrape } = await scraping(says('a 1\nb 1\nc 1\n'))
    await scrape()
    expect((await scrape(says('b 1\n'))).lines).toEqual([
      `b{${L}} 1`,
      `a{${L}} stale`,
      `c{${L}} stale`,
    ])
    expect((await scrape()).lines).toEqual([`b{${L}} 1`])
    expect((await scrape(says('d 1\na 1\n'))).lines).toEqual([
      `d{${L}} 1`,
      `a{${L}} 1`,
      `b{${L}} stale`,
    ])
  })

  test('not of a series that is only written in another way', async () => {
    const { scrape } = await scraping(says('a{x="1",y="2"} 1\n'))
    await scrape()
    const { lines } = await scrape(says('a{y="2",x="1"} 1\n'))
    expect(lines).toEqual([`a{${L},x="1",y="2"} 1`])
    expect((await scrape()).lines).toEqual(lines)
  })

  test.each([
    ['', []],
    ['track_timestamps_staleness = true', [`a{${L}} stale`]],
  ])('of series with times of their own: %s', async (more, stale) => {
    const { scrape } = await scraping(says('a 1 123\nb 1\n'), more)
    await scrape()
    expect((await scrape(says('b 1\n'))).lines).toEqual([`b{${L}} 1`, ...stale])
  })
})

describe('who takes the samples', () => {
  test('may take them later', async () => {
    const all = await scraping(says('a 1\n'))
    let tries = 0
    all.samples.answer = async () => {
      if (tries++ < 3) throw new Retryable('full')
    }
    const { lines } = await all.scrape()
    expect([tries, lines]).toEqual([4, [`a{${L}} 1`]])
    expect(all.ledger.counts('samples')).toMatchObject({ entered: 6, left: 6 })
  })

  test.each([
    ['for good', new Permanent('never')],
    ['for too long', new Retryable('full')],
  ])('may refuse them %s; then they are counted', async (_, error) => {
    const all = await scraping(says('a 1\n'))
    all.samples.answer = () => Promise.reject(error)
    const dropped = () => all.ledger.counts('samples').dropped.get('not taken')
    await live(all.world, 'a drop', () => dropped() !== undefined)
    expect(dropped()).toBe(6)
    all.samples.answer = () => Promise.resolve()
    expect((await all.scrape()).report['up']).toBe(1)
  })
})

describe('a request', () => {
  test('says what it is told to', async () => {
    const more = `metrics_path = "/m"
      params = { a = ["b", "c"] }
      enable_compression = false
      scrape_native_histograms = true
      metric_name_escaping_scheme = "dots"
      http_headers = { "X-Scope" = ["s"] }
      bearer_token_file = "/token"`
    const { scrape, requests } = await scraping(says('a 1\n'), more)
    await scrape()
    expect(requests[0]!.url).toBe('/m?a=b&a=c')
    expect(requests[0]!.headers).toMatchObject({
      accept: expect.stringMatching(/^application\/vnd.google.protobuf;.*escaping=dots/),
      'accept-encoding': 'identity',
      authorization: 'Bearer abc',
      'x-scope': 's',
    })
  })

  test('takes a compressed answer', async () => {
    const { scrape } = await scraping((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a 1\n')),
    )
    expect((await scrape()).lines).toEqual([`a{${L}} 1`])
  })
})

test('extra metrics', async () => {
  const more = 'extra_metrics = true\nsample_limit = 7\nscrape_timeout = "5s"'
  const { scrape } = await scraping(says('a 1\n'), more)
  expect((await scrape()).report).toMatchObject({
    scrape_timeout_seconds: 5,
    scrape_sample_limit: 7,
    scrape_body_size_bytes: 4,
  })
})

test('duplicates are counted', async () => {
  const { scrape, ledger } = await scraping(says('a 1\na 1\na 1\n'))
  await scrape()
  expect(ledger.counts('samples')).toMatchObject({ entered: 8, left: 6 })
  expect(ledger.counts('samples').dropped).toEqual(new Map([['duplicate sample', 2]]))
})

test('failures are written to a file', async () => {
  const { scrape, world, host } = await scraping(
    says('a\n'),
    'scrape_failure_log_file = "/var/log/scrapes"',
  )
  await scrape()
  await scrape()
  const lines = world.fake.contents.get('/var/log/scrapes')!.trimEnd().split('\n')
  const line = {
    ...{ time: expect.any(String), level: 'ERROR', job: 'j', target: `http://${host}/metrics` },
    msg: expect.stringMatching(/^line 1, column \d/),
  }
  expect(lines.map((text) => JSON.parse(text))).toEqual([line, line])
})

test('a large body is read in parts', async () => {
  const lines = Array.from({ length: 30_000 }, (_, n) => `name_of_a_series{number="${n}"} ${n}`)
  const { scrape, instance } = await scraping(says(`${lines.join('\n')}\n`))
  expect((await scrape()).lines).toHaveLength(30_000)
  const { report } = await scrape(says('a 1\n'))
  expect(report['up']).toBe(1)
  expect(instance.health().state).toBe('healthy')
})

test('maps that are no targets are left out, and said', async () => {
  const { instance, lines } = await runComponent(
    definition,
    'targets = [{ a = "b" }]\nforward_to = []',
  )
  const reason = 'a target is left out: it has no label __address__'
  expect(instance.health()).toMatchObject({ state: 'unhealthy' })
  expect(instance.health().message).toContain(reason)
  expect(lines.join()).toContain(reason)
})

test.each([
  ['scrape_timeout = "2m"', 'scrape_timeout must not be longer than scrape_interval'],
  ['scrape_protocols = []', 'scrape_protocols names none'],
  [
    'scrape_protocols = ["PrometheusProto", "PrometheusProto"]',
    'scrape_protocols names PrometheusProto twice',
  ],
  [
    'native_histogram_min_bucket_factor = 0.5',
    'native_histogram_min_bucket_factor is 0, or at least 1',
  ],
])('%s is refused', (more, message) => {
  const { diagnostics } = checkBody(definition, `targets = []\nforward_to = []\n${more}`)
  expect(diagnostics.map((one) => one.message)).toEqual([message])
})

interface Case {
  readonly id: string
  readonly component: string
  readonly body: string
  readonly expectError: boolean | string
}

const recorded = corpus<{ cases: readonly Case[] }>('syntax/component-args.json')
const cases = recorded?.cases.filter(({ component }) => component === definition.name) ?? []
test.runIf(recorded)('there are bodies that Alloy takes or refuses', () => {
  expect(cases).not.toHaveLength(0)
})
test.each(cases)('$id, as Alloy does', ({ body, expectError }) => {
  expect(checkBody(definition, body).diagnostics.length > 0).toBe(expectError !== false)
})
