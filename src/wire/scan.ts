import { scans } from './generated/scan.js'
import type { ScanResult } from './scan-core.js'
import { WASM_BYTES_MAX } from './scan-plan.js'
import { SCANNED, type Scanned } from './schema.js'
import { createWasmScan, type WasmScan } from './wasm/scan.js'

/** Made for the first request, in a millisecond that no start waits for; null: can not be. */
let wasmScan: WasmScan | null | undefined

/**
 * Checks a whole request and counts its items. Throws MalformedData at the first fault.
 *
 * WebAssembly takes a third of the time (bench/wire), and says of what it refuses nothing more:
 * then, and where there is none, JavaScript scans.
 */
export function scanRequest(what: Scanned, bytes: Uint8Array): ScanResult {
  if (bytes.length > WASM_BYTES_MAX) return scanByScript(what, bytes)
  if (wasmScan === undefined) wasmScan = createWasmScan() ?? null
  if (wasmScan === null) return scanByScript(what, bytes)
  const result = wasmScan(what, bytes)
  if (result) return result
  scanByScript(what, bytes)
  throw new Error('bug: two scanners disagree on a request')
}

/** The same in JavaScript alone. */
export function scanByScript(what: Scanned, bytes: Uint8Array): ScanResult {
  return scans[SCANNED[what]](bytes)
}
