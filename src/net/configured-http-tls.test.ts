/** TLS and tokens of configured clients, with real certificates. */
import { createServer as createPlain } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { attributes, defineExtension, systemClock } from '#sdk'
import {
  type Authority,
  argumentsOf,
  type Certificate,
  fakeContext,
  makeAuthority,
  settle,
} from '#support'
import { ConfiguredHttpClient } from './configured-http-client.js'
import { checkHttpClient, type HttpClientValues, httpClientFields } from './http-client-block.js'
import { systemNetwork } from './system-network.js'

const component = defineExtension({
  name: 'test.client',
  stability: 'generally-available',
  about: 'Asks something.',
  schema: attributes(httpClientFields, checkHttpClient),
  exports: {},
  create: () => ({ stop: async () => {} }),
})

let authority: Authority
let stranger: Authority
let server: Certificate
let client: Certificate

beforeAll(async () => {
  authority = await makeAuthority('Authority')
  stranger = await makeAuthority('Stranger')
  server = await authority.issue(['server.example.com'])
  client = await authority.issue(['client'])
})

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

async function serve(options: ServerOptions = {}): Promise<string> {
  const all = { cert: server.cert, key: server.key, ...options }
  const one = createServer(all, (request, response) => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {}
    response.end(`${CN ?? 'nobody'} ${request.headers.authorization ?? ''}`.trim())
  })
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    one.closeAllConnections()
    one.close()
  })
  return `https://127.0.0.1:${(one.address() as AddressInfo).port}/`
}

function world() {
  const context = fakeContext()
  const files = [
    ['/ca', authority.cert],
    ['/other', stranger.cert],
    ['/cert', client.cert],
    ['/key', client.key],
  ] as const
  for (const [path, text] of files) context.contents.set(path, text)
  const open = async (body: string) => {
    const around = { ...context, network: systemNetwork, clock: systemClock }
    const values = argumentsOf(component, body) as HttpClientValues
    const opened = await ConfiguredHttpClient.open(values, around, { userAgent: 'test' })
    cleanUp.push(() => opened.close(AbortSignal.abort()))
    return opened
  }
  const ask = async (body: string, url: string) => textOf(await open(body), url)
  return { context, open, ask }
}

async function textOf(opened: ConfiguredHttpClient, url: string): Promise<string> {
  const call = { method: 'GET', url: new URL(url), timeoutMs: 5000 }
  const { body } = await opened.request(call)
  return Buffer.from(body).toString()
}

const tls = (body: string) => `tls_config {\n${body}\n}`

test('trusts whom it is told to trust', async () => {
  const url = await serve()
  expect(await world().ask(tls('ca_file = "/ca"'), url)).toBe('nobody')
  expect(await world().ask(tls('insecure_skip_verify = true'), url)).toBe('nobody')
  expect(await world().ask(tls('ca_file = "/ca"\nserver_name = "server.example.com"'), url)).toBe(
    'nobody',
  )
})

test.each([
  ['nobody it knows', '', /unknown authority|ca_file/],
  ['another authority', tls('ca_file = "/other"'), /unknown authority/],
  [
    'a certificate for another name',
    tls('ca_file = "/ca"\nserver_name = "other.example.com"'),
    /the certificate is for another name/,
  ],
])('refuses %s', async (_, body, reason) => {
  const url = await serve()
  await expect(world().ask(body, url)).rejects.toThrow(reason)
})

test('shows its certificate', async () => {
  const url = await serve({ requestCert: true, ca: authority.cert })
  const own = 'cert_file = "/cert"\nkey_file = "/key"'
  expect(await world().ask(tls(`ca_file = "/ca"\n${own}`), url)).toBe('client')
  await expect(world().ask(tls('ca_file = "/ca"'), url)).rejects.toThrow(
    /^no answer from|asks for a client certificate$/,
  )
})

test('speaks no older TLS than it may', async () => {
  const url = await serve({ maxVersion: 'TLSv1.2' })
  expect(await world().ask(tls('ca_file = "/ca"'), url)).toBe('nobody')
  const newer = tls('ca_file = "/ca"\nmin_version = "TLS13"')
  await expect(world().ask(newer, url)).rejects.toThrow('no TLS version in common')
})

test('files that are no certificates refuse the config', async () => {
  const { context, open } = world()
  await expect(open(tls('ca_file = "/none"'))).rejects.toThrow('ca_file: cannot read /none')
  await expect(open(tls('ca_file = "/key"'))).rejects.toThrow('ca_file /key holds no PEM')
  expect(context.watchCount).toBe(0)
})

test('a new authority is trusted for new connections', async () => {
  const url = await serve()
  const { context, open } = world()
  const opened = await open(`${tls('ca_file = "/other"')}\nfollow_redirects = false`)
  await expect(textOf(opened, url)).rejects.toThrow('unknown authority')
  context.change('/other', authority.cert)
  await expect.poll(() => textOf(opened, url).catch(() => ''), { timeout: 5000 }).toBe('nobody')
  expect(context.watchCount).toBe(1)
  await opened.close(AbortSignal.abort())
  expect(context.watchCount).toBe(0)
})

test('tokens are asked for with the secret of a file, whatever it is then', async () => {
  const { context, open } = world()
  context.contents.set('/secret', 'first')
  const secrets: string[] = []
  const endpoint = createPlain((request, response) => {
    const pair = Buffer.from(request.headers.authorization!.slice(6), 'base64').toString()
    secrets.push(`${pair} ${request.headers['user-agent']}`)
    response.end(JSON.stringify({ access_token: `of-${pair.split(':')[1]}` }))
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    endpoint.closeAllConnections()
    endpoint.close()
  })
  const url = await serve()
  const { port } = endpoint.address() as AddressInfo
  const opened = await open(`${tls('ca_file = "/ca"')}
    oauth2 {
      client_id          = "me"
      client_secret_file = "/secret"
      token_url          = "http://127.0.0.1:${port}/token"
    }`)
  expect(await textOf(opened, url)).toBe('nobody Bearer of-first')
  context.change('/secret', 'second')
  await settle()
  expect(await textOf(opened, url)).toBe('nobody Bearer of-second')
  expect(secrets).toEqual(['me:first test', 'me:second test'])
})
