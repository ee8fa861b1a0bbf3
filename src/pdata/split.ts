import { FieldReader, type OtlpSignal, REQUEST, type Signal } from '#wire'
import type { Batch } from './batch.js'
import { countIn, countItems } from './count.js'
import type { Message } from './message.js'
import { type Envelope, envelopeOf, Part } from './part.js'
import { Rewrite } from './rewrite.js'
import { childShape, isCompanion, isItem, LAYOUT, type Shape, shapeOf } from './shape.js'

/** Whether a part has room for fields of `size` bytes with `items` items. */
type Fits = (part: Part, path: readonly Envelope[], size: number, items: number) => boolean

/**
 * Batches of at most `itemsMax` (1 or more), all but the last one full, in order and with the same
 * client. Cuts between items; each side of a cut has its resource, scope and metric, its series or
 * its stream. What is not cut is not copied.
 */
export function splitBatch<S extends Signal>(batch: Batch<S>, itemsMax: number): Batch<S>[] {
  if (batch.items <= itemsMax) return [batch]
  return new Splitter(batch, (part, _, __, items) => part.items + items <= itemsMax).run()
}

/**
 * As `splitBatch` by bytes. An item that is larger with its envelopes goes alone, too large as it
 * is.
 */
export function splitBatchBytes<S extends Signal>(batch: Batch<S>, bytesMax: number): Batch<S>[] {
  if (batch.bytes <= bytesMax) return [batch]
  return new Splitter(batch, (part, path, size) => part.bytesWith(path, size) <= bytesMax).run()
}

class Splitter<S extends Signal> {
  readonly #batch: Batch<S>
  readonly #fits: Fits
  readonly #done: Batch<S>[] = []
  #part = new Part()

  constructor(batch: Batch<S>, fits: Fits) {
    this.#batch = batch
    this.#fits = fits
  }

  run(): Batch<S>[] {
    const { signal, chunks } = this.#batch
    const root = shapeOf(REQUEST[signal])
    for (const chunk of chunks) {
      const items = countItems(signal, chunk)
      if (this.#hasRoom([], chunk.length, items)) this.#part.add([], chunk, items)
      else this.#cut(root, [], chunk, true)
    }
    this.#leave()
    return this.#done
  }

  /**
   * Goes through a body that does not fit; `whole` takes what carries no items, which envelopes
   * have. What stays together is added at once.
   */
  #cut(shape: Shape, path: readonly Envelope[], body: Uint8Array, whole: boolean): void {
    const reader = new FieldReader(body, 0, body.length)
    let start = 0
    let items = 0
    const add = (end: number) => {
      if (end > start) this.#part.add(path, body.subarray(start, end), items)
      start = end
      items = 0
    }
    while (reader.next()) {
      const { number, end } = reader
      if (!whole && !shape.carriers.includes(number) && !isCompanion(shape, number)) {
        add(reader.start)
        start = end
        continue
      }
      const more = itemsIn(shape, body, reader)
      if (this.#fits(this.#part, path, end - start, items + more)) {
        items += more
        continue
      }
      add(reader.start)
      if (this.#hasRoom(path, end - start, more)) items = more
      else if (more === 0 || isItem(shape, number)) {
        this.#leave()
        items = more
      } else {
        this.#cutChild(childShape(shape, number), number, path, body.subarray(reader.value, end))
        start = end
      }
    }
    add(body.length)
  }

  #cutChild(shape: Shape, number: number, path: readonly Envelope[], body: Uint8Array): void {
    this.#cut(shape, [...path, envelopeOf(shape, number, body)], body, false)
  }

  /** Whether all fits into this part, or into a new one where this one is full. */
  #hasRoom(path: readonly Envelope[], size: number, items: number): boolean {
    if (this.#fits(this.#part, path, size, items)) return true
    if (this.#fits(this.#part, path, 0, 1)) return false
    this.#leave()
    return this.#fits(this.#part, path, size, items)
  }

  #leave(): void {
    if (this.#part.isEmpty) return
    this.#done.push(this.#part.toBatch(this.#batch))
    this.#part = new Part()
  }
}

function itemsIn(shape: Shape, body: Uint8Array, { number, value, end }: FieldReader): number {
  if (isItem(shape, number)) return 1
  return shape.carriers.includes(number) ? countIn(childShape(shape, number), body, value, end) : 0
}

/**
 * One batch for each key, with the spans, metrics or log records that `keyOf` gave it, in order,
 * under their resources and scopes. The messages are for reading, each call anew. Empty scopes go.
 */
export function groupBatch<K, S extends OtlpSignal>(
  batch: Batch<S>,
  keyOf: (record: Message, scope: Message, resource: Message) => K,
): Map<K, Batch<S>> {
  const parts = new Map<K, Part>()
  for (const resources of new Rewrite(batch).resources()) {
    const outer = envelopeOf(resources.shape, LAYOUT.resources, resources.raw)
    const resource = resources.child(LAYOUT.resource)
    for (const scopes of resources.each(LAYOUT.scopes)) {
      const path = [outer, envelopeOf(scopes.shape, LAYOUT.scopes, scopes.raw)]
      const scope = scopes.child(LAYOUT.scope)
      for (const record of scopes.each(LAYOUT.records)) {
        const key = keyOf(record, scope, resource)
        let part = parts.get(key)
        if (!part) {
          part = new Part()
          parts.set(key, part)
        }
        part.add(path, record.rawField, itemsOf(record))
      }
    }
  }
  const batches = new Map<K, Batch<S>>()
  for (const [key, part] of parts) batches.set(key, part.toBatch(batch))
  return batches
}

function itemsOf({ shape, raw }: Message): number {
  return shape.name === 'Metric' ? countIn(shape, raw, 0, raw.length) : 1
}
