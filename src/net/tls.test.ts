import { generateKeyPairSync } from 'node:crypto'
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import * as grpc from '@grpc/grpc-js'
import { credentials } from '@grpc/grpc-js'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Permanent, Retryable, Secret } from '#sdk'
import {
  type Authority,
  type Certificate,
  type FakeContext,
  fakeContext,
  grpcClient,
  grpcJsCall,
  grpcServerOptions,
  httpClient,
  httpServerOptions,
  makeAuthority,
  type RunningServer,
  rawExchange,
  startGrpcServer,
  startHttpServer,
  TRACES,
} from '#support'
import { grpcOffer } from './grpc-server.js'
import { httpOffer } from './http-server.js'
import { ClientTls, ServerTls } from './tls.js'
import type { ClientTlsConfig, ServerTlsConfig } from './tls-config.js'

let authority: Authority
let stranger: Authority
let server: Certificate
let client: Certificate
let otherNames: Certificate

beforeAll(async () => {
  authority = await makeAuthority('Weir test')
  stranger = await makeAuthority('Stranger')
  server = await authority.issue(['localhost'])
  client = await authority.issue(['client'])
  otherNames = await authority.issue(['other.example'])
})

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

function context(files: Readonly<Record<string, string>> = {}): FakeContext {
  const made = fakeContext()
  for (const [path, text] of Object.entries(files)) made.contents.set(path, text)
  return made
}

async function serverTls(
  config: ServerTlsConfig = {},
  surroundings: FakeContext = context(),
): Promise<ServerTls> {
  const pair = { cert_pem: server.cert, key_pem: new Secret(server.key) }
  const tls = await ServerTls.load({ ...pair, ...config }, surroundings)
  cleanUp.push(() => tls.close())
  return tls
}

async function clientTls(
  config: ClientTlsConfig = {},
  surroundings: FakeContext = context(),
): Promise<ClientTls> {
  const tls = await ClientTls.load({ ca_pem: authority.cert, ...config }, surroundings)
  cleanUp.push(() => tls.close())
  return tls
}

type Protocol = 'gRPC' | 'HTTP'

async function start(protocol: Protocol, tls: ServerTls | undefined): Promise<RunningServer> {
  const running =
    protocol === 'gRPC' ? await startGrpcServer({ tls }) : await startHttpServer({ tls })
  cleanUp.push(() => running.listener.close(AbortSignal.abort()))
  return running
}

/** One request to a server, over TLS where that is given: "ok", or how it failed. */
async function ask(
  protocol: Protocol,
  port: number,
  tls: ClientTls | undefined,
  host = '127.0.0.1',
): Promise<string> {
  try {
    if (protocol === 'gRPC') {
      const asking = grpcClient(`${host}:${port}`, { tls, balancer: 'pick_first' })
      cleanUp.push(() => asking.close(AbortSignal.abort()))
      const answer = await asking.call(TRACES, [Buffer.from('ok')], { timeoutMs: 5000 })
      return answer.message && answer.code !== 0
        ? answer.message
        : `${Buffer.from(answer.response)}`
    }
    const asking = httpClient({ tls })
    cleanUp.push(() => asking.close(AbortSignal.abort()))
    const reply = await asking.request({
      method: 'POST',
      url: new URL(`${tls ? 'https' : 'http'}://${host}:${port}/v1/traces`),
      headers: { 'content-type': 'application/json' },
      body: [Buffer.from('ok')],
      timeoutMs: 5000,
    })
    return `${Buffer.from(reply.body)}`
  } catch (error) {
    if (!(error instanceof Retryable)) throw error
    return error.message.replaceAll(String(port), 'PORT')
  }
}

