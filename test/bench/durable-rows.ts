/** What a queue on disk makes senders wait, and what it does with a backlog. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sampleRequest } from '#support'
import {
  exited,
  loopDelayMs,
  peakRssMb,
  quiet,
  Stage,
  send,
  sleep,
  startAgent,
  startLoad,
  startSink,
  taken,
} from './processes.js'
import { relayConfig } from './relay.js'
import { median, type Row } from './rows.js'

const CONFIG = relayConfig({ durability: 'disk', compression: 'none' })

const PACE_PER_SECOND = 300
const PACE_SECONDS = 10
const ACK_LIMIT_MS = 60

const LONE_REQUESTS = 400
const LONE_LIMIT_PER_SECOND = 150

/** As the load sends it. */
const REQUEST_BYTES = sampleRequest('traces', { items: 100 }).length
const FIRST_LIMIT_MS = 2000
const BACKLOG_RSS_LIMIT_MB = 250

/** From a request to its acknowledgement, at a steady pace. */
export async function ackRow(folder: string, rounds: number): Promise<Row> {
  const p99s: number[] = []
  const loops: number[] = []
  let lost = 0
  for (let n = 0; n < rounds; n++) {
    await onStage(async (stage) => {
      const sink = await startSink(stage)
      await startAgent(stage, await stage.folder(folder), CONFIG)
      const load = await startLoad(stage, { connections: 8, inFlight: 8, compression: 'none' })
      await send(load, PACE_PER_SECOND, PACE_PER_SECOND)
      await loopDelayMs()
      const sent = await send(load, PACE_PER_SECOND * PACE_SECONDS, PACE_PER_SECOND)
      p99s.push(sent.p99Ms)
      loops.push(await loopDelayMs())
      await quiet(sink)
      lost += sent.spans - (await taken(sink))
    })
  }
  const p99Ms = median(p99s)
  return {
    name: `acknowledgement at ${PACE_PER_SECOND} requests/s, queue on disk`,
    value: `p99 ${p99Ms.toFixed(0)} ms`,
    limit: `<= ${ACK_LIMIT_MS} ms`,
    note: `event loop p99 ${median(loops).toFixed(0)} ms, ${lost} lost`,
    ok: p99Ms <= ACK_LIMIT_MS && lost === 0,
  }
}

/** One sender that waits for each acknowledgement before it sends again. */
export async function loneRow(folder: string, rounds: number): Promise<Row> {
  const rates: number[] = []
  for (let n = 0; n < rounds; n++) {
    await onStage(async (stage) => {
      await startSink(stage)
      await startAgent(stage, await stage.folder(folder), CONFIG)
      const load = await startLoad(stage, { connections: 1, inFlight: 1, compression: 'none' })
      await send(load, LONE_REQUESTS / 4)
      const startedAt = performance.now()
      await send(load, LONE_REQUESTS)
      rates.push((LONE_REQUESTS / (performance.now() - startedAt)) * 1000)
    })
  }
  const rate = median(rates)
  return {
    name: 'a lone sender that waits for each answer, queue on disk',
    value: `${rate.toFixed(0)} acknowledgements/s`,
    limit: `>= ${LONE_LIMIT_PER_SECOND}`,
    note: `slowest round ${Math.min(...rates).toFixed(0)}`,
    ok: rate >= LONE_LIMIT_PER_SECOND,
  }
}

/**
 * Fills the queue while the destination is away, kills the agent, and starts it again with the
 * destination there.
 */
export async function backlogRows(folder: string, bytes: number): Promise<readonly Row[]> {
  const requests = Math.ceil(bytes / REQUEST_BYTES)
  const size = `${(bytes / 1024 ** 3).toFixed(2)} GiB`
  return onStage(async (stage) => {
    const place = await stage.folder(folder)
    const first = await startAgent(stage, place, CONFIG)
    const load = await startLoad(stage, { connections: 8, inFlight: 64, compression: 'none' })
    const fillingAt = performance.now()
    const { spans } = await send(load, requests)
    const fillS = (performance.now() - fillingAt) / 1000
    const fillRss = peakRssMb(first)
    first.kill('SIGKILL')
    await exited(first)
    const stored = bytesIn(join(place, 'data'))

    const sink = await startSink(stage)
    const startedAt = performance.now()
    const agent = await startAgent(stage, place, CONFIG, false)
    while ((await taken(sink)) === 0) await sleep(5)
    const firstAt = performance.now()
    while ((await taken(sink)) < spans) await sleep(20)
    const drainS = (performance.now() - firstAt) / 1000
    const firstMs = firstAt - startedAt
    const rss = Math.max(fillRss, peakRssMb(agent))
    const rate = (count: number, seconds: number) => `${(count / seconds / 1e6).toFixed(0)} MB/s`
    return [
      {
        name: `start to first delivery with ${size} on disk, after a crash`,
        value: `${firstMs.toFixed(0)} ms`,
        limit: `<= ${FIRST_LIMIT_MS} ms`,
        note: 'the start of the process included',
        ok: firstMs <= FIRST_LIMIT_MS,
      },
      {
        name: `drain of ${size}`,
        value: rate(stored, drainS),
        limit: `RSS <= ${BACKLOG_RSS_LIMIT_MB} MB`,
        note: `filled at ${rate(stored, fillS)}, RSS ${rss.toFixed(0)} MB`,
        ok: rss <= BACKLOG_RSS_LIMIT_MB,
      },
    ]
  })
}

async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = new Stage()
  try {
    return await play(stage)
  } finally {
    await stage.end()
  }
}

function bytesIn(folder: string): number {
  const names = readdirSync(folder, { recursive: true }).map(String)
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
