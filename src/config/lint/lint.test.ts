import { describe, expect, test } from 'vitest'
import { Source } from '#grammar'
import {
  attributes,
  block,
  boolean,
  type Definition,
  defineExporter,
  defineExtension,
  defineReceiver,
  integer,
  listening,
  output,
  string,
} from '#sdk'
import { checkSources } from '../load.js'
import { Registry } from '../registry.js'

const about = 'For the test.'
const stability = 'generally-available'
const never = (): never => {
  throw new Error('nothing runs here')
}
const endpoint = string({ default: ':1', about, claims: 'address' })

const definitions: readonly Definition[] = [
  defineReceiver({
    name: 'test.in',
    stability,
    about,
    schema: attributes({
      grpc: block(attributes({ endpoint }), { about }),
      http: block(attributes({ endpoint }), { about }),
      output,
    }),
    create: never,
  }),
  defineReceiver({
    name: 'test.served',
    stability,
    about,
    schema: attributes({
      http: block(
        listening(
          attributes({
            host: string({ default: '127.0.0.1', about }),
            port: integer({ default: 8, min: 0, max: 9, about }),
          }),
          ['host', 'port'],
          ({ host, port }) => `${host}:${port}`,
        ),
        { absent: 'defaults', about },
      ),
      output,
    }),
    create: never,
  }),
  defineExporter({
    name: 'test.out',
    stability,
    about,
    accepts: ['traces'],
    schema: attributes({ file: string({ about, claims: 'path' }) }),
    create: never,
  }),
  defineExporter({
    name: 'test.own',
    stability,
    about,
    accepts: ['traces'],
    schema: attributes({ enabled: boolean({ default: true, about }) }),
    create: never,
  }),
  defineExtension({
    name: 'test.file',
    stability,
    about,
    schema: attributes({ hidden: boolean({ default: false, about }) }),
    exports: { content: { kind: 'string-or-secret', secretBy: 'hidden' } },
    create: never,
  }),
]

/** "line:column code message" of each diagnostic. */
function faults(text: string, strictAlloy = false): readonly string[] {
  const { diagnostics } = checkSources([new Source('test.river', text)], {
    registry: new Registry(definitions),
    stability,
    environment: {
      env: (name) => (name === 'ON' ? 'yes' : undefined),
      constants: new Map(),
      strictAlloy,
    },
  })
  return diagnostics.map(({ at, code, message }) => {
    const { line, column } = at.source.positionAt(at.start)
    return `${line}:${column} ${code} ${message}`
  })
}

const to = (...ids: readonly string[]) =>
  `test.in "in" { output { traces = [${ids.map((id) => `${id}.input`).join(', ')}] } }\n`

describe('components that are switched off', () => {
  const out = (enabled: string) => `${to('test.out.a')}test.out "a" { enabled = ${enabled} }`
  const off = ['1:35 disabled-reference test.out.a is switched off, so it has nothing to refer to']

  test.each<[string, string, readonly string[]]>([
    ['on', out('true'), []],
    ['on by the environment', out('sys.env("ON") == "yes"'), []],
    ['on as if not written', out('null'), []],
    ['off', out('false'), off],
    ['off by a variable that is not set', out('sys.env("OFF") != ""'), off],
    ['off, and used by nobody', 'test.out "a" { enabled = false }', []],
    [
      'off, and used by another that is',
      'test.out "a" { enabled = false\nfile = test.file.f.content }\ntest.file "f" { enabled = false }',
      [],
    ],
    [
      'one of two with one name',
      `${to('test.out.a')}test.out "a" { enabled = false }\ntest.out "a" { }`,
      [],
    ],
    [
      'one of two, the other way round',
      `${to('test.out.a')}test.out "a" { }\ntest.out "a" { enabled = false }`,
      [],
    ],
    [
      'none of two with one name',
      `${to('test.out.a')}test.out "a" { }\ntest.out "a" { enabled = true }`,
      ['3:1 duplicate-component test.out.a is declared twice'],
    ],
    ['by an attribute of its own', `${to('test.own.a')}test.own "a" { enabled = false }`, []],
    [
      'by no bool',
      `${to('test.out.a')}test.out "a" { enabled = "no" }`,
      ['2:26 wrong-type "enabled" needs true or false, and got the string "no"'],
    ],
    [
      'by what is not known yet',
      `${to('test.out.a')}test.out "a" { enabled = test.file.f.content == "" }\ntest.file "f" { }`,
      [
        '2:26 early-reference "enabled" is read before anything runs, so it cannot use test.file.f.content',
      ],
    ],
    [
      'twice',
      `${to('test.out.a')}test.out "a" { enabled = true\nenabled = true }`,
      ['3:1 unknown-attribute test.out has no attribute "enabled"'],
    ],
  ])('%s', (_, text, expected) => expect(faults(text)).toEqual(expected))
})

