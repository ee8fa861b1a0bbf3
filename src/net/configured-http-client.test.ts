import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { attributes, defineExtension, type Network, systemClock } from '#sdk'
import { argumentsOf, fakeContext, settle } from '#support'
import { ConfiguredHttpClient, type HttpClientSurroundings } from './configured-http-client.js'
import type { HttpCall } from './http-client.js'
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

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

interface Server {
  readonly host: string
  readonly requests: IncomingMessage[]
}

async function serve(answer: RequestListener): Promise<Server> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    request.resume().on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Lets in whoever sends this. */
function guarded(authorization: string): Promise<Server> {
  return serve((request, response) => {
    const passes = request.headers.authorization === authorization
    response.writeHead(passes ? 200 : 401).end()
  })
}

function redirecting(status: number, to: string): Promise<Server> {
  return serve((_, response) => response.writeHead(status, { location: to }).end())
}

/** Fake files and a real network. */
function world(files: Readonly<Record<string, string>> = {}, network: Partial<Network> = {}) {
  const context = fakeContext()
  for (const [path, text] of Object.entries(files)) context.contents.set(path, text)
  const around: HttpClientSurroundings = {
    network: { ...systemNetwork, ...network },
    clock: systemClock,
    files: context.files,
    log: context.log,
  }
  const open = async (body: string) => {
    const values = argumentsOf(component, body) as HttpClientValues
    const client = await ConfiguredHttpClient.open(values, around, { userAgent: 'test' })
    cleanUp.push(() => client.close(AbortSignal.abort()))
    return client
  }
  return { context, open }
}

function get(url: string, more: Partial<HttpCall> = {}): HttpCall {
  return { method: 'GET', url: new URL(url), timeoutMs: 5000, ...more }
}

async function statusOf(body: string, url: string, around = world()): Promise<number> {
  const client = await around.open(body)
  return (await client.request(get(url))).status
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('credentials', () => {
  interface Row {
    readonly name: string
    readonly sent: string
    readonly body: string
    /** What /secret holds. */
    readonly file?: string
  }

  const ROWS: readonly Row[] = [
    {
      name: 'basic',
      sent: `Basic ${base64('me:word')}`,
      body: 'basic_auth {\nusername = "me"\npassword = "word"\n}',
    },
    {
      name: 'basic without a password',
      sent: `Basic ${base64('me:')}`,
      body: 'basic_auth {\nusername = "me"\n}',
    },
    {
      name: 'basic with a file',
      sent: `Basic ${base64('me:word')}`,
      body: 'basic_auth {\nusername = "me"\npassword_file = "/secret"\n}',
      file: ' word\n',
    },
    { name: 'a bearer token', sent: 'Bearer abc', body: 'bearer_token = "abc"' },
    {
      name: 'a bearer token in a file',
      sent: 'Bearer abc',
      body: 'bearer_token_file = "/secret"',
      file: 'abc\n',
    },
    {
      name: 'another scheme',
      sent: 'Token abc',
      body: 'authorization {\ntype = "Token"\ncredentials = "abc"\n}',
    },
    {
      name: 'no scheme',
      sent: 'Bearer abc',
      body: 'authorization {\ntype = " "\ncredentials = "abc"\n}',
    },
    {
      name: 'another scheme with a file',
      sent: 'Token abc',
      body: 'authorization {\ntype = "Token"\ncredentials_file = "/secret"\n}',
      file: 'abc',
    },
  ]

  const worldOf = ({ file }: Row) => world(file === undefined ? {} : { '/secret': file })

  test.each(ROWS)('$name', async (row) => {
    const server = await guarded(row.sent)
    expect(await statusOf(row.body, `http://${server.host}/`, worldOf(row))).toBe(200)
    expect(await statusOf('', `http://${server.host}/`)).toBe(401)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      row.sent,
      undefined,
    ])
  })

  test.each(ROWS)('$name: wrong ones', async (row) => {
    const server = await guarded(`${row.sent}x`)
    expect(await statusOf(row.body, `http://${server.host}/`, worldOf(row))).toBe(401)
  })

  test('of the address', async () => {
    const server = await guarded(`Basic ${base64('me:w@rd')}`)
    expect(await statusOf('', `http://me:w%40rd@${server.host}/`)).toBe(200)
    expect(await statusOf('', `http://me:word@${server.host}/`)).toBe(401)
  })

  test('of the call win', async () => {
    const server = await guarded('Own x')
    const client = await world().open('bearer_token = "abc"')
    const headers = { authorization: 'Own x' }
    expect((await client.request(get(`http://${server.host}/`, { headers }))).status).toBe(200)
  })
})

