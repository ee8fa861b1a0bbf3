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
