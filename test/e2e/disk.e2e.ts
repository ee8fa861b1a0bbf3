/** What waits on disk through damage, refusals, ends and reloads of a real agent. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { FaultySink } from '../support/faulty-sink.js'
import { numberedRequest } from '../support/numbered.js'
import { httpConnection } from '../support/otlp-connections.js'

const EXPORTER = 'otelcol.exporter.otlphttp.out'
const SOON = ['--feature.component-shutdown-deadline=500ms']

let sink: FaultySink
let port: number
let agent: AgentProcess
beforeEach(async () => {
  sink = await new FaultySink('http').up()
  port = await freePort()
})
afterEach(async () => {
  agent.kill()
  await sink.down()
})

/** `rest` takes the place of the exporter. */
function configOf(rest = exporter()): string {
  const output = rest === '' ? '' : `traces = [${EXPORTER}.input]`
  return `
    otelcol.receiver.otlp "in" {
      http { endpoint = "127.0.0.1:${port}" }
      output { ${output} }
    }
    ${rest}
  `
}

/** Delivers in order: one at a time, and tries again soon. */
function exporter(): string {
  return `otelcol.exporter.otlphttp "out" {
    client { endpoint = "http://127.0.0.1:${sink.port}" }
    sending_queue { num_consumers = 1 }
    retry_on_failure {
      initial_interval = "50ms"
      max_interval     = "200ms"
    }
  }`
}

function refuseAll(): void {
  sink.treat = () => ({ kind: 'refuse', hintMs: undefined })
}

function takeAll(): void {
  sink.treat = () => ({ kind: 'take', delayMs: 0 })
}

/** Requests of one item each, every one acknowledged before the next is sent. */
async function send(from: number, to: number): Promise<void> {
  const connection = httpConnection(port)
  for (let number = from; number < to; number++) {
    await connection.send('traces', numberedRequest('traces', [number]))
  }
  connection.close()
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const has = (count: number) => () => sink.arrivals.size >= count

function filesIn(...path: readonly string[]): readonly string[] {
  const folder = join(agent.folder, 'data', EXPORTER, ...path)
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

function segments(...path: readonly string[]): readonly string[] {
  return filesIn(...path).filter((name) => name.endsWith('.seg'))
}

async function droppedTraces(): Promise<Readonly<Record<string, number>> | undefined> {
  const component = (await agent.components()).find(({ id }) => id === EXPORTER)
  return component?.ledger['traces']?.dropped
}

describe('a bit that flips in a segment', () => {
  const terminate = () => {
    agent.signal('SIGTERM')
    return agent.exited()
  }
  const ends: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['that was sealed', terminate],
    ['that a crash left open', () => agent.crash()],
  ]
  test.each(ends)('%s costs one record', async (_, end) => {
    refuseAll()
    agent = await AgentProcess.start(configOf(), { flags: SOON })
    await send(0, 200)
    await end()

    const [path, ...others] = segments('queue', 'traces')
    expect(others).toEqual([])
    const bytes = readFileSync(path!)
    // In the data of a record near the middle: past its header of 48 bytes.
    const at = bytes.indexOf('WREC', Math.floor(bytes.length / 2)) + 60
    bytes[at]! ^= 0x10
    writeFileSync(path!, bytes)

    takeAll()
    agent = await agent.again({ flags: SOON })
    await agent.until('the rest', has(199))
    const lost = numbers(0, 200).filter((number) => !sink.arrivals.has(number))
    expect(lost).toHaveLength(1)
    expect(lost[0]).toBeGreaterThan(50)
    expect(lost[0]).toBeLessThan(150)
    expect(filesIn('queue', 'traces', 'quarantine')).toHaveLength(1)
    const metrics = await (await agent.get('/metrics')).text()
    expect(metrics).toMatch(/^weir_queue_damaged_records_total\{.*store="queue"\} 1$/m)
    expect(await droppedTraces()).toEqual({ 'damaged on disk': 1 })
    expect(sink.order).toHaveLength(199)
    await agent.stop()
  })
})

test('one bad item among a thousand is set aside, and the rest is delivered', async () => {
  const message = 'the span 617 has no business here'
  sink.treat = (_, numbers) =>
    numbers.includes(617) ? { kind: 'reject', message } : { kind: 'take', delayMs: 0 }
  agent = await AgentProcess.start(configOf())
  const connection = httpConnection(port)
  await connection.send('traces', numberedRequest('traces', numbers(0, 1000)))
  connection.close()
  await agent.until('the others', has(999))
  await agent.until('the dead letter', async () => (await droppedTraces())?.['set aside'] === 1)
  expect(sink.order.toSorted((a, b) => a - b)).toEqual(
    numbers(0, 1000).filter((number) => number !== 617),
  )
  const [path, ...others] = segments('dead', 'traces')
  expect(others).toEqual([])
  const letter = readFileSync(path!)
  expect(letter.includes(message)).toBe(true)
  expect(letter.includes('617')).toBe(true)
  expect(letter.includes('618')).toBe(false)
  await agent.stop()
})

test('what SIGTERM leaves on disk goes first after the start, oldest first', async () => {
  refuseAll()
  agent = await AgentProcess.start(configOf(), { flags: SOON })
  await send(0, 300)
  agent.signal('SIGTERM')
  expect(await agent.exited()).toBe(0)
  expect(agent.log).toContain('droppedItems=0')
  expect(sink.order).toEqual([])

  takeAll()
  agent = await agent.again()
  await send(300, 400)
  await agent.until('all of it', has(400))
  expect(sink.order).toEqual(numbers(0, 400))
  await agent.stop()
})

describe('an exporter that is removed and added again keeps its queue', () => {
  const lock = () => filesIn('queue', 'traces').some((path) => basename(path) === 'lock')
  const rows: readonly (readonly [string, () => Promise<void>])[] = [
    ['at once', () => Promise.resolve()],
    ['after it has let go', () => agent.until('the end of the old one', () => !lock())],
  ]
  test.each(rows)('%s', async (_, between) => {
    refuseAll()
    agent = await AgentProcess.start(configOf(), { flags: SOON })
    await send(0, 100)
    agent.write(configOf(''))
    expect((await agent.reload()).status).toBe(200)
    expect((await agent.components()).some(({ id }) => id === EXPORTER)).toBe(false)
    await between()
    agent.write(configOf())
    expect((await agent.reload()).status).toBe(200)
    takeAll()
    await send(100, 150)
    await agent.until('all of it', has(150))
    expect(sink.order.toSorted((a, b) => a - b)).toEqual(numbers(0, 150))
    await agent.stop()
  })
})
