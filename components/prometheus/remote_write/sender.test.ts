/**
 * What the protocol asks of senders of 2.0, from what a target writes to what a receiver gets:
 * prometheus.scrape and prometheus.remote_write together.
 */
import { describe, expect, test } from 'vitest'
import { HTTP_SERVER_DEFAULTS, type HttpAnswer, httpOffer, Listener } from '#net'
import type { Plain } from '#support'
import { live } from '../../../test/contract/rig.js'
import { until, World } from '../../../test/contract/world.js'
import { backendClock, onBackendBug } from '../../../test/support/backend.js'
import { runComponent } from '../../../test/support/running-component.js'
import { linesBatch, type WriteRequest, writeSink } from '../../../test/support/write-sink.js'
import scrape from '../scrape/scrape.js'
import definition from './remote-write.js'

const TEXT = 'text/plain; version=0.0.4'
const OPEN = 'application/openmetrics-text; version=1.0.0'

const ENDPOINT = (more = '') => `endpoint {
  url                    = "http://mimir:9009/api/v1/push"
  name                   = "m"
  protobuf_message       = "io.prometheus.write.v2.Request"
  send_native_histograms = true
  ${more}
}`

function written({ lines }: WriteRequest): HttpAnswer {
  const headers = { 'x-prometheus-remote-write-samples-written': String(lines.length) }
  return { status: 204, headers }
}

/** The request that a scrape of this text becomes. */
async function sent(text: string, type = TEXT, more = ''): Promise<WriteRequest> {
  const world = new World(new Map())
  const sink = await writeSink(world)
  sink.answer = async (request) => written(request)
  const surroundings = { network: world.network, clock: backendClock, random: () => 0.5 }
  const target = await Listener.open(surroundings, { host: 'app', port: 80 })
  const answer = { status: 200, contentType: type, body: Buffer.from(text) }
  let isAsked = false
  const handle = async () => {
    isAsked = true
    return answer
  }
  const routes = new Map([['/metrics', { methods: ['GET'], handle }]])
  target.serve(httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, onBug: onBackendBug }))
  const body = `targets = [{ __address__ = "app:80" }]
    job_name       = "j"
    honor_metadata = true
    forward_to     = [test.samples.all.receiver]
    ${more}`
  const { samples } = await runComponent(scrape, body, world)
  const { give } = await runComponent(definition, ENDPOINT(), world)
  await live(world, 'a scrape', () => isAsked)
  // Time stands still, so that it cannot be late.
  await until('samples', () => samples.taken.length > 0)
  await give(samples.taken[0]!)
  await live(world, 'a request', () => sink.requests.length > 0)
  await target.close(AbortSignal.abort())
  const [request] = sink.requests
  expectInvariants(request!.decoded, world.clock.now())
  return request!
}

/** What holds for every request. */
function expectInvariants({ symbols, timeseries }: Plain, now: number): void {
  expect(symbols[0]).toBe('')
  expect(new Set(symbols).size).toBe(symbols.length)
  for (const { labelsRefs, samples = [], histograms = [], exemplars = [] } of timeseries) {
    const names = namesIn(symbols as string[], labelsRefs as number[])
    expect(names).toEqual([...new Set(names)].sort())
    expect(names).toEqual(expect.arrayContaining(['__name__', 'instance', 'job']))
    for (const name of names) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
    expect(Math.min(samples.length, histograms.length)).toBe(0)
    for (const { labelsRefs: refs = [] } of exemplars as Plain[]) namesIn(symbols, refs)
    const times = [...samples, ...histograms].map(({ timestamp = 0 }: Plain) => Number(timestamp))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const time of times) expect(Number.isSafeInteger(time)).toBe(true)
    for (const { startTimestamp = 0, timestamp = 0 } of [...samples, ...histograms] as Plain[]) {
      expect(Number(startTimestamp)).toBeLessThanOrEqual(Math.max(now, Number(timestamp)))
    }
  }
}

/** Checks that the references are pairs, and lead somewhere. */
function namesIn(symbols: readonly string[], refs: readonly number[]): readonly string[] {
  expect(refs.length % 2).toBe(0)
  for (const ref of refs) expect(ref).toBeLessThan(symbols.length)
  return refs.filter((_, n) => n % 2 === 0).map((ref) => symbols[ref]!)
}

/** Of what the target wrote, without labels that all have and without times. */
function linesOfTarget(request: WriteRequest): readonly string[] {
  return request.lines
    .filter((line) => !/^(up|scrape_)/.test(line))
    .map((line) => line.replace(/,?instance="app:80",job="j"/, '').replace(/@\d+( from \d+)?$/, ''))
    .map((line) => line.replace('{}', ''))
}

