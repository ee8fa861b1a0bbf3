import { asBuffer, REQUEST } from '#wire'
import { Batch } from './batch.js'
import { countItems } from './count.js'
import { Edits } from './edits.js'
import { Message } from './message.js'
import { LAYOUT, shapeOf } from './shape.js'

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
export class Rewrite {
  readonly #batch: Batch
  readonly #edits = new Edits()
  readonly #root: Message
  readonly #chunks: Uint8Array[] = []
  #items: number
  #changed = false

  constructor(batch: Batch) {
    this.#batch = batch
    this.#items = batch.items
    this.#root = new Message(this.#edits, shapeOf(REQUEST[batch.signal]))
  }

  /** Walks the ResourceSpans, ResourceMetrics or ResourceLogs of all chunks. Once. */
  *resources(): Generator<Message, void, void> {
    for (const chunk of this.#batch.chunks.slice(this.#chunks.length)) {
      this.#root.openRoot(asBuffer(chunk))
      try {
        yield* this.#root.each(LAYOUT.resources)
      } finally {
        this.#close(chunk)
      }
    }
  }

  /** The batch with all edits; the very batch when there were none. */
  finish(): Batch {
    if (!this.#changed) return this.#batch
    const { signal, chunks, client } = this.#batch
    // A walk that was left early left the other chunks alone.
    const all = [...this.#chunks, ...chunks.slice(this.#chunks.length)].filter(
      (chunk) => chunk.length > 0,
    )
    const bytes = all.reduce((sum, chunk) => sum + chunk.length, 0)
    return new Batch(signal, all, this.#items, bytes, client)
  }

  #close(chunk: Uint8Array): void {
    const { removed } = this.#edits
    const emitted = this.#edits.emit(chunk)
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
