import { ProtobufLabels } from './protobuf-labels.js'
import { readTimestamp } from './protobuf-metric.js'
import { ProtobufReader } from './protobuf-reader.js'
import type { Exemplar } from './sink.js'
import type { TextPool } from './text-pool.js'

/** io.prometheus.client.Exemplar: label = 1, value = 2, timestamp = 3. */
export class ProtobufExemplar implements Exemplar {
  value = 0
  timestampMs = Number.NaN
  readonly #reader = new ProtobufReader()
  readonly #labels = new ProtobufLabels()
  readonly #pool: TextPool

  constructor(pool: TextPool) {
    this.#pool = pool
  }

  read(bytes: Buffer, start: number, end: number, base: number): void {
    const reader = this.#reader
    reader.open(bytes, start, end, base)
    this.#labels.clear(bytes)
    this.value = 0
    this.timestampMs = Number.NaN
    while (reader.field()) {
      if (reader.number === 1) this.#labels.read(reader)
      else if (reader.number === 2) this.value = reader.double()
      else if (reader.number === 3) this.timestampMs = readTimestamp(reader)
      else reader.skip()
    }
  }

  labels(into: string[]): void {
    into.length = 0
    const labels = this.#labels
    for (let n = 0; n < labels.count; n++) {
      into.push(labels.name(n, this.#pool), labels.value(n, this.#pool))
    }
  }
}
