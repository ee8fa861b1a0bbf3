import { asBuffer, type OtlpSignal, REQUEST } from '#wire'
import { Batch } from './batch.js'
import { countItems } from './count.js'
import { Edits } from './edits.js'
import { Message } from './message.js'
import { LAYOUT, shapeOf } from './shape.js'

/** What a walk works with. */
class Workspace {
  readonly edits = new Edits()
  readonly root: Message

  constructor(signal: OtlpSignal) {
    this.root = new Message(this.edits, shapeOf(REQUEST[signal]))
  }
}

/**
 * Of the last walk that was finished: a walk builds some twenty objects and a hundred kilobytes.
 */
const spares = new Map<OtlpSignal, Workspace>()
/** Workspaces that have grown beyond this are not kept; they also hold on to their last chunk. */
const SPARE_BYTES_MAX = 1024 * 1024

/**
 * One walk over a batch, and the batch that its edits make:
 *
 *     const rewrite = new Rewrite(batch)
 *     for (const envelope of rewrite.resources()) {
 *       const resource = envelope.child(LAYOUT.resource)
 *       for (const scopes of envelope.each(LAYOUT.scopes)) ...
 *     }
 *     return rewrite.finish()
 *
 * What is not visited or not edited is copied, or not even that: a chunk without edits stays as it
 * is.
 */
export class Rewrite<S extends OtlpSignal = OtlpSignal> {
  readonly #batch: Batch<S>
  readonly #work: Workspace
  readonly #chunks: Uint8Array[] = []
  #items: number
  #changed = false

  constructor(batch: Batch<S>) {
    this.#batch = batch
    this.#items = batch.items
    this.#work = spares.get(batch.signal) ?? new Workspace(batch.signal)
    spares.delete(batch.signal)
  }

  /** Walks the ResourceSpans, ResourceMetrics or ResourceLogs of all chunks. Once. */
  *resources(): Generator<Message, void, void> {
    for (const chunk of this.#batch.chunks.slice(this.#chunks.length)) {
      this.#work.root.openRoot(asBuffer(chunk))
      try {
        yield* this.#work.root.each(LAYOUT.resources)
      } finally {
        this.#close(chunk)
      }
    }
  }

  /** The batch with all edits; the very batch when there were none. Ends the walk. */
  finish(): Batch<S> {
    const { signal, chunks, client, gathering, trace } = this.#batch
    const { edits, root } = this.#work
    if (edits.capacity + root.raw.length <= SPARE_BYTES_MAX) spares.set(signal, this.#work)
    if (!this.#changed) return this.#batch
    // A walk that was left early left the other chunks alone.
    const all = [...this.#chunks, ...chunks.slice(this.#chunks.length)].filter(
      (chunk) => chunk.length > 0,
    )
    const bytes = all.reduce((sum, chunk) => sum + chunk.length, 0)
    return new Batch(signal, all, this.#items, bytes, client, gathering, trace)
  }

  #close(chunk: Uint8Array): void {
    const { removed } = this.#work.edits
    const emitted = this.#work.edits.emit(chunk)
    this.#chunks.push(emitted)
    if (emitted !== chunk) this.#changed = true
    if (!removed) return
    const { signal } = this.#batch
    this.#items += countItems(signal, emitted) - countItems(signal, chunk)
  }
}

/** The data points of a metric of whatever kind. */
export function* pointsOf(metric: Message): Generator<Message, void, void> {
  for (const number of metric.shape.carriers) {
    for (const data of metric.each(number)) yield* data.each(LAYOUT.points)
  }
}
