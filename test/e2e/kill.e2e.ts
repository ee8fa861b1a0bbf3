/**
 * SIGKILL again and again, under load, in front of backends that are half broken. What was
 * acknowledged arrives at every backend; what arrives twice has a reason that is stated:
 *
 *   killed    delivered so shortly before a kill that it was not yet written down
 *   unheard   the backend took it and its answer was lost
 *   repeated  the sender had no answer and sent it again; both were stored
 *
 * WEIR_KILLS says how often, WEIR_SEED which moments and faults.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom } from '#support'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { type Arrival, FaultySink, type Treatment } from '../support/faulty-sink.js'
import { PersistentLoad, type SentItem } from './persistent-load.js'

const KILLS = Number(process.env['WEIR_KILLS'] ?? 50)
const SEED = Number(process.env['WEIR_SEED'] ?? 1)
const PER_KILL_MS = 20_000
/**
 * What has left is written down 10 ms after; a machine that is busy syncing files makes a second of
 * that.
 */
const UNWRITTEN_MS = 3000
const UP_MS = { min: 150, max: 1500 }
/** Every tenth time it stays up for so long that what it fails to write down would show. */
const LONG_UP_MS = { min: 4500, max: 5500 }
/** One kill in so many comes while the agent starts. */
const EARLY_KILL = 8

const random = randomFrom(SEED)
const between = ({ min, max }: { min: number; max: number }) => min + random() * (max - min)
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

function randomTreatment(): Treatment {
  const dice = random()
  if (dice < 0.1) return { kind: 'refuse', hintMs: undefined }
  if (dice < 0.13) return { kind: 'refuse', hintMs: between({ min: 1, max: 300 }) }
  if (dice < 0.16) return { kind: 'cut' }
  if (dice < 0.2) return { kind: 'lose' }
  if (dice < 0.21) return { kind: 'hang' }
  if (dice < 0.4) return { kind: 'take', delayMs: between({ min: 20, max: 400 }) }
  return { kind: 'take', delayMs: 0 }
}

test(`${KILLS} kills lose nothing`, { timeout: 60_000 + KILLS * PER_KILL_MS }, async () => {
  const sinks = [await new FaultySink('grpc').up(), await new FaultySink('http').up()]
  for (const sink of sinks) sink.treat = randomTreatment
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const load = new PersistentLoad({
    ...ports,
    grpcConnections: 4,
    httpConnections: 12,
    requestsPerSecond: 160,
    random,
  })
  let agent = await AgentProcess.start(configOf(ports, sinks))
  const killedAt: number[] = []
  try {
    load.start()
    const weather = sinks.map((sink) => downNowAndThen(sink, () => killedAt.length < KILLS))
    while (killedAt.length < KILLS) {
      await sleep(between(killedAt.length % 10 === 9 ? LONG_UP_MS : UP_MS))
      await agent.crash()
      killedAt.push(performance.now())
      const isEarly = killedAt.length < KILLS && random() < 1 / EARLY_KILL
      agent = await agent.again({ ready: !isEarly })
    }
    await Promise.all(weather)
    for (const sink of sinks) sink.treat = () => ({ kind: 'take', delayMs: 0 })
    await agent.until('acknowledgements after the last kill', answersAfter(load), 30_000)
    await load.stop()
    const missing = () => sinks.map((sink) => missingAt(sink, load.items).length)
    await agent
      .until(
        'the drain',
        async () => missing().every((count) => count === 0) && (await held(agent)) === 0,
        120_000,
      )
      .catch((error: Error) => {
        throw new Error(`${missing()} acknowledged items are missing: ${error.message}`)
      })
    expect(deadLetters(agent)).toEqual([])
    await agent.stop()
  } finally {
    agent.kill()
    await Promise.all(sinks.map((sink) => sink.down()))
  }
  for (const sink of sinks) {
    expect(missingAt(sink, load.items)).toEqual([])
    const twice = explain(sink, load.items, killedAt)
    process.stdout.write(`${report(sink, load, twice, killedAt.length)}\n`)
    expect(twice.unexplained).toEqual([])
  }
})

