import type { Writer } from '#wire'
import type { ProtobufReader } from './protobuf-reader.js'
import type { TextPool } from './text-pool.js'

/** A row for each label. */
const ROW = 4
const NAME = 0
const NAME_END = 1
const VALUE = 2
const VALUE_END = 3

/** With more labels than this, their names are compared by way of a set. */
const PAIRWISE_MAX = 16

/** The LabelPairs of one message, as they lie in it. */
export class ProtobufLabels {
  #rows = new Int32Array(16 * ROW)
  count = 0
  #bytes: Buffer = Buffer.alloc(0)

  clear(bytes: Buffer): void {
    this.#bytes = bytes
    this.count = 0
  }

  /** Reads the LabelPair that is the next value: name = 1, value = 2, both strings. */
  read(reader: ProtobufReader): void {
    const at = this.count++ * ROW
    if (at === this.#rows.length) {
      const rows = this.#rows
      this.#rows = new Int32Array(at * 2)
      this.#rows.set(rows)
    }
    const rows = this.#rows
    rows.fill(0, at, at + ROW)
    const outer = reader.enter()
    const start = reader.pos
    while (reader.field()) {
      if (reader.number === 1) {
        reader.text('the name of a label')
        rows[at + NAME] = reader.textStart
        rows[at + NAME_END] = reader.textEnd
      } else if (reader.number === 2) {
        reader.text('the value of a label')
        rows[at + VALUE] = reader.textStart
        rows[at + VALUE_END] = reader.textEnd
      } else reader.skip()
    }
    if (rows[at + NAME] === rows[at + NAME_END]!) reader.fail('a label has no name', start)
    reader.leave(outer)
  }

  name(label: number, pool: TextPool): string {
    const at = label * ROW
    return pool.text(this.#bytes, this.#rows[at + NAME]!, this.#rows[at + NAME_END]!)
  }

  value(label: number, pool: TextPool): string {
    const at = label * ROW
    return pool.text(this.#bytes, this.#rows[at + VALUE]!, this.#rows[at + VALUE_END]!)
  }

  has(name: string, pool: TextPool): boolean {
    for (let n = 0; n < this.count; n++) if (this.name(n, pool) === name) return true
    return false
  }

  /** Fails where a name is there twice. */
  checkUnique(reader: ProtobufReader, pool: TextPool): void {
    const names = this.count > PAIRWISE_MAX ? new Set<string>() : undefined
    for (let n = 1; n < this.count; n++) {
      const name = this.name(n, pool)
      let isTwice = false
      if (names) isTwice = names.add(this.name(n - 1, pool)).has(name)
      else for (let m = 0; m < n && !isTwice; m++) isTwice = this.name(m, pool) === name
      if (isTwice) reader.fail(`the label ${JSON.stringify(name)} is there twice`)
    }
  }

  /** Writes a separator, the name, a separator and the value for each label. */
  write(writer: Writer, separator: Uint8Array): void {
    const rows = this.#rows
    for (let at = 0; at < this.count * ROW; at += ROW) {
      writer.raw(separator)
      writer.raw(this.#bytes, rows[at + NAME]!, rows[at + NAME_END]!)
      writer.raw(separator)
      writer.raw(this.#bytes, rows[at + VALUE]!, rows[at + VALUE_END]!)
    }
  }
}
