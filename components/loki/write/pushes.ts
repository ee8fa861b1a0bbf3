import { type EntryBatch, EntryBatchBuilder, EntryReader, labelText, parseLabelText } from '#pdata'
import { Permanent } from '#sdk'
import { MalformedData } from '#wire'
import { pairsOf, TENANT_LABEL } from '../shared/stream-labels.js'

/** What one request holds: the entries of one tenant. */
export interface Push {
  readonly tenant: string
  readonly batch: EntryBatch
}

/** Where entries of one stream lie, and when they are of: five numbers each. */
interface Stream {
  readonly labels: string
  readonly cells: number[]
}

const COLUMNS = 5
const KNOWN_MAX = 10_000

/**
 * Makes requests of a batch: one for each tenant, each stream once, its entries in the order of
 * their times.
 */
export class Pushes {
  readonly #external: readonly [name: string, value: string][]
  readonly #tenant: string
  readonly #known = new Map<string, { readonly tenant: string; readonly labels: string }>()

  constructor(externalLabels: ReadonlyMap<string, string>, tenant: string) {
    this.#external = [...externalLabels]
    this.#tenant = tenant
  }

  /** Throws Permanent where labels cannot be read. */
  of(batch: EntryBatch): readonly Push[] {
    const buffers: Buffer[] = []
    const tenants = new Map<string, Map<string, Stream>>()
    const reader = new EntryReader(batch)
    while (reader.nextStream()) {
      if (buffers[buffers.length - 1] !== reader.bytes) buffers.push(reader.bytes)
      const { tenant, labels } = this.#look(reader.labels)
      const streams = tenants.get(tenant) ?? new Map<string, Stream>()
      tenants.set(tenant, streams)
      const stream = streams.get(labels) ?? { labels, cells: [] }
      streams.set(labels, stream)
      while (reader.nextEntry()) {
        const { seconds, nanos, entryStart, entryEnd } = reader
        stream.cells.push(seconds, nanos, buffers.length - 1, entryStart, entryEnd)
      }
    }
    return [...tenants].map(([tenant, streams]) => ({
      tenant,
      batch: write(streams.values(), buffers, batch.bytes),
    }))
  }

  #look(text: string) {
    let known = this.#known.get(text)
    if (!known) {
      const labels = new Map([...this.#external, ...pairsOf(parse(text))])
      const tenant = labels.get(TENANT_LABEL) ?? this.#tenant
      const shown = [...labels].filter(([name]) => !name.startsWith('__'))
      known = { tenant, labels: labelText(shown.flat()) }
      if (this.#known.size >= KNOWN_MAX) this.#known.clear()
      this.#known.set(text, known)
    }
    return known
  }
}

function parse(labels: string): readonly string[] {
  try {
    return parseLabelText(labels)
  } catch (error) {
    if (!(error instanceof MalformedData)) throw error
    throw new Permanent(error.message, { cause: error })
  }
}

function write(streams: Iterable<Stream>, buffers: readonly Buffer[], bytes: number): EntryBatch {
  const builder = new EntryBatchBuilder(bytes + 1024)
  for (const { labels, cells } of streams) {
    builder.beginStream(labels)
    const order = orderOf(cells)
    for (let n = 0; n < cells.length / COLUMNS; n++) {
      const at = (order ? order[n]! : n) * COLUMNS
      builder.copy(buffers[cells[at + 2]!]!, cells[at + 3]!, cells[at + 4]!)
    }
    builder.endStream()
  }
  return builder.take()
}

/** The entries by time, those of one time as they came; undefined where they are so already. */
function orderOf(cells: readonly number[]): readonly number[] | undefined {
  let isSorted = true
  for (let at = COLUMNS; at < cells.length && isSorted; at += COLUMNS) {
    isSorted = compare(cells, at - COLUMNS, at) <= 0
  }
  if (isSorted) return undefined
  const order = Array.from({ length: cells.length / COLUMNS }, (_, n) => n)
  return order.sort((a, b) => compare(cells, a * COLUMNS, b * COLUMNS))
}

function compare(cells: readonly number[], one: number, other: number): number {
  return cells[one]! - cells[other]! || cells[one + 1]! - cells[other + 1]!
}
