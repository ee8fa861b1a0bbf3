/** Modules that a config declares or imports, as an editor sees them. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atCursor, type LanguageServer, startLanguageServer } from '#support'
import { temporaryFolder } from '../../test/support/cli.js'
import { DEBOUNCE_MS } from './publisher.js'

let server: LanguageServer

beforeAll(async () => {
  server = startLanguageServer()
  await server.client.initialize({
    textDocument: { completion: { completionItem: { snippetSupport: true } } },
  })
})

afterAll(() => server.client.shutdown())

const MODULE = `declare "pipe" {
  argument "to" { comment = "Where it goes." }
  argument "size" {
    optional = true
    type     = "number"
  }
  otelcol.processor.batch "b" {
    send_batch_size = argument.size.value
    output { traces = argument.to.value }
  }
  local.file "f" { filename = "f" }
  export "input" { value = otelcol.processor.batch.b.input }
  export "text" { value = local.file.f.content }
  export "both" { value = [local.file.f.content] }
}
`

/** The config beside a module that it imports as "lib", with what was typed after it was read. */
async function withModule<T>(
  marked: string,
  ask: (uri: string, offset: number, folder: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder({ 'lib/pipe.river': MODULE, 'main.river': '' })
  const uri = pathToFileURL(join(folder, 'main.river')).href
  const head = 'import.file "lib" { filename = "lib/pipe.river" }\n'
  const { text, offset } = atCursor(`${head}${marked}`)
  const { client, clock } = server
  await client.open(uri, head)
  await client.hover(uri, 0)
  await clock.tick(DEBOUNCE_MS)
  await client.diagnosticsOf(uri)
  await client.edit(uri, head.length, 0, text.slice(head.length))
  try {
    return await ask(uri, offset, folder)
  } finally {
    await client.close(uri)
  }
}

const completions = (marked: string) =>
  withModule(marked, (uri, offset) => server.client.completions(uri, offset))
const labels = async (marked: string) => (await completions(marked)).map(({ label }) => label)

describe('completion', () => {
  test.each<[string, string, string]>([
    ['an imported module', 'lib.‸', 'lib.pipe'],
    ['a declared one', `${MODULE}pi‸`, 'pipe'],
    ['one of around, in another', `${MODULE}declare "other" {\n  ‸\n}`, 'pipe'],
    ['one declared in a module', `declare "a" {\n  ${MODULE}\n  ‸\n}`, 'pipe'],
    ['an argument of it', 'lib.pipe "x" {\n  ‸\n}', 'to'],
    ['what its argument takes', 'lib.pipe "x" {\n  to = ‸\n}', 'sys.env'],
    [
      'the value of an argument',
      `declare "a" {\n argument "in" { }\n x = ‸\n}`,
      'argument.in.value',
    ],
  ])('%s', async (_, marked, expected) => expect(await labels(marked)).toContain(expected))

  test('with the arguments that it needs', async () => {
    const item = (await completions('lib.‸')).find(({ label }) => label === 'lib.pipe')
    expect(item?.textEdit).toMatchObject({
      newText: `lib.pipe "\${1:default}" {\n\tto = $2\n}`,
    })
  })

  test('not where it is not known', async () => {
    expect(await labels(`declare "a" {\n  ${MODULE}\n}\npi‸`)).not.toContain('pipe')
  })

  test('its exports where their type fits', async () => {
    const config = (value: string) => `lib.pipe "x" { to = [] }\n${value}`
    const batch = 'otelcol.processor.batch "b" { output { traces = ‸ } }'
    const consumers = await labels(config(batch))
    expect(consumers).toContain('lib.pipe.x.input')
    expect(consumers).not.toContain('lib.pipe.x.text')
    const texts = await labels(config('local.file "f" { filename = ‸ }'))
    expect(texts).toContain('lib.pipe.x.text')
    expect(texts).not.toContain('lib.pipe.x.input')
  })
})

describe('where things are declared', () => {
  test.each<[string, string, string]>([
    ['a module', 'lib.pi‸pe "x" { to = [] }', 'declare "pipe"'],
    ['an argument', 'lib.pipe "x" { t‸o = [] }', 'argument "to"'],
    [
      'an export',
      'lib.pipe "x" { to = [] }\nlocal.file "f" { filename = lib.pipe.x.te‸xt }',
      'export "text"',
    ],
  ])('%s', async (_, marked, expected) => {
    await withModule(marked, async (uri, offset, folder) => {
      const found = await server.client.definition(uri, offset)
      expect(found?.uri).toBe(pathToFileURL(join(folder, 'lib/pipe.river')).href)
      const line = MODULE.split('\n')[found!.range.start.line]!
      expect(line.trim()).toContain(expected)
    })
  })

  test('one of the same file', async () => {
    await withModule(`${MODULE}pi‸pe "x" { to = [] }`, async (uri, offset) => {
      const found = await server.client.definition(uri, offset)
      expect(server.client.textAt(uri, found!.range)).toBe('declare "pipe"')
    })
  })
})

describe('what hovers say', () => {
  test.each<[string, string, RegExp]>([
    ['a module', 'lib.pi‸pe "x" { to = [] }', /\*\*lib\.pipe\*\*.*Needs `to`.*Exports `input`/s],
    ['its argument, with its comment', 'lib.pipe "x" { t‸o = [] }', /\*\*to\*\*.*Where it goes\./s],
    [
      'its export',
      'lib.pipe "x" { to = [] }\nlocal.file "f" { filename = lib.pipe.x.te‸xt }',
      /\*\*text\*\* of `lib\.pipe\.x`/,
    ],
  ])('%s', async (_, marked, expected) => {
    await withModule(marked, async (uri, offset) => {
      const said = await server.client.hover(uri, offset)
      expect((said?.contents as { value: string } | undefined)?.value).toMatch(expected)
    })
  })
})
