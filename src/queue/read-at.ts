import type { DiskFile } from '#sdk'

/**
 * Less than `size` bytes where the file ends before, and none where `size` is negative. They lie at
 * the start of `memory`, where that is given.
 */
export async function readAt(
  file: DiskFile,
  position: number,
  size: number,
  memory: Buffer = Buffer.allocUnsafeSlow(Math.max(0, size)),
): Promise<Buffer> {
  const bytes = memory.subarray(0, size)
  return bytes.subarray(0, await file.read(bytes, position))
}
