/** What pages and the tap cost while nobody looks, and what a scrape of `/metrics` takes. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Batch } from '#pdata'
import type { Consumer } from '#sdk'
import { LedgerHistory } from '#web'
import { Edge } from '../../src/graph/edge.js'
import { UnderWay } from '../../src/graph/under-way.js'
import { toyGraph } from '../support/toy-graph.js'
import { toyBatch, toyNode, toyProgram } from '../support/toy-program.js'
import { ADMIN_PORT, manyComponents, Running } from './agent-rows.js'
import { median, type Row } from './rows.js'

const COMPONENTS = 500
/** As `LedgerHistory` has it. */
const LOOK_EVERY_MS = 2000
const LOOKS = 200
const BATCHES = 500_000
/** What a request of one span costs at least, in and out; one of 8192 spans costs 13 ms. */
const REQUEST_NS = 50_000
/** From a receiver to a processor to an exporter. */
const EDGES_A_REQUEST = 2
const IDLE_LIMIT = 0.01
const SCRAPE_LIMIT_MS = 50
const SCRAPES = 20

/**
 * Nothing of pages and tap runs then but the look at all ledgers every two seconds, and an edge
 * hands on through a field that a tap could take: both in turn with what does without them.
 */
export async function idleRow(rounds: number): Promise<Row> {
  const lookMs = await lookCost(rounds)
  const edgeNs = await edgeCost(rounds * 2)
  const share = lookMs / LOOK_EVERY_MS + (Math.max(0, edgeNs) * EDGES_A_REQUEST) / REQUEST_NS
  return {
    name: 'pages and tap with nobody looking',
    value: `${(share * 100).toFixed(2)} % CPU`,
    limit: `<= ${IDLE_LIMIT * 100} %`,
    note:
      `a look at ${COMPONENTS} ledgers ${lookMs.toFixed(2)} ms every ${LOOK_EVERY_MS / 1000} s, ` +
      `an edge ${edgeNs.toFixed(0)} ns more a batch`,
    ok: share <= IDLE_LIMIT,
  }
}

/** CPU milliseconds of a look, all components having had items. */
async function lookCost(rounds: number): Promise<number> {
  const { define, graph, clock, emit } = toyGraph()
  const chains = Array.from({ length: Math.ceil(COMPONENTS / 3) }, (_, n) => [
    toyNode(`sink${n}`, define.sink),
    toyNode(`pass${n}`, define.pass, { to: [`sink${n}`] }),
    toyNode(`source${n}`, define.source, { to: [`pass${n}`] }),
  ])
  const outcome = await graph.apply(toyProgram(...chains.flat()))
  if (!outcome.ok) throw new Error('bug: the toys do not run')
  for (const n of chains.keys()) await emit(`source${n}`)
  const history = new LedgerHistory(graph, clock)
  const costs: number[] = []
  for (let n = 0; n <= rounds; n++) {
    const without = await cpuMs(() => ticks(clock))
    history.start()
    const withIt = await cpuMs(() => ticks(clock))
    history.stop()
    // The first is for the compiler.
    if (n > 0) costs.push((withIt - without) / LOOKS)
  }
  await graph.shutdown()
  return median(costs)
}

async function ticks(clock: { tick(ms: number): Promise<unknown> }): Promise<void> {
  for (let n = 0; n < LOOKS; n++) await clock.tick(LOOK_EVERY_MS)
}

/** CPU nanoseconds that a batch costs more than through an edge that cannot be tapped. */
async function edgeCost(rounds: number): Promise<number> {
  const clock = { monotonic: () => 0 }
  const taken: Consumer = { consume: () => Promise.resolve() }
  const edge = new Edge('traces', taken, clock)
  // As it is after somebody has looked.
  edge.show([() => {}])
  edge.show([])
  const plain = new PlainEdge(taken, clock)
  const batch = toyBatch()
  const costs: number[] = []
  for (let n = 0; n <= rounds; n++) {
    const without = await cpuMs(() => sendAll(plain, batch))
    const withIt = await cpuMs(() => sendAll(edge, batch))
    if (n > 0) costs.push(((withIt - without) * 1e6) / BATCHES)
  }
  return median(costs)
}

async function sendAll(to: Consumer, batch: Batch): Promise<void> {
  for (let n = 0; n < BATCHES; n++) await to.consume(batch)
}

/** An edge without the place for a tap. */
class PlainEdge implements Consumer {
  readonly #consumer: Consumer
  readonly #underWay: UnderWay
  passed = 0
  refused = 0

  constructor(consumer: Consumer, clock: { monotonic(): number }) {
    this.#consumer = consumer
    this.#underWay = new UnderWay(clock)
  }

  async consume(batch: Batch): Promise<void> {
    const { items } = batch
    this.#underWay.begin(items)
    try {
      await this.#consumer.consume(batch)
      this.passed += items
    } catch (error) {
      this.refused += items
      throw error
    } finally {
      this.#underWay.end(items)
    }
  }
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Real components, queues on disk among them, in a process of their own. */
export async function metricsRow(folder: string, rounds: number): Promise<Row> {
  const path = join(folder, 'scraped.river')
  await writeFile(path, manyComponents('1s', exporters))
  const cold: number[] = []
  const warm: number[] = []
  const cpu: number[] = []
  let lines = 0
  for (let n = 0; n < rounds; n++) {
    const agent = await Running.start(path, folder)
    const first = await scrape()
    cold.push(first.tookMs)
    for (let again = 0; again < 3; again++) await scrape()
    const before = agent.cpuMs
    const times: number[] = []
    for (let again = 0; again < SCRAPES; again++) times.push((await scrape()).tookMs)
    cpu.push((agent.cpuMs - before) / SCRAPES)
    warm.push(median(times))
    lines = first.lines
    await agent.stop()
  }
  return {
    name: `/metrics of ${COMPONENTS} components`,
    value: `${median(warm).toFixed(0)} ms`,
    limit: `<= ${SCRAPE_LIMIT_MS} ms`,
    note:
      `CPU ${median(cpu).toFixed(0)} ms, the first after a start ${median(cold).toFixed(0)} ms; ` +
      `${lines.toLocaleString('en')} series`,
    ok: median(warm) <= SCRAPE_LIMIT_MS,
  }
}

async function scrape(): Promise<{ readonly tookMs: number; readonly lines: number }> {
  const startedAt = performance.now()
  const answer = await fetch(`http://127.0.0.1:${ADMIN_PORT}/metrics`)
  const bytes = await answer.arrayBuffer()
  const tookMs = performance.now() - startedAt
  const text = Buffer.from(bytes).toString()
  return { tookMs, lines: text.split('\n').filter((line) => /^\w/.test(line)).length }
}

/** As many exporters with queues as processors in front of them. */
function exporters(n: number): string {
  return `otelcol.exporter.otlphttp "e${n}" {
  client { endpoint = "http://127.0.0.1:9" }
}`
}
