import { chmodSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeAuthority } from '#support'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'
import { expiryFinding } from './doctor-reach.js'
import type { RunProgram } from './run-program.js'

interface Found {
  readonly level: string
  readonly what: string
  readonly message: string
  readonly help?: string
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return port
}

/** Configs here are short: nothing sends to their exporters. */
const UNUSED = /^warning\[unused-component\]: .*\n( .*\n)+\n?/gm

/** What doctor finds, by what it is about. */
async function findings(
  config: string,
  flags: readonly string[] = [],
  runProgram?: RunProgram,
): Promise<{ readonly code: number; of(what: string): readonly Found[] }> {
  const folder = temporaryFolder()
  const places = ['--storage.path', join(folder, 'not/there/yet'), '--agent', '127.0.0.1:1']
  const args = ['doctor', '--json', ...places, ...flags, '-']
  const { code, out, err } = await runWeir(args, {
    input: config,
    ...(runProgram && { runProgram }),
  })
  expect(err.replace(UNUSED, '')).toBe('')
  const all = JSON.parse(out) as Found[]
  return { code, of: (what) => all.filter((one) => one.what.startsWith(what)) }
}

const http = (url: string, more = '') => `otelcol.exporter.otlphttp "out" {
  client {
    endpoint = "${url}"
    ${more}
  }
  sending_queue { durability = "memory" }
}
`
const grpc = (endpoint: string, more = '') => `otelcol.exporter.otlp "out" {
  client {
    endpoint = "${endpoint}"
    ${more}
  }
}
`
const receiver = (grpcPort: number, httpPort: number) => `otelcol.receiver.otlp "in" {
  grpc { endpoint = "127.0.0.1:${grpcPort}" }
  http { endpoint = "127.0.0.1:${httpPort}" }
  output { traces = [otelcol.exporter.debug.out.input] }
}
otelcol.exporter.debug "out" { }
`

describe('ports', () => {
  test('are free or taken', async () => {
    const taken = await listening(createTcpServer())
    const free = await freePort()
    const { code, of } = await findings(receiver(free, taken))
    expect(code).toBe(1)
    expect(of('port')).toEqual([
      {
        level: 'ok',
        what: `port 127.0.0.1:${free}`,
        message: 'free, for otelcol.receiver.otlp.in',
      },
      {
        level: 'fail',
        what: `port 127.0.0.1:${taken}`,
        message: expect.stringContaining('otelcol.receiver.otlp.in: cannot listen on'),
        help: 'give the receiver another endpoint, or stop what listens there',
      },
    ])
  })

  test('are ours where the running agent has them', async () => {
    const taken = await listening(createTcpServer())
    const id = 'otelcol.receiver.otlp.in'
    const detail = JSON.stringify({ id, resources: [`listener 127.0.0.1:${taken}`] })
    const server = createServer((request, response) => {
      response.end(request.url === '/api/v1/components' ? JSON.stringify([{ id }]) : detail)
    })
    onTestFinished(() => server.closeAllConnections())
    const agent = `127.0.0.1:${await listening(server)}`
    const { code, of } = await findings(receiver(await freePort(), taken), ['--agent', agent])
    expect(code).toBe(0)
    expect(of(`port 127.0.0.1:${taken}`)[0]!.message).toBe(`the running agent has it, for ${id}`)
    expect(of('agent')[0]!.message).toBe(`runs 1 blocks at ${agent}`)
  })

  test('of the agent are looked at, too', async () => {
    const server = createServer((_, response) => response.end('<html>'))
    onTestFinished(() => server.closeAllConnections())
    const address = `127.0.0.1:${await listening(server)}`
    const { code, of } = await findings('', ['--agent', `http://${address}`])
    expect(code).toBe(1)
    expect(of('agent')[0]).toMatchObject({
      level: 'fail',
      message: `something else answers at http://${address}`,
    })
  })
})

