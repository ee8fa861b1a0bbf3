import { describe, expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { settle } from '#support'
import type { AdminRequest } from '../../test/support/admin-request.js'
import { GOOD, runningAgent, servedAgent } from '../../test/support/served-agent.js'

const AT = '2023-11-14T22:13:20.000Z'
const bug = () => {
  throw new TypeError('undefined is not a function')
}

describe('/-/ready', () => {
  test('is 503 until a config runs, and again from shutdown on', async () => {
    const { agent, ask } = await servedAgent()
    const ready = async () => {
      const { status, text, headers } = await ask('/-/ready')
      expect(headers['content-type']).toMatch(/^text\/plain/)
      return [status, text]
    }
    expect(await ready()).toEqual([503, 'Weir is not ready.\n'])
    await agent.load('start')
    expect(await ready()).toEqual([200, 'Weir is ready.\n'])
    await agent.shutdown()
    expect(await ready()).toEqual([503, 'Weir is not ready.\n'])
  })
})

describe('/-/healthy', () => {
  test('names who is unhealthy', async () => {
    const { ask, emit, journal } = await runningAgent()
    const healthy = async () => {
      const { status, text } = await ask('/-/healthy')
      return [status, text]
    }
    expect(await healthy()).toEqual([200, 'All Weir components are healthy.\n'])
    journal.faults.set('consume toy.sink.out', bug)
    await emit('toy.source.in').catch(() => {})
    expect(await healthy()).toEqual([500, 'unhealthy components: toy.sink.out\n'])
  })
})

describe('/-/reload', () => {
  for (const method of ['GET', 'POST'] as const) {
    test(`by ${method} answers with the receipt`, async () => {
      const { agent, config, json } = await runningAgent()
      config.text = GOOD.replace('"port"', '"other"')
      const { status, body } = await json('/-/reload', { method })
      expect(status).toBe(200)
      expect(body).toEqual({
        number: 2,
        trigger: 'http',
        ok: true,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        tookMs: 0,
        at: AT,
        steps: [
          { id: 'toy.sink.out', action: 'replace', touches: ['hands over port'] },
          { id: 'toy.source.in', action: 'keep', touches: [] },
        ],
        diagnostics: [],
        drained: expect.objectContaining({ state: expect.stringMatching(/^(draining|done)$/) }),
      })
      expect(agent.history).toHaveLength(2)
    })
  }

  test('of a faulty config answers 400 with every fault, and what ran runs on', async () => {
    const { config, json, find } = await runningAgent()
    const before = find('toy.sink.out')
    config.text = 'toy.snk "a" { }\ntoy.sink "b" {\n  txt = "c"\n}\n'
    const { status, body } = await json('/-/reload', { method: 'POST' })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      number: 2,
      ok: false,
      steps: [],
      diagnostics: [
        { file: 'config.river', code: 'unknown-component', severity: 'error', line: 1, column: 1 },
        { file: 'config.river', code: 'unknown-attribute', severity: 'error', line: 3, column: 3 },
      ],
    })
    expect(body).not.toHaveProperty('drained')
    expect(find('toy.sink.out')).toBe(before)
  })

  test('of what does not start answers 400 with the reason', async () => {
    const { config, json, journal } = await runningAgent()
    journal.faults.set('start toy.sink.new', () => {
      throw new Retryable('cannot listen on 127.0.0.1:1: address in use')
    })
    config.text = 'toy.sink "new" { }'
    const { status, body } = await json('/-/reload')
    expect(status).toBe(400)
    expect(body).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'unused-component', severity: 'warning' },
        {
          code: 'start-failed',
          stage: 'runtime',
          message: expect.stringContaining('cannot listen on 127.0.0.1:1: address in use'),
        },
      ],
    })
  })

  // What browsers send with requests of a page of another site, of their own, of the address bar.
  const sites: readonly (readonly [string, number])[] = [
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ]
  for (const [site, status] of sites) {
    test(`answers ${status} to a page that is ${site}`, async () => {
      const { agent, json } = await runningAgent()
      for (const method of ['GET', 'POST'] as const) {
        const answer = await json('/-/reload', { method, headers: { 'sec-fetch-site': site } })
        expect(answer.status).toBe(status)
        if (status === 403) {
          const error = 'a page of another site may not reload this agent'
          expect(answer.body).toEqual({ error })
        }
      }
      expect(agent.history).toHaveLength(status === 200 ? 3 : 1)
    })
  }

  test('answers 503 once shutdown has begun', async () => {
    const { agent, json } = await runningAgent()
    await agent.shutdown()
    expect(await json('/-/reload', { method: 'POST' })).toEqual({
      status: 503,
      body: { error: 'the agent is shutting down' },
    })
  })
})

