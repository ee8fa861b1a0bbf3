/** The agent as a relay between real processes: what it costs per million spans. */
import type { ChildProcess } from 'node:child_process'
import type { Peer } from './options.js'
import {
  cpuSeconds,
  type Load,
  loopDelayMs,
  message,
  peakRssMb,
  quiet,
  RECEIVER_PORT,
  SINK_PORT,
  Stage,
  send,
  startAgent,
  startLoad,
  startPeer,
  startSink,
  taken,
} from './processes.js'
import { median, type Row } from './rows.js'

export interface RelayCase {
  readonly name: string
  /** What stands between the receiver `in` and the batch processor `b`, which feeds `out`. */
  readonly pipeline?: { readonly river: string; readonly next: string }
  readonly durability: 'disk' | 'memory'
  readonly compression: 'none' | 'gzip'
  /** CPU seconds per million spans. */
  readonly limit: number
  /** Another limit, which is shown too. */
  readonly formerLimit?: number
  /** Thousand spans a second, at least. */
  readonly rateLimit?: number
  /** Megabytes at its peak. */
  readonly rssLimit?: number
  readonly loopLimitMs?: number
  /** Of one round. */
  readonly requests: number
}

/** Who stands in the middle: this agent with a config, a relay without one, or another agent. */
export type Middle = RelayCase | 'plain' | Peer

const FLOOD: Load = { connections: 8, inFlight: 128, compression: 'none' }
const PLAIN_REQUESTS = 20_000
/** As many as make the batches of the cases. */
const REQUESTS_PER_BATCH = 82

export function relayConfig({ pipeline, durability, compression }: RelayConfig): string {
  return `
logging { level = "error" }
otelcol.receiver.otlp "in" {
  grpc { endpoint = "127.0.0.1:${RECEIVER_PORT}" }
  output { traces = [${pipeline?.next ?? 'otelcol.processor.batch.b.input'}] }
}
${pipeline?.river ?? ''}
otelcol.processor.batch "b" {
  send_batch_size     = 8192
  send_batch_max_size = 0
  output { traces = [otelcol.exporter.otlp.out.input] }
}
otelcol.exporter.otlp "out" {
  client {
    endpoint    = "127.0.0.1:${SINK_PORT}"
    compression = "${compression}"
    tls { insecure = true }
  }
  sending_queue {
    durability    = "${durability}"
    max_disk_size = "32GiB"
    when_full     = "wait"
  }
  retry_on_failure {
    initial_interval = "100ms"
    max_interval     = "200ms"
  }
}
`
}

type RelayConfig = Pick<RelayCase, 'pipeline' | 'durability' | 'compression'>

export interface Round {
  /** CPU seconds of the agent per million spans. */
  readonly cpu: number
  /** Thousand spans a second. */
  readonly rate: number
  readonly rss: number
  readonly lost: number
  /** How late its event loop ran under full load; NaN for others than this agent. */
  readonly loopMs: number
}

/** One round: cold start, a warm-up, then the counted requests. */
export async function relayRound(folder: string, middle: Middle): Promise<Round> {
  const stage = new Stage()
  try {
    const sink = await startSink(stage)
    const relay = await startMiddle(stage, folder, middle)
    const isAgent = typeof middle === 'object' && 'durability' in middle
    const compression = isAgent ? middle.compression : 'none'
    const load = await startLoad(stage, { ...FLOOD, compression })
    const requests = isAgent ? middle.requests : PLAIN_REQUESTS
    const warm = await send(load, Math.ceil(requests / 5))
    if (isAgent) await loopDelayMs()
    const before = cpuSeconds(relay)
    const startedAt = performance.now()
    const sent = await send(load, requests)
    const loopMs = isAgent ? await loopDelayMs() : Number.NaN
    await quiet(sink)
    const elapsed = (performance.now() - startedAt) / 1000
    const spans = sent.spans - warm.spans
    return {
      cpu: ((cpuSeconds(relay) - before) / spans) * 1e6,
      rate: spans / elapsed / 1000,
      rss: peakRssMb(relay),
      lost: sent.spans - (await taken(sink)),
      loopMs,
    }
  } finally {
    await stage.end()
  }
}