describe('destinations', () => {
  const answering = async (listener: RequestListener) => {
    const server = createServer(listener)
    onTestFinished(() => server.closeAllConnections())
    return `http://127.0.0.1:${await listening(server)}`
  }

  test('that answer agree with the clock', async () => {
    const url = await answering((_, response) => response.end())
    const { code, of } = await findings(http(url))
    expect(code).toBe(0)
    expect(of('reach')).toEqual([
      { level: 'ok', what: `reach ${url}`, message: 'answers, for otelcol.exporter.otlphttp.out' },
    ])
    expect(of('clock').at(-1)).toEqual({
      level: 'ok',
      what: 'clock',
      message: `agrees with ${url}`,
    })
  })

  test.each([
    ['behind', 60, 'warn', 'is 60 s behind that of'],
    ['far behind', 900, 'fail', 'is 900 s behind that of'],
    ['ahead', -60, 'warn', 'is 60 s ahead of that of'],
  ])('tell that the clock is %s', async (_, seconds, level, message) => {
    const url = await answering((_request, response) => {
      const date = new Date(Date.now() + seconds * 1000 + 500).toUTCString()
      response.writeHead(404, { date }).end()
    })
    const found = (await findings(http(url))).of('clock').at(-1)!
    expect(found.level).toBe(level)
    // The header has whole seconds.
    expect(
      found.message.replace(/\d+/, (text) => String(Math.round(Number(text) / 5) * 5)),
    ).toContain(message)
  })

  test('that do not answer fail', async () => {
    const port = await freePort()
    const { code, of } = await findings(grpc(`127.0.0.1:${port}`, 'tls { insecure = true }'))
    expect(code).toBe(1)
    expect(of('reach')).toEqual([
      {
        level: 'fail',
        what: `reach 127.0.0.1:${port}`,
        message: expect.stringContaining('otelcol.exporter.otlp.out cannot connect: '),
        help: 'is the name right, does it run, does a firewall stand between?',
      },
    ])
  })

  test('are asked once, however many send there', async () => {
    const url = await answering((_, response) => response.end())
    const config = `${http(url)}${http(url).replace('"out"', '"again"')}`
    expect((await findings(config)).of('reach')).toHaveLength(1)
  })

  describe('with TLS', () => {
    const certified = async (days: number) => {
      const authority = await makeAuthority('tests')
      const notAfterDate = new Date(Date.now() + days * 24 * 3600 * 1000)
      const notBeforeDate = new Date(Date.now() - 100 * 24 * 3600 * 1000)
      const issued = await authority.issue(['localhost'], { notBeforeDate, notAfterDate })
      const server = createSecureServer(issued, (_, response) => response.end())
      onTestFinished(() => server.closeAllConnections())
      const port = await listening(server)
      const folder = temporaryFolder({ 'ca.pem': authority.cert })
      return { url: `https://127.0.0.1:${port}`, ca: join(folder, 'ca.pem') }
    }
    const rows: readonly (readonly [string, number, string, number, readonly string[]])[] = [
      ['holds', 90.5, 'ca', 0, ['ok expires in 90 days']],
      ['expires soon', 5.5, 'ca', 0, ['warn expires in 5 days']],
      ['has expired', -3.5, 'ca', 1, ['fail expired 3 days ago']],
      ['is not known', 90.5, '', 1, ['ok expires in 90 days', 'fail is not trusted: ']],
      ['need not be known', 90.5, 'skip', 0, ['ok expires in 90 days', 'warn is not trusted: ']],
    ]
    test.each(rows)('tell that the certificate %s', async (_, days, trust, code, expected) => {
      const { url, ca } = await certified(days)
      const tls =
        trust === 'ca' ? `ca_file = "${ca}"` : `insecure_skip_verify = ${trust === 'skip'}`
      const found = await findings(http(url, `tls {\n ${tls}\n }`))
      const told = found.of('certificate').map(({ level, message }) => `${level} ${message}`)
      expect(told).toHaveLength(expected.length)
      for (const [index, start] of expected.entries())
        expect(told[index]).toMatch(new RegExp(`^${start}`))
      expect(found.code).toBe(code)
    })
  })
})

