import { createServer } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { Source } from '#grammar'
import type { Activating, Component } from '#sdk'
import { type Authority, type Certificate, fakeContext, makeAuthority } from '#support'
import { type AdminRequest, askAdmin } from '../../test/support/admin-request.js'
import { AdminServer } from './admin-server.js'
import { httpBlock } from './http-block.js'

let authority: Authority
let certificate: Certificate
let client: Certificate
let stranger: Certificate
beforeAll(async () => {
  authority = await makeAuthority('Authority of the agent')
  certificate = await authority.issue(['localhost'])
  client = await authority.issue([])
  stranger = await (await makeAuthority('Somebody else')).issue([])
})

function open() {
  const admin = new AdminServer()
  onTestFinished(() => admin.close())
  return admin
}

/** The text of an `http` block, checked as a config is. */
function checkBlock(admin: AdminServer, body: string) {
  return checkSources([new Source('config.river', `http {\n${body}\n}\n`)], {
    registry: new Registry([httpBlock(admin)]),
    stability: 'generally-available',
    environment: systemEnvironment({}, 'v0'),
  })
}

/** The admin address with an `http` block that reloads replace. */
async function serving() {
  const admin = open()
  admin.serve((request, response) => void response.end(`${request.method} ${request.url}`))
  const context = fakeContext()
  context.contents.set('/tls/cert', certificate.cert)
  context.contents.set('/tls/key', certificate.key)
  context.contents.set('/tls/ca', authority.cert)
  const { port } = new URL(await admin.listen('127.0.0.1:0'))
  const start = async (body: string) => {
    const [node] = checkBlock(admin, body).program!.nodes
    const { values } = node!.evaluate(() => undefined)
    const definition = httpBlock(admin)
    const component: Component & Partial<Activating> = definition.create(
      context,
      values as never,
      undefined as never,
    )
    await component.start?.()
    return component
  }
  const load = async (body: string) => (await start(body)).activate?.()
  const ask = (path = '/', request?: AdminRequest) =>
    askAdmin(`http://127.0.0.1:${port}`, path, request)
  const askSecurely = (request: AdminRequest = {}) =>
    askAdmin(`https://127.0.0.1:${port}`, '/', { ca: authority.cert, ...request })
  return { admin, context, start, load, ask, askSecurely }
}

const basic = (text: string, scheme = 'Basic'): AdminRequest => ({
  headers: { authorization: `${scheme} ${Buffer.from(text).toString('base64')}` },
})

const BASIC = `basic {
  username = "alice"
  password = "a:b"
}`

describe('it listens', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['on loopback where no host is named', ':0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['on a host', '127.0.0.1:0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['on IPv6', '[::1]:0', /^http:\/\/\[::1\]:\d+$/],
  ]
  for (const [name, address, expected] of rows) {
    test(name, async () => {
      const admin = open()
      const real = await admin.listen(address)
      expect(real).toMatch(expected)
      expect((await askAdmin(real, '/')).status).toBe(503)
    })
  }

  test.each(['12345', 'localhost', 'http://127.0.0.1:1', ''])('not on "%s"', async (address) => {
    await expect(open().listen(address)).rejects.toMatchObject({
      name: 'Permanent',
      message: `"${address}" is no address; write host:port`,
    })
  })

  test('not on an address in use, and says what to do', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const address = `127.0.0.1:${(taken.address() as { port: number }).port}`
    await expect(open().listen(address)).rejects.toMatchObject({
      name: 'Permanent',
      message: `cannot listen on ${address}: address in use; choose another with --server.http.listen-addr`,
    })
  })
})

test('requests before there is a handler are answered with 503', async () => {
  const admin = open()
  const address = await admin.listen('127.0.0.1:0')
  expect(await askAdmin(address, '/')).toMatchObject({ status: 503, text: '503 not ready\n' })
  admin.serve((_, response) => void response.end('served'))
  expect(await askAdmin(address, '/')).toMatchObject({ status: 200, text: 'served' })
})

test('a closed one answers no more', async () => {
  const admin = new AdminServer()
  const address = await admin.listen('127.0.0.1:0')
  await admin.close()
  await expect(askAdmin(address, '/')).rejects.toThrow(/ECONNREFUSED/)
})

