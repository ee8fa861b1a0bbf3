/**
 * The backend is down while senders go on at 20 MB/s: the queue fills to its cap and no further,
 * memory does not grow, senders are refused with a hint, the admin API answers; once the backend is
 * back, all that was acknowledged arrives, oldest first. WEIR_OUTAGE says how many seconds it
 * takes; from a minute on the cap is 2 GB.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { OTLP_SIGNALS } from '#wire'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { FaultySink } from '../support/faulty-sink.js'
import { PersistentLoad } from './persistent-load.js'

const SECONDS = Number(process.env['WEIR_OUTAGE'] ?? 30)
const MIB = 1024 * 1024
const CAP_BYTES = SECONDS < 60 ? 200 * MIB : 2048 * MIB
/** Of all three signals, a queue each. */
const SIGNALS = OTLP_SIGNALS.length
const REQUEST_BYTES = 64 * 1024
const BYTES_PER_SECOND = 20e6
const ADMIN_LIMIT_MS = 200
const FILL_MAX_S = 120
/** The connection alone is tried again after up to two minutes. */
const DRAIN_MS = 180_000 + SECONDS * 1000
/** Of the answers; in the tests of all the machine has more to do. */
const ADMIN_SHARE = SECONDS < 60 ? 0.9 : 1
const RSS_LIMIT_MB = 400
const RSS_GROWTH_MB = 60
/** Whatever waits to be tried again, 32 MiB at most in each queue, may be overtaken. */
const OVERTAKEN_MAX = (2 * 32 * MIB) / REQUEST_BYTES

/** Of the admin API. */
interface Answer {
  readonly atS: number
  readonly tookMs: number
}

interface Sample {
  readonly rssMb: number
  readonly diskBytes: number
}

const limits = { timeout: 400_000 + SECONDS * 3000 }
test(`an outage of ${SECONDS} s at 20 MB/s`, limits, async () => {
  const sink = await new FaultySink('grpc').up()
  await sink.down()
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const agent = await AgentProcess.start(configOf(ports, sink))
  const load = new PersistentLoad({
    ...ports,
    grpcConnections: 4,
    httpConnections: 4,
    requestsPerSecond: BYTES_PER_SECOND / REQUEST_BYTES,
    random: () => 0,
    itemBytes: REQUEST_BYTES,
    givenUp: 1,
  })
  const samples: Sample[] = []
  const answers: Answer[] = []
  try {
    load.start()
    const startedAt = performance.now()
    const lasts = () => (performance.now() - startedAt) / 1000
    const probe = probeOf(agent, (tookMs) => answers.push({ atS: lasts(), tookMs }))
    // On a slow machine it takes longer until the queue is full.
    const isFull = () => load.refusals.length > 0 || lasts() > SECONDS + FILL_MAX_S
    while (lasts() < SECONDS || !isFull()) {
      samples.push(sample(agent))
      await new Promise((done) => setTimeout(done, 250))
    }
    await probe.terminate()
    await load.stop()
    await sink.up()
    process.stdout.write(`${report(load, samples, answers)}\n`)
    const acknowledged = [...load.items.keys()].filter((n) => load.items[n]!.isAcknowledged)
    const cameBackAt = performance.now()
    await agent.until('all of it', () => sink.arrivals.size >= acknowledged.length, DRAIN_MS)
    const drainS = (performance.now() - cameBackAt) / 1000
    process.stdout.write(`drained in ${drainS.toFixed(1)} s\n`)
    expect(acknowledged.filter((number) => !sink.arrivals.has(number))).toEqual([])
    for (let signal = 0; signal < SIGNALS; signal++) {
      const own = [...sink.arrivals.keys()].filter((number) => number % SIGNALS === signal)
      const behind = overtaken(own) / SIGNALS
      expect(behind, OTLP_SIGNALS[signal]).toBeLessThan(OVERTAKEN_MAX)
    }
    await agent.stop()
  } finally {
    agent.kill()
    await sink.down()
  }
  expect(most(samples, 'diskBytes')).toBeLessThanOrEqual(CAP_BYTES * 1.01)
  expect(most(samples, 'diskBytes'), 'it filled').toBeGreaterThan(CAP_BYTES * 0.9)
  expect(load.refusals.length).toBeGreaterThan(0)
  expect(load.refusals.filter(({ hasHint }) => !hasHint)).toEqual([])
  const quick = answers.filter(({ tookMs }) => tookMs < ADMIN_LIMIT_MS)
  expect(quick.length / answers.length).toBeGreaterThanOrEqual(ADMIN_SHARE)
  expect(most(samples, 'rssMb')).toBeLessThan(RSS_LIMIT_MB)
  expect(growthMb(samples)).toBeLessThan(RSS_GROWTH_MB)
})

