import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'
import { type TappedItem, tapLine } from './tap-line.js'

const SPAN: TappedItem = {
  from: 'a.in.x',
  to: 'b.out.y',
  signal: 'traces',
  at: '2026-11-22T01:02:03.456Z',
  service: 'shop',
  title: 'GET /',
  text: '12.5 ms',
  traceId: '0102',
  spanId: '03',
  attributes: [
    { name: 'http.route', value: '/' },
    { name: 'note', value: 'two words' },
    { name: 'service.name', value: 'shop' },
  ],
}

describe('a line', () => {
  const many = Array.from({ length: 11 }, (_, n) => ({ name: `k${n}`, value: 'v' }))
  const rest = 'traces   shop  GET /  12.5 ms  trace=0102  http.route=/ note="two words"\n'
  const rows: readonly (readonly [string, Partial<TappedItem>, string | undefined, string])[] = [
    ['says what it is', {}, undefined, `01:02:03.456  ${rest}`],
    ['says where it goes', {}, 'a.in.x', `01:02:03.456  -> b.out.y  ${rest}`],
    ['says where it comes from', {}, 'b.out.y', `01:02:03.456  <- a.in.x  ${rest}`],
    [
      'of little is short',
      { signal: 'entries', service: '', title: '', text: 'hello', attributes: [] },
      undefined,
      '01:02:03.456  entries  hello  trace=0102\n',
    ],
    [
      'has some attributes, and the number of the others',
      { text: '', attributes: many },
      undefined,
      '01:02:03.456  traces   shop  GET /  trace=0102  ' +
        'k0=v k1=v k2=v k3=v k4=v k5=v k6=v k7=v and 3 more\n',
    ],
    [
      'cannot steer the terminal, and stays one',
      { title: '\u001b[31mred\u009b\u202e', text: 'a\nb\tc\r', attributes: [] },
      undefined,
      '01:02:03.456  traces   shop  \\u001b[31mred\\u009b\\u202e  a\\nb\\tc\\r  trace=0102\n',
    ],
  ]
  test.each(rows)('%s', (_, change, id, expected) => {
    expect(tapLine({ ...SPAN, ...change }, id)).toBe(expected)
  })

  test('says so when the item has no time', () => {
    const { at: _, ...timeless } = SPAN
    expect(tapLine(timeless, undefined)).toMatch(/^--:--:--\.--- {2}traces/)
  })
})

const GRAPH = {
  nodes: ['a.in.x', 'b.out.y', 'c.file.z'].map((id) => ({ id })),
  edges: [
    { from: 'a.in.x', to: 'b.out.y', signal: 'traces' },
    { from: 'a.in.x', to: 'b.out.y', signal: 'logs' },
  ],
}

interface FakeAgent {
  readonly url: string
  /** What was asked for, but the graph. */
  readonly asked: string[]
}