describe('credentials', () => {
  const rows: readonly (readonly [string, AdminRequest, number])[] = [
    ['the right ones', basic('alice:a:b'), 200],
    ['with the scheme in lower case', basic('alice:a:b', 'basic'), 200],
    ['none', {}, 401],
    ['a wrong password', basic('alice:a:c'), 401],
    ['the beginning of the password', basic('alice:a'), 401],
    ['another user', basic('bob:a:b'), 401],
    ['nothing between', basic(''), 401],
    ['another scheme', basic('alice:a:b', 'Bearer'), 401],
  ]
  for (const [name, request, status] of rows) {
    test(`${name}: ${status}`, async () => {
      const { load, ask } = await serving()
      await load(`auth {\n${BASIC}\n}`)
      const answer = await ask('/metrics', request)
      expect([answer.status, answer.text]).toEqual(
        status === 200 ? [200, 'GET /metrics'] : [401, '401 credentials needed\n'],
      )
      expect(answer.headers['www-authenticate']).toBe(
        status === 401 ? 'Basic realm="weir", charset="UTF-8"' : undefined,
      )
    })
  }

  test('are asked for from the load on, and no more once the block is gone', async () => {
    const { start, load, ask } = await serving()
    const { activate } = (await start(`auth {\n${BASIC}\n}`)) as Component & Activating
    expect((await ask()).status).toBe(200)
    activate()
    expect((await ask()).status).toBe(401)
    await load('')
    expect((await ask()).status).toBe(200)
  })
})

describe('a filter', () => {
  const filter = (paths: string, matching: boolean) =>
    `auth {
      ${BASIC}
      filter {
        paths = [${paths}]
        authenticate_matching_paths = ${matching}
      }
    }`
  const ONLY = filter('"/api", "/-/reload"', true)
  const EXCEPT = filter('"/metrics", "/-/"', false)
  const rows: readonly (readonly [string, string, string, number])[] = [
    ['asks at the paths it names', ONLY, '/api/v1/graph', 401],
    ['asks there with a query', ONLY, '/-/reload?a=b', 401],
    ['asks nowhere else', ONLY, '/metrics', 200],
    ['asks at escaped paths', ONLY, '/%61pi/v1/graph', 401],
    ['asks at paths with dots', ONLY, '/metrics/../api/v1/graph', 401],
    ['asks at paths with escaped dots', ONLY, '/metrics/%2e%2e/api/v1/graph', 401],
    ['asks where the whole URL is sent', ONLY, 'http://admin/api/v1/graph', 401],
    ['asks where the path cannot be read', ONLY, '//:', 401],
    ['asks where an escape is broken', ONLY, '/%61pi/%ff', 401],
    ['asks everywhere but at the paths it names', EXCEPT, '/api/v1/graph', 401],
    ['does not ask there', EXCEPT, '/metrics', 200],
    ['does not ask below them', EXCEPT, '/-/ready', 200],
    ['asks where dots lead away from them', EXCEPT, '/-/../api/v1/graph', 401],
    ['asks where the path cannot be read, whatever it names', EXCEPT, '//:', 401],
  ]
  for (const [name, body, path, status] of rows) {
    test(`${name}: ${path}`, async () => {
      const { load, ask } = await serving()
      await load(body)
      expect((await ask(path)).status).toBe(status)
      // The same with credentials is let in.
      expect((await ask(path, basic('alice:a:b'))).status).toBe(200)
    })
  }
})

