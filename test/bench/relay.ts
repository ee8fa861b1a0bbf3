/** The agent as a relay between real processes: what it costs per million spans. */
import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median, type Row } from './rows.js'

export interface RelayCase {
  readonly name: string
  /**
   * What stands between the receiver `in` and the exporter `out`, as River; receivers send to
   * `next`.
   */
  readonly pipeline: string
  readonly next: string
  /** CPU seconds per million spans. */
  readonly limit: number
}

const RECEIVER_PORT = 14317
const SINK_PORT = 14417
const ADMIN_PORT = 14345
const CONNECTIONS = 8
const IN_FLIGHT = 128
/** As many as make the batches of the cases. */
const REQUESTS_PER_BATCH = 82
const RSS_LIMIT_MB = 220
/** Ticks of /proc/PID/stat, as Linux fixes them for user space. */
const TICKS_PER_SECOND = 100

export function configOf({ pipeline, next }: RelayCase): string {
  return `
logging { level = "error" }
otelcol.receiver.otlp "in" {
  grpc { endpoint = "127.0.0.1:${RECEIVER_PORT}" }
  output { traces = [${next}] }
}
${pipeline}
otelcol.exporter.otlp "out" {
  client {
    endpoint    = "127.0.0.1:${SINK_PORT}"
    compression = "none"
    tls { insecure = true }
  }
}
`
}

/** One round: cold start, a warm-up, then `requests` counted ones. Undefined: the plain relay. */
export async function relayRound(
  folder: string,
  one: RelayCase | undefined,
  requests: number,
): Promise<Round> {
  const children: ChildProcess[] = []
  const start = (program: string, ...args: readonly (string | number)[]) => {
    const child = fork(join(import.meta.dirname, program), args.map(String), { execArgv: [] })
    children.push(child)
    return child
  }
  try {
    const sink = start('relay-sink.js', SINK_PORT)
    await message(sink)
    const relay = one ? await startAgent(folder, one, start) : await startPlain(start)
    const load = start('relay-load.js', RECEIVER_PORT, CONNECTIONS, IN_FLIGHT)
    await message(load)
    const warm = await send(load, Math.ceil(requests / 5))
    const before = cpuSeconds(relay.pid!)
    const startedAt = performance.now()
    const sent = await send(load, requests)
    await quiet(sink)
    const elapsed = (performance.now() - startedAt) / 1000
    const spans = sent - warm
    return {
      cpu: ((cpuSeconds(relay.pid!) - before) / spans) * 1e6,
      rate: spans / elapsed / 1000,
      rss: peakRssMb(relay.pid!),
      lost: sent - (await ask(sink)),
    }
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await Promise.all(children.map(exit))
  }
}

type Start = (program: string, ...args: readonly (string | number)[]) => ChildProcess

async function startAgent(folder: string, one: RelayCase, start: Start): Promise<ChildProcess> {
  const config = join(folder, 'relay.river')
  await writeFile(config, configOf(one))
  const address = `--server.http.listen-addr=127.0.0.1:${ADMIN_PORT}`
  const agent = start('../../src/main.js', 'run', address, config)
  await untilReady()
  return agent
}

async function startPlain(start: Start): Promise<ChildProcess> {
  const relay = start('relay-plain.js', RECEIVER_PORT, SINK_PORT, REQUESTS_PER_BATCH)
  await message(relay)
  return relay
}

export interface Round {
  /** CPU seconds of the agent per million spans. */
  readonly cpu: number
  /** Thousand spans a second. */
  readonly rate: number
  readonly rss: number
  readonly lost: number
}

export function relayRow(one: RelayCase, rounds: readonly Round[], plain: readonly Round[]): Row {
  const [cpu, rss] = [medianOf(rounds, 'cpu'), medianOf(rounds, 'rss')]
  const plainCpu = medianOf(plain, 'cpu')
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const besides = [
    `${(cpu / plainCpu).toFixed(2)} x the plain relay`,
    `${medianOf(rounds, 'rate').toFixed(0)} k spans/s`,
    `RSS ${rss.toFixed(0)} MB`,
    `${lost} lost`,
  ]
  return {
    name: one.name,
    value: `${cpu.toFixed(2)} CPU-s per M spans`,
    limit: `<= ${one.limit}, RSS <= ${RSS_LIMIT_MB} MB`,
    note: besides.join(', '),
    ok: cpu <= one.limit && lost === 0 && rss <= RSS_LIMIT_MB,
  }
}

export function plainRow(rounds: readonly Round[]): Row {
  const rate = medianOf(rounds, 'rate').toFixed(0)
  return {
    name: 'plain relay: node:http2 and the scanner, nothing else',
    value: `${medianOf(rounds, 'cpu').toFixed(2)} CPU-s per M spans`,
    limit: '',
    note: `${rate} k spans/s, RSS ${medianOf(rounds, 'rss').toFixed(0)} MB`,
    ok: rounds.every(({ lost }) => lost === 0),
  }
}

function medianOf(rounds: readonly Round[], figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]))
}
/** How many spans the process has sent in all. */
async function send(load: ChildProcess, requests: number): Promise<number> {
  load.send({ requests })
  return (await message(load)) as number
}

/** Waits until the sink has heard nothing new for a while. */
async function quiet(sink: ChildProcess): Promise<void> {
  for (let last = -1; ; ) {
    const now = await ask(sink)
    if (now === last) return
    last = now
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

async function ask(child: ChildProcess): Promise<number> {
  child.send('count')
  return (await message(child)) as number
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
  })
}

function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      const { ok } = await fetch(`http://127.0.0.1:${ADMIN_PORT}/-/ready`)
      if (ok) return
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the agent was not ready within 10 s')
}

/** User and system time of a process so far. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function peakRssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6
}
