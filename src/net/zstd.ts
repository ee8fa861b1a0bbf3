import zlib from 'node:zlib'
import { corrupt, expandsTooFar, within } from './codec-error.js'
import { Code, StatusError } from './status.js'
import { readZstdFrames, type ZstdFrame } from './zstd-frame.js'

/** What zlib has of zstd from Node 22.15 on; the types are older. */
interface NativeZstd {
  zstdCompress?(input: Uint8Array, options: object, callback: Callback): void
  zstdDecompress?(input: Uint8Array, options: object, callback: Callback): void
  zstdDecompressSync?(input: Uint8Array, options: object): Buffer
  readonly constants: {
    readonly ZSTD_c_compressionLevel?: number
    readonly ZSTD_c_contentSizeFlag?: number
  }
}

type Callback = (error: Error | null, result: Buffer) => void

interface WasmZstd {
  init(): Promise<void>
  compress(input: Uint8Array, level: number): Uint8Array
  decompress(input: Uint8Array, options: { readonly defaultHeapSize: number }): Uint8Array
}

const native = zlib as unknown as NativeZstd
const NAME = 'zstd'
const SYNC_OUTPUT_MAX = 128 * 1024
/**
 * Frames that need more memory for their window are refused: the encoders in use stay at or below
 * it.
 */
const WINDOW_BYTES_MAX = 32 * 1024 * 1024
const RESULT_TOO_SMALL = /-70\b/

let loading: Promise<WasmZstd> | undefined

/** zstd (RFC 8878) by Node itself where it can, else by WebAssembly on the event loop. */
export function unzstd(bytes: Uint8Array, limit: number): Uint8Array | Promise<Uint8Array> {
  const frames = readZstdFrames(bytes)
  const sum = (sizeOf: (frame: ZstdFrame) => number) =>
    frames.reduce((total, frame) => total + sizeOf(frame), 0)
  if (sum(({ contentBytes = 0 }) => contentBytes) > limit) throw expandsTooFar(limit)
  const window = Math.max(0, ...frames.map(({ windowBytes }) => windowBytes))
  if (window > Math.max(WINDOW_BYTES_MAX, limit)) {
    throw corrupt(NAME, `needs a window of ${window} bytes; ${WINDOW_BYTES_MAX} are allowed`)
  }
  const [only] = frames
  if (frames.length === 1) return expandFrame(bytes, only!, limit)
  return expandAll(bytes, frames, limit)
}

/** One after another: Node's decoder stops at the end of the first. */
async function expandAll(
  bytes: Uint8Array,
  frames: readonly ZstdFrame[],
  limit: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let room = limit
  for (const frame of frames) {
    const part = await expandFrame(bytes, frame, room)
    room -= part.length
    parts.push(part)
  }
  return Buffer.concat(parts, limit - room)
}

function expandFrame(
  bytes: Uint8Array,
  frame: ZstdFrame,
  room: number,
): Uint8Array | Promise<Uint8Array> {
  const body = bytes.subarray(frame.start, frame.end)
  if (!native.zstdDecompress) return expandByWasm(body, frame, room)
  const options = {
    maxOutputLength: Math.max(room, 1),
    chunkSize: Math.max(64, Math.min(room + 1, frame.contentBytesMax + 1)),
  }
  if (frame.contentBytesMax <= SYNC_OUTPUT_MAX) {
    try {
      return within(room, native.zstdDecompressSync!(body, options))
    } catch (error) {
      throw failure(error, room)
    }
  }
  return new Promise((resolve, reject) => {
    native.zstdDecompress!(body, options, (error, result) => {
      if (error) reject(failure(error, room))
      else resolve(result)
    })
  })
}

function failure(error: unknown, limit: number): Error {
  if (error instanceof StatusError) return error
  const tooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
  return tooLarge ? expandsTooFar(limit) : corrupt(NAME, 'corrupt data', error)
}

async function expandByWasm(
  body: Uint8Array,
  { contentBytes, contentBytesMax }: ZstdFrame,
  room: number,
): Promise<Uint8Array> {
  const { decompress } = await loadWasm()
  if (contentBytes === 0) return new Uint8Array()
  try {
    // Without a declared size this much is allocated, and never exceeded.
    const defaultHeapSize = Math.max(1, Math.min(contentBytesMax, room))
    return within(room, decompress(body, { defaultHeapSize }))
  } catch (error) {
    if (error instanceof StatusError) throw error
    const tooSmall = RESULT_TOO_SMALL.test((error as Error).message)
    if (tooSmall && contentBytes === undefined) throw expandsTooFar(room)
    throw corrupt(NAME, 'corrupt data', error)
  }
}

export const ZSTD_LEVEL_MAX = 22

export async function zstd(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  if (!native.zstdCompress) return (await loadWasm()).compress(bytes, level)
  const { constants } = native
  const params = {
    [constants.ZSTD_c_compressionLevel!]: level,
    [constants.ZSTD_c_contentSizeFlag!]: 1,
  }
  const options = { params, pledgedSrcSize: bytes.length, chunkSize: 64 + (bytes.length >> 2) }
  return new Promise((resolve, reject) => {
    native.zstdCompress!(bytes, options, (error, result) => {
      if (error) reject(error)
      else resolve(result)
    })
  })
}

function loadWasm(): Promise<WasmZstd> {
  loading ??= import('@bokuweb/zstd-wasm').then(
    async (wasm: WasmZstd) => {
      await wasm.init()
      return wasm
    },
    (error: unknown) => {
      loading = undefined
      throw new StatusError(
        Code.UNIMPLEMENTED,
        'zstd needs Node 22.15 or newer, or the optional package @bokuweb/zstd-wasm',
        { cause: error },
      )
    },
  )
  return loading
}
