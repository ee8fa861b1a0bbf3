import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemNetwork } from '#net'
import type { OptionalSecret } from '#sdk'
import { checkBody, corpus } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './http.js'

type Answer = (request: IncomingMessage & { text: string }, response: ServerResponse) => void

const says =
  (text: string, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status).end(text)

/** The component asking a server of the test's. */
async function running(first: Answer, more = '') {
  let answer = first
  const requests: (IncomingMessage & { text: string })[] = []
  const server = createServer((request, response) => {
    const one = Object.assign(request, { text: '' })
    requests.push(one)
    request.on('data', (chunk) => {
      one.text += chunk
    })
    request.on('end', () => answer(one, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = new World(new Map([['/token', 'abc']]))
  const body = `url = "http://${host}/config"\n${more}`
  const { instance, lines } = await runComponent(definition, body, world, {
    network: { ...systemNetwork },
  })
  const content = () => instance.published['content'] as OptionalSecret
  const next = async (then: Answer, isDone: () => boolean) => {
    answer = then
    await live(world, 'the next answer', isDone)
  }
  return { host, instance, requests, content, next, lines }
}

test('exports the answer, again when it changes', async () => {
  const { host, instance, requests, content, next } = await running(says(' first\n'))
  expect([content().text, content().isSecret]).toEqual(['first', false])
  expect(instance.health()).toMatchObject({ state: 'healthy', message: `${host} answered` })
  const exported = content()
  await next(says('first'), () => requests.length === 3)
  expect(content()).toBe(exported)
  await next(says('second'), () => content().text === 'second')
  const asked = new Set(requests.map(({ method, url }) => `${method} ${url}`))
  expect([...asked]).toEqual(['GET /config'])
})

test('asks as it is told to', async () => {
  const more = 'method = "POST"\nbody = "question"\nheaders = { "X-A" = "1", "User-Agent" = "me" }'
  const { requests } = await running(says('x'), more)
  const [{ method, headers, text }] = requests as [(typeof requests)[number]]
  expect([method, text]).toEqual(['POST', 'question'])
  expect(headers).toMatchObject({ 'x-a': '1', 'user-agent': 'me' })
})

test('a secret stays one', async () => {
  const { content } = await running(says('x'), 'is_secret = true')
  expect([String(content()), content().text]).toEqual(['(secret)', 'x'])
})

test('shows its credentials', async () => {
  const guarded: Answer = ({ headers }, response) =>
    response.writeHead(headers.authorization === 'Bearer abc' ? 200 : 401).end('x')
  const { content } = await running(guarded, 'client {\nbearer_token_file = "/token"\n}')
  expect(content().text).toBe('x')
  await expect(running(guarded)).rejects.toThrow(/^127\.0\.0\.1:\d+ answered 401$/)
})

test('without a first answer the config is refused', async () => {
  await expect(running(says('x', 204))).rejects.toThrow('answered 204')
  const silent: Answer = ({ socket }) => socket.destroy()
  await expect(running(silent)).rejects.toThrow('no answer from')
})

test('later the last content stays, and the component is unhealthy until it is told again', async () => {
  const { host, instance, content, next, lines } = await running(says('first'))
  await next(says('oops', 500), () => instance.health().state === 'unhealthy')
  expect(instance.health().message).toBe(`${host} answered 500`)
  expect(content().text).toBe('first')
  await next(says('second'), () => instance.health().state === 'healthy')
  expect(content().text).toBe('second')
  expect(lines.filter((line) => line.includes('answered 500'))).toHaveLength(1)
})

test('an answer of more than 16 MiB is refused', async () => {
  const large = says('x'.repeat(16 * 1024 * 1024 + 1))
  await expect(running(large)).rejects.toThrow('is larger than the limit of 16777216 bytes')
})

test.each([
  ['poll_timeout = "1m"', 'poll_timeout must be less than poll_frequency'],
  ['headers = { "a b" = "c" }', '"a b" is no header of one line'],
  ['headers = { a = "b\\nc" }', '"a" is no header of one line'],
  ['method = "A B"', '"method" needs a method of HTTP, such as "GET", and got the string "A B"'],
])('%s is refused', (more, message) => {
  const { diagnostics } = checkBody(definition, `url = "http://a/"\n${more}`)
  expect(diagnostics.map((one) => one.message)).toEqual([message])
})

interface Case {
  readonly id: string
  readonly component: string
  readonly body: string
  readonly expectError: boolean | string
}

const recorded = corpus<{ cases: readonly Case[] }>('syntax/component-args.json')
const cases = recorded?.cases.filter(({ component }) => component === definition.name) ?? []
test.runIf(recorded)('there are bodies that Alloy takes or refuses', () => {
  expect(cases).not.toHaveLength(0)
})
test.each(cases)('$id, as Alloy does', ({ body, expectError }) => {
  expect(checkBody(definition, body).diagnostics.length > 0).toBe(expectError !== false)
})
