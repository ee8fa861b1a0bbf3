import { describe, expect, test } from 'vitest'
import { renderDiagnostics, Source } from '#grammar'
import {
  any,
  attributes,
  block,
  blocks,
  boolean,
  choice,
  type Definition,
  defineConfigBlock,
  defineExporter,
  defineExtension,
  defineProcessor,
  duration,
  handler,
  integer,
  list,
  map,
  output,
  secret,
  size,
  string,
  stringOrSecret,
  type,
} from '#sdk'
import { checkSources } from './load.js'
import { Registry } from './registry.js'

const about = 'For the test.'
const never = (): never => {
  throw new Error('nothing runs here')
}

const definitions: readonly Definition[] = [
  defineExporter({
    name: 'test.sink',
    stability: 'generally-available',
    about,
    accepts: ['traces'],
    create: never,
    schema: attributes(
      {
        url: string({ required: true, about }),
        timeout: duration({ default: '5s', min: '1ms', about }),
        count: integer({ default: 3, min: 1, max: 10, about }),
        mode: choice(['fast', 'safe'], { default: 'safe', about }),
        names: list(type.integer(0, 9), { default: [], about }),
        headers: map(type.string(), { default: {}, about }),
        token: secret({ about }),
        either: stringOrSecret({ about }),
        limit: size({ default: '4MiB', about }),
        anything: any({ about }),
        loud: boolean({ default: false, about, deprecated: 'use mode' }),
        auth: handler('client-auth', { about }),
        tls: block(attributes({ file: string({ required: true, about }) }), { about }),
        rule: blocks(
          attributes({
            key: string({ required: true, about }),
            deep: block(attributes({ size: integer({ default: 1, about }) }), { about }),
          }),
          { about },
        ),
      },
      ({ count, timeout }) =>
        count > 5 && timeout < 1000
          ? [{ path: ['timeout'], message: 'timeout is too short for so many', help: 'raise it' }]
          : [],
    ),
  }),
  defineProcessor({
    name: 'test.pass',
    stability: 'generally-available',
    about,
    schema: attributes({ output }),
    create: never,
  }),
  defineExtension({
    name: 'test.file',
    stability: 'generally-available',
    about,
    schema: attributes({ path: string({ default: '', about }) }),
    exports: { content: { kind: 'string-or-secret' }, name: { kind: 'string' } },
    create: never,
  }),
  defineExtension({
    name: 'test.auth',
    stability: 'experimental',
    about,
    schema: attributes({}),
    exports: { handler: { kind: 'handler', powers: ['server-auth'] } },
    create: never,
  }),
  defineConfigBlock({
    name: 'settings',
    stability: 'generally-available',
    about,
    schema: attributes({ level: choice(['low', 'high'], { default: 'low', about }) }),
    create: never,
  }),
]

function check(text: string, stability: 'generally-available' | 'experimental' = 'experimental') {
  return checkSources([new Source('test.river', text)], {
    registry: new Registry(definitions),
    stability,
    environment: {
      env: (name) => (name === 'COUNT' ? '7' : undefined),
      constants: new Map(),
    },
  })
}

/** "line:column code message" of each diagnostic. Bodies stand alone here: nothing uses them. */
function faults(text: string, stability?: 'generally-available'): string[] {
  const all = check(text, stability).diagnostics
  return all
    .filter(({ code }) => code !== 'unused-component')
    .map(({ at, code, message }) => {
      const { line, column } = at.source.positionAt(at.start)
      return `${line}:${column} ${code} ${message}`
    })
}

/** The faults of the body of one sink; lines count from the body's first. */
function inSink(body: string): string[] {
  return faults(`test.sink "a" {\n${body}\n}`).map((fault) =>
    fault.replace(/^\d+/, (line) => String(Number(line) - 1)),
  )
}

