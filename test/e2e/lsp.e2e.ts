/** An editor at work on real files, over standard input and output of the real program. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentProcess, weir } from '../support/agent-process.js'
import { LanguageClient } from '../support/language-client.js'

const MAIN = resolve(import.meta.dirname, '../../dist/weir/main.js')

let folder: string
let server: ChildProcessWithoutNullStreams
let client: LanguageClient
let exited: Promise<number | null>

function start(...flags: readonly string[]): void {
  server = spawn(process.execPath, [MAIN, 'lsp', '--stdio', ...flags])
  exited = new Promise((done) => server.once('exit', done))
  client = new LanguageClient(server.stdout, server.stdin)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lsp-'))
})

afterEach(() => {
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Types at the end of `marked`, key by key; a tab takes the first completion. */
class Typist {
  readonly uri: string
  at: number

  constructor(uri: string, at: number) {
    this.uri = uri
    this.at = at
  }

  async type(text: string): Promise<void> {
    for (const key of text) {
      await client.edit(this.uri, this.at, 0, key)
      this.at += key.length
    }
  }

  /** Takes a completion as an editor without snippets does. */
  async take(label: string): Promise<void> {
    const items = await client.completions(this.uri, this.at)
    const item = items.find((one) => one.label === label)
    expect(items.map((one) => one.label)).toContain(label)
    const before = client.textOf(this.uri).length
    const typedAfter = before - this.at
    await client.apply(this.uri, [item!.textEdit as never])
    this.at = client.textOf(this.uri).length - typedAfter
  }
}

const SINK = `// 😀 where all of it goes
otelcol.exporter.debug "sink" { }
`

describe('a session of an editor', () => {
  test('typing, completion, fixes, rename, formatting, and what was saved passes check', async () => {
    const path = join(folder, 'pipeline.river')
    const sinkPath = join(folder, 'sink.river')
    writeFileSync(path, '')
    writeFileSync(sinkPath, SINK)
    const uri = pathToFileURL(path).href
    start()
    await client.initialize()
    await client.open(uri, '')
    expect(await client.diagnosticsOf(uri)).toEqual([])

    const typist = new Typist(uri, 0)
    await typist.type('otelcol.rec')
    expect(await client.diagnosticsOf(uri)).toMatchObject([{ code: 'incomplete-statement' }])
    for (let n = 'otelcol.rec'.length; n > 0; n--) await client.edit(uri, n - 1, 1, '')
    typist.at = 0
    await typist.type(
      'otelcol.receiver.otlp "in" {\ngrpc {endpoint="127.0.0.1:4317"}\noutput {\ntra',
    )
    await typist.take('traces')
    expect(client.textOf(uri).endsWith('traces = []')).toBe(true)
    typist.at -= 1
    await typist.take('otelcol.exporter.debug.sink.input')
    typist.at = client.textOf(uri).length
    await typist.type('\n}\ngrcp {}\n}\n')

    const [wrong] = await client.diagnosticsOf(uri)
    expect(wrong).toMatchObject({ code: 'unknown-block', severity: 1 })
    const [fix] = await client.codeActions(uri, wrong!.range)
    expect(fix!.title).toBe('Write grpc')
    await client.apply(uri, fix!.edit!.changes![uri]!)
    expect(await client.diagnosticsOf(uri)).toMatchObject([{ code: 'duplicate-block' }])
    const second = client.textOf(uri).lastIndexOf('grpc {}\n')
    await client.edit(uri, second, 'grpc {}\n'.length, '')
    expect(await client.diagnosticsOf(uri)).toEqual([])

    const used = client.textOf(uri).indexOf('sink')
    const definition = await client.definition(uri, used)
    expect(definition!.uri).toBe(pathToFileURL(sinkPath).href)
    expect(definition!.range.start).toEqual({ line: 1, character: 0 })
    const edit = await client.rename(uri, used, 'everything')
    expect(Object.keys(edit.changes!)).toHaveLength(2)
    await client.apply(uri, edit.changes![uri]!)
    const sinkUri = pathToFileURL(sinkPath).href
    await client.open(sinkUri, SINK)
    await client.apply(sinkUri, edit.changes![sinkUri]!)

    await client.apply(uri, await client.formatting(uri))
    expect(client.textOf(uri)).toBe(`otelcol.receiver.otlp "in" {
	grpc {
		endpoint = "127.0.0.1:4317"
	}

	output {
		traces = [otelcol.exporter.debug.everything.input]
	}
}
`)
    expect(await client.diagnosticsOf(uri)).toEqual([])
    const [symbol] = await client.symbols(uri)
    expect(symbol!.name).toBe('otelcol.receiver.otlp "in"')

    writeFileSync(path, client.textOf(uri))
    writeFileSync(sinkPath, client.textOf(sinkUri))
    expect(readFileSync(sinkPath, 'utf8')).toContain('"everything"')
    const checked = await weir(['check', folder])
    expect(checked.code).toBe(0)

    await client.shutdown()
    expect(await exited).toBe(0)
  })

  test('hover tells what the running agent has', async () => {
    const agent = await AgentProcess.start(`local.file "token" {
  filename = "/proc/sys/kernel/ostype"
}
otelcol.exporter.debug "sink" { }
`)
    try {
      start('--agent', agent.admin)
      await client.initialize()
      const text = readFileSync(agent.config, 'utf8')
      await client.open('untitled:a', text)
      const said = await client.hover('untitled:a', text.indexOf('token'))
      const { value } = said!.contents as { value: string }
      expect(value).toContain('Runs: healthy')
      expect(value).toContain('Linux')
      await client.shutdown()
      expect(await exited).toBe(0)
    } finally {
      agent.kill()
      await agent.exited()
      agent.remove()
    }
  })

  test('an editor that goes without a word ends it with 1', async () => {
    start('--agent', '127.0.0.1:1')
    await client.initialize()
    await client.open('untitled:a', SINK)
    expect(await client.hover('untitled:a', SINK.indexOf('sink'))).not.toBeNull()
    server.stdin.end()
    expect(await exited).toBe(1)
  })
})