describe('files', () => {
  test('are readable or not, certificates hold or not', async () => {
    const authority = await makeAuthority('tests')
    const { cert, key } = await authority.issue(['localhost'])
    const folder = temporaryFolder({ 'cert.pem': cert, 'key.pem': key, token: 'x', bad: 'x' })
    const config = `local.file "a" { filename = "${folder}/token" }
local.file "b" { filename = "${folder}/missing" }
otelcol.receiver.otlp "in" {
  http {
    endpoint = "127.0.0.1:${await freePort()}"
    tls {
      cert_file = "${folder}/cert.pem"
      key_file = "${folder}/key.pem"
    }
  }
  output { traces = [otelcol.exporter.debug.out.input] }
}
otelcol.exporter.debug "out" { }
`
    const { code, of } = await findings(config)
    expect(code).toBe(1)
    expect(of('file').map(({ level, what }) => `${level} ${what}`)).toEqual([
      `ok file ${folder}/token`,
      `fail file ${folder}/missing`,
      `ok file ${folder}/key.pem`,
    ])
    expect(of(`certificate ${folder}/cert.pem`)[0]!.level).toBe('ok')
  })

  test('that only a started component names are told', async () => {
    const folder = temporaryFolder({ token: 'x' })
    const config = `local.file "a" { filename = "${folder}/token" }
otelcol.auth.bearer "b" { token = local.file.a.content }
`
    const { code, of } = await findings(config)
    expect(code).toBe(0)
    expect(of('otelcol.auth.bearer.b')[0]!.message).toContain('known only once')
  })
})

describe('storage', () => {
  test('that is not there yet is judged by the folder above', async () => {
    const { of } = await findings('')
    expect(of('storage')[0]).toMatchObject({ level: 'ok', message: 'writable' })
    expect(of('disk')[0]!.message).toMatch(/ free$/)
  })

  test('that cannot be written fails', async () => {
    if (process.getuid?.() === 0) {
      // Root may write anywhere; a file in the way stops even root.
      const folder = temporaryFolder({ file: '' })
      chmodSync(join(folder, 'file'), 0o600)
      const { code, of } = await findings('', ['--storage.path', join(folder, 'file')])
      expect([code, of('storage')[0]!.level]).toEqual([1, 'fail'])
      return
    }
    const folder = temporaryFolder()
    chmodSync(folder, 0o500)
    const { code, of } = await findings('', ['--storage.path', join(folder, 'a')])
    expect([code, of('storage')[0]!.level]).toEqual([1, 'fail'])
    chmodSync(folder, 0o700)
  })
})

describe('the clock, as the machine keeps it', () => {
  const rows: readonly (readonly [string, RunProgram, string, string])[] = [
    ['is synchronised', async () => ({ code: 0, out: 'yes\n', err: '' }), 'ok', 'synchronised'],
    ['is not', async () => ({ code: 0, out: 'no\n', err: '' }), 'warn', 'is not synchronised'],
    ['cannot be told', async () => ({ code: 1, out: '', err: 'x' }), 'ok', 'cannot be told here'],
    ['has no program', () => Promise.reject(new Error('absent')), 'ok', 'cannot be told here'],
  ]
  test.each(rows)('%s', async (_, runProgram, level, message) => {
    const found = (await findings('', [], runProgram)).of('clock')[0]!
    expect(found.level).toBe(level)
    expect(found.message).toContain(message)
  })
})

describe('what is printed', () => {
  test('is a line each, with help below, and a count', async () => {
    const taken = await listening(createTcpServer())
    const config = receiver(await freePort(), taken)
    const { code, out } = await runWeir(
      ['doctor', '--agent', '127.0.0.1:1', '--storage.path', temporaryFolder(), '-'],
      { input: config },
    )
    expect(code).toBe(1)
    expect(out).toMatch(/^ok {4}config {2,}6 blocks$/m)
    expect(out).toMatch(/^FAIL {2}port .*\n {6}= help: give the receiver another endpoint/m)
    expect(out).toMatch(/\n1 faults, \d warnings\n$/)
  })

  test('of a faulty config are its faults alone', async () => {
    const { code, out, err } = await runWeir(['doctor', '-'], { input: 'nonsense "a" { }\n' })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('error[unknown-component]')
  })
})

test.each([
  ['Nov 21 20:00:00 2026 GMT', 'ok', 'expires in 30 days'],
  ['Oct 23 00:00:00 2026 GMT', 'warn', 'expires in 0 days'],
  ['Oct 20 20:00:00 2026 GMT', 'fail', 'expired 2 days ago'],
])('a certificate until %s', (notAfter, level, message) => {
  const now = Date.parse('Oct 22 20:00:00 2026 GMT')
  expect(expiryFinding('it', notAfter, now)).toMatchObject({ level, message })
})
