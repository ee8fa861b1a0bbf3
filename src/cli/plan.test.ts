import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

interface Asked {
  method?: string | undefined
  url?: string | undefined
  body?: unknown
}

/** Something that listens where an agent might, and answers every request the same. */
async function answering(status: number, body: string) {
  const asked: Asked = {}
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.method = request.method
      asked.url = request.url
      asked.body = JSON.parse(Buffer.concat(chunks).toString())
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { asked, address: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const STEPS = [
  { id: 'logging', action: 'keep', touches: [] },
  { id: 'otelcol.exporter.otlp.new', action: 'create', touches: [] },
  {
    id: 'otelcol.receiver.otlp.in',
    action: 'replace',
    touches: ['hands over listener 127.0.0.1:4317', 'hands over listener 127.0.0.1:4318'],
  },
  { id: 'otelcol.exporter.otlp.old', action: 'remove', touches: ['drains 12 held items'] },
]

const WARNING = {
  file: 'a.river',
  line: 3,
  column: 5,
  severity: 'warning',
  message: 'env is deprecated',
  help: 'write sys.env',
}

const ERROR = { file: 'a.river', line: 1, column: 1, severity: 'error', message: 'it is wrong' }
const ask = (address: string, ...flags: readonly string[]) =>
  runWeir(['plan', '--agent', address, ...flags, '-'], { input: 'logging { }\n' })

describe('an agent', () => {
  test('is sent every file of the config', async () => {
    const { asked, address } = await answering(200, '{"steps": [], "diagnostics": []}')
    const folder = temporaryFolder({ 'a.river': 'logging { }', 'b.alloy': '// é' })
    expect(await runWeir(['plan', '--agent', `http://${address}`, folder])).toMatchObject({
      code: 0,
    })
    expect(asked).toEqual({
      method: 'POST',
      url: '/api/v1/plan',
      body: {
        files: [
          { name: join(folder, 'a.river'), text: 'logging { }' },
          { name: join(folder, 'b.alloy'), text: '// é' },
        ],
      },
    })
  })

  test('is found without a scheme, too', async () => {
    const { asked, address } = await answering(200, '{"steps": [], "diagnostics": []}')
    expect(await ask(address)).toMatchObject({ code: 0, err: '' })
    expect(asked.body).toEqual({ files: [{ name: '-', text: 'logging { }\n' }] })
  })

  test('tells what it would do and what that touches', async () => {
    const body = JSON.stringify({ steps: STEPS, diagnostics: [WARNING] })
    const { address } = await answering(200, body)
    expect(await ask(address)).toEqual({
      code: 0,
      err: '',
      out: `\
warning: a.river:3:5: env is deprecated; write sys.env
+ create otelcol.exporter.otlp.new
~ replace otelcol.receiver.otlp.in
    hands over listener 127.0.0.1:4317
    hands over listener 127.0.0.1:4318
- remove otelcol.exporter.otlp.old
    drains 12 held items
1 kept, 1 created, 1 replaced, 1 removed
`,
    })
  })

  test('that would refuse the config makes the command fail', async () => {
    const { address } = await answering(400, JSON.stringify({ steps: [], diagnostics: [ERROR] }))
    expect(await ask(address)).toEqual({
      code: 1,
      out: 'error: a.river:1:1: it is wrong\n',
      err: '',
    })
  })

  test('is quoted by --json', async () => {
    const answer = { steps: STEPS, diagnostics: [ERROR] }
    const { address } = await answering(400, JSON.stringify(answer))
    const { code, out, err } = await ask(address, '--json')
    expect([code, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toEqual(answer)
  })
})

describe('where no agent answers', () => {
  const help = '  = help: start it, or name its admin address with --agent\n'

  test('nothing listens', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await ask(`http://127.0.0.1:${port}`)).toEqual({
      code: 1,
      out: '',
      err: `error: cannot ask the agent at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n${help}`,
    })
  })

  test.each([
    ['it is not ready', 503, '503 not ready', 'it answered 503'],
    ['something else answers', 200, '{"ok": true}', 'what it answered is no plan'],
    ['something else refuses', 400, '{"error": "no"}', 'what it answered is no plan'],
    ['nothing is in the answer', 200, 'null', 'what it answered is no plan'],
    ['a page is in the answer', 200, '<html>', expect.stringContaining('JSON') as string],
  ])('%s', async (_, status, body, reason) => {
    const { address } = await answering(status, body)
    const { code, out, err } = await ask(address)
    expect([code, out]).toEqual([1, ''])
    const said = err
      .replace(`error: cannot ask the agent at ${address}: `, '')
      .replace(`\n${help}`, '')
    expect(said).toEqual(reason)
  })

  const wants: readonly (readonly [string, string])[] = [
    ['', 'asks for credentials'],
    ['ann:guessed@', 'refuses these credentials'],
  ]
  test.each(wants)('it wants credentials, and %j does not do', async (given, message) => {
    const { address } = await answering(401, '401 credentials needed')
    const { code, out, err } = await ask(given + address)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`error: the agent at ${address} ${message}\n  = help: write them, or a`)
    expect(err).not.toContain('guessed')
  })

  test('the address is none', async () => {
    const { code, err } = await ask('http://')
    expect(code).toBe(1)
    expect(err).toBe(`error: cannot ask the agent at http://: Invalid URL\n${help}`)
  })
})

test('what cannot be read is not asked about', async () => {
  const { asked, address } = await answering(200, '{"steps": [], "diagnostics": []}')
  const missing = join(temporaryFolder(), 'a.river')
  const { code, err } = await runWeir(['plan', '--agent', address, missing])
  expect(code).toBe(1)
  expect(err).toMatch(/^error\[unreadable\]: cannot read .*a\.river: no such file\n/)
  expect(asked).toEqual({})
})

describe('two configs', () => {
  const config = (...blocks: readonly string[]) =>
    `otelcol.exporter.debug "sink" { }
otelcol.receiver.otlp "in" {
  grpc { endpoint = "127.0.0.1:4999" }
  output { traces = [otelcol.exporter.debug.sink.input] }
}
${blocks.join('\n')}`
  const batch = (value: string) => `local.file "f" { filename = "${value}" }
otelcol.processor.batch "b" {
  send_batch_size = local.file.f.content
  output { traces = [otelcol.exporter.debug.sink.input] }
}
otelcol.receiver.otlp "more" {
  http { endpoint = "127.0.0.1:5000" }
  output { traces = [otelcol.processor.batch.b.input] }
}`

  test.each<[string, string, string, readonly string[]]>([
    ['that are the same', config(), `// Said.\n${config()}`, []],
    [
      'with another address',
      config(),
      config().replace('4999', '5001'),
      [
        '~ replace otelcol.receiver.otlp.in',
        '    closes listener 127.0.0.1:4999',
        '    opens listener 127.0.0.1:5001',
      ],
    ],
    [
      'with more',
      config(),
      config(batch('x')),
      [
        '+ create local.file.f',
        '+ create otelcol.processor.batch.b',
        '+ create otelcol.receiver.otlp.more',
        '    opens listener 127.0.0.1:5000',
      ],
    ],
    [
      'with less',
      config(batch('x')),
      config(),
      [
        '- remove local.file.f',
        '- remove otelcol.processor.batch.b',
        '    drains what it holds',
        '- remove otelcol.receiver.otlp.more',
        '    closes listener 127.0.0.1:5000',
      ],
    ],
    ['with what only runs tell', config(batch('x')), config(batch('x')), []],
    [
      'where that comes from elsewhere',
      config(batch('x')),
      config(batch('y')),
      ['~ replace local.file.f', '~ replace otelcol.processor.batch.b'],
    ],
  ])('%s', async (_, before, after, expected) => {
    const folder = temporaryFolder({ 'a.river': before, 'b.river': after })
    const [a, b] = [join(folder, 'a.river'), join(folder, 'b.river')]
    const { out, code } = await runWeir(['plan', a, b])
    const lines = out.trimEnd().split('\n')
    expect(lines.slice(0, -1)).toEqual(expected)
    expect(lines.at(-1)).toMatch(/^\d+ kept, \d+ created, \d+ replaced, \d+ removed$/)
    expect(code).toBe(0)
    const { out: json } = await runWeir(['plan', '--json', a, b])
    expect(JSON.parse(json)).toHaveProperty('steps')
  })

  test('of which one is wrong', async () => {
    const folder = temporaryFolder({ 'a.river': config(), 'b.river': config('nothing "x" { }') })
    const [a, b] = [join(folder, 'a.river'), join(folder, 'b.river')]
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const { out, err, code } = await runWeir(['plan', from!, to!])
      expect({ out, code }).toEqual({ out: '', code: 1 })
      expect(err).toContain('there is no component "nothing"')
    }
  })
})