/** An agent whose tap is `answer`; without it nobody may tap. */
async function fakeAgent(
  answer?: (response: ServerResponse) => void,
  graph: unknown = GRAPH,
  status = 200,
): Promise<FakeAgent> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    if (request.url === '/api/v1/graph') {
      response.writeHead(status).end(typeof graph === 'string' ? graph : JSON.stringify(graph))
      return
    }
    asked.push(request.url ?? '')
    if (answer) answer(response)
    else response.writeHead(503).end('{"error":"10 readers are tapping already"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const lines = (...all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('')
const forever = (text: string) => (response: ServerResponse) => void response.write(text)

describe('tap', () => {
  const limited = forever(lines({ skipped: 3 }, SPAN, SPAN, { skipped: 4 }, SPAN))
  test('ends after as many items as asked for, and tells what it did not show', async () => {
    const { url } = await fakeAgent(limited)
    const { code, out, err } = await runWeir(['tap', 'a.in.x', '--agent', url, '-n', '2'])
    expect([code, err]).toEqual([0, '3 more items went by unseen\n'])
    expect(out).toBe(tapLine(SPAN, undefined).repeat(2))
  })

  test('ends on Ctrl-C', async () => {
    const { url } = await fakeAgent(forever(lines(SPAN)))
    let stop = () => {}
    const running = runWeir(['tap', 'a.in.x', '--agent', url], {
      onSignal: (_, callback) => (stop = callback),
      onOut: () => stop(),
    })
    expect(await running).toMatchObject({ code: 0, err: '' })
  })

  test('ends on Ctrl-C while nothing flows', async () => {
    let stop = () => {}
    const { url } = await fakeAgent((response) => {
      response.flushHeaders()
      stop()
    })
    const onSignal = (_: unknown, callback: () => void) => (stop = callback)
    expect(await runWeir(['tap', 'a.in.x', '--agent', url], { onSignal })).toEqual({
      ...{ code: 0, out: '', err: '' },
    })
  })

  test('ends when nobody reads what it prints', async () => {
    const { url } = await fakeAgent(limited)
    const reader = new AbortController()
    const running = runWeir(['tap', 'a.in.x', '--agent', url], {
      closed: reader.signal,
      onOut: () => reader.abort(),
    })
    expect(await running).toEqual({ code: 0, out: tapLine(SPAN, undefined), err: '' })
  })

  const asks: readonly (readonly [readonly string[], string])[] = [
    [[], 'of=a.in.x&rate=20'],
    [['--out', '--rate', '500'], 'from=a.in.x&rate=500'],
    [['--to', 'b.out.y', '--signal', 'logs'], 'from=a.in.x&to=b.out.y&rate=20&signal=logs'],
    [['--filter', 'a -b&c'], 'of=a.in.x&rate=20&filter=a+-b%26c'],
  ]
  test.each(asks)('%j asks for %s', async (flags, query) => {
    const { url, asked } = await fakeAgent(forever(lines(SPAN)))
    await runWeir(['tap', 'a.in.x', '--agent', url, '-n', '1', ...flags])
    expect(asked).toEqual([`/api/v1/tap?${query}`])
  })
})

describe('tap says so when', () => {
  const cutOff = (response: ServerResponse) => void response.end()
  const rows: readonly (readonly [string, () => Promise<FakeAgent>, readonly string[], RegExp])[] =
    [
      [
        'the component is unknown',
        () => fakeAgent(),
        ['b.out.z'],
        /there is no component b\.out\.z\n.*did you mean "b\.out\.y"\?/,
      ],
      ['only its label is given', () => fakeAgent(), ['y'], /did you mean "b\.out\.y"\?/],
      [
        'no component is near',
        () => fakeAgent(),
        ['something else'],
        /the agent runs a\.in\.x, b\.out\.y, c\.file\.z/,
      ],
      ['the far end is unknown', () => fakeAgent(), ['a.in.x', '--to', 'w'], /no component w/],
      ['nothing flows there', () => fakeAgent(), ['c.file.z'], /nothing flows through c\.file\.z/],
      [
        'nothing flows that way',
        () => fakeAgent(),
        ['a.in.x', '--in'],
        /nothing flows that way at a\.in\.x\n.*there are traces a\.in\.x -> b\.out\.y, logs/,
      ],
      ['too many tap', () => fakeAgent(), ['a.in.x'], /10 readers are tapping already/],
      ['the agent ends', () => fakeAgent(cutOff), ['a.in.x'], /it has ended the connection/],
      [
        'credentials are needed',
        () => fakeAgent(cutOff, '401 credentials needed', 401),
        ['a.in.x'],
        /asks for credentials\n.*http:\/\/USER:PASSWORD@HOST/,
      ],
      ['something else answers', () => fakeAgent(cutOff, []), ['a.in.x'], /answered is no graph/],
    ]
  test.each(rows)('%s', async (_, agent, args, message) => {
    const { url } = await agent()
    const { code, out, err } = await runWeir(['tap', '--agent', url, ...args])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(message)
  })

  test('nobody answers', async () => {
    const { code, err } = await runWeir(['tap', 'a', '--agent', 'ann:secret@127.0.0.1:1'])
    expect(code).toBe(1)
    expect(err).toContain('cannot ask the agent at 127.0.0.1:1: ')
  })

  test.each([
    [['--rate', '0']],
    [['--rate', '501']],
    [['-n', 'x']],
    [['--signal', 'spans']],
    [['--in', '--out']],
    [['--in', '--to', 'b']],
  ])('%j is wrong usage', async (flags) => {
    expect(await runWeir(['tap', 'a', ...flags])).toMatchObject({ code: 2, out: '' })
  })
})
