import { describe, expect, test } from 'vitest'
import { Source } from '#grammar'
import { any, attributes, defineConfigBlock, defineExtension, secret, string } from '#sdk'
import { loadAndCheck } from '../load.js'
import type { ExportsOf } from '../program.js'
import { Registry } from '../registry.js'

const about = 'For the test.'
const create = () => ({ stop: async () => {} })

const text = defineExtension({
  name: 'test.text',
  stability: 'generally-available',
  about,
  schema: attributes({
    text: string({ default: '', about }),
    any: any({ about }),
    secret: secret({ about }),
  }),
  exports: { content: { kind: 'string-or-secret' } },
  create,
})
const root = defineConfigBlock({
  name: 'setting',
  stability: 'generally-available',
  about,
  schema: attributes({}),
  create,
})

function load(config: string) {
  return loadAndCheck([new Source('/etc/weir/test.river', config)], {
    registry: new Registry([text, root]),
    stability: 'experimental',
    environment: { env: () => undefined, constants: new Map() },
  })
}

/** The ids of what would run, and what each waits for. */
async function nodesOf(config: string): Promise<readonly string[]> {
  const { program, diagnostics } = await load(config)
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return program.nodes
    .filter(({ definition }) => definition.kind !== 'config')
    .map(({ id, dependsOn }) => [id, ...dependsOn].join(' <- '))
}

/** "line code" of each diagnostic. */
async function faults(config: string): Promise<readonly string[]> {
  const { diagnostics } = await load(config)
  return diagnostics.map(({ at, code }) => `${at.source.positionAt(at.start).line} ${code}`)
}

const PASS = `declare "pass" {
  argument "in" { }
  argument "other" {
    optional = true
    default  = "x"
  }
  test.text "t" { text = argument.in.value }
  test.text "o" { text = argument.other.value }
  export "out" { value = test.text.t.content }
}
`

describe('what modules stand for', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'components with ids behind the module, which depend on what their arguments do',
      `${PASS}
      test.text "a" { }
      pass "one" { in = test.text.a.content }
      test.text "b" { text = pass.one.out }`,
      [
        'test.text.a',
        'pass.one/test.text.t <- test.text.a',
        'pass.one/test.text.o',
        'test.text.b <- pass.one/test.text.t',
      ],
    ],
    [
      'modules in modules',
      `${PASS}
      declare "twice" {
        argument "in" { }
        pass "x" { in = argument.in.value }
        pass "y" { in = pass.x.out }
        export "out" { value = pass.y.out }
      }
      twice "a" { in = "t" }`,
      [
        'twice.a/pass.x/test.text.t',
        'twice.a/pass.x/test.text.o',
        'twice.a/pass.y/test.text.t <- twice.a/pass.x/test.text.t',
        'twice.a/pass.y/test.text.o',
      ],
    ],
    [
      'templates, once for each item',
      `foreach "f" {
        collection = ["b-1", "a", "a", 7]
        var = "it"
        template { test.text "t" { text = it } }
      }`,
      [
        'foreach.f',
        'foreach.f/b_1/test.text.t',
        'foreach.f/a/test.text.t',
        'foreach.f/a_2/test.text.t',
        'foreach.f/7/test.text.t',
      ],
    ],
    [
      'items named by a field',
      `foreach "f" {
        collection = [{ name = "one", x = 1 }, { name = "two", x = 2 }]
        var = "it"
        id  = "name"
        template { test.text "t" { any = it.x } }
      }`,
      ['foreach.f', 'foreach.f/one/test.text.t', 'foreach.f/two/test.text.t'],
    ],
    ['nothing where a module is not used', PASS, []],
    [
      'an export that does not need the argument that is made of it',
      `declare "m" {
        argument "in" { }
        test.text "free" { }
        test.text "bound" { text = argument.in.value }
        export "out" { value = test.text.free.content }
      }
      m "a" { in = m.a.out }`,
      ['m.a/test.text.free', 'm.a/test.text.bound <- m.a/test.text.free'],
    ],
  ]
  for (const [name, config, nodes] of rows) {
    test(name, async () => expect([...(await nodesOf(config))].sort()).toEqual([...nodes].sort()))
  }
})

