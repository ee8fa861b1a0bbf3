import { describe, expect, test } from 'vitest'
import { type OtlpSignal, receiveBatch } from '#pdata'
import {
  attributesTo,
  checkBody,
  encodeGroups,
  encodeRequest,
  type Group,
  groupsOf,
  processed,
} from '#support'
import definition from './attributes.js'

const MARK = 'action {\nkey = "marked"\nvalue = true\naction = "insert"\n}\n'

/** `match('include strict: services = ["a"], attribute { key = "k" }')`. */
function match(text: string): string {
  const [, block, type, criteria = ''] = /^(\w+) (\w+): (.*)$/.exec(text)!
  const body = criteria
    .replaceAll(/ ?([{}]) ?/g, ' $1\n')
    .replaceAll(', ', '\n')
    .replaceAll(/([^\n{]) \}\n/g, '$1\n}\n')
  return `${block} {\nmatch_type = "${type}"\n${body}\n}\n`
}

/** Which items were worked on, resource by resource: "10 1". */
async function worked(body: string, signal: OtlpSignal, bytes: Uint8Array): Promise<string> {
  const [result] = await processed(definition, MARK + body, receiveBatch(signal, bytes))
  const marks = groupsOf(signal, result!).map(({ items }) =>
    items.map((item) => (attributesTo(item['attributes'])['marked'] ? '1' : '0')).join(''),
  )
  return marks.join(' ')
}

type Row = readonly [blocks: readonly string[], worked: string]

function table(signal: OtlpSignal, groups: readonly Group[], rows: readonly Row[]) {
  test.each(rows)('%j', async (blocks, expected) => {
    const bytes = encodeGroups(signal, groups)
    expect(await worked(blocks.map(match).join(''), signal, bytes)).toBe(expected)
  })
}

describe('spans', () => {
  const groups: readonly Group[] = [
    {
      resource: { 'service.name': 'svcA', 'host.type': 'n1', cpus: 4n },
      scope: { name: 'mongo', version: '3.8.0' },
      items: [
        { name: 'login', kind: 2, attrs: { env: 'dev', size: 10n, ok: true, rate: 0.5 } },
        { name: 'logout', kind: 3, attrs: { env: 'prod' } },
      ],
    },
    {
      resource: { 'service.name': 'authB' },
      scope: { name: 'mongo' },
      items: [{ name: 'relogin', attrs: { env: 'dev', list: ['x', 1n] } }],
    },
    { items: [{ name: 'login', kind: 99 }] },
  ]
  table('traces', groups, [
    [[], '11 1 1'],
    [['include strict: services = ["svcA"]'], '11 0 0'],
    [['include strict: services = ["svcA","authB"]'], '11 1 0'],
    [['exclude strict: services = ["svcA"]'], '00 1 1'],
    [['include regexp: services = ["^auth"]'], '00 1 0'],
    [['include regexp: services = ["nil-service"]'], '00 0 1'],
    [['include strict: span_names = ["login"]'], '10 0 1'],
    [['include regexp: span_names = ["login"]'], '10 1 1'],
    [['include strict: span_kinds = ["SPAN_KIND_SERVER"]'], '10 0 0'],
    [['include regexp: span_kinds = ["^SPAN_KIND_(CLIENT|UNSPECIFIED)$"]'], '01 1 0'],
    [['include strict: attribute { key = "env" }'], '11 1 0'],
    [['include strict: attribute { key = "env", value = "dev" }'], '10 1 0'],
    [['exclude strict: attribute { key = "env", value = "dev" }'], '01 0 1'],
    [['include strict: attribute { key = "size", value = 10 }'], '10 0 0'],
    [['include strict: attribute { key = "size", value = "10" }'], '00 0 0'],
    [['include strict: attribute { key = "ok", value = true }'], '10 0 0'],
    [['include strict: attribute { key = "rate", value = 0.5 }'], '10 0 0'],
    [['include strict: attribute { key = "list", value = ["x",1] }'], '00 1 0'],
    [['include regexp: attribute { key = "size", value = "^1" }'], '10 0 0'],
    [['include regexp: attribute { key = "list", value = "x" }'], '00 0 0'],
    [
      ['include strict: attribute { key = "env", value = "dev" } attribute { key = "ok" }'],
      '10 0 0',
    ],
    [['include strict: resource { key = "cpus", value = 4 }'], '11 0 0'],
    [['exclude strict: resource { key = "host.type", value = "n1" }'], '00 1 1'],
    [['include strict: resource { key = "cpus" } resource { key = "missing" }'], '00 0 0'],
    [['include strict: library { name = "mongo", version = "3.8.0" }'], '11 0 0'],
    [['include strict: library { name = "mongo" }'], '11 1 0'],
    [['include strict: library { name = "mongo", version = "" }'], '00 1 0'],
    [['include strict: library { name = "x" } library { name = "mongo" }'], '11 1 0'],
    [['include strict: services = ["svcA"], span_names = ["login"]'], '10 0 0'],
    [['exclude strict: services = ["svcA"], span_names = ["login"]'], '01 1 1'],
    [
      ['include regexp: services = ["svc|auth"]', 'exclude regexp: span_names = ["^login"]'],
      '01 1 0',
    ],
    [
      [
        'include strict: services = ["svcA"]',
        'exclude strict: attribute { key = "ok", value = true }',
      ],
      '01 0 0',
    ],
  ])
})