/** A bare TLS connection, for a look at what was agreed. */
async function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, ...options })
  cleanUp.push(() => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

async function serialAt(port: number): Promise<string> {
  const socket = await shake(port)
  const { serialNumber } = socket.getPeerX509Certificate()!
  socket.destroy()
  return serialNumber
}

const protocols: Protocol[] = ['gRPC', 'HTTP']
const eventually = { interval: 5, timeout: 5000 }

describe.each(protocols)('TLS of %s', (protocol) => {
  it('serves our client, by address and by name', async () => {
    const { port } = await start(protocol, await serverTls())
    expect(await ask(protocol, port, await clientTls())).toBe('ok')
    expect(await ask(protocol, port, await clientTls(), 'localhost')).toBe('ok')
  })

  const failures: [string, () => Promise<ClientTlsConfig> | ClientTlsConfig, RegExp | 'ok'][] = [
    [
      'an authority it does not know',
      () => ({ ca_pem: stranger.cert }),
      /^cannot connect to 127.0.0.1:PORT: .* signed by an unknown authority; set ca_file$/,
    ],
    [
      'only the authorities of the world',
      () => ({ ca_pem: '' }),
      /the certificate is signed by an unknown authority; set ca_file$/,
    ],
    ['any certificate', () => ({ ca_pem: stranger.cert, insecure_skip_verify: true }), 'ok'],
    [
      'another name',
      () => ({ server_name: 'other.example' }),
      /the certificate is for another name; set server_name \(/,
    ],
    ['a name of the certificate', () => ({ server_name: 'localhost' }), 'ok'],
    ['both authorities', () => ({ ca_pem: stranger.cert + authority.cert }), 'ok'],
    ['TLS 1.2 at most', () => ({ max_version: 'TLS 1.2' }), 'ok'],
  ]
  it.each(failures)('trusting %s', async (_, config, expected) => {
    const { port } = await start(protocol, await serverTls())
    const result = await ask(protocol, port, await clientTls(await config()))
    if (expected === 'ok') expect(result).toBe('ok')
    else expect(result).toMatch(expected)
  })

  it('needs a version in common', async () => {
    const { port } = await start(protocol, await serverTls({ min_version: 'TLS 1.3' }))
    const result = await ask(protocol, port, await clientTls({ max_version: 'TLS 1.2' }))
    expect(result).toBe('cannot connect to 127.0.0.1:PORT: no TLS version in common')
  })

  it('tells a server without TLS', async () => {
    const { port } = await start(protocol, undefined)
    const result = await ask(protocol, port, await clientTls())
    expect(result).toBe('cannot connect to 127.0.0.1:PORT: the other side does not speak TLS')
  })

  it('turns clients without TLS away, and goes on', async () => {
    const { port } = await start(protocol, await serverTls())
    expect(await ask(protocol, port, undefined)).toMatch(/^(cannot connect|no answer)/)
    expect(await rawExchange(port, 'POST / HTTP/1.1\r\nHost: x\r\n\r\n')).not.toContain('200')
    expect(await ask(protocol, port, await clientTls())).toBe('ok')
  })

  it('asks clients for certificates of its authority', async () => {
    const files = context({ '/ca.pem': authority.cert })
    const { port } = await start(protocol, await serverTls({ client_ca_file: '/ca.pem' }, files))
    const own = { cert_pem: client.cert, key_pem: new Secret(client.key) }
    expect(await ask(protocol, port, await clientTls(own))).toBe('ok')
    expect(await ask(protocol, port, await clientTls())).toMatch(
      protocol === 'gRPC' ? /the other side asks for a client certificate$/ : /^no answer from/,
    )
    const { cert, key } = await stranger.issue(['client'])
    const strange = await clientTls({ cert_pem: cert, key_pem: new Secret(key) })
    expect(await ask(protocol, port, strange)).toMatch(/^(cannot connect|no answer)/)
  })

  it('keeps connections when the certificate is new, and shows it to the next', async () => {
    const files = context({ '/cert': server.cert, '/key': server.key })
    const paths = { cert_pem: '', key_pem: new Secret(''), cert_file: '/cert', key_file: '/key' }
    const tls = await serverTls(paths, files)
    const { port, listener } = await start(protocol, tls)
    const first = await serialAt(port)
    const held = await shake(port, { ALPNProtocols: ['h2', 'http/1.1'] })
    const renewed = await authority.issue(['localhost'])
    files.contents.set('/cert', renewed.cert)
    files.contents.set('/key', renewed.key)
    await tls.reload()
    const second = await serialAt(port)
    expect(second).not.toBe(first)
    expect(held.destroyed).toBe(false)
    expect(listener.connectionCount).toBeGreaterThan(0)
    files.contents.set('/key', server.key)
    await tls.reload()
    await tls.reload()
    expect(await serialAt(port)).toBe(second)
    expect(files.logged.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'cannot load the new certificate; the last good one stays',
        fields: { error: 'key_file /key does not belong to the certificate in cert_file /cert' },
      },
    ])
  })

  it('lets go of connections that clients close', async () => {
    const { port, listener } = await start(protocol, await serverTls())
    const socket = await shake(port)
    await expect.poll(() => listener.connectionCount, eventually).toBe(1)
    socket.end()
    await expect.poll(() => listener.connectionCount, eventually).toBe(0)
  })

  it('can be put on and taken off while it serves', async () => {
    const running = await start(protocol, undefined)
    const { port, listener } = running
    const offer = (tls: ServerTls | undefined) =>
      protocol === 'gRPC'
        ? grpcOffer(grpcServerOptions({ tls }))
        : httpOffer(httpServerOptions({ tls }))
    expect(await ask(protocol, port, undefined)).toBe('ok')
    listener.serve(offer(await serverTls()))
    expect(await ask(protocol, port, await clientTls())).toBe('ok')
    listener.serve(offer(undefined))
    expect(await ask(protocol, port, undefined)).toBe('ok')
  })
})