describe('what is used by nothing', () => {
  test.each<[string, string, readonly string[]]>([
    ['an exporter', 'test.out "a" { }', ['1:1 unused-component nothing uses test.out.a']],
    ['what has no exports', 'test.in "a" { output { } }', []],
    ['what is used', `${to('test.out.a')}test.out "a" { }`, []],
    [
      'nothing is said beside an error',
      'test.out "a" { }\ntest.in "a" { }',
      ['2:1 missing-block test.in needs the block "output"'],
    ],
    [
      'what only something switched off uses',
      'test.in "in" { enabled = false\noutput { traces = [test.out.a.input] } }\ntest.out "a" { }',
      [],
    ],
  ])('%s', (_, text, expected) => expect(faults(text)).toEqual(expected))
})

describe('what one alone can have', () => {
  const receivers = (one: string, other: string) =>
    [one, other]
      .map((at, index) => `test.in "r${index}" { grpc { endpoint = "${at}" }\noutput { } }`)
      .join('\n')
  const clash = (address: string, other = address) => [
    `3:34 duplicate-address ${address} is taken: test.in.r0 listens on ${other}`,
  ]

  test.each<[string, string, readonly string[]]>([
    ['two addresses', receivers('a:1', 'a:2'), []],
    ['one address twice', receivers('a:1', 'a:1'), clash('a:1')],
    ['every interface', receivers('127.0.0.1:1', ':1'), clash(':1', '127.0.0.1:1')],
    [
      'one machine by two names',
      receivers('localhost:1', '127.0.0.1:1'),
      clash('127.0.0.1:1', 'localhost:1'),
    ],
    ['two interfaces', receivers('10.0.0.1:1', '10.0.0.2:1'), []],
    ['any port that is free', receivers('a:0', 'a:0'), []],
    ['one socket twice', receivers('/run/a', '/run/a'), clash('/run/a')],
    [
      'a default',
      'test.in "a" { http { }\noutput { } }\ntest.in "b" {\ngrpc { }\noutput { } }',
      ['4:1 duplicate-address :1 is taken: test.in.a listens on :1'],
    ],
    [
      'an address of two attributes',
      'test.served "a" { output { } }\ntest.served "b" { http { host = "0.0.0.0"\nport = 8 }\noutput { } }',
      ['3:8 duplicate-address 0.0.0.0:8 is taken: test.served.a listens on 127.0.0.1:8'],
    ],
    [
      'an address of which a part is not known',
      [
        'test.served "a" { http { port = test.file.f.content }\noutput { } }',
        'test.served "b" { http { port = test.file.f.content }\noutput { } }',
        'test.file "f" { }',
      ].join('\n'),
      [],
    ],
    [
      'one path by two names',
      `${to('test.out.a', 'test.out.b')}test.out "a" { file = "/x/y" }\ntest.out "b" { file = "/x/../x/y" }`,
      ['3:23 duplicate-path /x/../x/y is taken: test.out.a writes there'],
    ],
  ])('%s', (_, text, expected) => expect(faults(text)).toEqual(expected))
})

describe('secrets', () => {
  const file = (hidden: string, value: string) =>
    `${to('test.out.a')}test.out "a" { file = ${value} }\ntest.file "f" { hidden = ${hidden} }`

  test.each<[string, string, readonly string[]]>([
    ['are no strings', file('true', 'test.file.f.content'), ['needs a string, and got a secret']],
    [
      'are no strings where an expression says so',
      file('!false', 'test.file.f.content'),
      ['needs a string, and got a secret'],
    ],
    [
      'may be none, where only the machine can tell',
      file('sys.env("OFF") == "1"', 'test.file.f.content'),
      [],
    ],
    [
      'are none with more text',
      file('true', '"x" + test.file.f.content'),
      ['needs a string, and got a secret'],
    ],
    [
      'are none in a function',
      file('true', 'string.trim_space(test.file.f.content)'),
      ['must be a string, and is a secret'],
    ],
    ['may be made some', file('true', 'convert.nonsensitive(test.file.f.content)'), []],
    ['may be none', file('false', 'test.file.f.content'), []],
  ])('%s', (_, text, expected) => {
    expect(faults(text).map((fault) => fault.replace(/^.* (?=needs|must)/, ''))).toEqual(expected)
  })
})

test('what Alloy does not have is refused where Alloy is to take the config', () => {
  const text = `${to('test.out.a', 'test.own.a')}test.out "a" {
  enabled = true || 1 / 0 == 1
  file    = if(array.contains([1], 1), "a", "b")
}
test.own "a" { enabled = true }`
  expect(faults(text)).toEqual([])
  expect(faults(text, true)).toEqual([
    '3:3 not-in-alloy Alloy does not have "enabled" on every component',
    '3:25 expression-failed division by zero',
    '4:13 not-in-alloy Alloy does not have the function if',
    '4:16 not-in-alloy Alloy does not have the function array.contains',
  ])
  const eager = `${to('test.out.a')}test.out "a" { file = string.format("%v", false && [][0]) }`
  expect(faults(eager)).toEqual([])
  expect(faults(eager, true)).toEqual([
    '2:55 expression-failed there is no item 0 in a list of 0 items',
  ])
})
