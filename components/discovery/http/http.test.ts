import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemNetwork } from '#net'
import { checkBody } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './http.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const json =
  (body: string, type = 'application/json'): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(body)

/** The component asking a server of the test's. */
async function running(first: Answer, more = '', user = '') {
  let answer = first
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = new World(new Map([['/token', 'abc']]))
  const network = { ...systemNetwork }
  const body = `url = "http://${user}${host}/targets"\nrefresh_interval = "30s"\n${more}`
  const { instance } = await runComponent(definition, body, world, { network })
  const targets = () => {
    const list = instance.published['targets'] as readonly ReadonlyMap<string, string>[]
    return list.map((one) => Object.fromEntries(one))
  }
  const next = async (then: Answer, isDone: () => boolean) => {
    answer = then
    await live(world, 'the next answer', isDone)
  }
  return { host, instance, requests, targets, next }
}

const addresses = (list: readonly Readonly<Record<string, string>>[]) =>
  list.map((one) => one['__address__'])

test('exports the targets of the answer', async () => {
  const body = '[{"targets":["a:1","b:1"],"labels":{"env":"prod"}},{"targets":["c:1"]}]'
  const { host, instance, requests, targets } = await running(json(body))
  const url = `http://${host}/targets`
  expect(targets()).toEqual([
    { __address__: 'a:1', __meta_url: url, env: 'prod' },
    { __address__: 'b:1', __meta_url: url, env: 'prod' },
    { __address__: 'c:1', __meta_url: url },
  ])
  expect(instance.health()).toMatchObject({ state: 'healthy', message: '3 targets' })
  expect(requests[0]!.headers).toMatchObject({
    accept: 'application/json',
    'x-prometheus-refresh-interval-seconds': '30',
    'user-agent': 'weir',
  })
})

test('asks again, and keeps the last targets while there are no others', async () => {
  const { host, instance, targets, next } = await running(json('[{"targets":["a:1"]}]'))
  const isState = (state: string) => () => instance.health().state === state
  await next((_, response) => response.writeHead(503).end(), isState('unhealthy'))
  expect(instance.health().message).toBe(`${host} answered 503`)
  expect(addresses(targets())).toEqual(['a:1'])
  await next(json('[]'), isState('healthy'))
  expect(targets()).toEqual([])
})

const REFUSED: readonly (readonly [name: string, answer: Answer, says: string])[] = [
  [
    'another type',
    json('[]', 'text/html'),
    'HOST answered with text/html instead of application/json',
  ],
  [
    'no type',
    (_, response) => response.end('[]'),
    'HOST answered with nothing instead of application/json',
  ],
  ['no JSON', json('['), 'http://HOST/targets is no JSON: '],
  ['no list', json('{}'), 'http://HOST/targets holds no list of target groups'],
  ['201', (_, response) => response.writeHead(201).end('[]'), 'HOST answered 201'],
  [
    'a broken connection',
    ({ socket }) => socket.destroy(),
    'no answer from HOST: other side closed',
  ],
]

test.each(REFUSED)('refuses %s', async (_, answer, says) => {
  const { host, instance, targets } = await running(answer)
  expect(instance.health().state).toBe('unhealthy')
  expect(instance.health().message.replaceAll(host, 'HOST')).toContain(says)
  expect(targets()).toEqual([])
})

test('takes a charset', async () => {
  const answer = json('[{"targets":["a:1"]}]', 'application/json; charset=utf-8')
  expect(addresses((await running(answer)).targets())).toEqual(['a:1'])
})

test('shows its credentials', async () => {
  const guarded: Answer = (request, response) => {
    if (request.headers.authorization === 'Bearer abc')
      json('[{"targets":["a:1"]}]')(request, response)
    else response.writeHead(401).end()
  }
  const { targets } = await running(guarded, 'bearer_token_file = "/token"')
  expect(addresses(targets())).toEqual(['a:1'])
  const { host, instance } = await running(guarded)
  expect(instance.health().message).toBe(`${host} answered 401`)
})

test('the password of an address is shown to nobody but the server', async () => {
  const guarded: Answer = (request, response) => {
    const pair = Buffer.from('me:word').toString('base64')
    const passes = request.headers.authorization === `Basic ${pair}`
    if (passes) json('[{"targets":["a:1"]}]')(request, response)
    else response.writeHead(401).end()
  }
  const { host, targets } = await running(guarded, '', 'me:word@')
  expect(targets()[0]).toMatchObject({ __meta_url: `http://me@${host}/targets` })
})

test('a file that is missing refuses the config', async () => {
  const starting = running(json('[]'), 'bearer_token_file = "/none"')
  await expect(starting).rejects.toThrow('cannot read /none: no such file')
})

test('what is no URL is told', () => {
  const { diagnostics } = checkBody(definition, 'url = "inventory/targets"')
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '"url" needs a URL with http:// or https://, such as "http://inventory/targets", and got the string "inventory/targets"',
  ])
})