describe('faults', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['a missing argument', `${PASS}pass "a" { }`, ['11 missing-attribute']],
    [
      'an argument there is not',
      `${PASS}pass "a" {\n in = 1\n out = 1\n}`,
      ['13 unknown-attribute'],
    ],
    [
      'an export there is not',
      `${PASS}pass "a" { in = "" }\npass "b" { in = pass.a.x }`,
      ['12 unknown-field'],
    ],
    ['two modules of one name', 'declare "a" { }\ndeclare "a" { }', ['2 duplicate-component']],
    [
      'two instances of one name',
      `${PASS}pass "a" { in = "" }\npass "a" { in = "" }`,
      ['12 duplicate-component'],
    ],
    [
      'what a module sees: not what is around it',
      'test.text "a" { }\ndeclare "m" {\n test.text "b" { text = test.text.a.content }\n}',
      ['3 unknown-reference'],
    ],
    [
      'a cycle through arguments and exports',
      'declare "m" {\n argument "in" { }\n export "out" { value = argument.in.value }\n}\n' +
        'm "a" { in = m.a.out }',
      ['3 cycle'],
    ],
    ['a block of the root', 'declare "m" {\n setting { }\n}', ['2 misplaced-block']],
    ['a part of a module at the root', 'argument "a" { }', ['1 misplaced-block']],
    ['no template', 'foreach "f" {\n collection = []\n var = "x"\n}', ['1 missing-block']],
    [
      'a collection of the wrong type',
      'foreach "f" {\n collection = 1\n var = "x"\n template { }\n}',
      ['2 wrong-type'],
    ],
    [
      'a template without items',
      'foreach "f" {\n collection = []\n var = "x"\n template {\n test.text "t" { txt = x }\n }\n}',
      ['5 unknown-attribute'],
    ],
    [
      'a fault of several instances is told once',
      'declare "m" {\n test.text "t" { txt = "" }\n}\nm "a" { }\nm "b" { }',
      ['2 unknown-attribute'],
    ],
    [
      'a type that an argument does not have',
      'declare "m" {\n argument "n" { type = "number" }\n test.text "t" { any = argument.n.value }\n}\n' +
        'm "a" { n = [] }',
      ['5 wrong-type'],
    ],
  ]
  for (const [name, config, found] of rows) {
    test(name, async () => expect(await faults(config)).toEqual(found))
  }
})

describe('arguments', () => {
  const valuesOf = async (config: string, id: string) => {
    const { program } = await load(config)
    const node = program!.nodes.find((one) => one.id === id)!
    const { values, diagnostics } = node.evaluate(() => new Map([['content', 'exported']]))
    expect(diagnostics).toEqual([])
    return values as { any: unknown; secret: unknown; text: unknown }
  }

  test('that are blocks are objects', async () => {
    const config = `declare "m" {
      argument "auth" { type = "block" }
      argument "rules" { type = "list(block)" }
      test.text "t" { any = [argument.auth.value.user, argument.rules.value] }
    }
    m "a" {
      auth { user = "alice" }
      rules { x = 1 }
      rules { x = 2 }
    }`
    const { any: value } = await valuesOf(config, 'm.a/test.text.t')
    expect(value).toEqual(['alice', [new Map([['x', 1n]]), new Map([['x', 2n]])]])
  })

  test('that are secret are never shown', async () => {
    const config = `declare "m" {
      argument "token" { type = "secret" }
      test.text "t" { any = argument.token.value }
    }
    m "a" { token = "hunter2" }`
    const { any: value } = await valuesOf(config, 'm.a/test.text.t')
    expect(`${value}`).toBe('(secret)')
    const wrong = config.replace('any =', 'text =')
    const { diagnostics } = await load(wrong)
    expect(diagnostics.map(({ code }) => code)).toEqual(['wrong-type'])
    expect(JSON.stringify(diagnostics.map(({ at: _, notes: __, ...rest }) => rest))).not.toContain(
      'hunter2',
    )
  })

  test('that were secret once are not shown', async () => {
    const config = `declare "m" {
      argument "in" { }
      test.text "t" { text = [argument.in.value] }
    }
    m "a" { in = convert.nonsensitive("hunter2") }`
    const { diagnostics } = await load(config)
    expect(diagnostics.map(({ code }) => code)).toEqual(['wrong-type'])
    expect(diagnostics.map(({ message, mark }) => `${message} ${mark}`).join()).not.toContain(
      'hunter2',
    )
  })

  test('left out or null are the default', async () => {
    for (const given of ['', 'other = null']) {
      const { text: value } = await valuesOf(
        `${PASS}pass "a" {\n in = ""\n ${given}\n}`,
        'pass.a/test.text.o',
      )
      expect(value).toBe('x')
    }
  })

  test('and module_path reach templates', async () => {
    const config = `declare "m" {
      argument "in" { }
      foreach "f" {
        collection = [argument.in.value]
        var = "it"
        template { test.text "t" { any = [it, argument.in.value, module_path] } }
      }
    }
    m "a" { in = "x" }`
    const { any: value } = await valuesOf(config, 'm.a/foreach.f/x/test.text.t')
    expect(value).toEqual(['x', 'x', '/etc/weir'])
  })
})

test('a template follows what runs', async () => {
  const { program } = await load(`
    test.text "list" { }
    foreach "f" {
      collection = encoding.from_json(test.text.list.content)
      var = "it"
      template { test.text "t" { text = it } }
    }`)
  expect(program!.nodes.map(({ id }) => id)).toEqual(['setting', 'test.text.list', 'foreach.f'])
  const running =
    (json: string): ExportsOf =>
    (id) =>
      id === 'test.text.list' ? new Map([['content', json]]) : undefined
  const first = await program!.renew!(running('["a"]'))
  expect(first.program!.nodes.at(-1)!.id).toBe('foreach.f/a/test.text.t')
  expect(await first.program!.renew!(running('["a"]'))).toBe(first)
  const second = await first.program!.renew!(running('["b"]'))
  expect(second.program!.nodes.at(-1)!.id).toBe('foreach.f/b/test.text.t')
})