describe('TLS', () => {
  it('serves grpc-js', async () => {
    const { port } = await start('gRPC', await serverTls())
    const asking = new grpc.Client(
      `localhost:${port}`,
      credentials.createSsl(Buffer.from(authority.cert)),
    )
    cleanUp.push(() => asking.close())
    const answer = await grpcJsCall(asking, TRACES, Buffer.from('ok'))
    expect([answer.code, answer.response?.toString()]).toEqual([0, 'ok'])
  })

  it('reads the files again by interval', async () => {
    const files = context({ '/cert': server.cert, '/key': server.key })
    const paths = { cert_pem: '', key_pem: new Secret(''), cert_file: '/cert', key_file: '/key' }
    const tls = await serverTls({ ...paths, reload_interval: 60_000 }, files)
    let changes = 0
    const forget = tls.onChange(() => changes++)
    await files.clock.tick(60_000)
    expect(changes).toBe(0)
    const renewed = await authority.issue(['localhost'])
    files.contents.set('/cert', renewed.cert)
    files.contents.set('/key', renewed.key)
    await files.clock.tick(59_999)
    expect(changes).toBe(0)
    await files.clock.tick(1)
    expect(changes).toBe(1)
    // To the clock of the test, certificates of today are not valid yet.
    const news = files.logged.filter(({ level }) => level !== 'warn')
    expect(news.map(({ message }) => message)).toEqual(['loaded a new certificate'])
    forget()
    tls.close()
    expect(files.clock.pending).toBe(0)
  })

  it('of a client follows new authorities', async () => {
    const files = context({ '/ca': stranger.cert })
    const tls = await clientTls({ ca_pem: '', ca_file: '/ca' }, files)
    const { port } = await start('HTTP', await serverTls())
    expect(await ask('HTTP', port, tls)).toMatch(/unknown authority/)
    files.contents.set('/ca', authority.cert)
    await tls.reload()
    expect(await ask('HTTP', port, tls)).toBe('ok')
  })

  it('takes system authorities along when told so', async () => {
    const files = context({
      '/ca': stranger.cert,
      '/etc/ssl/certs/ca-certificates.crt': authority.cert,
    })
    const config = { ca_pem: '', ca_file: '/ca' }
    const { port } = await start('HTTP', await serverTls())
    expect(await ask('HTTP', port, await clientTls(config, files))).toMatch(/unknown authority/)
    const both = { ...config, include_system_ca_certs_pool: true }
    expect(await ask('HTTP', port, await clientTls(both, files))).toBe('ok')
    expect(await ask('HTTP', port, await clientTls({ ca_pem: '' }, files))).toBe('ok')
  })

  const agreed: [string, ServerTlsConfig, ConnectionOptions, string, string][] = [
    ['TLS 1.3 by default', {}, {}, 'TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
    [
      'the suites that are left',
      { cipher_suites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'], max_version: 'TLS 1.2' },
      {},
      'TLSv1.2',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
    ],
    [
      'TLS 1.3, which suites do not concern',
      { cipher_suites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] },
      {},
      'TLSv1.3',
      'TLS_AES_256_GCM_SHA384',
    ],
    [
      'TLS 1.1 where it is allowed',
      { min_version: 'TLS 1.1', max_version: 'TLS 1.1' },
      { minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'TLSv1.1',
      'ECDHE-ECDSA-AES256-SHA',
    ],
  ]
  it.each(agreed)('agrees on %s', async (_, config, options, version, cipher) => {
    const { port } = await start('HTTP', await serverTls(config))
    const socket = await shake(port, options)
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual([version, cipher])
  })

  it('offers only the curves that are left', async () => {
    const { port } = await start('HTTP', await serverTls({ curve_preferences: ['P384'] }))
    await expect(shake(port, { ecdhCurve: 'P-256' })).rejects.toThrow()
    const socket = await shake(port, { ecdhCurve: 'P-384' })
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: 'secp384r1' })
  })

  it('goes through a proxy', async () => {
    const { port } = await start('HTTP', await serverTls())
    const asked: string[] = []
    const proxy = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (chunk) => {
        asked.push(chunk.toString().split('\r\n')[0]!)
        const onward = connectTcp(port, '127.0.0.1')
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => proxy.close())
    const proxyPort = (proxy.address() as AddressInfo).port
    const asking = httpClient({
      tls: await clientTls(),
      proxy: new URL(`http://127.0.0.1:${proxyPort}`),
    })
    cleanUp.push(() => asking.close(AbortSignal.abort()))
    const reply = await asking.request({
      method: 'POST',
      url: new URL('https://localhost:4318/v1/traces'),
      headers: { 'content-type': 'application/json' },
      body: [Buffer.from('ok')],
      timeoutMs: 5000,
    })
    expect(`${Buffer.from(reply.body)}`).toBe('ok')
    expect(asked).toEqual(['CONNECT localhost:4318 HTTP/1.1'])
  })
})

