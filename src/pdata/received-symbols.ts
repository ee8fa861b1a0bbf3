import { endOfVarint, FIELD, MalformedData, readUint32, type Writer } from '#wire'

const { TimeSeries, Label } = FIELD
const NAME = Buffer.from('__name__')

/** The symbols of a remote-write 2.0 request, and labels as references to them. */
export class ReceivedSymbols {
  readonly #bytes: Buffer
  /** Where each lies. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Throws `MalformedData` where the first is not the empty one, as which 0 stands for nothing. */
  add(start: number, end: number): void {
    if (this.#starts.length === 0 && start !== end) {
      throw new MalformedData('the first symbol is not the empty one', start)
    }
    this.#starts.push(start)
    this.#ends.push(end)
  }

  /** 0 is there, whatever there is. */
  has(ref: number): boolean {
    return ref === 0 || ref < this.#starts.length
  }

  text(ref: number): string {
    return this.#bytes.toString('utf8', this.#starts[ref] ?? 0, this.#ends[ref] ?? 0)
  }

  /** Adds the references in `[start, end)`, packed or a single one. */
  readRefs(into: number[], start: number, end: number): void {
    for (let at = start; at < end; at = endOfVarint(this.#bytes, at)) {
      into.push(readUint32(this.#bytes, at))
    }
  }

  /** References to names and values, all of them there. */
  arePairs(refs: readonly number[]): boolean {
    return refs.length % 2 === 0 && refs.every((ref) => ref < this.#starts.length)
  }

  /** The labels would be in canonical form. */
  areSorted(refs: readonly number[]): boolean {
    const bytes = this.#bytes
    for (let n = 0; n < refs.length; n += 2) {
      const [name, value] = [refs[n]!, refs[n + 1]!]
      const [start, end] = [this.#starts[name]!, this.#ends[name]!]
      if (start === end || this.#starts[value] === this.#ends[value]) return false
      if (n === 0) continue
      const before = refs[n - 2]!
      const [from, to] = [this.#starts[before]!, this.#ends[before]!]
      if (bytes.compare(bytes, from, to, start, end) <= 0) return false
    }
    return true
  }

  /** The reference to the value of `__name__`; 0 for none. */
  metricOf(refs: readonly number[]): number {
    for (let n = 0; n < refs.length; n += 2) {
      const name = refs[n]!
      if (NAME.compare(this.#bytes, this.#starts[name]!, this.#ends[name]!) === 0)
        return refs[n + 1]!
    }
    return 0
  }

  /** Label bytes, in the order of the references. */
  writeLabels(refs: readonly number[], writer: Writer): void {
    for (let n = 0; n < refs.length; n += 2) {
      const [name, value] = [refs[n]!, refs[n + 1]!]
      const pair = writer.begin(TimeSeries.labels)
      writer.field(Label.name, this.#bytes, this.#starts[name], this.#ends[name])
      writer.field(Label.value, this.#bytes, this.#starts[value], this.#ends[value])
      writer.end(pair)
    }
  }
}
