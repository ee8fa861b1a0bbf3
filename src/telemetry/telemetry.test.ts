import { describe, expect, test } from 'vitest'
import { Secret } from '#sdk'
import { Logger } from './logger.js'
import { observeProcess } from './process-metrics.js'
import { Registry } from './registry.js'

describe('metrics', () => {
  test('counters exist at 0 and are named as each format wants', () => {
    const registry = new Registry()
    const counter = registry.scope({ component_id: 'a' }).counter('sent_spans', 'Spans sent.')
    const line = 'sent_spans_total{component_id="a"} 0\n'
    expect(registry.render('prometheus')).toBe(
      `# HELP sent_spans_total Spans sent.\n# TYPE sent_spans_total counter\n${line}`,
    )
    counter.add(2)
    expect(registry.render('openmetrics')).toBe(
      '# HELP sent_spans Spans sent.\n# TYPE sent_spans counter\n' +
        'sent_spans_total{component_id="a"} 2\n# EOF\n',
    )
  })

  test('a closed scope leaves nothing behind, a successor stays', () => {
    const registry = new Registry()
    const first = registry.scope({ id: 'a' })
    first.gauge('g', 'A gauge.').set(1)
    const second = registry.scope({ id: 'a' })
    second.gauge('g', 'A gauge.').set(2)
    first.close()
    expect(registry.render('prometheus')).toContain('g{id="a"} 2')
    second.close()
    expect(registry.render('prometheus')).toBe('')
  })

  test('as bytes it is the same, and what is large is written in turns', async () => {
    const registry = new Registry()
    let turns = 0
    for (let family = 0; family < 12; family++) {
      for (let n = 0; n < 1000; n++) {
        const path = `ä"${'x'.repeat(n === 0 ? 5000 : 50)}${n}`
        registry.scope({ path }).observeGauge(`g${family}`, 'A gauge.', () => n)
      }
    }
    const work = () => setImmediate(() => turns++ < 1000 && work())
    work()
    const bytes = await registry.encode('openmetrics')
    expect(turns).toBeGreaterThan(0)
    turns = 1000
    expect(Buffer.from(bytes).equals(Buffer.from(registry.render('openmetrics')))).toBe(true)
  })

  test('histograms are cumulative', () => {
    const registry = new Registry()
    const histogram = registry.scope().histogram('h', 'Sizes.', [1, 10])
    for (const value of [1, 2, 100]) histogram.record(value)
    expect(registry.render('prometheus').split('\n').slice(2, -1)).toEqual([
      'h_bucket{le="1"} 1',
      'h_bucket{le="10"} 2',
      'h_bucket{le="+Inf"} 3',
      'h_sum 103',
      'h_count 3',
    ])
  })

  test('label values are escaped', () => {
    const registry = new Registry()
    registry.scope().observeGauge('g', 'A gauge.', () => 1, { path: 'a"b\\c\nd' })
    expect(registry.render('prometheus')).toContain('g{path="a\\"b\\\\c\\nd"} 1')
  })

  test('series that come and go are asked for when rendered', () => {
    const registry = new Registry()
    const rows: [Record<string, string>, number][] = []
    registry.scope().observeMany('m', 'gauge', 'Many.', () => rows)
    rows.push([{ a: '1' }, 5])
    expect(registry.render('prometheus')).toContain('m{a="1"} 5')
  })
})

describe('logs', () => {
  const setUp = () => {
    const lines: string[] = []
    const logger = new Logger({ write: (line) => lines.push(line), flush() {} })
    return { lines, logger, log: logger.with({ component: 'a' }) }
  }

  test('logfmt quotes what needs it', () => {
    const { lines, log } = setUp()
    log.info('it works', { path: '/a b', count: 3, nothing: undefined })
    expect(lines[0]?.replace(/ts=\S+/, 'ts=T')).toBe(
      'ts=T level=info msg="it works" component=a path="/a b" count=3\n',
    )
  })

  test('level and format follow a change at once', () => {
    const { lines, logger, log } = setUp()
    log.debug('hidden')
    logger.configure('debug', 'json')
    log.debug('shown')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'debug', msg: 'shown', component: 'a' },
    ])
  })

  test('no secret is written', () => {
    const { lines, log } = setUp()
    log.info('x', { token: new Secret('hunter2') })
    expect(lines[0]).toContain('token=(secret)')
  })
})

test('how late the event loop was is told once, and without the time between its timers', async () => {
  const registry = new Registry()
  observeProcess(registry.scope(), '0.0.0', 0)
  const latest = () => {
    const [, value] = /^nodejs_eventloop_delay_seconds\{quantile="1"\} (\S+)$/m.exec(
      registry.render('prometheus'),
    )!
    return Number(value)
  }
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  // Counting begins with the second timer of Node's own, every 20 ms.
  await sleep(60)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  await sleep(1)
  expect(latest()).toBeGreaterThan(0.2)
  expect(latest()).toBe(0)
})
