/** Runs the scanner's module. */
import { SCANNER_BASE64 } from '../generated/scan-wasm.js'
import type { ScanResult } from '../scan-core.js'
import { WASM_BYTES_MAX } from '../scan-plan.js'
import { REQUEST, SIGNALS, type Signal } from '../schema.js'

/** What `scanRequest` tells; undefined for bytes that are refused or too many. */
export type WasmScan = (signal: Signal, bytes: Uint8Array) => ScanResult | undefined

/** As far as it is used here; types of Node have none of it. */
interface WebAssembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly CompileError: new () => Error
  readonly RuntimeError: new () => Error
}

type Entry = (size: number) => number

/** Undefined where there is no WebAssembly (--jitless), no vectors in it, or no room for it. */
export function createWasmScan(): WasmScan | undefined {
  const { WebAssembly: wasm } = globalThis as { WebAssembly?: WebAssembly }
  if (!wasm) return undefined
  const exports = instantiate(wasm)
  if (!exports) return undefined
  const memory = new Uint8Array((exports['memory'] as { buffer: ArrayBuffer }).buffer)
  const entries = Object.fromEntries(
    SIGNALS.map((signal) => [signal, exports[`scan${REQUEST[signal]}`]]),
  ) as Record<Signal, Entry>
  return (signal, bytes) => {
    if (bytes.length > WASM_BYTES_MAX) return undefined
    memory.set(bytes)
    try {
      const result = entries[signal](bytes.length)
      return { items: result >>> 1, regular: (result & 1) === 1 }
    } catch (error) {
      // A trap, which is how it refuses.
      if (error instanceof wasm.RuntimeError) return undefined
      throw error
    }
  }
}

function instantiate(wasm: WebAssembly): Readonly<Record<string, unknown>> | undefined {
  try {
    return new wasm.Instance(new wasm.Module(Buffer.from(SCANNER_BASE64, 'base64'))).exports
  } catch (error) {
    if (error instanceof wasm.CompileError || error instanceof RangeError) return undefined
    throw error
  }
}