const LONG = 'x'.repeat(10_000)
const MANY = Array.from({ length: 60 }, (_, n) => `l${String(n).padStart(2, '0')}="v"`).join(',')

describe('of a target', () => {
  const rows: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
    ['a float', 'a 1.5\n', ['a 1.5']],
    ['an integer', 'a 42\n', ['a 42']],
    ['zero', 'a 0\n', ['a 0']],
    ['less than zero', 'a -7.25\n', ['a -7.25']],
    ['what has no end', 'a +Inf\nb -Inf\n', ['a Infinity', 'b -Infinity']],
    ['what is no number', 'a NaN\n', ['a NaN']],
    ['very large and very small', 'a 1.7e308\nb 4.9e-324\n', ['a 1.7e+308', 'b 5e-324']],
    ['powers of ten', 'a 1.5e3\nb 2E-2\n', ['a 1500', 'b 0.02']],
    ['all digits', 'a 3.141592653589793\n', ['a 3.141592653589793']],
    ['counts beyond 32 bits', 'a_count 9007199254740991\n', ['a_count 9007199254740991']],
    ['colons in a name', 'job:a:rate 1\n', ['job:a:rate 1']],
    ['a long name', `${LONG} 1\n`, [`${LONG} 1`]],
    ['a long value of a label', `a{b="${LONG}"} 1\n`, [`a{b="${LONG}"} 1`]],
    ['labels in any order', 'a{z="1",b="2"} 1\n', ['a{b="2",z="1"} 1']],
    ['empty labels, which are none', 'a{b="",c="1"} 1\n', ['a{c="1"} 1']],
    ['what is no ASCII', 'a{b="日本 ü 🦀"} 1\n', ['a{b="日本 ü 🦀"} 1']],
    ['escapes', 'a{b="q\\" b\\\\ n\\n"} 1\n', ['a{b="q" b\\ n\n"} 1']],
    ['nothing', '', []],
  ]
  test.each(rows)('%s', async (_, text, lines) => {
    expect(linesOfTarget(await sent(text)).map((line) => line.replace(/,?\}/, '}'))).toEqual(
      lines.map((line) => line.replace(/,?\}/, '}')),
    )
  })

  test('many labels', async () => {
    const [line] = linesOfTarget(await sent(`a{${MANY}} 1\n`))
    expect(line!.match(/l\d\d="v"/g)).toHaveLength(60)
  })

  test('many series go in one request, and texts once', async () => {
    const text = Array.from({ length: 1500 }, (_, n) => `a{path="/x",n="${n}"} ${n}\n`).join('')
    const { lines, decoded } = await sent(text)
    expect(lines.length).toBeGreaterThan(1500)
    expect((decoded['symbols'] as string[]).filter((one) => one === '/x')).toHaveLength(1)
  })

  test('times: its own, of 0, later than now, and to the millisecond', async () => {
    const { lines } = await sent('a 1 1700000000123\nb 1 0\nc 1 4102444800000\n')
    const ofTarget = lines.filter((line) => /^[abc]\{/.test(line))
    expect(ofTarget.map((line) => /@(\d+)/.exec(line)?.[1])).toEqual([
      '1700000000123',
      '0',
      '4102444800000',
    ])
  })

  test('all parts of a family, beside others', async () => {
    const request = await sent(FAMILIES)
    expect(linesOfTarget(request).map((line) => line.split(/[ {]/)[0])).toEqual([
      ...['requests_total', 'temperature'],
      ...['d_bucket', 'd_bucket', 'd_sum', 'd_count'],
      ...['s', 's_sum', 's_count'],
    ])
    expect(request.metadata).toEqual(
      expect.arrayContaining([
        'requests_total 1 Requests. ',
        'temperature 2 With a\nline and "quotes" \\. ',
        'd_bucket 3 A duration. ',
        'd_count 3 A duration. ',
        's 5  ',
        's_sum 5  ',
      ]),
    )
  })

  test('units, exemplars, and when the counting began', async () => {
    const request = await sent(OPEN_METRICS, OPEN, 'start_timestamp_zero_ingestion = true')
    expect(request.metadata).toEqual(
      expect.arrayContaining(['d_seconds_bucket 3 A duration. seconds']),
    )
    const counters = request.lines.filter((line) => line.startsWith('requests_total'))
    expect(counters).toEqual([
      expect.stringMatching(/ 5@\d+ from 1600000000000$/),
      expect.stringContaining('exemplar {trace_id="xyz"}'),
    ])
    const series = request.decoded['timeseries'] as Plain[]
    const exemplars = series.flatMap(({ exemplars = [] }) => exemplars as Plain[])
    expect(exemplars.map(({ value }) => value)).toEqual([0.5, 1])
    expect(exemplars[0]!['timestamp']).toBe('1700000000000')
  })
})

