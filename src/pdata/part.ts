import { FieldReader, type Signal, sizeOfVarint, Writer } from '#wire'
import { Batch } from './batch.js'
import { isCompanion, type Shape } from './shape.js'

/**
 * A message that encloses items, as each part made of it repeats it: all of it but what it carries.
 */
export interface Envelope {
  /** The field it lies in. */
  readonly number: number
  readonly header: Uint8Array
}

/** Copies what a message's body has besides items, their companions and what leads to them. */
export function envelopeOf(shape: Shape, number: number, body: Uint8Array): Envelope {
  const writer = new Writer(256)
  const reader = new FieldReader(body, 0, body.length)
  while (reader.next()) {
    const { number, start, end } = reader
    if (shape.carriers.includes(number) || isCompanion(shape, number)) continue
    writer.raw(body, start, end)
  }
  return { number, header: writer.written() }
}

/** An envelope that is still being filled. */
interface Open {
  readonly envelope: Envelope
  readonly pieces: Uint8Array[]
  /** Bytes of the header and the pieces. */
  size: number
}

/** A request put together from fields of others, each under the envelopes it came in. */
export class Part {
  readonly #chunks: Uint8Array[] = []
  readonly #open: Open[] = []
  #bytes = 0
  items = 0

  get isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#open.length === 0
  }

  /** The part's bytes if a field of `size` bytes were added under `path`. */
  bytesWith(path: readonly Envelope[], size: number): number {
    const kept = this.#commonDepth(path)
    let bytes = size
    for (let depth = path.length - 1; depth >= kept; depth--) {
      bytes = fieldSize(path[depth]!, path[depth]!.header.length + bytes)
    }
    let closing = 0
    for (let depth = this.#open.length - 1; depth >= kept; depth--) {
      const { envelope, size } = this.#open[depth]!
      closing = fieldSize(envelope, size + closing)
    }
    bytes += closing
    for (let depth = kept - 1; depth >= 0; depth--) {
      const { envelope, size } = this.#open[depth]!
      bytes = fieldSize(envelope, size + bytes)
    }
    return this.#bytes + bytes
  }

  /**
   * Adds whole fields under `path`, outermost envelope first. Envelopes are told apart by identity.
   */
  add(path: readonly Envelope[], fields: Uint8Array, items: number): void {
    const kept = this.#commonDepth(path)
    while (this.#open.length > kept) this.#close()
    for (const envelope of path.slice(kept)) {
      this.#open.push({ envelope, pieces: [], size: envelope.header.length })
    }
    this.#put(fields)
    this.items += items
  }

  /** Of the same signal, client and gathering as `origin`. */
  toBatch<S extends Signal>({ signal, client, gathering, trace }: Batch<S>): Batch<S> {
    while (this.#open.length > 0) this.#close()
    return new Batch(signal, this.#chunks, this.items, this.#bytes, client, gathering, trace)
  }

  #put(fields: Uint8Array): void {
    const inner = this.#open.at(-1)
    const pieces = inner?.pieces ?? this.#chunks
    const last = pieces.at(-1)
    const follows =
      last?.buffer === fields.buffer && last.byteOffset + last.length === fields.byteOffset
    if (follows) {
      const size = last.length + fields.length
      pieces[pieces.length - 1] = new Uint8Array(last.buffer, last.byteOffset, size)
    } else pieces.push(fields)
    if (inner) inner.size += fields.length
    else this.#bytes += fields.length
  }

  #close(): void {
    const { envelope, pieces, size } = this.#open.pop()!
    const writer = new Writer(fieldSize(envelope, size))
    writer.tag(envelope.number, 2)
    writer.varint(size)
    writer.raw(envelope.header)
    for (const piece of pieces) writer.raw(piece)
    this.#put(writer.written())
  }

  #commonDepth(path: readonly Envelope[]): number {
    let depth = 0
    while (depth < path.length && this.#open[depth]?.envelope === path[depth]) depth++
    return depth
  }
}

function fieldSize(envelope: Envelope, size: number): number {
  return sizeOfVarint(envelope.number << 3) + sizeOfVarint(size) + size
}