describe('loading TLS', () => {
  const encrypted = () =>
    generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    }).privateKey

  const refusals: [string, () => Record<string, string>, ServerTlsConfig, string][] = [
    [
      'nothing',
      () => ({}),
      {},
      'tls: a server needs a certificate and a key: set cert_file and key_file',
    ],
    [
      'a file that is not there',
      () => ({ '/k': server.key }),
      { cert_file: '/c', key_file: '/k' },
      'cert_file: cannot read /c: no such file',
    ],
    [
      'no certificate',
      () => ({ '/c': 'nonsense', '/k': server.key }),
      { cert_file: '/c', key_file: '/k' },
      'cert_file /c holds no PEM certificate',
    ],
    [
      'a broken certificate',
      () => ({ '/c': server.cert.replace(/\n[A-Za-z]/, '\n!'), '/k': server.key }),
      { cert_file: '/c', key_file: '/k' },
      'cert_file /c holds a broken certificate',
    ],
    [
      'no key',
      () => ({ '/c': server.cert, '/k': server.cert }),
      { cert_file: '/c', key_file: '/k' },
      'key_file /k holds no PEM private key',
    ],
    [
      'an encrypted key',
      () => ({ '/c': server.cert, '/k': encrypted() }),
      { cert_file: '/c', key_file: '/k' },
      'key_file /k is encrypted; decrypt it first, as with "openssl pkey"',
    ],
    [
      'the key of another certificate',
      () => ({ '/c': server.cert, '/k': otherNames.key }),
      { cert_file: '/c', key_file: '/k' },
      'key_file /k does not belong to the certificate in cert_file /c',
    ],
    [
      'a client authority that is none',
      () => ({ '/c': server.cert, '/k': server.key, '/ca': 'x' }),
      { cert_file: '/c', key_file: '/k', client_ca_file: '/ca' },
      'client_ca_file /ca holds no PEM certificate',
    ],
  ]
  it.each(refusals)('refuses %s', async (_, files, config, expected) => {
    const failure = await ServerTls.load(config, context(files())).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Permanent)
    expect((failure as Permanent).message).toBe(expected)
  })

  it('refuses an authority of a client that is none', async () => {
    await expect(ClientTls.load({ ca_pem: 'x' }, context())).rejects.toThrow(
      'ca_pem holds no PEM certificate',
    )
  })

  const dates: [string, number, number, RegExp][] = [
    ['expired', -20, -10, /^the certificate in cert_pem expired on /],
    ['early', 10, 20, /^the certificate in cert_pem is not valid before /],
  ]
  it.each(dates)('warns of a certificate that is %s', async (_, from, to, expected) => {
    const surroundings = context()
    const day = (days: number) => new Date(surroundings.clock.now() + days * 86_400_000)
    const { cert, key } = await authority.issue(['localhost'], {
      notBeforeDate: day(from),
      notAfterDate: day(to),
    })
    await serverTls({ cert_pem: cert, key_pem: new Secret(key) }, surroundings)
    const [logged] = surroundings.logged
    expect(logged?.level).toBe('warn')
    expect(logged?.message).toMatch(expected)
  })
})