describe('a secret in a file', () => {
  test('is read again when it changes', async () => {
    const server = await guarded('Bearer second')
    const around = world({ '/token': 'first' })
    const client = await around.open('bearer_token_file = "/token"')
    const status = async () => (await client.request(get(`http://${server.host}/`))).status
    expect(await status()).toBe(401)
    around.context.change('/token', 'second')
    await settle()
    expect(await status()).toBe(200)
    around.context.change('/token', undefined)
    await settle()
    expect(await status()).toBe(200)
    expect(around.context.logged).toMatchObject([{ message: 'the last secret stays in use' }])
  })

  test('is read again when it is refused, in case nobody told of the change', async () => {
    const server = await guarded('Bearer second')
    const around = world({ '/token': 'first' })
    const client = await around.open('bearer_token_file = "/token"')
    around.context.contents.set('/token', 'second')
    const status = async () => (await client.request(get(`http://${server.host}/`))).status
    expect(await status()).toBe(401)
    await settle()
    expect(await status()).toBe(200)
  })

  test('must be there, and be a line', async () => {
    const around = world({ '/token': 'a\nb' })
    const body = 'basic_auth {\npassword_file = "/none"\n}'
    await expect(around.open(body)).rejects.toThrow('cannot read /none: no such file')
    const lines = '/token holds more than one line of text'
    await expect(around.open('bearer_token_file = "/token"')).rejects.toThrow(lines)
  })

  test('is not looked at any more once the client is closed', async () => {
    const around = world({ '/token': 'a' })
    const client = await around.open('bearer_token_file = "/token"')
    expect(around.context.watchCount).toBe(1)
    await client.close(AbortSignal.abort())
    await client.close(AbortSignal.abort())
    expect(around.context.watchCount).toBe(0)
  })
})

test('headers are sent each with its values, and those of the call win', async () => {
  const server = await serve((_, response) => response.end())
  const client = await world().open('http_headers = { "X-Many" = ["a", "b"], "X-One" = ["c"] }')
  await client.request(get(`http://${server.host}/`, { headers: { 'x-one': 'd' } }))
  const { headersDistinct } = server.requests[0]!
  expect(headersDistinct).toMatchObject({ 'x-many': ['a', 'b'], 'x-one': ['d'] })
  expect(headersDistinct['user-agent']).toEqual(['test'])
})

describe('redirects', () => {
  const post = { method: 'POST', body: [Buffer.from('x')], headers: { 'content-type': 'a/b' } }

  test.each([
    [301, 'GET', undefined],
    [302, 'GET', undefined],
    [303, 'GET', undefined],
    [307, 'POST', 'a/b'],
    [308, 'POST', 'a/b'],
  ])('%d after a POST asks with %s', async (status, method, type) => {
    const server = await serve((request, response) => {
      if (request.url !== '/new') response.writeHead(status, { location: '/new' })
      response.end('fine')
    })
    const client = await world().open('bearer_token = "abc"')
    const reply = await client.request(get(`http://${server.host}/old`, post))
    expect([reply.status, Buffer.from(reply.body).toString()]).toEqual([200, 'fine'])
    const { headers, ...last } = server.requests[1]!
    expect([last.method, headers['content-type']]).toEqual([method, type])
    expect(headers.authorization).toBe('Bearer abc')
  })

  test('are answers where the config says so', async () => {
    const server = await redirecting(302, '/new')
    expect(await statusOf('follow_redirects = false', `http://${server.host}/`)).toBe(302)
    expect(server.requests).toHaveLength(1)
  })

  test.each(['ftp://a/', 'http://['])('to %j are answers', async (to) => {
    const server = await redirecting(302, to)
    expect(await statusOf('', `http://${server.host}/`)).toBe(302)
  })

  test('do not go on for ever', async () => {
    const server = await redirecting(302, '/')
    const client = await world().open('')
    const url = `http://${server.host}/`
    const text = `${server.host} redirects more than 10 times`
    await expect(client.request(get(url))).rejects.toThrow(text)
    expect(server.requests).toHaveLength(11)
  })

  test('to another host take no secret along, not even when they come back', async () => {
    const home = await serve((request, response) => {
      if (request.url === '/') {
        response.writeHead(307, { location: `http://localhost:${other.host.split(':')[1]}/` })
      }
      response.end()
    })
    const other: Server = await redirecting(307, `http://${home.host}/again`)
    const client = await world().open('bearer_token = "abc"\nhttp_headers = { "X-Key" = ["k"] }')
    const headers = { 'x-own': 'secret', accept: 'a/b' }
    await client.request(get(`http://${home.host}/`, { headers }))
    const seen = [...home.requests, ...other.requests].map(({ headers }) => [
      headers.authorization,
      headers['x-key'],
      headers['x-own'],
      headers.accept,
    ])
    const nothing = [undefined, undefined, undefined, 'a/b']
    expect(seen).toEqual([['Bearer abc', 'k', 'secret', 'a/b'], nothing, nothing])
  })
})

