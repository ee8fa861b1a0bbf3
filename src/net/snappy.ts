import { createRequire } from 'node:module'
import type * as Snappy from 'snappy'

let library: typeof Snappy | undefined

/** The codec, loaded when it is first asked for: most agents never are. */
export function snappy(): typeof Snappy {
  library ??= createRequire(import.meta.url)('snappy') as typeof Snappy
  return library
}
