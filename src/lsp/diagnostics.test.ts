import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LanguageServer, startLanguageServer } from '#support'
import { temporaryFolder } from '../../test/support/cli.js'
import { DEBOUNCE_MS } from './publisher.js'

let server: LanguageServer

beforeEach(async () => {
  server = startLanguageServer()
  await server.client.initialize()
})

afterEach(() => server.client.shutdown())

/** What was sent before has arrived when a request is answered; then time passes. */
async function pass(uri: string, ms: number): Promise<void> {
  await server.client.symbols(uri)
  await server.clock.tick(ms)
}

/** But for blocks that nothing uses: that is most of the short ones here. */
async function faultsOf(uri: string) {
  const found = await server.client.diagnosticsOf(uri)
  return found.filter(({ code }) => code !== 'unused-component')
}

async function codesOf(uri: string): Promise<readonly unknown[]> {
  await pass(uri, DEBOUNCE_MS)
  const found = await faultsOf(uri)
  return found.map(({ code }) => code)
}

const URI = 'untitled:a.river'
const BATCH = `otelcol.exporter.debug "d" { }
otelcol.processor.batch "b" {
  timout = "1s" // 😀
  output { traces = [otelcol.exporter.debug.d.input] }
}
`

describe('as one types', () => {
  test('faults come and go, a moment after the last change', async () => {
    const { client, clock } = server
    await client.open(URI, BATCH)
    await pass(URI, DEBOUNCE_MS - 1)
    expect(client.published.size).toBe(0)
    await clock.tick(1)
    const [found] = await client.diagnosticsOf(URI)
    expect(found).toMatchObject({ code: 'unknown-attribute', severity: 1, source: 'weir' })
    expect(found!.message).toContain('help: did you mean "timeout"?')
    expect(client.textAt(URI, found!.range)).toBe('timout')

    await client.edit(URI, BATCH.indexOf('out ='), 0, 'e')
    await pass(URI, DEBOUNCE_MS - 1)
    await client.edit(URI, BATCH.indexOf('"1s"') + 1, 4, '"2s"')
    await pass(URI, DEBOUNCE_MS - 1)
    expect(client.published.get(URI)!.version).toBe(1)
    await clock.tick(1)
    expect(await faultsOf(URI)).toEqual([])
  })

  test('a place behind characters outside the basic plane, and other places', async () => {
    const text = 'loki.echo "a" { } /* 😀😀 */\nloki.echo "a" { }'
    await server.client.open(URI, text)
    expect(await codesOf(URI)).toEqual(['duplicate-component'])
    const [found] = await server.client.diagnosticsOf(URI)
    const [related] = found!.relatedInformation!
    expect(related).toMatchObject({ message: 'the first one is here', location: { uri: URI } })
    expect(server.client.textAt(URI, related!.location.range)).toBe('loki.echo "a"')
  })

  test('what is closed is cleared', async () => {
    await server.client.open(URI, 'x')
    expect(await codesOf(URI)).toEqual(['incomplete-statement'])
    await server.client.close(URI)
    await pass(URI, DEBOUNCE_MS)
    expect(server.client.published.get(URI)!.diagnostics).toEqual([])
  })
})

describe('quick fixes', () => {
  const DEBUG = 'otelcol.exporter.debug "d" '
  test.each([
    ['a name', `${DEBUG}{ verbosty = "basic" }`, `${DEBUG}{ verbosity = "basic" }`],
    ['a word', `${DEBUG}{ verbosity = "basik" }`, `${DEBUG}{ verbosity = "basic" }`],
    ['a component', 'otelcol.exporter.debg "d" { }', `${DEBUG}{ }`],
    [
      'a block',
      'otelcol.receiver.otlp "a" {\n grcp { }\n output { }\n}',
      'otelcol.receiver.otlp "a" {\n grpc { }\n output { }\n}',
    ],
    [
      'a reference',
      `local.file "a" { filename = "x" }
local.file "b" { filename = local.file.a.contnt }`,
      `local.file "a" { filename = "x" }
local.file "b" { filename = local.file.a.content }`,
    ],
    ['a comment', '# 😀\n', '// 😀\n'],
    ['a colon', `${DEBUG}{ verbosity: "basic" }`, `${DEBUG}{ verbosity= "basic" }`],
    ['a semicolon', `${DEBUG}{ verbosity = "basic"; }`, `${DEBUG}{ verbosity = "basic"\n }`],
    ['single quotes', `${DEBUG}{ verbosity = 'basic' }`, `${DEBUG}{ verbosity = "basic" }`],
    ['a label without quotes', 'otelcol.exporter.debug d { }', `${DEBUG}{ }`],
  ])('%s', async (_, text, expected) => {
    const { client } = server
    await client.open(URI, text)
    await pass(URI, DEBOUNCE_MS)
    const [found] = await client.diagnosticsOf(URI)
    const [action] = await client.codeActions(URI, found!.range)
    expect(action).toMatchObject({ kind: 'quickfix', isPreferred: true })
    await client.apply(URI, action!.edit!.changes![URI]!)
    expect(client.textOf(URI)).toBe(expected)
    expect(await codesOf(URI)).toEqual([])
  })

  test('are of the text as it is now, checked or not', async () => {
    const { client } = server
    await client.open(URI, 'x = 1')
    await client.edit(URI, 0, 5, `\n${DEBUG}{ verbosty = "basic" }`)
    const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } }
    const [action] = await client.codeActions(URI, range)
    expect(action!.title).toBe('Write verbosity')
    const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    expect(await client.codeActions(URI, elsewhere)).toEqual([])
  })
})

describe('files of a folder', () => {
  const SINK = 'local.file "a" { filename = "x" }\n'
  const USE = 'local.file "use" { filename = local.file.a.content }\n'
  const opened = async (files: Readonly<Record<string, string>>, name: string) => {
    const folder = temporaryFolder(files)
    const uris = (one: string) => pathToFileURL(join(folder, one)).href
    await server.client.open(uris(name), files[name]!)
    return uris
  }

  test('are one config: what one declares another may use', async () => {
    const uri = await opened({ 'a.river': SINK, 'b.river': USE }, 'b.river')
    expect(await codesOf(uri('b.river'))).toEqual([])
    await server.client.open(uri('a.river'), SINK)
    await server.client.edit(uri('a.river'), SINK.indexOf('"a"') + 1, 1, 'c')
    expect(await codesOf(uri('a.river'))).toEqual([])
    expect(await codesOf(uri('b.river'))).toEqual(['unknown-reference'])
    await server.client.close(uri('a.river'))
    expect(await codesOf(uri('b.river'))).toEqual([])
  })

  test('faults of files that are not open are told too', async () => {
    const uri = await opened({ 'a.river': 'x', 'b.river': USE }, 'b.river')
    await pass(uri('b.river'), DEBOUNCE_MS)
    expect(server.client.published.get(uri('a.river'))!.diagnostics).toHaveLength(1)
  })

  test('are each a config where two declare the same', async () => {
    const uri = await opened({ 'a.river': SINK, 'b.river': SINK }, 'a.river')
    expect(await codesOf(uri('a.river'))).toEqual([])
  })

  test('yet those that refer to each other belong together', async () => {
    const other = 'local.file "z" { filename = "x" }\n'
    const files = { 'a.river': SINK + other, 'b.river': USE, 'c.river': other }
    const uri = await opened(files, 'b.river')
    expect(await codesOf(uri('b.river'))).toEqual([])
  })
})