describe('a body against its schema', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['fits', 'url = "x"', []],
    [
      'unknown attribute',
      'url = "x"\ntimeot = "5s"',
      ['2:1 unknown-attribute test.sink has no attribute "timeot"'],
    ],
    ['unknown block', 'url = "x"\ntsl { }', ['2:1 unknown-block test.sink has no block "tsl"']],
    [
      'missing attribute',
      'count = 1',
      ['0:1 missing-attribute test.sink needs the attribute "url"'],
    ],
    [
      'missing in a block',
      'url = "x"\ntls { }',
      ['2:1 missing-attribute the block "tls" needs the attribute "file"'],
    ],
    [
      'given twice',
      'url = "x"\nurl = "y"',
      ['2:1 duplicate-attribute the attribute "url" is given twice'],
    ],
    [
      'block twice',
      'url = "x"\ntls { file = "a" }\ntls { file = "b" }',
      ['3:1 duplicate-block the block "tls" may be written once only'],
    ],
    [
      'block as attribute',
      'url = "x"\ntls = {}',
      ['2:1 not-an-attribute "tls" is a block, and was written as an attribute'],
    ],
    [
      'attribute as block',
      'url { }',
      ['1:1 not-a-block "url" is an attribute, and was written as a block'],
    ],
    [
      'what is misspelt is not missing besides',
      'ulr = "x"',
      ['1:1 unknown-attribute test.sink has no attribute "ulr"'],
    ],
    [
      'label on a block',
      'url = "x"\ntls "a" { file = "b" }',
      ['2:5 label-forbidden tls takes no label'],
    ],
    ['wrong type', 'url = true', ['1:7 wrong-type "url" needs a string, and got true']],
    [
      'out of range',
      'url = "x"\ncount = 11',
      ['2:9 wrong-type "count" needs a whole number from 1 to 10, and got the number 11'],
    ],
    [
      'no whole number',
      'url = "x"\ncount = 1.5',
      ['2:9 wrong-type "count" needs a whole number from 1 to 10, and got the number 1.5'],
    ],
    [
      'no duration',
      'url = "x"\ntimeout = 5',
      [
        '2:11 wrong-type "timeout" needs a duration such as "1m30s", 1ms or more, and got the number 5',
      ],
    ],
    [
      'no choice',
      'url = "x"\nmode = "save"',
      ['2:8 wrong-type "mode" needs one of "fast", "safe", and got the string "save"'],
    ],
    [
      'deep in a list',
      'url = "x"\nnames = [1,\n 2, "x"]',
      ['3:5 wrong-type "names[2]" needs a whole number from 0 to 9, and got the string "x"'],
    ],
    [
      'deep in an object',
      'url = "x"\nheaders = {a = "b", c = [1]}',
      ['2:25 wrong-type "headers.c" needs a string, and got a list'],
    ],
    [
      'three blocks deep',
      'url = "x"\nrule {\nkey = "a"\ndeep {\nsize = "large"\n}\n}',
      ['5:8 wrong-type "size" needs a whole number, and got the string "large"'],
    ],
    [
      'null is not written',
      'url = null\ncount = null',
      ['1:7 missing-attribute test.sink needs the attribute "url"'],
    ],
    [
      'null in a list',
      'url = "x"\nnames = [null]',
      ['2:10 wrong-type "names[0]" needs a whole number from 0 to 9, and got null'],
    ],
    [
      'between fields',
      'url = "x"\ncount = 6\ntimeout = "1ms"',
      ['3:11 invalid-arguments timeout is too short for so many'],
    ],
    [
      'deprecated',
      'url = "x"\nloud = true',
      ['2:1 deprecated-attribute the attribute "loud" is deprecated'],
    ],
    ['string to number and back', 'url = 5\ncount = "5"', []],
    ['numbers as sizes', 'url = "x"\nlimit = 4096', []],
    [
      'all at once',
      'count = 0\nmode = 1\nx = 1',
      [
        '0:1 missing-attribute test.sink needs the attribute "url"',
        '1:9 wrong-type "count" needs a whole number from 1 to 10, and got the number 0',
        '2:8 wrong-type "mode" needs one of "fast", "safe", and got the number 1',
        '3:1 unknown-attribute test.sink has no attribute "x"',
      ],
    ],
    [
      'expressions',
      'url = "x" + 1',
      [
        '1:13 operand-type the right side of + must be a string, as the left side is, and is a number',
      ],
    ],
    [
      'what a variable gives',
      'url = "x"\ncount = sys.env("COUNT") + "0"',
      ['2:9 wrong-type "count" needs a whole number from 1 to 10, and got the string "70"'],
    ],
    ['an unset variable may be anything', 'url = "x"\ncount = sys.env("UNSET")', []],
    [
      'but never a list',
      'url = "x"\nnames = sys.env("UNSET")',
      ['2:9 wrong-type "names" needs a list, each a whole number from 0 to 9, and got a string'],
    ],
    ['old functions', 'url = env("COUNT")', ['1:7 deprecated-function env is deprecated']],
  ]
  for (const [name, body, expected] of rows) {
    test(name, () => expect(inSink(body)).toEqual(expected))
  }
})

