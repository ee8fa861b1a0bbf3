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
  readonly limit: number
}

const RECEIVER_PORT = 14317
const SINK_PORT = 14417
const ADMIN_PORT = 14345
const CONNECTIONS = 8
const IN_FLIGHT = 128
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

/** One round: cold start, a warm-up, then `requests` counted ones. */
export async function relayRound(folder: string, one: RelayCase, requests: number): Promise<Round> {
  const config = join(folder, 'relay.river')
  await writeFile(config, configOf(one))
  const here = import.meta.dirname
  const sink = fork(join(here, 'relay-sink.js'), [String(SINK_PORT)])
  await message(sink)
  const agent = fork(
    join(here, '../../src/main.js'),
    ['run', `--server.http.listen-addr=127.0.0.1:${ADMIN_PORT}`, config],
    { execArgv: [], silent: false },
  )
  await untilReady()
  const load = fork(join(here, 'relay-load.js'), [
    String(RECEIVER_PORT),
    String(CONNECTIONS),
    String(IN_FLIGHT),
  ])
  await message(load)
  await run(load, Math.ceil(requests / 5))
  const before = cpuSeconds(agent.pid!)
  const startedAt = performance.now()
  const sent = await run(load, requests)
  await quiet(sink)
  const elapsed = (performance.now() - startedAt) / 1000
  const cpu = cpuSeconds(agent.pid!) - before
  const rss = peakRssMib(agent.pid!)
  const received = await ask(sink)
  for (const child of [load, agent, sink]) child.kill('SIGTERM')
  await Promise.all([load, agent, sink].map(exit))
  const spans = sent.spans - (sent.warmSpans ?? 0)
  return {
    cpu: (cpu / spans) * 1e6,
    rate: spans / elapsed / 1000,
    rss,
    lost: sent.spans - received,
  }
}

export interface Round {
  /** CPU seconds of the agent per million spans. */
  readonly cpu: number
  /** Thousand spans a second. */
  readonly rate: number
  readonly rss: number
  readonly lost: number
}

export function relayRow({ name, limit }: RelayCase, rounds: readonly Round[]): Row {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const rss = of((round) => round.rss)
  return {
    name,
    value: `${of((round) => round.cpu).toFixed(2)} CPU-s per M spans`,
    limit: `<= ${limit}`,
    note: `${of((round) => round.rate).toFixed(0)} k spans/s, RSS ${rss.toFixed(0)} MiB, ${lost} lost`,
    ok: of((round) => round.cpu) <= limit && lost === 0 && rss <= 220,
  }
}

async function run(
  load: ChildProcess,
  requests: number,
): Promise<{ spans: number; warmSpans?: number }> {
  const before = await ask(load)
  load.send({ requests })
  const after = (await message(load)) as number
  return { spans: after, warmSpans: before }
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

function peakRssMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