describe('TLS', () => {
  const FILES = 'cert_file = "/tls/cert"\nkey_file = "/tls/key"'
  const tls = (text = FILES) => `tls {\n${text}\n}`

  test('is served from the load on, instead of plain text, and back', async () => {
    const { load, ask, askSecurely } = await serving()
    await load(tls())
    expect(await askSecurely()).toMatchObject({ status: 200, text: 'GET /' })
    await expect(ask()).rejects.toThrow()
    await load('')
    expect((await ask()).status).toBe(200)
    await expect(askSecurely()).rejects.toThrow()
  })

  test('of the address it tells', async () => {
    const admin = open()
    const values = checkBlock(admin, tls()).program!.nodes[0]!.evaluate(() => undefined).values
    const read = async (path: string) =>
      Buffer.from(path === '/tls/cert' ? certificate.cert : certificate.key)
    const apply = await admin.prepare(values as never, read)
    apply()
    expect(await admin.listen('127.0.0.1:0')).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  })

  test('asks for credentials as well', async () => {
    const { load, askSecurely } = await serving()
    await load(`${tls()}\nauth {\n${BASIC}\n}`)
    expect((await askSecurely()).status).toBe(401)
    expect((await askSecurely(basic('alice:a:b'))).status).toBe(200)
  })

  test('takes the certificate as text', async () => {
    const { load, askSecurely } = await serving()
    const { cert, key } = certificate
    await load(tls(`cert_pem = ${JSON.stringify(cert)}\nkey_pem = ${JSON.stringify(key)}`))
    expect((await askSecurely()).status).toBe(200)
  })

  test('that cannot be had is told at the start, and what ran runs on', async () => {
    const { context, start, load, askSecurely } = await serving()
    await load(tls())
    context.contents.set('/tls/key', stranger.key)
    await expect(start(tls())).rejects.toMatchObject({
      name: 'Permanent',
      message: expect.stringMatching(/^cannot use the certificate of the http block: .*key/),
    })
    context.contents.delete('/tls/cert')
    await expect(start(tls())).rejects.toThrow('cannot read /tls/cert: no such file')
    expect((await askSecurely()).status).toBe(200)
  })

  describe('asks clients for a certificate', () => {
    const rows: readonly (readonly [string, 'none' | 'known' | 'unknown', boolean])[] = [
      ['NoClientCert', 'none', true],
      ['NoClientCert', 'unknown', true],
      ['RequestClientCert', 'none', true],
      ['VerifyClientCertIfGiven', 'none', true],
      ['RequestClientCert', 'unknown', true],
      ['RequireAnyClientCert', 'none', false],
      ['RequireAnyClientCert', 'unknown', true],
      ['VerifyClientCertIfGiven', 'known', true],
      ['VerifyClientCertIfGiven', 'unknown', false],
      ['RequireAndVerifyClientCert', 'none', false],
      ['RequireAndVerifyClientCert', 'unknown', false],
      ['RequireAndVerifyClientCert', 'known', true],
    ]
    for (const [type, shown, lets] of rows) {
      test(`${type} ${lets ? 'lets in' : 'refuses'} who shows ${shown}`, async () => {
        const { load, askSecurely } = await serving()
        await load(tls(`${FILES}\nclient_ca_file = "/tls/ca"\nclient_auth_type = "${type}"`))
        const own = { none: {}, known: client, unknown: stranger }[shown]
        const status = askSecurely(own).then((answer) => answer.status)
        if (lets) expect(await status).toBe(200)
        else await expect(status).rejects.toThrow()
      })
    }
  })
})

describe('check refuses', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['a key without a certificate', 'tls { key_file = "a" }', /cert_pem or cert_file is needed/],
    ['a certificate without a key', 'tls { cert_file = "a" }', /key_pem or key_file is needed/],
    [
      'two certificates',
      'tls {\ncert_file = "a"\ncert_pem = "b"\nkey_file = "c"\n}',
      /^cert_pem and cert_file exclude each other$/,
    ],
    [
      'two client authorities',
      'tls {\ncert_file = "a"\nkey_file = "c"\nclient_ca_file = "d"\nclient_ca_pem = "e"\n}',
      /^client_ca_pem and client_ca_file exclude each other$/,
    ],
    [
      'an unknown version',
      'tls {\ncert_file = "a"\nkey_file = "c"\nmin_version = "TLS 1.2"\n}',
      /"TLS12"/,
    ],
    ['a user without a password', 'auth { basic { username = "a" } }', /password/],
  ]
  for (const [name, body, message] of rows) {
    test(name, () => {
      const { diagnostics } = checkBlock(new AdminServer(), body)
      expect(diagnostics.map((one) => one.message)).toEqual([expect.stringMatching(message)])
    })
  }
})

describe('an address that other machines can reach', () => {
  test('is not listened on without credentials', async () => {
    await expect(open().listen('0.0.0.0:0')).rejects.toThrow(/has to ask for credentials/)
  })

  test('keeps them: a reload that would take them away is refused', async () => {
    const admin = open()
    const start = async (body: string) => {
      const [node] = checkBlock(admin, body).program!.nodes
      const { values } = node!.evaluate(() => undefined)
      const create = httpBlock(admin).create
      const component = create(fakeContext(), values as never, undefined as never)
      await component.start?.()
      return component as Component & Activating
    }
    ;(await start('auth { bearer { token = "t-1" } }')).activate()
    const { port } = new URL(await admin.listen('0.0.0.0:0'))
    admin.serve((_, response) => void response.end('here'))
    const ask = (headers: Record<string, string>) =>
      askAdmin(`http://127.0.0.1:${port}`, '/', { headers }).then(({ status }) => status)
    expect(await ask({})).toBe(401)
    expect(await ask({ authorization: 'Bearer t-1' })).toBe(200)
    expect(await ask({ authorization: 'Bearer t-1', host: 'agent.example' })).toBe(200)
    await expect(start('')).rejects.toThrow(/has to ask for credentials/)
  })
})

test('on loopback another name than this machine has is not answered', async () => {
  const { ask } = await serving()
  const as = (host: string) => ask('/', { headers: { host } }).then(({ status }) => status)
  expect(await as('localhost:1')).toBe(200)
  expect(await as('rebound.example')).toBe(421)
})
