import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'
import type { RunProgram } from './run-program.js'
import { tar } from './tar.js'

const SECRET = 'hunter2hunter2'
const ANSWERS: Readonly<Record<string, string>> = {
  '/-/ready': 'Weir is ready.\n',
  '/metrics': `weir_up{url="http://me:${SECRET}@host"} 1\n`,
  '/api/v1/components': '[{"id":"a.b.c"},{"id":"../../evil"}]',
  '/api/v1/components/a.b.c': `{"id":"a.b.c","arguments":{"password":"${SECRET}"}}`,
  '/api/v1/graph': '{}',
}

async function agent(): Promise<string> {
  const server = createServer((request, response) => {
    const body = ANSWERS[request.url ?? '']
    response.writeHead(body === undefined ? 404 : 200).end(body ?? '{"error":"nothing"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The files of an archive, as tar unpacks them. */
function unpacked(folder: string, archive: string): (name: string) => string {
  execFileSync('tar', ['-xzf', archive, '-C', folder])
  return (name) => readFileSync(join(folder, name), 'utf8')
}

describe('an archive', () => {
  test('has config, answers and log, and no secret', async () => {
    const folder = temporaryFolder({
      'config/a.river': `otelcol.auth.bearer "a" {\n  token = "${SECRET}"\n}\n// password: ${SECRET}\n`,
      'agent.log': `level=warn msg="refused" authorization="Bearer ${SECRET}"\n`,
      'out/keep': '',
    })
    const path = join(folder, 'bundle.tar.gz')
    const { code, out, err } = await runWeir(
      [
        ...['support-bundle', '-o', path, '--agent', await agent()],
        ...['--config', join(folder, 'config'), '--log', join(folder, 'agent.log')],
      ],
      { variables: { OTEL_TOKEN: SECRET, HOME: '/x' } },
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`wrote ${path}; look through it before you pass it on\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const read = unpacked(join(folder, 'out'), path)
    expect(read('version.txt')).toContain('weir 1.2.3\n')
    expect(read('version.txt')).toContain('variables that are set: OTEL_TOKEN\n')
    expect(read('config/1-a.river')).toContain('token = "(secret)"')
    expect(read('agent/ready.txt')).toBe('Weir is ready.\n')
    expect(read('agent/components/1-a.b.c.json')).toContain('"password":"(secret)"')
    expect(read('agent/queues.json')).toBe('answered 404\n{"error":"nothing"}')
    expect(read('log.txt')).toContain('level=warn')
    const names = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' }).trim().split('\n')
    for (const name of names) expect(read(name)).not.toContain(SECRET)
    expect(names).toContain('agent/components/2-.._.._evil.json')
  })

  test('is made without an agent, and says what is missing', async () => {
    const folder = temporaryFolder({ 'out/keep': '' })
    const path = join(folder, 'bundle.tar.gz')
    const args = ['support-bundle', '-o', path, '--agent', 'http://127.0.0.1:1']
    const runProgram: RunProgram = async () => ({ code: 0, out: 'from the journal\n', err: '' })
    expect(await runWeir(args, { runProgram })).toMatchObject({ code: 0 })
    const read = unpacked(join(folder, 'out'), path)
    expect(read('agent/metrics.txt')).toMatch(/^cannot ask the agent: /)
    expect(read('log.txt')).toBe('from the journal\n')
    expect(await runWeir(args)).toMatchObject({ code: 0 })
    expect(unpacked(join(folder, 'out'), path)('log.txt')).toContain('name the file with --log')
  })

  const rows: readonly (readonly [string, readonly string[], string])[] = [
    ['a config that is missing', ['--config', '/nowhere'], 'cannot read /nowhere: no such file'],
    ['a log that is missing', ['--log', '/nowhere'], 'cannot read /nowhere: no such file'],
    ['an archive that cannot be', ['-o', '/nowhere/a'], 'cannot write /nowhere/a: no such file'],
  ]
  test.each(rows)('is not made with %s', async (_, flags, message) => {
    const path = join(temporaryFolder(), 'a')
    const args = ['support-bundle', '--agent', '127.0.0.1:1', '-o', path, ...flags]
    const { code, err } = await runWeir(args)
    expect(code).toBe(1)
    expect(err).toContain(`error: ${message}`)
  })
})

test('tar reads an empty file, a full block and more', () => {
  const folder = temporaryFolder({ 'out/keep': '' })
  const sizes = [0, 1, 511, 512, 513, 5000]
  const files = sizes.map((size) => ({ name: `f/${size}`, content: Buffer.alloc(size, 'x') }))
  execFileSync('tar', ['-xf', '-', '-C', join(folder, 'out')], { input: tar(files, 1e12) })
  for (const size of sizes) expect(statSync(join(folder, `out/f/${size}`)).size).toBe(size)
  expect(statSync(join(folder, 'out/f/1')).mtimeMs).toBe(1e12)
  expect(() => tar([{ name: 'x'.repeat(101), content: Buffer.alloc(0) }], 0)).toThrow('too long')
})
