/**
 * h2spec, the conformance suite of HTTP/2, against our server, in plain text and over TLS. Needs
 * the program: `go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible`.
 */
import { execFile, execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CONNECTION_RULES_DEFAULT, Listener, type Offer, ServerTls } from '#net'
import { Secret } from '#sdk'
import { fakeContext, loopback, makeAuthority } from '#support'
import type { OpenStream } from '../../src/net/http2-layer.js'
import { Http2Server } from '../../src/net/http2-server.js'
import { Tenure } from '../../src/net/serving.js'

const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const program = find()
const SETTINGS = { concurrentStreamsMax: 100, headerBytesMax: 16 * 1024 }
/** Its tests of windows need a body. */
const BODY = Buffer.from('Hello, h2spec.')

/** Answers each request when it is complete. */
const open: OpenStream = (stream) => ({
  data() {},
  end: () => stream.answer({ ':status': '200' }, [BODY], { 'x-end': '1' }),
  gone() {},
})

test.for(['plain text', 'TLS'])('h2spec finds nothing: %s', async (kind, { skip }) => {
  if (!program) {
    if (REQUIRED) throw new Error('h2spec is absent and WEIR_REQUIRE is set')
    skip('h2spec is absent: install it with go, or set WEIR_H2SPEC')
    return
  }
  const tls = kind === 'TLS' ? await serverTls() : undefined
  const listener = await Listener.open(loopback, { host: '127.0.0.1', port: 0 })
  listener.serve(offerOf(tls))
  const { port } = listener.address as { port: number }
  const options = tls ? ['--tls', '--insecure'] : []
  const report = await run(['--strict', '--port', String(port), ...options])
  await listener.close(AbortSignal.abort())
  expect(report).toMatch(/\b1\d\d tests, 1\d\d passed, \d skipped, 0 failed/)
})

async function serverTls(): Promise<ServerTls> {
  const { cert, key } = await (await makeAuthority('h2spec')).issue(['localhost'])
  return await ServerTls.load({ cert_pem: cert, key_pem: new Secret(key) }, fakeContext())
}

function offerOf(tls: ServerTls | undefined): Offer {
  return {
    tenure: new Tenure(),
    connectionsMax: 1000,
    start: ({ clock, random }) => {
      const server = new Http2Server(SETTINGS, CONNECTION_RULES_DEFAULT, tls, clock, random, open)
      return {
        take: () => true,
        accept: (connection) => server.accept(connection),
        leave: (idleToo) => server.leave(idleToo),
        destroy: () => server.destroy(),
      }
    },
  }
}

/** What it prints; its exit code only says that something failed, which is in there. */
function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program!, args, { timeout: 150_000 }, (_, stdout) => resolve(stdout))
  })
}

function find(): string | undefined {
  const places = [process.env['WEIR_H2SPEC'], 'h2spec', join(homedir(), 'go/bin/h2spec')]
  return places.find((place) => {
    try {
      return place && execFileSync(place, ['--version'])
    } catch {
      return false
    }
  })
}
