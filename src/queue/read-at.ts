import type { DiskFile } from '#sdk'

/** Less than `size` bytes where the file ends before, and none where `size` is negative. */
export async function readAt(file: DiskFile, position: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, size))
  return bytes.subarray(0, await file.read(bytes, position))
}
