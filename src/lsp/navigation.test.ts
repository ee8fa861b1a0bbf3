import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atCursor, type LanguageServer, startLanguageServer } from '#support'
import { temporaryFolder } from '../../test/support/cli.js'

let server: LanguageServer
let asked: string[] = []

beforeAll(async () => {
  server = startLanguageServer({
    askAgent: async (path) => {
      asked.push(path)
      if (path.endsWith('.gone')) throw new Error('connection refused')
      const exports = { content: 'xyz' }
      return { status: 200, body: { health: { state: 'degraded', message: 'late' }, exports } }
    },
  })
  const documentChanges = true
  await server.client.initialize({ workspace: { workspaceEdit: { documentChanges } } })
})

afterAll(() => server.client.shutdown())

const URI = 'untitled:a.river'

/** With the text open while the test runs. */
async function opened<T>(marked: string, ask: (offset: number) => Promise<T>): Promise<T> {
  const { text, offset } = marked.includes('‸') ? atCursor(marked) : { text: marked, offset: 0 }
  await server.client.open(URI, text)
  try {
    return await ask(offset)
  } finally {
    await server.client.close(URI)
  }
}

const CONFIG = `
otelcol.exporter.debug "sink" { }

otelcol.processor.batch "b" {
  timeout = sys.env("T") // 😀
  output {
    traces = /* 😀 */ [otelcol.exporter.debug.sink.input]
    logs   = [otelcol.exporter.debug . sink . input]
  }
}

local.file "token" { filename = "t" }
local.file "gone" { filename = local.file.token.content }
`

function at(found: string, within = found): string {
  const start = CONFIG.indexOf(found) + found.indexOf(within)
  return `${CONFIG.slice(0, start + 1)}‸${CONFIG.slice(start + 1)}`
}

describe('hover', () => {
  const hovered = async (marked: string) => {
    const said = await opened(marked, (offset) => server.client.hover(URI, offset))
    return said ? (said.contents as { value: string }).value : undefined
  }

  test.each([
    ['a component', 'otelcol.processor.batch "b"', /Joins|batch/i],
    ['a label', '"sink"', /`otelcol.exporter.debug.sink`/],
    ['an attribute', 'timeout', /\*\*timeout\*\* = duration \(default `"200ms"`\)/],
    ['a block', 'output {', /\*\*output\*\* { } \(required\)/],
    ['a reference', 'debug.sink.input', /`otelcol.exporter.debug.sink`/],
    ['a function', 'sys.env', /sys\.env\(name\)/],
  ])('%s', async (_, found, expected) => {
    expect(await hovered(at(found))).toMatch(expected)
  })

  test('an export, with its value in the running agent', async () => {
    asked = []
    const said = await hovered(at('token.content', 'content'))
    expect(said).toContain('**content** of `local.file.token` (string-or-secret)')
    expect(said).toContain('"xyz"')
    expect(asked).toEqual(['/api/v1/components/local.file.token'])
  })

  test('a component with its health; without an agent only the docs', async () => {
    expect(await hovered(at('"token"'))).toContain('Runs: degraded, late')
    const gone = await hovered(at('"gone"'))
    expect(gone).toContain('local.file.gone')
    expect(gone).not.toContain('Runs')
  })

  test('nothing where there is nothing to say', async () => {
    expect(await hovered('‸\n')).toBeUndefined()
    expect(await hovered('x = "a‸"')).toBeUndefined()
    expect(await hovered('un‸known.thing "a" { }')).toBeUndefined()
  })
})

describe('definition and references', () => {
  test('from a reference to the block', async () => {
    const found = await opened(at('debug.sink.input'), async (offset) => {
      const place = await server.client.definition(URI, offset)
      return server.client.textAt(URI, place!.range)
    })
    expect(found).toBe('otelcol.exporter.debug "sink"')
  })

  test('every use, and the block itself', async () => {
    const found = await opened(at('"sink"'), async (offset) => {
      const places = await server.client.references(URI, offset)
      return places.map(({ range }) => server.client.textAt(URI, range))
    })
    expect(found).toEqual([
      'otelcol.exporter.debug "sink"',
      'otelcol.exporter.debug.sink',
      'otelcol.exporter.debug . sink',
    ])
  })

  test('of nothing there is nothing', async () => {
    expect(await opened('x = ‸1', (offset) => server.client.definition(URI, offset))).toBeNull()
    expect(await opened('x = ‸1', (offset) => server.client.references(URI, offset))).toEqual([])
  })
})