const FAMILIES = `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{code="200"} 3
# HELP temperature With a\\nline and "quotes" \\\\.
# TYPE temperature gauge
temperature -3
# HELP d A duration.
# TYPE d histogram
d_bucket{le="1"} 1
d_bucket{le="+Inf"} 2
d_sum 3
d_count 2
# TYPE s summary
s{quantile="0.5"} 1
s_sum 3
s_count 2
`

const OPEN_METRICS = `# TYPE d_seconds histogram
# UNIT d_seconds seconds
# HELP d_seconds A duration.
d_seconds_bucket{le="1.0"} 1 # {trace_id="abc",span_id="d"} 0.5 1700000000.000
d_seconds_bucket{le="+Inf"} 2
d_seconds_sum 3
d_seconds_count 2
d_seconds_created 1600000000
# TYPE requests counter
requests_total 5 # {trace_id="xyz"} 1
requests_created 1600000000
# EOF
`

test('says who it is and what it sends', async () => {
  const { header } = await sent('a 1\n')
  expect(header('content-type')).toBe('application/x-protobuf;proto=io.prometheus.write.v2.Request')
  expect(header('content-encoding')).toBe('snappy')
  expect(header('x-prometheus-remote-write-version')).toBe('2.0.0')
  expect(header('user-agent')).toMatch(/^weir/)
})

describe('a receiver', () => {
  const BATCH = linesBatch(['a 1@1000', 'b 1@1000'])

  async function writing(more = '') {
    const world = new World(new Map())
    const sink = await writeSink(world)
    const rig = await runComponent(definition, ENDPOINT(more), world)
    const idle = () => live(world, 'an end', () => rig.instance.held('samples') === 0)
    return { ...rig, world, sink, idle }
  }

  test.each([500, 502, 503, 504])(
    '%i: tried again, each time later, up to a limit',
    async (status) => {
      const { world, clock, sink, give, idle } = await writing(
        'queue_config {\nmin_backoff = "1s"\nmax_backoff = "5s"\n}',
      )
      const times: number[] = []
      sink.answer = async (request) => {
        times.push(clock.monotonic())
        return times.length < 7 ? { status } : written(request)
      }
      await give(BATCH)
      await live(world, 'tries', () => times.length === 7)
      await idle()
      const waits = times.slice(1).map((time, n) => time - times[n]!)
      for (const wait of waits) expect(wait).toBeGreaterThan(400)
      expect(waits.at(-1)).toBeGreaterThan(waits[0]!)
      for (const wait of waits) expect(wait).toBeLessThan(16_000)
      expect(sink.taken).toHaveLength(2)
    },
  )

  test.each([400, 401, 403, 404, 413, 422])('%i: not tried again', async (status) => {
    const { sink, give, idle } = await writing()
    sink.answer = async () => ({ status, body: Buffer.from('no') })
    await give(BATCH)
    await idle()
    expect(sink.requests).toHaveLength(1)
  })

  test.each([200, 204])('%i with a body: taken, whatever the body says', async (status) => {
    const { sink, give, idle, ledger } = await writing()
    sink.answer = async (request) => ({ ...written(request), status, body: Buffer.from('{"e":1}') })
    await give(BATCH)
    await idle()
    expect(sink.requests).toHaveLength(1)
    expect(ledger.counts('samples').left).toBe(2)
  })

  test('what it says of a failure is logged as it is, cut where it is long', async () => {
    const { sink, give, idle, lines } = await writing()
    const reason = "Error: Invalid label name '__x__'"
    sink.answer = async () => ({ status: 400, body: Buffer.from(`${reason} ${LONG}`) })
    await give(BATCH)
    await idle()
    expect(lines.join('\n')).toContain(reason)
    expect(lines.join('\n').length).toBeLessThan(LONG.length)
  })

  test('that was away gets what came meanwhile and what comes then', async () => {
    const { world, sink, give, idle } = await writing()
    await sink.close()
    await give(BATCH)
    for (let n = 0; n < 20; n++) await world.clock.tick(100)
    const back = await writeSink(world)
    back.answer = async (request) => written(request)
    await idle()
    await give(linesBatch(['a 2@2000']))
    await idle()
    expect(back.taken).toEqual(['a 1@1000', 'b 1@1000', 'a 2@2000'])
  })
})