describe('blocks and what they refer to', () => {
  const sink = 'test.sink "a" { url = "x" }\n'
  const pass = (label: string, signal: string, to: string) =>
    `test.pass "${label}" {\noutput {\n${signal} = [${to}]\n}\n}\n`
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'unknown component',
      'test.snik "a" { }',
      ['1:1 unknown-component there is no component "test.snik"'],
    ],
    ['no label', 'test.file { }', ['1:1 label-missing test.file needs a label']],
    [
      'label on a config block',
      'settings "a" { }',
      ['1:10 label-forbidden settings takes no label'],
    ],
    ['twice', `${sink}${sink}`, ['2:1 duplicate-component test.sink.a is declared twice']],
    [
      'config block twice',
      'settings { }\nsettings { }',
      ['2:1 duplicate-block the block "settings" may be written once only'],
    ],
    [
      'attribute at the root',
      'a = 1',
      ['1:1 stray-attribute the attribute "a" stands outside of any block'],
    ],
    [
      'reference to nothing',
      pass('p', 'traces', 'test.sink.b.input'),
      ['3:11 unknown-reference "test.sink.b.input" is not in this config'],
    ],
    [
      'reference to what is broken is no second fault',
      `test.sink { url = "x" }\n${pass('p', 'traces', 'test.sink.input')}`,
      ['1:1 label-missing test.sink needs a label'],
    ],
    [
      'export that is not there',
      `${sink}${pass('p', 'traces', 'test.sink.a.inptu')}`,
      ['4:23 unknown-field test.sink.a has no field "inptu"'],
    ],
    ['a name alone', 'settings {\nlevel = low\n}', ['2:9 unknown-name there is no "low" here']],
    [
      'an output that is misspelt may be of any signal',
      `${sink}${pass('p', 'trace', 'test.sink.a.input')}${pass('q', 'traces', 'test.pass.p.input')}`,
      ['4:1 unknown-attribute the block "output" has no attribute "trace"'],
    ],
    ['wired', `${sink}${pass('p', 'traces', 'test.sink.a.input')}`, []],
    [
      'wrong signal',
      `${sink}${pass('p', 'metrics', 'test.sink.a.input')}`,
      ['4:12 wrong-signal test.sink.a takes traces, and was wired to metrics'],
    ],
    [
      'signal without an output behind it',
      `${sink}${pass('p', 'traces', 'test.sink.a.input')}${pass('q', 'logs', 'test.pass.p.input')}`,
      ['9:9 wrong-signal test.pass.p takes traces, and was wired to logs'],
    ],
    [
      'no consumer',
      pass('p', 'traces', '"x"'),
      [
        '3:11 wrong-type "traces[0]" needs a consumer, such as otelcol.exporter.otlp.default.input, and got the string "x"',
      ],
    ],
    [
      'handler without the power',
      'test.auth "b" { }\ntest.sink "a" {\nurl = "x"\nauth = test.auth.b.handler\n}',
      [
        '4:8 wrong-type "auth" needs a handler that puts credentials on requests, such as otelcol.auth.basic.default.handler, and got the handler of test.auth.b',
      ],
    ],
    [
      'content of a file may be anything',
      'test.file "f" { }\ntest.sink "a" {\nurl = "x"\ncount = test.file.f.content\ntoken = test.file.f.content\n}',
      [],
    ],
    [
      'a string is no list',
      'test.file "f" { }\ntest.sink "a" {\nurl = "x"\nnames = test.file.f.name\n}',
      ['4:9 wrong-type "names" needs a list, each a whole number from 0 to 9, and got a string'],
    ],
    [
      'itself',
      pass('p', 'traces', 'test.pass.p.input'),
      ['3:11 cycle this block waits for itself, so it cannot start'],
    ],
    [
      'a circle',
      pass('p', 'traces', 'test.pass.q.input') + pass('q', 'traces', 'test.pass.p.input'),
      ['3:11 cycle these blocks wait for each other, so none can start'],
    ],
    [
      'syntax errors come alone',
      'test.sink "a" {\n x = = 1\n}\ntest.none "b" { }',
      ['2:6 expected-value expected a value, and found `=`'],
    ],
  ]
  for (const [name, text, expected] of rows) {
    test(name, () => expect(faults(text)).toEqual(expected))
  }

  test('what is not stable enough', () => {
    expect(faults('test.auth "b" { }', 'generally-available')).toEqual([
      '1:1 unstable test.auth is experimental, and this agent runs only what is generally-available',
    ])
    expect(
      faults(
        'test.file "f" { path = array.group_by([{a = "b"}], "a", true)[0].a }',
        'generally-available',
      ),
    ).toEqual([
      '1:24 unstable array.group_by is experimental, and this agent runs only what is generally-available',
    ])
  })
})

