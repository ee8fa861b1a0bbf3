import { scans } from './generated/scan.js'
import type { ScanResult } from './scan-core.js'
import { REQUEST, type Signal } from './schema.js'

/** Checks a whole request and counts its items. Throws MalformedData at the first fault. */
export function scanRequest(signal: Signal, bytes: Uint8Array): ScanResult {
  return scans[REQUEST[signal]](bytes)
}
