import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'

const COMPONENTS: Readonly<Record<string, object>> = {
  'local.file.token': { content: '(secret)' },
  'local.file.size': { content: '12' },
  'discovery.file.web': { targets: [{ port: 80, __address__: 'a:80' }] },
  'otelcol.receiver.otlp.in': {},
  'a_module.one/local.file.x': { content: 'inside' },
}

/** An agent's admin address, as far as exports are asked of it. */
async function startAgent(): Promise<string> {
  const server = createServer((request, response) => {
    const [, id] = /^\/api\/v1\/components(?:\/(.*))?$/.exec(request.url ?? '') ?? []
    const exports = id === undefined ? undefined : COMPONENTS[decodeURIComponent(id)]
    const all = Object.keys(COMPONENTS).map((one) => ({ id: one }))
    response.end(JSON.stringify(id === undefined ? all : { id, exports }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('eval --repl', () => {
  test('answers line by line, and goes on after a fault', async () => {
    const input = '1 + 2\n\nstring.joinn\n[true]\n'
    const { code, out, err } = await runWeir(['eval', '--repl'], { input })
    expect([code, out]).toEqual([0, '3\n[true]\n'])
    expect(err).toMatch(/^error\[unknown-field\]: string has no field "joinn"\n/)
  })

  test('keeps what it is given a name for', async () => {
    const input = 'a = [1, 2]\nb = array.length(a) == 2\nb\na == [1]\n:names\n:quit\nnever'
    expect(await runWeir(['eval', '--repl'], { input })).toEqual({
      code: 0,
      out: 'true\nfalse\na\nb\n',
      err: '',
    })
  })

  test('says what it can', async () => {
    const { out, err } = await runWeir(['eval', '--repl'], { input: ':help' })
    expect(out).toBe('')
    expect(err).toContain(':refresh')
  })

  test('knows what a running agent exports, and shows no secret', async () => {
    const input = [
      'local.file.size.content + "3"',
      'local.file.token.content + "x"',
      'discovery.file.web.targets[0].port + 1',
      'otelcol.receiver',
      ':refresh',
      ':names',
    ].join('\n')
    const agent = await startAgent()
    const { code, out, err } = await runWeir(['eval', '--repl', '--agent', agent], { input })
    expect([code, out]).toEqual([0, '"123"\n"(secret)"\n81\ndiscovery\nlocal\n'])
    expect(err).toContain('there is no "otelcol" here')
  })

  test('an agent that does not answer is an error', async () => {
    const { code, err } = await runWeir(['eval', '--repl', '--agent', 'http://127.0.0.1:1'])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: cannot ask the agent at http:\/\/127\.0\.0\.1:1: /)
  })
})

test('eval --agent knows what a running agent exports', async () => {
  const agent = await startAgent()
  expect(await runWeir(['eval', '--agent', agent, 'local.file.size.content'])).toEqual({
    code: 0,
    out: '"12"\n',
    err: '',
  })
})
