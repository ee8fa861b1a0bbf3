/** Bytes as a bad network or a bad sender leaves them. */

/** One to three faults: a changed, lost, doubled or foreign byte or range. */
export function damage(sample: Uint8Array, random: () => number): Buffer {
  let bytes = Buffer.from(sample)
  const below = (limit: number) => Math.floor(random() * limit)
  for (let faults = 1 + below(3); faults > 0; faults--) {
    const at = below(bytes.length)
    const size = 1 + below(12)
    switch (below(6)) {
      case 0:
        bytes[at] = below(256)
        break
      case 1:
        bytes[at] = bytes[at]! ^ (1 << below(8))
        break
      case 2:
        bytes = bytes.subarray(0, at)
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])
        break
      case 4: {
        const from = below(bytes.length)
        const copied = bytes.subarray(from, from + size)
        bytes = Buffer.concat([bytes.subarray(0, at), copied, bytes.subarray(at)])
        break
      }
      default:
        // An unknown field of any wire type, or something that looks like one.
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from([0x88 + below(8), 0x52, below(256), below(128)]),
          bytes.subarray(at),
        ])
    }
    if (bytes.length === 0) return bytes
  }
  return bytes
}