function configOf(
  ports: { readonly grpcPort: number; readonly httpPort: number },
  [grpc, http]: readonly FaultySink[],
): string {
  const everything = (...inputs: readonly string[]) =>
    ['traces', 'metrics', 'logs']
      .map((signal) => `${signal} = [${inputs.map((input) => `${input}.input`).join(', ')}]`)
      .join('\n')
  const retry = `retry_on_failure {
        initial_interval = "50ms"
        max_interval     = "400ms"
      }`
  return `
    otelcol.receiver.otlp "in" {
      grpc { endpoint = "127.0.0.1:${ports.grpcPort}" }
      http { endpoint = "127.0.0.1:${ports.httpPort}" }
      output { ${everything('otelcol.processor.batch.b')} }
    }
    otelcol.processor.batch "b" {
      output { ${everything('otelcol.exporter.otlp.a', 'otelcol.exporter.otlphttp.b')} }
    }
    otelcol.exporter.otlp "a" {
      timeout = "3s"
      client {
        endpoint = "127.0.0.1:${grpc!.port}"
        tls { insecure = true }
      }
      ${retry}
    }
    otelcol.exporter.otlphttp "b" {
      client {
        endpoint = "http://127.0.0.1:${http!.port}"
        timeout  = "3s"
      }
      ${retry}
    }
  `
}

async function downNowAndThen(sink: FaultySink, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    await sleep(between({ min: 2000, max: 6000 }))
    await sink.down()
    await sleep(between({ min: 200, max: 1500 }))
    await sink.up()
  }
}

function answersAfter(load: PersistentLoad): () => boolean {
  const before = load.acknowledged
  return () => load.acknowledged > before + 100
}

function missingAt(sink: FaultySink, items: readonly SentItem[]): readonly number[] {
  return [...items.keys()].filter(
    (number) => items[number]!.isAcknowledged && !sink.arrivals.has(number),
  )
}

async function held(agent: AgentProcess): Promise<number> {
  const ledgers = (await agent.components()).flatMap(({ ledger }) => Object.values(ledger))
  return ledgers.reduce((sum, one) => sum + one.held, 0)
}

function deadLetters({ folder }: AgentProcess): readonly string[] {
  const data = join(folder, 'data')
  const files = readdirSync(data, { recursive: true }).map(String)
  return files.filter((path) => path.includes('/dead/') && path.endsWith('.seg'))
}

interface Twice {
  /** Arrivals beyond the first, by the first reason that holds. */
  killed: number
  unheard: number
  repeated: number
  readonly unexplained: number[]
  /** From an answer to the kill before which it was not written down, if nothing else explains. */
  longestUnwrittenMs: number
  /** Of a single kill. */
  mostOfOneKill: number
}

/**
 * Each stored copy of an item, at most one for each try of its sender, leaves for good with the
 * first arrival whose answer the agent heard and wrote down.
 */
function explain(sink: FaultySink, items: readonly SentItem[], kills: readonly number[]): Twice {
  const twice: Twice = {
    killed: 0,
    unheard: 0,
    repeated: 0,
    unexplained: [],
    longestUnwrittenMs: 0,
    mostOfOneKill: 0,
  }
  const ofKill = new Map<number, number>()
  for (const [number, arrivals] of sink.arrivals) {
    if (arrivals.length === 1) continue
    let extra = arrivals.length - 1
    const { tries } = items[number]!
    const reasons = arrivals.map((arrival) => reasonOf(arrival, kills))
    for (const reason of reasons) {
      if (extra === 0 || reason === undefined) continue
      extra--
      if (reason === 'unheard') {
        twice.unheard++
        continue
      }
      twice.killed++
      if (tries === 1) {
        twice.longestUnwrittenMs = Math.max(twice.longestUnwrittenMs, reason.unwrittenMs)
      }
      ofKill.set(reason.kill, (ofKill.get(reason.kill) ?? 0) + 1)
    }
    const repeated = Math.min(extra, tries - 1)
    twice.repeated += repeated
    if (extra > repeated) twice.unexplained.push(number)
  }
  twice.mostOfOneKill = Math.max(0, ...ofKill.values())
  return twice
}

function reasonOf(
  { at, answeredAt, isLost }: Arrival,
  kills: readonly number[],
): 'unheard' | { readonly kill: number; readonly unwrittenMs: number } | undefined {
  if (isLost) return 'unheard'
  const kill = kills.find((moment) => moment > at)
  if (answeredAt === undefined) {
    return kill === undefined ? 'unheard' : { kill, unwrittenMs: 0 }
  }
  if (kill === undefined || kill - answeredAt > UNWRITTEN_MS) return undefined
  return { kill, unwrittenMs: Math.max(0, kill - answeredAt) }
}

function report(sink: FaultySink, load: PersistentLoad, twice: Twice, kills: number): string {
  const { killed, unheard, repeated, unexplained, longestUnwrittenMs, mostOfOneKill } = twice
  return [
    `${kills} kills, seed ${SEED}: ${load.items.length} items sent`,
    `${load.acknowledged} acknowledged, ${missingAt(sink, load.items).length} lost`,
    `twice: ${killed} killed (at most ${mostOfOneKill} by one kill,`,
    `${longestUnwrittenMs.toFixed(0)} ms after the answer), ${unheard} unheard,`,
    `${repeated} repeated, ${unexplained.length} unexplained`,
  ].join(' ')
}