describe('rename', () => {
  const renamed = (marked: string, label: string) =>
    opened(marked, async (offset) => {
      const edit = await server.client.rename(URI, offset, label)
      const [change] = edit.documentChanges as never as { edits: never; textDocument: object }[]
      expect(change!.textDocument).toEqual({ uri: URI, version: 1 })
      await server.client.apply(URI, change!.edits)
      return server.client.textOf(URI)
    })

  test('in the block and wherever it is named, from either', async () => {
    const expected = CONFIG.replaceAll(/\bsink\b/g, 'été_2')
    for (const place of [at('"sink"'), at('.sink.', 'sink'), at('. sink', 'sink')]) {
      expect(await renamed(place, 'été_2')).toBe(expected)
    }
  })

  test.each([
    ['a text that is no name', at('"sink"'), 'a-b', '"a-b" cannot be a label'],
    ['a keyword', at('"sink"'), 'true', '"true" cannot be a label'],
    ['a name that is taken', at('"token"'), 'gone', 'there is a local.file.gone already'],
    ['what is no label', at('timeout'), 'a', 'only the label of a component'],
    ['another part of the reference', at('debug.sink.input'), 'a', 'only the label'],
  ])('%s is refused', async (_, marked, label, message) => {
    await expect(renamed(marked, label)).rejects.toThrow(message)
  })

  test('only a label is offered', async () => {
    const offered = (marked: string) =>
      opened(
        marked,
        async (offset) => (await server.client.prepareRename(URI, offset))?.placeholder,
      )
    expect(await offered(at('"sink"'))).toBe('sink')
    expect(await offered(at('token.content'))).toBe('token')
    expect(await offered(at('token.content', 'content'))).toBeUndefined()
    expect(await offered(at('timeout'))).toBeUndefined()
  })

  test('a declare has names of its own', async () => {
    const text = `declare "m" { local.file "a" { filename = local.file.b.content } }
local.file "a" { filename = local.file.a‸.content }`
    const expected = text.replace('‸', '').replace('\nlocal.file "a"', '\nlocal.file "z"')
    expect(await renamed(text, 'z')).toBe(expected.replace('file.a.', 'file.z.'))
  })
})

describe('symbols and formatting', () => {
  test('the outline of a file', async () => {
    const outline = await opened(CONFIG, async () => {
      const symbols = await server.client.symbols(URI)
      return symbols.map(({ name, children }) => [name, children?.map((child) => child.name)])
    })
    expect(outline).toContainEqual(['otelcol.processor.batch "b"', ['timeout', 'output']])
  })

  test.each([
    ['all of it', 'a {\n}\nb{ x=1 }\n', 'a { }\n\nb {\n\tx = 1\n}\n'],
    ['one line', 'a {\n\tx = 1\n\ty=2\n\tz = 3\n}\n', 'a {\n\tx = 1\n\ty = 2\n\tz = 3\n}\n'],
    ['a last line end', 'a { } // 😀', 'a { } // 😀\n'],
    ['nothing left', '\n\n', ''],
    ['nothing to do', 'a { }\n', 'a { }\n'],
    ['nothing of what is broken', 'a {\n}\nb{ x= }', 'a {\n}\nb{ x= }'],
  ])('formats %s', async (_, text, expected) => {
    const formatted = await opened(text, async () => {
      await server.client.apply(URI, await server.client.formatting(URI))
      return server.client.textOf(URI)
    })
    expect(formatted).toBe(expected)
  })

  test('lines that stay are in no edit', async () => {
    const text = 'a { }\n\nb {\n\tx=1\n}\n\nc { }\n'
    const edits = await opened(text, () => server.client.formatting(URI))
    expect(edits).toEqual([
      {
        range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } },
        newText: '\tx = 1\n',
      },
    ])
  })
})

describe('a folder is one config', () => {
  test('definition, references and rename go over its files, open or not', async () => {
    const other = 'local.file "use" { filename = local.file.a.content }\n'
    const folder = temporaryFolder({ 'b.alloy': other })
    const uriOf = (name: string) => pathToFileURL(join(folder, name)).href
    await server.client.open(uriOf('a.river'), 'local.file "a" { filename = "x" }\n')
    const places = await server.client.references(uriOf('a.river'), 13)
    expect(places.map(({ uri }) => uri)).toEqual([uriOf('a.river'), uriOf('b.alloy')])
    const edit = await server.client.rename(uriOf('a.river'), 13, 'z')
    const changed = edit.documentChanges as never as { textDocument: object }[]
    expect(changed.map(({ textDocument }) => textDocument)).toEqual([
      { uri: uriOf('a.river'), version: 1 },
      { uri: uriOf('b.alloy'), version: null },
    ])
    await server.client.close(uriOf('a.river'))
  })
})