function configOf(
  ports: { readonly grpcPort: number; readonly httpPort: number },
  sink: FaultySink,
): string {
  const input = '[otelcol.exporter.otlp.out.input]'
  return `
    otelcol.receiver.otlp "in" {
      grpc { endpoint = "127.0.0.1:${ports.grpcPort}" }
      http { endpoint = "127.0.0.1:${ports.httpPort}" }
      output {
        traces  = ${input}
        metrics = ${input}
        logs    = ${input}
      }
    }
    otelcol.exporter.otlp "out" {
      client {
        endpoint    = "127.0.0.1:${sink.port}"
        compression = "none"
        tls { insecure = true }
      }
      sending_queue { max_disk_size = "${Math.floor(CAP_BYTES / SIGNALS / MIB)}MiB" }
      retry_on_failure { max_interval = "5s" }
    }
  `
}

function probeOf(agent: AgentProcess, onAnswer: (tookMs: number) => void): Worker {
  const probe = new Worker(new URL('./admin-probe.mjs', import.meta.url), {
    workerData: `${agent.admin}/api/v1/components`,
  })
  return probe.on('message', onAnswer).on('error', () => onAnswer(Number.POSITIVE_INFINITY))
}

function sample(agent: AgentProcess): Sample {
  const status = readFileSync(`/proc/${agent.pid}/status`, 'utf8')
  const rssMb = (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6
  return { rssMb, diskBytes: bytesIn(join(agent.folder, 'data')) }
}

function bytesIn(folder: string): number {
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true })) {
    const stat = statSync(join(folder, String(name)), { throwIfNoEntry: false })
    if (stat?.isFile()) bytes += stat.size
  }
  return bytes
}

/** How far the worst of these numbers came behind a later one. */
function overtaken(order: readonly number[]): number {
  let latest = -1
  let worst = 0
  for (const number of order) {
    worst = Math.max(worst, latest - number)
    latest = Math.max(latest, number)
  }
  return worst
}

function most(samples: readonly Sample[], figure: keyof Sample): number {
  return Math.max(...samples.map((one) => one[figure]))
}

/** From the second third of the time to the last. */
function growthMb(samples: readonly Sample[]): number {
  const third = Math.floor(samples.length / 3)
  return most(samples.slice(-third), 'rssMb') - most(samples.slice(third, -third), 'rssMb')
}

function report(
  load: PersistentLoad,
  samples: readonly Sample[],
  answers: readonly Answer[],
): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
  const slow = answers.filter(({ tookMs }) => tookMs >= ADMIN_LIMIT_MS)
  const times = answers.map(({ tookMs }) => tookMs)
  return [
    `outage of ${SECONDS} s: ${load.items.length} requests, ${load.acknowledged} acknowledged,`,
    `${load.refusals.length} refused, disk ${megabytes(most(samples, 'diskBytes'))} MB of`,
    `${megabytes(CAP_BYTES)}, RSS ${most(samples, 'rssMb').toFixed(0)} MB (last third`,
    `${growthMb(samples).toFixed(0)} more),`,
    `admin ${Math.max(...times).toFixed(0)} ms at most, median ${medianOf(times).toFixed(0)} ms,`,
    `slow ones of ${answers.length} at: ${slow.map(({ atS }) => `${atS.toFixed(0)} s`).join(', ')}`,
  ].join(' ')
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
