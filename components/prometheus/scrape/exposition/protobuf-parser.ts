import { ByteQueue } from './byte-queue.js'
import { MalformedExposition } from './malformed-exposition.js'
import type { ExpositionOptions, ExpositionParser } from './options.js'
import { ProtobufFamily } from './protobuf-family.js'
import type { ExpositionSink } from './sink.js'

/** Bytes of a length: up to 32 bits. */
const LENGTH_SIZE_MAX = 5

/** A body of MetricFamily messages, each behind its length as a varint. */
export class ProtobufParser implements ExpositionParser {
  readonly #sink: ExpositionSink
  readonly #family: ProtobufFamily
  readonly #queue = new ByteQueue(1024)
  /** Of the message under way; -1 before its length has come. */
  #size = -1
  #failure: unknown

  constructor(sink: ExpositionSink, options: ExpositionOptions) {
    this.#sink = sink
    this.#family = new ProtobufFamily(sink, options)
  }

  push(chunk: Uint8Array): void {
    this.#attempt(() => {
      this.#queue.append(chunk)
      while (this.#readSize() && this.#queue.size >= this.#size) this.#parse()
    })
  }

  end(): void {
    this.#attempt(() => {
      if (this.#size >= 0 || this.#queue.size > 0) {
        this.#fail('the last message is cut short', this.#queue.taken + this.#queue.size)
      }
      this.#sink.end()
    })
  }

  #parse(): void {
    const { bytes, start, taken } = this.#queue
    const end = start + this.#size
    this.#family.parse(bytes, start, end, taken - start)
    this.#queue.take(end)
    this.#size = -1
  }

  /** Whether the length of the next message is known. */
  #readSize(): boolean {
    if (this.#size >= 0) return true
    const queue = this.#queue
    let size = 0
    for (let n = 0; n < queue.size; n++) {
      const byte = queue.bytes[queue.start + n]!
      size += (byte & 127) * 128 ** n
      if (n === LENGTH_SIZE_MAX - 1 && byte > 15) {
        this.#fail('the length of a message is above 32 bits', queue.taken)
      }
      if (byte > 127) continue
      queue.take(queue.start + n + 1)
      this.#size = size
      return true
    }
    return false
  }

  #fail(reason: string, offset: number): never {
    throw new MalformedExposition(reason, { offset })
  }

  #attempt(parse: () => void): void {
    if (this.#failure !== undefined) throw this.#failure
    try {
      parse()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }
}