describe('/metrics', () => {
  test('is Prometheus text', async () => {
    const { ask, emit } = await runningAgent()
    await emit('toy.source.in', 3)
    const { status, headers, text } = await ask('/metrics')
    expect([status, headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    expect(text).toContain('\n# TYPE weir_config_load_failures_total counter\n')
    expect(text).toContain('\nweir_config_last_load_successful 1\n')
    expect(text).not.toContain('# EOF')
  })

  test('is OpenMetrics for who asks for it', async () => {
    const { ask } = await runningAgent()
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3'
    const { headers, text } = await ask('/metrics', { headers: { accept } })
    expect(headers['content-type']).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    )
    expect(text).toContain('\n# TYPE weir_config_load_failures counter\n')
    expect(text).toMatch(/\n# EOF\n$/)
  })
})

const NONE = {
  entered: 0,
  left: 0,
  refused: 0,
  held: 0,
  dropped: {},
  oldestMs: 0,
  blockedMs: 0,
  balanced: true,
}
const HEALTHY = { state: 'healthy', message: 'running', since: AT }

describe('/api/v1/components', () => {
  test('lists what runs, with health and books', async () => {
    const { json, emit, journal, clock } = await runningAgent()
    await emit('toy.source.in', 3)
    journal.faults.set('consume toy.sink.out', () => Promise.reject(new Retryable('full')))
    await emit('toy.source.in', 2).catch(() => {})
    await clock.tick(0)
    const traces = { ...NONE, entered: 3, left: 3, refused: 2 }
    const ledger = { traces, metrics: NONE, logs: NONE }
    expect(await json('/api/v1/components')).toEqual({
      status: 200,
      body: [
        {
          id: 'toy.sink.out',
          name: 'toy.sink',
          label: 'out',
          kind: 'exporter',
          health: HEALTHY,
          ledger,
        },
        {
          id: 'toy.source.in',
          name: 'toy.source',
          label: 'in',
          kind: 'receiver',
          health: {
            state: 'degraded',
            message: 'senders of traces are sent away: full',
            since: AT,
            help: 'see to what follows: toy.sink.out',
          },
          ledger,
        },
      ],
    })
  })

  test('counts drops by reason and what is held', async () => {
    const { json, find } = await runningAgent()
    const { ledger } = find('toy.sink.out')
    ledger.enter('logs', 5)
    ledger.drop('logs', 4, 'refused')
    ledger.drop('logs', 1, 'shutdown')
    const { body } = await json('/api/v1/components/toy.sink.out')
    expect(body).toMatchObject({
      ledger: { logs: { entered: 5, dropped: { refused: 4, shutdown: 1 } } },
    })
  })

  test('shows one with its arguments, its place and what it is connected to', async () => {
    const { json } = await runningAgent()
    expect((await json('/api/v1/components/toy.source.in')).body).toMatchObject({
      id: 'toy.source.in',
      about: 'Emits what a test gives it.',
      arguments: { text: '', output: { traces: ['toy.sink.out'], metrics: [], logs: [] } },
      exports: {},
      references: ['toy.sink.out'],
      referencedBy: [],
      sendsTo: [{ to: 'toy.sink.out', signal: 'traces' }],
      resources: [],
      place: { file: 'config.river', line: 5, column: 1 },
    })
    expect((await json('/api/v1/components/toy.sink.out')).body).toMatchObject({
      arguments: { text: '', key: 'port' },
      references: [],
      referencedBy: ['toy.source.in'],
      sendsTo: [],
      resources: ['port'],
      place: { file: 'config.river', line: 1, column: 1 },
    })
  })

  test('shows arguments of every kind, and no secret', async () => {
    const { ask, json } = await runningAgent(`toy.safe "a" {
      password = "hunter2"
      headers  = { "x-tenant" = "hunter3" }
      names    = ["b", "c"]
    }`)
    expect((await json('/api/v1/components/toy.safe.a')).body).toMatchObject({
      arguments: {
        password: '(secret)',
        headers: { 'x-tenant': '(secret)' },
        names: ['b', 'c'],
        limit: 5,
        inner: { text: 'x' },
      },
      exports: { content: 'published' },
    })
    for (const path of ['', '/toy.safe.a']) {
      expect((await ask(`/api/v1/components${path}`)).text).not.toMatch(/hunter/)
    }
  })

  test('says 404 to an unknown id', async () => {
    const { json } = await runningAgent()
    expect(await json('/api/v1/components/toy.sink.none')).toEqual({
      status: 404,
      body: { error: 'there is no component toy.sink.none' },
    })
  })
})

test('/api/v1/graph is nodes, data edges and references', async () => {
  const { json } = await runningAgent()
  expect(await json('/api/v1/graph')).toEqual({
    status: 200,
    body: {
      nodes: [
        { id: 'toy.sink.out', kind: 'exporter', health: 'healthy' },
        { id: 'toy.source.in', kind: 'receiver', health: 'healthy' },
      ],
      edges: [{ from: 'toy.source.in', to: 'toy.sink.out', signal: 'traces' }],
      references: [{ from: 'toy.source.in', to: 'toy.sink.out' }],
    },
  })
})

test('/api/v1/reloads is the history, newest first, with how drains went', async () => {
  const { agent, config, json, journal } = await runningAgent()
  let release = () => {}
  journal.faults.set('stop toy.sink.out', () => new Promise((resolve) => (release = resolve)))
  config.text = GOOD.replace('"port"', '"other"')
  await agent.load('signal')
  config.text = 'nonsense'
  await agent.load('file')
  const history = async () => (await json('/api/v1/reloads')).body
  expect(await history()).toMatchObject([
    { number: 3, trigger: 'file', ok: false, diagnostics: [{ line: 1 }] },
    { number: 2, trigger: 'signal', ok: true, drained: { state: 'draining' } },
    { number: 1, trigger: 'start', ok: true, drained: { state: 'done', instances: 0 } },
  ])
  release()
  await settle()
  expect((await history()) as unknown[]).toContainEqual(
    expect.objectContaining({
      number: 2,
      drained: {
        state: 'done',
        instances: 1,
        drainMs: 0,
        droppedItems: 0,
        unbalanced: [],
        balanced: true,
      },
    }),
  )
})

describe('/api/v1/plan', () => {
  const plan = (...texts: readonly string[]): AdminRequest => {
    const files = texts.map((text, index) => ({ name: `${index}.river`, text }))
    return { method: 'POST', body: JSON.stringify({ files }) }
  }

  test('of a good config says what loading it would do, and does nothing', async () => {
    const { agent, json, journal } = await runningAgent()
    journal.take()
    const more = 'toy.pass "new" {\n  output { }\n}'
    expect(await json('/api/v1/plan', plan(GOOD.replace('"port"', '"x"'), more))).toEqual({
      status: 200,
      body: {
        steps: [
          { id: 'toy.sink.out', action: 'replace', touches: ['hands over port'] },
          { id: 'toy.source.in', action: 'keep', touches: [] },
          { id: 'toy.pass.new', action: 'create', touches: [] },
        ],
        diagnostics: [expect.objectContaining({ code: 'unused-component', severity: 'warning' })],
      },
    })
    expect([journal.take(), agent.history.length]).toEqual([[], 1])
  })

  test('of nothing removes all', async () => {
    const { json } = await runningAgent()
    const { status, body } = await json('/api/v1/plan', plan())
    expect(status).toBe(200)
    expect(body).toMatchObject({ steps: [{ action: 'remove' }, { action: 'remove' }] })
  })

  test('of a faulty config answers 400 with its faults by file', async () => {
    const { json } = await runningAgent()
    const { status, body } = await json('/api/v1/plan', plan(GOOD, '\n  toy.snk "a" { }'))
    expect(status).toBe(400)
    expect(body).toMatchObject({
      steps: [],
      diagnostics: [
        {
          file: '1.river',
          stage: 'check',
          code: 'unknown-component',
          line: 2,
          column: 3,
          help: 'did you mean "toy.sink"?',
        },
      ],
    })
  })

  const malformed: readonly (readonly [string, string])[] = [
    ['no body', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['no files', '{}'],
    ['files that are no list', '{"files": "a"}'],
    ['a file that is null', '{"files": [null]}'],
    ['a file without a name', '{"files": [{"text": ""}]}'],
    ['a file without a text', '{"files": [{"name": "a"}]}'],
    ['a text that is none', '{"files": [{"name": "a", "text": 5}]}'],
    ['a config as it is', GOOD],
  ]
  for (const [name, body] of malformed) {
    test(`says what to send to ${name}`, async () => {
      const { json } = await runningAgent()
      expect(await json('/api/v1/plan', { method: 'POST', body })).toEqual({
        status: 400,
        body: { error: 'send {"files": [{"name": "...", "text": "..."}]}' },
      })
    })
  }

  const LIMIT = 10 * 1024 * 1024
  const TOO_LARGE = {
    status: 413,
    body: { error: `the request is larger than the limit of ${LIMIT} bytes` },
  }

  test('refuses more than 10 MiB before it is sent', async () => {
    const { json } = await runningAgent()
    const announced: AdminRequest = { method: 'POST', announcedBytes: LIMIT + 1 }
    expect(await json('/api/v1/plan', announced)).toEqual(TOO_LARGE)
  })

  test('refuses more than 10 MiB that come without their length', async () => {
    const { json } = await runningAgent()
    const headers = { 'transfer-encoding': 'chunked' }
    const body = ' '.repeat(LIMIT + 1)
    expect(await json('/api/v1/plan', { method: 'POST', headers, body })).toEqual(TOO_LARGE)
  })

  test('takes 10 MiB', async () => {
    const { json } = await runningAgent()
    const frame = JSON.stringify({ files: [{ name: 'a', text: '' }] })
    const body = frame + ' '.repeat(LIMIT - frame.length)
    expect((await json('/api/v1/plan', { method: 'POST', body })).status).toBe(200)
  })
})

describe('everything', () => {
  const paths: readonly (readonly [string, number])[] = [
    ['/-/ready', 200],
    ['/-/reload', 200],
    ['/metrics', 200],
    ['/api/v1/components', 200],
    ['/api/v1/components/none', 404],
    ['/none', 404],
  ]
  for (const [path, status] of paths) {
    test(`is neither kept nor guessed at by browsers: ${path}`, async () => {
      const { ask } = await runningAgent()
      const answer = await ask(path)
      expect(answer.status).toBe(status)
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      // No page of another origin may read it.
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    })
  }

  const elsewhere: readonly (readonly ['GET' | 'POST', string])[] = [
    ['GET', '/none'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/plan'],
    ['POST', '/api/v1/graph'],
    ['GET', '//metrics'],
  ]
  for (const [method, path] of elsewhere) {
    test(`else is 404: ${method} ${path}`, async () => {
      const { json } = await runningAgent()
      expect(await json(path, { method })).toEqual({
        status: 404,
        body: { error: `there is nothing at ${path}` },
      })
    })
  }
})
