import { FieldReader, REQUEST, type Signal } from '#wire'
import { childShape, isItem, type Shape, shapeOf } from './shape.js'

/** Items of a scanned chunk; steps over everything else. */
export function countItems(signal: Signal, chunk: Uint8Array): number {
  return countIn(shapeOf(REQUEST[signal]), chunk, 0, chunk.length)
}

/** Those in one message's body, `[start, end)`. */
export function countIn(shape: Shape, bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    const { number } = reader
    if (!shape.carriers.includes(number)) continue
    if (isItem(shape, number)) count++
    else count += countIn(childShape(shape, number), bytes, reader.value, reader.end)
  }
  return count
}
