/** Batches whose items can be told apart wherever their bytes turn up. */
import { Batch } from '#pdata'

/** One span an item, named "#000042;xxx", all in one resource. */
export function numberedBatch(numbers: readonly number[], padding: number): Batch<'traces'> {
  const spans = numbers.map((number) => {
    const name = `#${String(number).padStart(6, '0')};${'x'.repeat(padding)}`
    return field(2, field(5, Buffer.from(name)))
  })
  const bytes = field(1, field(2, Buffer.concat(spans)))
  return new Batch('traces', [bytes], numbers.length, bytes.length)
}

/** The items in these bytes, in order; damaged ones may be missing. */
export function numbersIn(...chunks: readonly Uint8Array[]): readonly number[] {
  const text = Buffer.concat(chunks).toString('latin1')
  return [...text.matchAll(/#(\d{6});/g)].map((match) => Number(match[1]))
}

function field(number: number, bytes: Buffer): Buffer {
  const size: number[] = []
  for (let rest = bytes.length; ; rest >>>= 7) {
    size.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...size]), bytes])
}
