import { gunzipSync, inflateSync } from 'node:zlib'
import { Decompressor, uncompressSync } from 'snappy'
import { describe, expect, it } from 'vitest'
import { COMPRESSIONS, type Compression, compress, compressionLevels } from './compress.js'
import { decompress } from './decompress.js'

/** By decoders that are not ours, where there is one. */
const DECODERS: Record<Compression, (bytes: Uint8Array) => Promise<Buffer> | Buffer> = {
  none: (bytes) => Buffer.from(bytes),
  gzip: (bytes) => gunzipSync(bytes),
  zlib: (bytes) => inflateSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
  snappy: (bytes) => uncompressSync(bytes, { asBuffer: true }) as Buffer,
  'x-snappy-framed': async (bytes) => {
    const decoder = new Decompressor()
    return Buffer.concat([decoder.update(bytes), await decoder.finish()])
  },
  zstd: async (bytes) => Buffer.from(await decompress('zstd', bytes, 10_000_000)),
}

describe('compression', () => {
  it.each(COMPRESSIONS)('%s joins chunks and is undone by others', async (compression) => {
    for (const size of [0, 1, 5000, 65_536, 1_000_000]) {
      const plain = Buffer.alloc(size, 'some text that repeats; ')
      const chunks = [plain.subarray(0, size >> 1), plain.subarray(size >> 1)]
      for (const input of [[plain], chunks]) {
        const output = Buffer.concat(await compress(compression, input))
        expect((await DECODERS[compression](output)).equals(plain)).toBe(true)
      }
    }
  })

  it('leaves chunks alone without compression', async () => {
    const chunks = [Buffer.from('a'), Buffer.from('b')]
    expect(await compress('none', chunks)).toBe(chunks)
  })

  it.each(COMPRESSIONS)('%s works at all its levels', async (compression) => {
    const levels = compressionLevels(compression)
    if (!levels) {
      expect(['none', 'snappy', 'x-snappy-framed']).toContain(compression)
      return
    }
    const plain = Buffer.alloc(20_000, 'some text that repeats; ')
    for (let level = levels.min; level <= levels.max; level++) {
      const output = Buffer.concat(await compress(compression, [plain], level))
      expect((await DECODERS[compression](output)).equals(plain), `level ${level}`).toBe(true)
    }
  })
})
