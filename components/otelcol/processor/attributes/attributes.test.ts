import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type ClientInfo, type OtlpSignal, receiveBatch } from '#pdata'
import {
  type Attrs,
  attributesTo,
  checkBody,
  encodeGroups,
  encodeRequest,
  type Group,
  groupsOf,
  processed,
} from '#support'
import definition from './attributes.js'

/** `act('insert: key = "k", value = 1')` is a block; "key = " may be left out. */
function act(text: string, block = 'action'): string {
  const [, name, fields] = /^(\w+): (.*)$/.exec(text)!
  return `${block} {\naction = "${name}"\n${fields!.replaceAll(', ', '\n')}\n}\n`
}

async function run(body: string, signal: OtlpSignal, bytes: Uint8Array, client?: ClientInfo) {
  const batch = receiveBatch(signal, bytes, client)
  const left = await processed(definition, body, batch)
  const result = left[0]!
  receiveBatch(signal, Buffer.concat(result.chunks))
  expect([left.length, result.items, result.client]).toEqual([1, batch.items, client])
  return { batch, result }
}

/** The attributes of each item, resource by resource. */
async function attributesAfter(body: string, signal: OtlpSignal, groups: readonly Group[]) {
  const { result } = await run(body, signal, encodeGroups(signal, groups))
  return groupsOf(signal, result).map(({ items }) =>
    items.map((item) => attributesTo(item['attributes'])),
  )
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const int64 = (value: bigint) => Buffer.from(new BigInt64Array([value]).buffer)
const float64 = (value: number) => Buffer.from(new Float64Array([value]).buffer)

const EMAIL = 'user@email.com'
const EMAIL_HASH = '0925f997eb0d742678f66d2da134d15d842d57722af5f7605c4785cb5358831b'
const PATH = '/api/v1/document/12345678/update/v1'
const PATTERN = '`^/api/v1/document/(?P<user>.*)/update/(?P<version>.*)$`'

describe('an action', () => {
  const rows: readonly [name: string, action: string, before: Attrs, after: Attrs][] = [
    ['leaves what is there', 'insert: key = "a", value = 1', { a: 0n }, { a: 0n }],
    ['adds text', 'insert: key = "b", value = "x"', { a: 0n }, { a: 0n, b: 'x' }],
    ['adds a double', 'insert: key = "b", value = 1.5', {}, { b: 1.5 }],
    ['adds a list', 'insert: key = "b", value = [1,"x",[true]]', {}, { b: [1n, 'x', [true]] }],
    ['changes', 'update: key = "a", value = "x"', { a: 'secret' }, { a: 'x' }],
    ['adds nothing', 'update: key = "b", value = "x"', { a: 1n }, { a: 1n }],
    ['copies', 'update: key = "b", from_attribute = "a"', { a: 1n, b: 2n }, { a: 1n, b: 1n }],
    ['changes the type', 'upsert: key = "a", value = true', { a: 1n }, { a: true }],
    ['adds', 'upsert: key = "b", value = false', { a: 1n }, { a: 1n, b: false }],
    [
      'copies lists',
      'upsert: key = "b", from_attribute = "a"',
      { a: ['x'] },
      { a: ['x'], b: ['x'] },
    ],
    ['copies nothing', 'upsert: key = "b", from_attribute = "c"', { b: 2n }, { b: 2n }],
    ['copies to itself', 'upsert: key = "a", from_attribute = "a"', { a: 1n }, { a: 1n }],
    ['deletes', 'delete: key = "a"', { a: 1n, b: 2n }, { b: 2n }],
    [
      'deletes by pattern',
      'delete: pattern = "card"',
      { credit_card: 1n, cards: 2n, c: 3n },
      { c: 3n },
    ],
    ['deletes by both', 'delete: key = "a", pattern = "^b"', { a: 1n, b: 2n, c: 3n }, { c: 3n }],
    ['hashes text', 'hash: key = "a"', { a: EMAIL }, { a: EMAIL_HASH }],
    ['is named in any case', 'HaSH: key = "a"', { a: 'ü' }, { a: sha256('ü') }],
    ['hashes integers', 'hash: key = "a"', { a: -7n }, { a: sha256(int64(-7n)) }],
    ['hashes doubles', 'hash: key = "a"', { a: 1.5 }, { a: sha256(float64(1.5)) }],
    ['hashes booleans', 'hash: key = "a"', { a: true }, { a: sha256(Buffer.from([1])) }],
    ['hashes by pattern', 'hash: pattern = "^a"', { a: 'x', b: 'x' }, { a: sha256('x'), b: 'x' }],
    [
      'empties the rest',
      'hash: pattern = "."',
      { a: '', b: ['x'], c: null },
      { a: '', b: '', c: '' },
    ],
    ['hashes no missing key', 'hash: key = "b"', { a: 'x' }, { a: 'x' }],
    [
      'extracts',
      `extract: key = "a", pattern = ${PATTERN}`,
      { a: PATH, version: 1n },
      { a: PATH, version: 'v1', user: '12345678' },
    ],
    ['extracts what fits', `extract: key = "a", pattern = ${PATTERN}`, { a: '/x' }, { a: '/x' }],
    ['extracts from text', 'extract: key = "a", pattern = "(?P<b>.*)"', { a: 12n }, { a: 12n }],
    [
      'extracts groups that took no part as empty',
      'extract: key = "a", pattern = "(?P<b>x)|(?P<c>y)"',
      { a: 'y' },
      { a: 'y', b: '', c: 'y' },
    ],
    ['text to int', 'convert: key = "a", converted_type = "int"', { a: '+500' }, { a: 500n }],
    ['no int', 'convert: key = "a", converted_type = "int"', { a: '5.5' }, { a: '5.5' }],
    [
      'above int64',
      'convert: key = "a", converted_type = "int"',
      { a: `${2n ** 63n}` },
      { a: `${2n ** 63n}` },
    ],
    ['double to int', 'convert: key = "a", converted_type = "int"', { a: -2.9 }, { a: -2n }],
    [
      'NaN to int',
      'convert: key = "a", converted_type = "int"',
      { a: Number.NaN },
      { a: Number.NaN },
    ],
    ['1e19 to int', 'convert: key = "a", converted_type = "int"', { a: 1e19 }, { a: 1e19 }],
    ['true to int', 'convert: key = "a", converted_type = "int"', { a: true }, { a: 1n }],
    ['list to int', 'convert: key = "a", converted_type = "int"', { a: [] }, { a: [] }],
    [
      'text to double',
      'convert: key = "a", converted_type = "double"',
      { a: '-.5e3' },
      { a: -500 },
    ],
    [
      'inf to double',
      'convert: key = "a", converted_type = "double"',
      { a: '-Inf' },
      { a: -Infinity },
    ],
    ['no double', 'convert: key = "a", converted_type = "double"', { a: '1e999' }, { a: '1e999' }],
    ['int to double', 'convert: key = "a", converted_type = "double"', { a: 3n }, { a: 3 }],
    ['false to double', 'convert: key = "a", converted_type = "double"', { a: false }, { a: 0 }],
    ['int to text', 'convert: key = "a", converted_type = "string"', { a: 3n }, { a: '3' }],
    [
      'list to text',
      'convert: key = "a", converted_type = "string"',
      { a: [1n, 'x'] },
      { a: '[1,"x"]' },
    ],
    ['missing to text', 'convert: key = "b", converted_type = "string"', { a: 3n }, { a: 3n }],
  ]
  test.each(rows)('%s: %s', async (_, text, before, after) => {
    const groups = [{ items: [{ name: 'x', attrs: before, kind: 2 }] }]
    expect(await attributesAfter(act(text), 'traces', groups)).toEqual([[after]])
  })

  test('sees what those before it did', async () => {
    const actions = [
      'insert: key = "o", value = "default"',
      'upsert: key = "s", from_attribute = "o"',
      'hash: key = "s"',
      'delete: key = "o"',
    ]
    const body = actions.map((one) => act(one)).join('')
    const groups = [{ items: [{ attrs: { s: 'old' } }] }]
    expect(await attributesAfter(body, 'logs', groups)).toEqual([[{ s: sha256('default') }]])
  })

  test('leaves the batch as it is where nothing changes', async () => {
    const bytes = encodeGroups('logs', [{ items: [{ attrs: { a: 1n } }] }])
    const { batch, result } = await run(act('update: key = "b", value = 1'), 'logs', bytes)
    expect(result).toBe(batch)
  })

  test('leaves no second value of a key in the clear', async () => {
    const twice = (value: string) => ({ key: 'k', value: { stringValue: value } })
    const spans = [{ attributes: [twice('first'), twice('second')] }]
    const bytes = encodeRequest('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
    for (const text of [
      'hash: pattern = "k"',
      'delete: key = "k"',
      'upsert: key = "k", value = 1',
    ]) {
      const { result } = await run(act(text), 'traces', bytes)
      expect(Buffer.concat(result.chunks).includes('second')).toBe(false)
    }
  })

  test('works on data points of every kind, and not on exemplars', async () => {
    const point = (value: object) => ({ attributes: [], ...value })
    const metrics = [
      { gauge: { dataPoints: [point({ asInt: 1, exemplars: [{ asInt: 1 }] }), point({})] } },
      { sum: { dataPoints: [point({ asDouble: 1 })] } },
      { histogram: { dataPoints: [point({ count: 1 })] } },
      { exponentialHistogram: { dataPoints: [point({ scale: 1 })] } },
      { summary: { dataPoints: [point({ sum: 1 })] } },
      {},
    ]
    const bytes = encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    const { result } = await run(act('insert: key = "k", value = 1'), 'metrics', bytes)
    const [{ items } = { items: [] }] = groupsOf('metrics', result)
    const points = items.flatMap((metric) =>
      Object.values(metric).flatMap((kind) => kind.dataPoints),
    )
    expect(points).toHaveLength(6)
    for (const one of points) expect(attributesTo(one.attributes)).toEqual({ k: 1n })
    expect(points[0].exemplars).toEqual([{ asInt: '1' }])
  })
})

describe('resource_action', () => {
  const groups = [
    { resource: { 'service.name': 'a' }, items: [{ name: 'x' }] },
    { resource: { 'service.name': 'b' }, items: [{ name: 'x' }] },
  ]
  const edited = { env: 'test' }
  const rows: [string, string, Attrs, Attrs][] = [
    ['edits resources', '', edited, edited],
    [
      'not those that include leaves out',
      'include {\nmatch_type = "strict"\nservices = ["b"]\n}',
      {},
      edited,
    ],
    [
      'not those that exclude takes',
      'exclude {\nmatch_type = "strict"\nservices = ["b"]\n}',
      edited,
      {},
    ],
    [
      'but those of which some items may stay',
      'exclude {\nmatch_type = "strict"\nservices = ["b"]\nspan_names = ["x"]\n}',
      edited,
      edited,
    ],
  ]
  test.each(rows)('%s', async (_, match, first, second) => {
    const body = act('insert: key = "env", value = "test"', 'resource_action') + match
    const { result } = await run(body, 'traces', encodeGroups('traces', groups))
    expect(groupsOf('traces', result).map(({ resource }) => resource)).toEqual([
      { 'service.name': 'a', ...first },
      { 'service.name': 'b', ...second },
    ])
  })

  test('beside actions on items', async () => {
    const body =
      act('upsert: key = "service.name", value = "long name"', 'resource_action') +
      act('insert: key = "k", value = 1')
    const { result } = await run(body, 'traces', encodeGroups('traces', groups))
    for (const { resource, items } of groupsOf('traces', result)) {
      expect(resource).toEqual({ 'service.name': 'long name' })
      expect(items.map((item) => attributesTo(item['attributes']))).toEqual([{ k: 1n }])
    }
  })
})

describe('from_context', () => {
  const client = {
    metadata: new Map([
      ['origin', ['here']],
      ['x-tenant', ['a', 'b']],
    ]),
    auth: new Map([['subject', 'me']]),
    address: '10.0.0.1',
  }
  const rows: readonly [string, string | undefined][] = [
    ['metadata.origin', 'here'],
    ['metadata.X-Tenant', 'a;b'],
    ['origin', 'here'],
    ['auth.subject', 'me'],
    ['client.address', '10.0.0.1'],
    ['metadata.missing', undefined],
    ['auth.missing', undefined],
  ]
  test.each(rows)('%s', async (source, expected) => {
    const body = act(`insert: key = "k", from_context = "${source}"`)
    const bytes = encodeGroups('logs', [{ items: [{ attrs: { a: 1n } }] }])
    const { result } = await run(body, 'logs', bytes, client)
    const [item] = groupsOf('logs', result)[0]!.items
    const added = expected === undefined ? {} : { k: expected }
    expect(attributesTo(item!['attributes'])).toEqual({ a: 1n, ...added })
    const unknown = await run(body, 'logs', bytes)
    expect(unknown.result).toBe(unknown.batch)
  })
})

describe('refuses', () => {
  const rows: readonly [string, string | RegExp][] = [
    [act('insert: value = 111111'), 'the action insert needs a key'],
    [act('delete: key = ""'), 'the action delete needs a key or a pattern'],
    [
      act('insert: key = "k"'),
      'the action insert needs one of value, from_attribute or from_context',
    ],
    [act('update: key = "k", value = 1, from_attribute = "a"'), /needs only one of value/],
    [act('upsert: key = "k", value = 1, pattern = "a"'), 'the action upsert does not use pattern'],
    [act('upsert: key = "k", value = 1, converted_type = "int"'), /does not use converted_type/],
    [act('delete: key = "k", value = 1'), 'the action delete does not use value'],
    [act('hash: key = "k", from_attribute = "a"'), 'the action hash does not use from_attribute'],
    [act('extract: key = "k"'), 'the action extract needs a pattern'],
    [act('extract: key = "k", pattern = "(a)"'), 'pattern has no named groups'],
    [act('extract: key = "k", pattern = "(a)(?P<b>c)"'), 'pattern has a group without a name'],
    [act('extract: key = "k", pattern = "(?P<b>c)", value = 1'), /extract does not use value/],
    [act('convert: key = "k"'), 'the action convert needs a converted_type'],
    [act('convert: key = "k", converted_type = "bool"'), /needs one of "int", "double", "string"/],
    [act('convert: key = "k", converted_type = "int", pattern = "a"'), /does not use pattern/],
    [act('hash: pattern = "("'), /"pattern" needs an RE2 regular expression \(.*missing closing/],
    [act('hash: pattern = "(?=a)"'), /"pattern" needs an RE2 regular expression/],
    [act('explode: key = "k"'), /"action" needs one of "insert", "update", "upsert", "delete"/],
    [act('insert: key = "k", value = {a = test.sink.all.input}'), /value must be a/],
    [act('insert: key = "k", value = 9223372036854775808'), /value must be a string, a number/],
    [act('insert: value = 1', 'resource_action'), 'the action insert needs a key'],
  ]
  test.each(rows)('%s', (body, expected) => {
    const messages = checkBody(definition, `${body}\noutput { }`).diagnostics.map((d) => d.message)
    expect(messages).toEqual([expect.stringMatching(expected)])
  })
})