async function startMiddle(stage: Stage, folder: string, middle: Middle): Promise<ChildProcess> {
  if (middle === 'plain') {
    const relay = stage.fork('relay-plain.js', RECEIVER_PORT, SINK_PORT, REQUESTS_PER_BATCH)
    await message(relay)
    return relay
  }
  if ('command' in middle) return startPeer(stage, middle)
  return startAgent(stage, await stage.folder(folder), relayConfig(middle))
}

export function relayRow(one: RelayCase, rounds: readonly Round[], plain: readonly Round[]): Row {
  const [cpu, rss, rate] = [medianOf(rounds, 'cpu'), medianOf(rounds, 'rss'), rateOf(rounds)]
  const loopMs = medianOf(rounds, 'loopMs')
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const { limit, formerLimit, rateLimit = 0 } = one
  const { rssLimit = Number.POSITIVE_INFINITY, loopLimitMs = Number.POSITIVE_INFINITY } = one
  const limits = [
    `<= ${limit}${formerLimit === undefined ? '' : ` (${formerLimit} before)`}`,
    ...(rssLimit < Number.POSITIVE_INFINITY ? [`RSS <= ${rssLimit} MB`] : []),
    ...(rateLimit > 0 ? [`>= ${rateLimit} k spans/s`] : []),
    ...(loopLimitMs < Number.POSITIVE_INFINITY ? [`event loop p99 <= ${loopLimitMs} ms`] : []),
  ]
  const besides = [
    `${(cpu / medianOf(plain, 'cpu')).toFixed(2)} x the plain relay`,
    `${rate.toFixed(0)} k spans/s`,
    `RSS ${rss.toFixed(0)} MB`,
    `event loop p99 ${loopMs.toFixed(0)} ms`,
    `${lost} lost`,
  ]
  const holds = [cpu <= limit, rss <= rssLimit, rate >= rateLimit, loopMs <= loopLimitMs]
  return {
    name: one.name,
    value: `${cpu.toFixed(2)} CPU-s per M spans`,
    limit: limits.join(', '),
    note: besides.join(', '),
    ok: lost === 0 && holds.every(Boolean),
  }
}

export function plainRow(rounds: readonly Round[]): Row {
  return {
    name: 'plain relay: node:http2 and the scanner, nothing else',
    value: `${medianOf(rounds, 'cpu').toFixed(2)} CPU-s per M spans`,
    limit: '',
    note: `${rateOf(rounds).toFixed(0)} k spans/s, RSS ${medianOf(rounds, 'rss').toFixed(0)} MB`,
    ok: rounds.every(({ lost }) => lost === 0),
  }
}

/** What another agent took, and what this one took of that, case by case. */
export function peerRow(
  { command }: Peer,
  rounds: readonly Round[],
  own: readonly (readonly [RelayCase, readonly Round[]])[],
): Row {
  const ratio = (figure: keyof Round, mine: readonly Round[]) =>
    (medianOf(mine, figure) / medianOf(rounds, figure)).toFixed(2)
  const ratios = own
    .filter(([{ compression, pipeline }]) => compression === 'none' && !pipeline)
    .map(
      ([{ durability }, mine]) =>
        `Weir with its queue ${durability === 'disk' ? 'on disk' : 'in memory'}: ` +
        `${ratio('cpu', mine)} x the CPU, ${ratio('rate', mine)} x the rate, ` +
        `${ratio('rss', mine)} x the RSS`,
    )
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const figures = [
    `${rateOf(rounds).toFixed(0)} k spans/s`,
    `RSS ${medianOf(rounds, 'rss').toFixed(0)} MB`,
    `${lost} lost`,
  ]
  return {
    name: `peer: ${command.join(' ').replace(/^.*\//, '')}`,
    value: `${medianOf(rounds, 'cpu').toFixed(2)} CPU-s per M spans`,
    limit: '',
    note: [...figures, ...ratios].join('; '),
    ok: true,
  }
}

function rateOf(rounds: readonly Round[]): number {
  return medianOf(rounds, 'rate')
}

function medianOf(rounds: readonly Round[], figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]))
}