test('a cycle marks each reference that closes it', () => {
  const { diagnostics } = check(
    'test.pass "a" {\n\toutput {\n\t\ttraces = [test.pass.b.input]\n\t}\n}\n' +
      'test.pass "b" {\n\toutput {\n\t\ttraces = [test.pass.a.input]\n\t}\n}\n',
  )
  const text = renderDiagnostics(diagnostics, { color: false })
  expect(text).toContain('^ test.pass.a needs test.pass.b')
  expect(text).toContain('test.pass.b needs test.pass.a')
})

test('a secret is never shown', () => {
  const text =
    'test.file "f" { }\ntest.sink "a" {\nurl = "x"\ncount = convert.nonsensitive("a") + ["b"]\n}'
  expect(faults(text).join()).not.toContain('"a"')
})

describe('the program', () => {
  test('comes in start order, with config blocks that are not written', () => {
    const { program } = check(
      'test.pass "p" {\n output {\n traces = [test.sink.a.input]\n }\n}\ntest.sink "a" { url = "x" }',
    )
    expect(program?.nodes.map(({ id }) => id)).toEqual(['settings', 'test.sink.a', 'test.pass.p'])
    expect(program?.nodes[0]?.evaluate(() => undefined).values).toEqual({ level: 'low' })
  })

  test('evaluates with the exports of the moment', () => {
    const { program } = check('test.file "f" { }\ntest.sink "a" { url = test.file.f.name + "!" }')
    const node = program?.nodes.find(({ id }) => id === 'test.sink.a')
    expect(node?.dependsOn).toEqual(['test.file.f'])
    const values = node?.evaluate(() => new Map([['name', 'hello']])).values
    expect(values).toMatchObject({ url: 'hello!', timeout: 5000, rule: [], tls: undefined })
  })

  test('reports what only the real values show', () => {
    const { program } = check(
      'test.file "f" { }\ntest.sink "a" {\nurl = "x"\ncount = test.file.f.name\n}',
    )
    const node = program?.nodes.find(({ id }) => id === 'test.sink.a')
    const { values, diagnostics } = node!.evaluate(() => new Map([['name', 'many']]))
    expect(values).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'wrong-type', mark: 'this gave "many"' }])
  })

  test('its hash tells texts apart', () => {
    expect(check('settings { }').hash).not.toBe(check('settings {  }').hash)
    expect(check('settings { }').hash).toBe(check('settings { }').hash)
  })
})