describe('log records', () => {
  const groups: readonly Group[] = [
    {
      items: [
        { body: { stringValue: 'AUTH done' }, severityNumber: 9, severityText: 'info' },
        { body: { kvlistValue: { values: [{ key: 'AUTH' }] } }, severityNumber: 8 },
        { body: { intValue: 12 }, severityText: 'information', severityNumber: 24 },
        {},
      ],
    },
  ]
  table('logs', groups, [
    [['include strict: log_bodies = ["12"]'], '0010'],
    [['include regexp: log_bodies = ["AUTH"]'], '1100'],
    [['include regexp: log_severity_texts = ["info.*"]'], '1010'],
    [['exclude strict: log_severity_texts = ["info"]'], '0111'],
    [['include strict: log_severity { min = "INFO", match_undefined = true }'], '1011'],
    [['include strict: log_severity { min = "DEBUG4", match_undefined = false }'], '1110'],
    [['include strict: log_severity { min = "FATAL4", match_undefined = false }'], '0010'],
    [['include regexp: log_bodies = ["AUTH"], log_severity_texts = ["info"]'], '1000'],
    [['include strict: services = ["<nil-service-name>"]'], '1111'],
  ])
})

describe('metrics', () => {
  const points = (...hosts: string[]) => ({
    dataPoints: hosts.map((stringValue) => ({
      attributes: [{ key: 'host', value: { stringValue } }],
    })),
  })
  const metrics = [
    { name: 'counter-int', sum: points('a', 'b') },
    { name: 'c-int', gauge: points('b') },
  ]
  const bytes = encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  const rows: readonly Row[] = [
    [['include regexp: metric_names = ["counter.*"]'], '11 0'],
    [['exclude strict: metric_names = ["c-int"]'], '11 0'],
    [['include strict: attribute { key = "host", value = "b" }'], '01 1'],
    [
      ['exclude strict: metric_names = ["counter-int"], attribute { key = "host", value = "a" }'],
      '01 1',
    ],
  ]
  test.each(rows)('%j', async (blocks, expected) => {
    const body = MARK + blocks.map(match).join('')
    const [result] = await processed(definition, body, receiveBatch('metrics', bytes))
    const [{ items } = { items: [] }] = groupsOf('metrics', result!)
    const marks = items.map(({ sum, gauge }) =>
      (sum ?? gauge).dataPoints
        .map(({ attributes }: { attributes: [] }) =>
          attributesTo(attributes)['marked'] ? '1' : '0',
        )
        .join(''),
    )
    expect(marks.join(' ')).toBe(expected)
  })
})

describe('refuses', () => {
  const input = 'test.sink.all.input'
  const rows: readonly [block: string, output: string, expected: string | RegExp][] = [
    ['include fuzzy: services = ["a"]', '', /"match_type" needs one of "strict", "regexp"/],
    ['include regexp: services = ["a","("]', '', /^"\(" is no RE2 regular expression: .*missing/],
    ['include regexp: library { name = "(" }', '', /is no RE2 regular expression/],
    ['include regexp: resource { key = "k", value = "(" }', '', /is no RE2 regular expression/],
    ['include regexp: attribute { key = "k", value = 5 }', '', /must be a string under match_type/],
    ['include strict: attribute { key = "" }', '', 'key must not be empty'],
    [`include strict: attribute { key = "k", value = ${input} }`, '', /value must be a string/],
    ['include strict: span_kinds = ["SERVER"]', '', '"SERVER" is no span kind'],
    [
      'include strict: log_severity { min = "info", match_undefined = true }',
      '',
      /"min" needs one of "TRACE"/,
    ],
    ['include strict: log_bodies = ["a"]', 'traces', /^log_bodies does not apply to traces/],
    ['exclude strict: span_names = ["a"]', 'logs', /^span_names does not apply to logs/],
    ['include strict: metric_names = ["a"]', 'traces', /^include tells no traces apart/],
    ['exclude strict: span_names = ["a"]', 'metrics', /^exclude tells no metrics apart/],
    ['include strict: services = []', 'logs', /^include tells no logs apart/],
  ]
  test.each(rows)('%s %s', (block, signal, expected) => {
    const output = signal === '' ? '' : `${signal} = [${input}]`
    const body = `${MARK}${match(block)}output {\n${output}\n}`
    const { diagnostics } = checkBody(definition, body)
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(expected)])
  })

  test('nothing that fits its signals', () => {
    const wires = ['logs', 'traces', 'metrics'].map((signal) => `${signal} = [${input}]`).join('\n')
    const body = `${match('include strict: services = ["a"]')}output {\n${wires}\n}`
    expect(checkBody(definition, body).diagnostics).toEqual([])
  })
})
