import { describe, expect, test } from 'vitest'
import { EntryBatchBuilder } from '#pdata'
import { checkBody, type Plain } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { lokiSink } from '../../../test/support/loki-sink.js'
import { batchOf, runComponent } from '../../../test/support/running-component.js'
import definition from './write.js'

const URL_OF = 'http://loki.example.com:3100/loki/api/v1/push'
const endpoint = (body = '') => `endpoint {\nurl = "${URL_OF}"\n${body}\n}`

async function writing(body = endpoint()) {
  const world = new World(new Map())
  const sink = await lokiSink(world.network, { host: 'loki.example.com', port: 3100 })
  const all = await runComponent(definition, body, world)
  const delivered = (count: number) =>
    live(world, 'deliveries', () => all.ledger.counts('entries').left >= count)
  return { ...all, loki: sink, delivered }
}

type Line = readonly [labels: string, seconds: number, line: string]

function lines(...all: readonly Line[]) {
  const builder = new EntryBatchBuilder()
  for (const [labels, seconds, line] of all) {
    builder.beginStream(labels)
    builder.entry(seconds, 0, line)
    builder.endStream()
  }
  return builder.take()
}

const shown = (streams: readonly Plain[]) =>
  streams.map(({ labels, entries }) => [
    labels,
    (entries as Plain[]).map(({ line }) => line as string),
  ])

describe('a request has', () => {
  const rows: readonly (readonly [string, string, readonly Line[], readonly unknown[]])[] = [
    [
      'each stream once, by time',
      endpoint(),
      [
        ['{a="1"}', 3, 'c'],
        ['{a="2"}', 1, 'x'],
        ['{a="1"}', 1, 'a'],
        ['{a="1"}', 3, 'd'],
        ['{a="1"}', 2, 'b'],
      ],
      [
        [undefined, '{a="1"}', ['a', 'b', 'c', 'd']],
        [undefined, '{a="2"}', ['x']],
      ],
    ],
    [
      'labels of the config, where the stream has none of the name',
      `external_labels = { z = "9", a = "8" }\n${endpoint()}`,
      [['{a="1"}', 1, 'a']],
      [[undefined, '{a="1", z="9"}', ['a']]],
    ],
    [
      'no internal labels',
      endpoint(),
      [['{__path__="/a", a="1"}', 1, 'a']],
      [[undefined, '{a="1"}', ['a']]],
    ],
    [
      'the tenant of the config',
      endpoint('tenant_id = "t"'),
      [['{a="1"}', 1, 'a']],
      [['t', '{a="1"}', ['a']]],
    ],
    [
      'entries of one tenant',
      endpoint('tenant_id = "t"'),
      [
        ['{__tenant_id__="one", a="1"}', 1, 'a'],
        ['{a="1"}', 1, 'b'],
      ],
      [
        ['one', '{a="1"}', ['a']],
        ['t', '{a="1"}', ['b']],
      ],
    ],
  ]
  test.each(rows)('%s', async (_, body, given, expected) => {
    const { give, loki, delivered } = await writing(body)
    await give(lines(...given))
    await delivered(given.length)
    expect(
      loki.pushes.flatMap(({ tenant, streams }) => shown(streams).map((one) => [tenant, ...one])),
    ).toEqual(expected)
  })
})

test('structured metadata and every entry arrive', async () => {
  const { give, loki, delivered } = await writing()
  const batch = batchOf('entries', 30)
  await give(batch)
  await delivered(30)
  const entries = loki.pushes.flatMap(({ streams }) =>
    streams.flatMap((one) => one['entries'] as Plain[]),
  )
  expect(entries).toHaveLength(30)
  expect(entries.filter((one) => one['structuredMetadata'])).toHaveLength(10)
})

test('headers and credentials of the config are sent', async () => {
  const { give, loki, delivered } = await writing(
    endpoint('headers = { "X-Own" = "a" }\nbasic_auth {\nusername = "u"\npassword = "p"\n}'),
  )
  await give(lines(['{a="1"}', 1, 'a']))
  await delivered(1)
  const [push] = loki.pushes
  expect(push!.headers.get('x-own')).toEqual(['a'])
  expect(push!.headers.get('authorization')).toEqual(['Basic dTpw'])
  expect(push!.headers.get('content-type')).toEqual(['application/x-protobuf'])
})

test.each([429, 500, 503])('what is answered with %i is tried again', async (status) => {
  const { give, loki, delivered, figures } = await writing()
  let refusals = 2
  loki.answer = () => ({ status: refusals-- > 0 ? status : 204 })
  await give(lines(['{a="1"}', 1, 'a']))
  await delivered(1)
  expect(refusals).toBe(-1)
  const sent = Object.entries(figures()).filter(([name]) => name.includes('sent_entries_total'))
  expect(sent.map(([, value]) => value)).toEqual([1])
})

test('a line that Loki blames is set aside with the reason, and the rest is delivered', async () => {
  const { give, loki, ledger, world, instance } = await writing()
  loki.answer = ({ streams }) =>
    shown(streams).some(([, all]) => (all as string[]).includes('bad'))
      ? { status: 400, reason: 'Max entry size exceeded' }
      : { status: 204 }
  await give(lines(['{a="1"}', 1, 'a'], ['{a="1"}', 2, 'bad'], ['{b="1"}', 3, 'c']))
  await live(world, 'all', () => ledger.held('entries') === 0)
  expect(ledger.counts('entries').left).toBe(2)
  expect(loki.pushes.flatMap(({ streams }) => shown(streams)).sort()).toEqual([
    ['{a="1"}', ['a']],
    ['{b="1"}', ['c']],
  ])
  const [letter] = await instance.queueing!.peek(
    { signal: 'entries', endpoint: undefined },
    'dead',
    10,
  )
  expect(letter!.verdict?.reason).toContain('400: Max entry size exceeded')
})

test('each endpoint gets everything', async () => {
  const second = endpoint('name = "b"\ntenant_id = "b"')
  const { give, loki, delivered } = await writing(`${endpoint('name = "a"')}\n${second}`)
  await give(lines(['{a="1"}', 1, 'a']))
  await delivered(2)
  expect(loki.pushes.map(({ tenant }) => tenant).sort()).toEqual(['b', undefined])
})

describe('check refuses', () => {
  const rows: readonly (readonly [string, string, string | RegExp])[] = [
    ['no URL', 'endpoint {\nurl = "loki:3100"\n}', /a URL with http/],
    [
      'one name twice',
      `${endpoint('name = "a"')}\n${endpoint('name = "a"')}`,
      'endpoint "a" is there twice',
    ],
    ['a label that is none', 'external_labels = { "a.b" = "1" }', '"a.b" is no name of a label'],
    [
      'waits that shrink',
      endpoint('min_backoff_period = "10m"'),
      'max_backoff_period is below min_backoff_period',
    ],
  ]
  test.each(rows)('%s', (_, body, message) => {
    const { diagnostics } = checkBody(definition, body)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]!.message).toMatch(message)
  })
})
