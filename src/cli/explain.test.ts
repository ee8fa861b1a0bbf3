import { describe, expect, test } from 'vitest'
import { allComponents } from '#support'
import { runWeir } from '../../test/support/cli.js'

const components = await allComponents()
/** What is no component. */
const BLOCKS = [
  ...['http', 'logging', 'telemetry', 'tracing', 'declare', 'argument', 'export', 'foreach'],
  ...['import.file', 'import.git', 'import.http', 'import.string'],
]

async function explained(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await runWeir(['explain', ...args])
  expect([code, err]).toEqual([0, ''])
  return out
}

const json = async (...args: readonly string[]) =>
  JSON.parse(await explained('--json', ...args)) as unknown

describe('as text', () => {
  test('a component: what for, what it takes, what it exports', async () => {
    const text = await explained('local.file')
    expect(text).toMatch(
      /^local\.file \(generally-available\)\n\nExports what a file holds.*\.\n\n/,
    )
    const [, body, exported] = /\n\n((?: {2}.*\n)+)\nExports:\n((?: {2}.*\n)+)$/.exec(text)!
    expect(body).toMatch(/ {2}filename = string +required +\S.*\.\n/)
    expect(body).toMatch(/ {2}is_secret = bool +false +\S.*\.\n/)
    expect(exported).toBe('  content  string-or-secret\n')
    // Each cell begins where the one above does.
    const columns = body!
      .trimEnd()
      .split('\n')
      .map((line) => /(?<= {2})[A-Z]/.exec(line)?.index)
    expect(new Set(columns).size).toBe(1)
  })

  test('nested blocks come under their path, the required ones marked', async () => {
    const headers = await explained('otelcol.auth.headers')
    expect(headers).toMatch(/\n\nheader \{ \} \(required, may be repeated\)\n {2}\S.*\n {2}key = /)
    expect(headers).toMatch(/\n {2}value = string or secret +not set {2}/)
    const exporter = await explained('otelcol.exporter.otlp')
    expect(exporter).toMatch(/\n\nclient \{ \} \(required\)\n/)
    expect(exporter).toMatch(/\n\nclient > tls > tpm \{ \}\n/)
  })

  test('a config block', async () => {
    expect(await explained('logging')).toMatch(/^logging \(generally-available\)\n/)
  })

  test('a function: how it is called and what it gives', async () => {
    expect(await explained('string.join')).toBe(`\
string.join(items, separator) gives string (generally-available)

One string of many, with a separator between them.

  items      list of strings  The strings.
  separator  string           What stands between them.
`)
    const maps = await explained('array.combine_maps')
    expect(maps).toMatch(
      /^array\.combine_maps\(left, right, keys\[, passthrough\]\) .*\(experimental\)\n/,
    )
    expect(maps).toMatch(/\n {2}passthrough \(optional\) {2}bool +\S/)
  })

  test('a deprecated function names the one to use', async () => {
    expect(await explained('env')).toContain('\nDeprecated: write sys.env.\n')
    expect(await explained('sys.env')).not.toContain('Deprecated')
  })

  test('all there are, without deprecated names', async () => {
    const text = await explained()
    const [before, after] = text.split('\nFunctions:\n') as [string, string]
    const names = (part: string) =>
      [...part.matchAll(/^ {2}(\S+) {2,}\S/gm)].map((match) => match[1])
    expect(before).toMatch(/^Components and blocks:\n/)
    expect(names(before)).toEqual([...components.map(({ name }) => name), ...BLOCKS].sort())
    expect(names(after)).toContain('sys.env')
    expect(names(after)).not.toContain('env')
  })
})

describe('an unknown name', () => {
  test.each([
    ['otelcol.processor.batsh', '  = help: did you mean "otelcol.processor.batch"?\n'],
    ['string.jion', '  = help: did you mean "string.join"?\n'],
    ['nothing.like_this', '  = help: weir explain lists all\n'],
  ])('%s', async (name, help) => {
    expect(await runWeir(['explain', name])).toEqual({
      code: 1,
      out: '',
      err: `error: there is no component or function "${name}"\n${help}`,
    })
  })
})

describe('as JSON', () => {
  test.each([...components.map(({ name }) => name), ...BLOCKS])(
    'the arguments of %s are a JSON schema',
    async (name) => {
      const given = (await json(name)) as Record<string, unknown>
      expect(given).toMatchObject({ name })
      expect(given['about']).toMatch(/\S\.$/)
      expect(given['arguments']).toMatchObject({ type: 'object' })
      expect(faultsOf(given['arguments'], '')).toEqual([])
    },
  )

  test('a schema has types, limits, choices and what is required', async () => {
    expect(await json('otelcol.exporter.debug')).toMatchObject({
      arguments: {
        properties: {
          verbosity: { type: 'string', enum: ['basic', 'normal', 'detailed'] },
        },
        additionalProperties: false,
      },
    })
    expect(await json('local.file')).toMatchObject({
      arguments: {
        properties: {
          filename: { type: 'string' },
          is_secret: { type: 'boolean' },
          poll_frequency: { type: 'string', format: 'duration' },
        },
        required: ['filename'],
      },
      exports: { content: { kind: 'string-or-secret' } },
    })
    expect(await json('otelcol.auth.headers')).toMatchObject({
      arguments: {
        properties: { header: { type: 'array', items: { type: 'object', required: ['key'] } } },
      },
    })
  })

  test('a function', async () => {
    expect(await json('string.join')).toMatchObject({
      name: 'string.join',
      usage: 'string.join(items, separator)',
      result: 'string',
      parameters: [{ name: 'items', presence: 'required' }, { name: 'separator' }],
    })
  })

  test('all there are', async () => {
    const all = (await json()) as Record<'components' | 'functions', { name: string }[]>
    expect(all.components).toHaveLength(components.length + BLOCKS.length)
    expect(all.functions.map(({ name }) => name)).toContain('sys.env')
  })
})

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean']
const KEYWORDS = [
  'type',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'format',
  'minimum',
  'maximum',
  'default',
  'deprecated',
]

/** Where a value is no schema, as far as the specification goes for the keywords in use. */
function faultsOf(schema: unknown, path: string): readonly string[] {
  if (schema === false) return []
  if (typeof schema !== 'object' || schema === null) return [`${path} is no schema`]
  const {
    type,
    properties,
    required,
    additionalProperties,
    items,
    enum: choices,
    ...rest
  } = schema as Record<string, unknown>
  const faults = Object.keys(schema)
    .filter((name) => !KEYWORDS.includes(name))
    .map((name) => `${path} has ${name}`)
  const check = (isGood: boolean, what: string) => {
    if (!isGood) faults.push(`${path}: ${what}`)
  }
  const names = Object.keys((properties as object | undefined) ?? {})
  check(type === undefined || TYPES.includes(type as string), `type ${String(type)}`)
  check(
    required === undefined ||
      (Array.isArray(required) && required.every((name) => names.includes(String(name)))),
    'required',
  )
  check(choices === undefined || (Array.isArray(choices) && choices.length > 0), 'enum')
  for (const name of ['minimum', 'maximum']) {
    check(rest[name] === undefined || typeof rest[name] === 'number', name)
  }
  for (const [name, inner] of Object.entries((properties as object | undefined) ?? {})) {
    faults.push(...faultsOf(inner, `${path}/${name}`))
  }
  for (const [name, inner] of Object.entries({ additionalProperties, items })) {
    if (inner !== undefined) faults.push(...faultsOf(inner, `${path}/${name}`))
  }
  return faults
}
