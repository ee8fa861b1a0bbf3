/** Runs the scanner's module. */
import { SCANNER_BASE64 } from '../generated/scan-wasm.js'
import type { ScanResult } from '../scan-core.js'
import { SCANNED, type Scanned } from '../schema.js'
import { instantiate } from './instantiate.js'

/** What `scanRequest` tells of `WASM_BYTES_MAX` bytes or less; undefined when they are refused. */
export type WasmScan = (what: Scanned, bytes: Uint8Array) => ScanResult | undefined

/** Undefined where WebAssembly can not be had. */
export function createWasmScan(): WasmScan | undefined {
  const instance = instantiate(SCANNER_BASE64)
  if (!instance) return undefined
  const { wasm, run } = instance
  const memory = new Uint8Array(instance.memory)
  const entries = Object.fromEntries(
    Object.entries(SCANNED).map(([what, message]) => [what, run[`scan${message}`]!]),
  ) as Record<Scanned, (size: number) => number>
  return (what, bytes) => {
    memory.set(bytes)
    try {
      const result = entries[what](bytes.length)
      return { items: result >>> 1, regular: (result & 1) === 1 }
    } catch (error) {
      // A trap, which is how it refuses.
      if (error instanceof wasm.RuntimeError) return undefined
      throw error
    }
  }
}
