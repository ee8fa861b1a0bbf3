import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { FakeClock, httpClient } from '#support'
import { Oauth2Auth, type Oauth2Options } from './oauth2-auth.js'

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

interface Asked {
  readonly authorization: string | undefined
  readonly form: Readonly<Record<string, string>>
}

type Reply = string | { readonly status: number; readonly body: string; readonly type?: string }

/** A token endpoint. */
async function serve(answer: (asked: Asked, request: IncomingMessage) => Reply) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(text))
      const one = { authorization: request.headers.authorization, form }
      asked.push(one)
      const reply = answer(one, request)
      const { status, body, type } = typeof reply === 'string' ? okay(reply) : reply
      response.writeHead(status, { 'content-type': type ?? 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { asked, host, tokenUrl: new URL(`http://${host}/token`) }
}

function okay(token: string, more: object = {}): Exclude<Reply, string> {
  return { status: 200, body: JSON.stringify({ access_token: token, ...more }) }
}

function authFor(tokenUrl: URL, more: Partial<Oauth2Options> = {}) {
  const clock = new FakeClock()
  const client = httpClient()
  cleanUp.push(() => client.close(AbortSignal.abort()))
  const secret = { text: 'a secret', refreshed: 0, refresh: () => void secret.refreshed++ }
  const auth = new Oauth2Auth({
    tokenUrl,
    clientId: 'me&you',
    clientSecret: { ...secret, close: () => Promise.resolve() },
    scopes: [],
    endpointParams: new Map(),
    client,
    clock,
    ...more,
  })
  return { auth, clock, secret, get: () => auth.authorization(5000) }
}

test('asks as RFC 6749 says', async () => {
  const { asked, tokenUrl } = await serve(() => 'one')
  const endpointParams = new Map([['audience', 'a']])
  const { get } = authFor(tokenUrl, { scopes: ['read', 'write'], endpointParams })
  expect(await get()).toBe('Bearer one')
  const pair = Buffer.from('me%26you:a+secret').toString('base64')
  expect(asked).toEqual([
    {
      authorization: `Basic ${pair}`,
      form: { grant_type: 'client_credentials', scope: 'read write', audience: 'a' },
    },
  ])
})

test('a server that takes credentials in the body only is asked so from then on', async () => {
  const { asked, tokenUrl } = await serve(({ form }) =>
    form['client_secret'] === 'a secret' ? 'one' : { status: 401, body: '{"error":"who"}' },
  )
  const { auth, get } = authFor(tokenUrl)
  expect(await get()).toBe('Bearer one')
  auth.refused('Bearer one')
  expect(await get()).toBe('Bearer one')
  expect(asked.map(({ authorization }) => authorization !== undefined)).toEqual([
    true,
    false,
    false,
  ])
})

test('a token is kept until shortly before it ends', async () => {
  let n = 0
  const { tokenUrl } = await serve(() => okay(`t${++n}`, { expires_in: 60 }))
  const { clock, get } = authFor(tokenUrl)
  expect(await Promise.all([get(), get(), get()])).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1'])
  await clock.tick(49_999)
  expect(await get()).toBe('Bearer t1')
  await clock.tick(1)
  expect(await get()).toBe('Bearer t2')
})

test('a token without an end is kept until it is refused', async () => {
  let n = 0
  const { tokenUrl } = await serve(() => `t${++n}`)
  const { auth, clock, get } = authFor(tokenUrl)
  expect(await get()).toBe('Bearer t1')
  await clock.tick(10 ** 9)
  auth.refused('Bearer t0')
  expect(await get()).toBe('Bearer t1')
  auth.refused('Bearer t1')
  expect(await get()).toBe('Bearer t2')
})

test('a new secret asks for a new token', async () => {
  let n = 0
  const { tokenUrl } = await serve(() => `t${++n}`)
  const clientSecret = { text: 'first', refresh() {}, close: () => Promise.resolve() }
  const { get } = authFor(tokenUrl, { clientSecret })
  expect(await get()).toBe('Bearer t1')
  clientSecret.text = 'second'
  expect(await get()).toBe('Bearer t2')
})

const ANSWERS: readonly (readonly [name: string, reply: Reply, expected: string])[] = [
  ['a type', okay('t', { token_type: 'MAC' }), 'MAC t'],
  ['a type in lower case', okay('t', { token_type: 'bearer' }), 'Bearer t'],
  [
    'a form',
    {
      status: 200,
      body: 'access_token=t&expires_in=5',
      type: 'application/x-www-form-urlencoded; charset=utf-8',
    },
    'Bearer t',
  ],
  [
    'an error',
    {
      status: 400,
      body: '{"error":"invalid_client","error_description":"no such client"}',
    },
    'it answered 400 (invalid_client: no such client)',
  ],
  ['an error with 200', { status: 200, body: '{"error":"no"}' }, 'it answered 200 (no)'],
  ['no JSON', { status: 500, body: '<html>' }, 'it answered 500'],
  ['no token', { status: 200, body: '[]' }, 'its answer holds no token'],
  ['no text for a token', okay('a\nb'), 'its answer holds no token'],
  [
    'an object for a token',
    { status: 200, body: '{"access_token":{}}' },
    'its answer holds no token',
  ],
]

test.each(ANSWERS)('takes %s', async (_, reply, expected) => {
  const { host, tokenUrl } = await serve(() => reply)
  const { get } = authFor(tokenUrl)
  const got = await get().catch((error: unknown) => {
    expect(error).toBeInstanceOf(Retryable)
    return (error as Error).message
  })
  expect(got.replace(`cannot get a token from ${host}: `, '')).toBe(expected)
})

test('a token endpoint that is away is asked again the next time', async () => {
  let isAway = true
  const { tokenUrl } = await serve((_, request) => {
    if (isAway) request.socket.destroy()
    return 'one'
  })
  const { get } = authFor(tokenUrl)
  await expect(get()).rejects.toThrow(/^cannot get a token: no answer from 127\.0\.0\.1/)
  await expect(get()).rejects.toBeInstanceOf(Retryable)
  isAway = false
  expect(await get()).toBe('Bearer one')
})
