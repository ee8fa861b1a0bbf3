/** Consumers of samples and of log entries, wired by `forward_to`. */
import { describe, expect, test } from 'vitest'
import { renderDiagnostics, Source } from '#grammar'
import {
  attributes,
  type Definition,
  defineExporter,
  defineProcessor,
  defineReceiver,
  forwardTo,
  output,
} from '#sdk'
import { checkSources } from './load.js'
import { Registry } from './registry.js'

const about = 'For the test.'
const stability = 'generally-available'
const create = (): never => {
  throw new Error('nothing runs here')
}
const common = { stability, about, create } as const
const schema = attributes({})
const samplesOn = attributes({ forward_to: forwardTo('samples') })

const definitions: readonly Definition[] = [
  defineExporter({ ...common, name: 'test.sink', schema, accepts: ['traces'] }),
  defineExporter({ ...common, name: 'test.store', schema, accepts: ['samples'] }),
  defineExporter({ ...common, name: 'test.lines', schema, accepts: ['entries'] }),
  defineReceiver({ ...common, name: 'test.scrape', schema: samplesOn }),
  defineProcessor({ ...common, name: 'test.relabel', schema: samplesOn }),
  defineReceiver({
    ...common,
    name: 'test.tail',
    schema: attributes({ forward_to: forwardTo('entries') }),
  }),
  defineProcessor({ ...common, name: 'test.to_samples', schema: samplesOn, accepts: ['metrics'] }),
  defineProcessor({
    ...common,
    name: 'test.from_samples',
    schema: attributes({ output }),
    accepts: ['samples'],
  }),
  defineProcessor({ ...common, name: 'test.pass', schema: attributes({ output }) }),
]

function check(text: string) {
  return checkSources([new Source('test.river', text)], {
    registry: new Registry(definitions),
    stability,
    environment: { env: () => undefined, constants: new Map() },
  })
}

/** "line:column code message", and the help. Of one wire each: nothing uses the others. */
function faults(text: string): readonly string[] {
  const all = check(text).diagnostics.filter(({ code }) => code !== 'unused-component')
  return all.map(({ at, code, message, help }) => {
    const { line, column } = at.source.positionAt(at.start)
    return [`${line}:${column} ${code} ${message}`, ...(help ? [help] : [])].join('; ')
  })
}

const OTHERS = `test.sink "a" { }
test.store "a" { }
test.lines "a" { }
test.relabel "a" { forward_to = [] }
`
const scrape = (to: string) => `${OTHERS}test.scrape "s" {\nforward_to = ${to}\n}`
const tail = (to: string) => `${OTHERS}test.tail "t" {\nforward_to = ${to}\n}`
const pass = (signal: string, to: string) =>
  `${OTHERS}test.pass "p" {\noutput {\n${signal} = [${to}]\n}\n}`

const SAMPLES = 'a receiver of samples, such as prometheus.remote_write.default.receiver'
const ENTRIES = 'a receiver of log entries, such as loki.write.default.receiver'
const OTLP = 'a consumer, such as otelcol.exporter.otlp.default.input'

describe('what may be wired', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['samples', scrape('[test.store.a.receiver]'), ['test.scrape.s test.store.a samples']],
    [
      'to several',
      scrape('[test.store.a.receiver, test.relabel.a.receiver]'),
      ['test.scrape.s test.store.a samples', 'test.scrape.s test.relabel.a samples'],
    ],
    ['to none', scrape('[]'), []],
    ['entries', tail('[test.lines.a.receiver]'), ['test.tail.t test.lines.a entries']],
    [
      'metrics made into samples',
      `${OTHERS}test.to_samples "m" { forward_to = [test.store.a.receiver] }
test.pass "p" {\noutput { metrics = [test.to_samples.m.input] }\n}`,
      ['test.to_samples.m test.store.a samples', 'test.pass.p test.to_samples.m metrics'],
    ],
    [
      'samples made into metrics',
      `${scrape('[test.from_samples.f.receiver]')}
test.from_samples "f" {\noutput { traces = [test.sink.a.input] }\n}`,
      ['test.scrape.s test.from_samples.f samples', 'test.from_samples.f test.sink.a traces'],
    ],
  ]
  test.each(rows)('%s', (_, text, wires) => {
    expect(faults(text)).toEqual([])
    const found = check(text).wires.map(({ from, to, signal }) => `${from} ${to} ${signal}`)
    expect(found).toEqual(wires)
  })
})

describe('what may not', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'a consumer of OTLP',
      scrape('[test.sink.a.input]'),
      `6:15 wrong-type "forward_to[0]" needs ${SAMPLES}, and got the input of test.sink.a`,
    ],
    [
      'samples to one of entries, the second of a list',
      scrape('[test.store.a.receiver, test.lines.a.receiver]'),
      `6:38 wrong-type "forward_to[1]" needs ${SAMPLES}, and got the receiver of test.lines.a`,
    ],
    [
      'entries to one of samples',
      tail('[test.store.a.receiver]'),
      `6:15 wrong-type "forward_to[0]" needs ${ENTRIES}, and got the receiver of test.store.a`,
    ],
    [
      'metrics to one of samples',
      pass('metrics', 'test.store.a.receiver'),
      `7:12 wrong-type "metrics[0]" needs ${OTLP}, and got the receiver of test.store.a`,
    ],
    [
      'a component instead of its receiver',
      scrape('[test.store.a]'),
      `6:15 wrong-type "forward_to[0]" needs ${SAMPLES}, and got an object; write test.store.a.receiver`,
    ],
    [
      'one that is no list',
      scrape('test.store.a.receiver'),
      '6:14 wrong-type "forward_to" needs a list of receivers of samples, and got the receiver of test.store.a; put it between brackets: [ ... ]',
    ],
    [
      'none at all',
      `${OTHERS}test.scrape "s" { }`,
      '5:1 missing-attribute test.scrape needs the attribute "forward_to"; add forward_to = [...]',
    ],
    [
      'the input of what has a receiver',
      scrape('[test.store.a.input]'),
      '6:28 unknown-field test.store.a has no field "input"; it has receiver',
    ],
    [
      'another signal than a converter takes',
      `${OTHERS}test.to_samples "m" { forward_to = [] }
test.pass "p" {\noutput { logs = [test.to_samples.m.input] }\n}`,
      '7:18 wrong-signal test.to_samples.m takes metrics, and was wired to logs; remove it from logs, or wire logs elsewhere',
    ],
  ]
  test.each(rows)('%s', (_, text, fault) => {
    expect(faults(text)).toEqual([fault])
  })

  test('the caret is at the receiver', () => {
    const { diagnostics } = check(scrape('[test.lines.a.receiver]'))
    expect(renderDiagnostics(diagnostics, { color: false })).toContain(
      ' 6 | forward_to = [test.lines.a.receiver]\n   |               ^^^^^^^^^^^^^^^^^^^^^\n',
    )
  })
})

test('a component takes signals of one kind of consumer', () => {
  const mixed = { ...common, name: 'test.mixed', schema, accepts: ['traces', 'samples'] as const }
  expect(() => defineExporter(mixed)).toThrow('one kind of consumer')
})
