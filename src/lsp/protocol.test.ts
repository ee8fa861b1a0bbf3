/**
 * What a server owes to any client, and what no client may do to it. WEIR_SEED takes another run.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { randomFrom, startLanguageServer } from '#support'

describe('the life of a session', () => {
  test('nothing is answered before initialize', async () => {
    const { client, exit } = startLanguageServer()
    await expect(client.symbols('untitled:a')).rejects.toMatchObject({ code: -32002 })
    await client.connection.sendNotification('exit')
    expect(await exit).toBe(1)
  })

  test('nothing is answered after shutdown, and exit gives 0', async () => {
    const { client, exit } = startLanguageServer()
    const { serverInfo, capabilities } = await client.initialize()
    expect(serverInfo).toEqual({ name: 'weir', version: '1.2.3' })
    expect(capabilities.positionEncoding).toBe('utf-16')
    await expect(client.connection.sendRequest('initialize')).rejects.toMatchObject({
      code: -32600,
    })
    await client.connection.sendRequest('shutdown')
    await expect(client.symbols('untitled:a')).rejects.toMatchObject({ code: -32600 })
    await client.connection.sendNotification('exit')
    expect(await exit).toBe(0)
  })

  test('an input that ends gives 1', async () => {
    const { client, input, exit } = startLanguageServer()
    await client.initialize()
    input.destroy()
    expect(await exit).toBe(1)
  })

  test('what cannot be answered is refused, each in its way', async () => {
    const { client } = startLanguageServer()
    await client.initialize()
    const ask = (method: string, params: unknown) => client.connection.sendRequest(method, params)
    await expect(ask('weir/none', {})).rejects.toMatchObject({ code: -32601 })
    await expect(ask('textDocument/hover', {})).rejects.toMatchObject({ code: -32602 })
    const position = { line: -1, character: 0 }
    const textDocument = { uri: 'untitled:none' }
    const bad = ask('textDocument/hover', { textDocument, position })
    await expect(bad).rejects.toMatchObject({ code: -32602 })
    const far = { line: 9, character: 9 }
    expect(await ask('textDocument/hover', { textDocument, position: far })).toBeNull()
    await client.shutdown()
  })
})

const METHODS = [
  'initialize',
  'initialized',
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didSave',
  'textDocument/didClose',
  'textDocument/completion',
  'textDocument/signatureHelp',
  'textDocument/hover',
  'textDocument/definition',
  'textDocument/references',
  'textDocument/prepareRename',
  'textDocument/rename',
  'textDocument/documentSymbol',
  'textDocument/formatting',
  'textDocument/codeAction',
  'workspace/didChangeWatchedFiles',
  '$/cancelRequest',
  '$/setTrace',
  '$/nothing',
]

const ROUNDS = 400
const PIECES = [
  'otelcol.exporter.debug "d" { }\n',
  'otelcol.processor.batch "b" {\n',
  'output { traces = [otelcol.exporter.debug.d.input] }\n',
  'local.file "a" { filename = local.file.a.content + sys.env("x")[1] }',
  'timeout = ',
  'otelcol.',
  '"',
  '`',
  '/*',
  '// ',
  '{',
  '}',
  '[',
  ')',
  '=',
  ',',
  '\n',
  '\r\n',
  '😀',
  '\ud83d',
  '\0',
  '\uFEFF',
  'declare "m" {',
]

/** Values of the shapes that messages have, most of them wrong. */
class Babble {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomFrom(seed)
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!
  }

  count(below: number): number {
    return Math.floor(this.#random() * below)
  }

  text(): string {
    return Array.from({ length: this.count(12) }, () => this.pick(PIECES)).join('')
  }

  params(method: string): unknown {
    if (this.count(12) === 0) return this.pick([null, [], 7, 'x', [null, 1], { textDocument: 3 }])
    const uri = this.pick(['untitled:a', 'untitled:b', 'file:///none/a.river', 'file://%zz', 'x'])
    const version = this.#odd(this.count(9))
    const text = this.#odd(this.text())
    return {
      textDocument: this.#odd({ uri: this.#odd(uri), version, text }),
      position: this.#odd(this.#position()),
      range: this.#odd(this.#range()),
      contentChanges: this.#odd([
        { text: this.text(), range: this.#odd(this.#range()) },
        { text, rangeLength: -1 },
      ]),
      context: this.#odd({ diagnostics: [], includeDeclaration: true }),
      newName: this.#odd(this.pick(['z', 'a b', ''])),
      changes: this.#odd([{ uri: 'file:///none/b.river', type: 1 }]),
      capabilities: this.#odd({ textDocument: this.#odd({}) }),
      ...(method === '$/cancelRequest' ? { id: this.count(20) } : {}),
    }
  }

  #position() {
    return { line: this.#odd(this.count(8)), character: this.#odd(this.count(40)) }
  }

  #range() {
    return { start: this.#position(), end: this.#position() }
  }

  #odd(value: unknown): unknown {
    if (this.count(25) > 0) return value
    return this.pick<unknown>([undefined, null, -1, 1.5, 1e300, 'x', {}, [], true])
  }

  /** Bytes that are no message at all, or not the one they say. */
  noise(): string {
    const body = this.pick(['{', '[]', 'null', '{"jsonrpc":"2.0"}', '"x"', '{"id":{},"method":7}'])
    const other = this.pick(['[{"method":"x"}]', '{"id":1,"result":1}', '{"method":"exi"}'])
    const text = this.pick([body, other])
    return this.pick([
      `Content-Length: ${text.length}\r\n\r\n${text}`,
      `Content-Type: x\r\n\r\n`,
      `Content-Length: x\r\n\r\n`,
      `content-length: ${text.length}\r\nContent-Type: application/json; charset=q\r\n\r\n${text}`,
    ])
  }
}

describe('no message ends the server', () => {
  const seed = Number(process.env['WEIR_SEED'] ?? 1)
  const broken: unknown[] = []
  const catches = (error: unknown) => broken.push(error)
  process.on('unhandledRejection', catches)
  afterAll(() => void process.off('unhandledRejection', catches))

  test(`${ROUNDS} messages with wrong parts, seed ${seed}`, async () => {
    const { client, clock, input } = startLanguageServer()
    await client.initialize()
    const babble = new Babble(seed)
    const answers: Promise<unknown>[] = []
    for (let n = 0; n < ROUNDS; n++) {
      const method = babble.pick(METHODS)
      const params = babble.params(method)
      const isNotification = babble.count(3) === 0 || /did|initialized|\$/.test(method)
      if (babble.count(10) === 0) input.write(babble.noise())
      const message = { jsonrpc: '2.0', method, params, ...(isNotification ? {} : { id: `x${n}` }) }
      const body = JSON.stringify(message)
      input.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      if (n % 20 === 0) {
        answers.push(client.symbols('untitled:a'))
        await clock.tick(1000)
      }
    }
    await Promise.all(answers)
    expect(broken).toEqual([])
    // None of it is more than a wrong parameter: nothing fails inside.
    const own = client.logged.filter((line) => !line.startsWith('weir: reading a message failed'))
    expect(own.filter((line) => /TypeError|RangeError|bug/.test(line))).toEqual([])
    await client.open('untitled:z', 'x')
    await client.symbols('untitled:z')
    await clock.tick(1000)
    expect(await client.diagnosticsOf('untitled:z')).toHaveLength(1)
    await client.shutdown()
  })
})