describe('a proxy', () => {
  const answer: RequestListener = (_, response) => response.writeHead(299).end()

  test('gets what is not for this machine or the hosts on the list', async () => {
    const proxy = await serve(answer)
    const server = await serve((_, response) => response.end())
    const around = world({}, { connect: (at) => systemNetwork.connect(elsewhere(at, server)) })
    const body = `proxy_url = "http://${proxy.host}"\nno_proxy = "10.0.0.0/8,direct.com"`
    const client = await around.open(body)
    const ask = async (url: string) => (await client.request(get(url))).status
    expect(await ask('http://far.com/')).toBe(299)
    expect(await ask('http://direct.com/')).toBe(200)
    expect(await ask('http://10.1.2.3/')).toBe(200)
    expect(await ask(`http://${server.host}/`)).toBe(200)
  })

  test('without a list gets everything', async () => {
    const proxy = await serve(answer)
    const server = await serve((_, response) => response.end())
    const body = `proxy_url = "http://${proxy.host}"`
    expect(await statusOf(body, `http://${server.host}/`)).toBe(299)
  })

  test('of the environment is used where the config says so', async () => {
    const proxy = await serve(answer)
    const server = await serve((_, response) => response.end())
    const proxyVariables = { http_proxy: proxy.host, NO_PROXY: 'direct.com' }
    const connect: Network['connect'] = (at) => systemNetwork.connect(elsewhere(at, server))
    const around = () => world({}, { proxyVariables, connect })
    const on = 'proxy_from_environment = true'
    expect(await statusOf(on, 'http://far.com/', around())).toBe(299)
    expect(await statusOf(on, 'http://x.direct.com/', around())).toBe(200)
    expect(await statusOf('', 'http://far.com/', around())).toBe(200)
  })

  test('of the environment that is none refuses the config, without showing it', async () => {
    const proxyVariables = { HTTPS_PROXY: 'socks5://me:secret@proxy' }
    const opening = world({}, { proxyVariables }).open('proxy_from_environment = true')
    const text = 'HTTPS_PROXY is no URL with http://, such as "http://proxy:3128"'
    await expect(opening).rejects.toThrow(text)
  })

  test('is asked for a tunnel with its headers', async () => {
    const asked: IncomingMessage[] = []
    const proxy = createServer().on('connect', (request: IncomingMessage, socket) => {
      asked.push(request)
      socket.end('HTTP/1.1 403 No\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => proxy.close())
    const { port } = proxy.address() as AddressInfo
    const client = await world().open(
      `proxy_url = "http://me:word@127.0.0.1:${port}"\nproxy_connect_header = { "X-A" = ["1", "2"] }`,
    )
    const request = client.request(get('https://far.com/'))
    await expect(request).rejects.toThrow('the proxy answered 403 to CONNECT far.com:443')
    expect(asked[0]!.headersDistinct).toMatchObject({
      'x-a': ['1', '2'],
      'proxy-authorization': [`Basic ${base64('me:word')}`],
    })
  })
})

/** Names and addresses that are not of this machine lead to the server. */
function elsewhere(at: Parameters<Network['connect']>[0], { host }: Server) {
  const isHere = 'host' in at && at.host.startsWith('127.')
  return isHere ? at : { host: '127.0.0.1', port: Number(host.split(':')[1]) }
}
