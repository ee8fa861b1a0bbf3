/**
 * Short ranges of bytes, four at a time. A native copy makes an object for its range, and a byte
 * takes as long as a word (20 bytes: 3x faster than one by one, 5x than `set` of a `subarray`).
 */

/** The same memory, where words are read and written. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Copies `from[start, end)` to `into` at `at`; both are other memory, or do not overlap. */
export function copyWords(
  from: DataView,
  start: number,
  end: number,
  into: DataView,
  at: number,
): void {
  let pos = start
  for (; pos + 4 <= end; pos += 4, at += 4) into.setInt32(at, from.getInt32(pos, true), true)
  for (; pos < end; pos++) into.setUint8(at++, from.getUint8(pos))
}

/** Whether `one[start, end)` is what `other` has from `at` on. */
export function equalWords(
  one: DataView,
  start: number,
  end: number,
  other: DataView,
  at: number,
): boolean {
  let pos = start
  for (; pos + 4 <= end; pos += 4, at += 4) {
    if (one.getInt32(pos, true) !== other.getInt32(at, true)) return false
  }
  for (; pos < end; pos++) if (one.getUint8(pos) !== other.getUint8(at++)) return false
  return true
}

/** How many bytes, up to `size`, are the same from `one` and from `other` on. */
export function commonWords(view: DataView, one: number, other: number, size: number): number {
  let same = 0
  while (same + 4 <= size && view.getInt32(one + same) === view.getInt32(other + same)) same += 4
  while (same < size && view.getUint8(one + same) === view.getUint8(other + same)) same++
  return same
}
