import { totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Memory } from './outside.js'

export const systemMemory: Memory = {
  usedBytes() {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  },

  totalBytes() {
    // 0, or more than there is, where no cgroup limits the process.
    const limit = process.constrainedMemory()
    return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  },

  collect() {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
  },
}

/**
 * For a process that handles telemetry. V8 takes buffers for growth of the old generation: beside a
 * heap of some 20 MB, the 7 MB of a few scraped pages are enough for it to mark everything again,
 * more than once a second and for a quarter of all CPU, long before the young generation is full
 * and lets go of them at no cost.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
}

/** Of what lived after the last collection. */
const HEAP_GROWING_PERCENT = 150
