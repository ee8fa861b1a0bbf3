/** Clients of Loki as programs have them. */
import { expect, onTestFinished, test } from 'vitest'
import LokiTransport from 'winston-loki'
import { systemNetwork } from '#net'
import { decodeRequest, type Plain } from '#support'
import { freePort } from '../../../../test/support/agent-process.js'
import { runComponent } from '../../../../test/support/running-component.js'
import definition from './api.js'

const LEVEL = Symbol.for('level')
const SECONDS = 1_700_000_000

test.each([
  ['JSON', true],
  ['protobuf with snappy', false],
])('winston-loki: %s', async (_, json) => {
  const port = await freePort()
  const body = `forward_to = [test.entries.all.receiver]
    use_incoming_timestamp = true
    http {
      listen_port = ${port}
    }`
  const { entries } = await runComponent(definition, body, undefined, { network: systemNetwork })
  const errors: unknown[] = []
  const transport = new LokiTransport({
    host: `http://127.0.0.1:${port}`,
    json,
    labels: { job: 'shop', env: 'tést' },
    replaceTimestamp: false,
    gracefulShutdown: false,
    interval: 0.01,
    onConnectionError: (error) => errors.push(error),
  })
  onTestFinished(() => transport.close?.())
  const log = (level: string, message: string, at: number) => {
    transport.log!({ [LEVEL]: level, message, timestamp: at * 1000 }, () => {})
  }
  log('info', 'order 1 "paid"', SECONDS)
  log('info', 'order 2 — päid', SECONDS + 1)
  log('error', 'order 3 failed', SECONDS + 2)
  await transport.flush()

  expect(errors).toEqual([])
  const streams = entries.taken.flatMap(
    ({ chunks }) => decodeRequest('entries', Buffer.concat(chunks))['streams'] as Plain[],
  )
  const lines = streams.flatMap(({ labels, entries: list }) =>
    (list as Plain[]).map(({ timestamp, line }) => [labels, timestamp.seconds, line.trim()]),
  )
  expect(lines.sort()).toEqual([
    ['{env="tést", job="shop", level="error"}', String(SECONDS + 2), 'order 3 failed'],
    ['{env="tést", job="shop", level="info"}', String(SECONDS), 'order 1 "paid"'],
    ['{env="tést", job="shop", level="info"}', String(SECONDS + 1), 'order 2 — päid'],
  ])
})
