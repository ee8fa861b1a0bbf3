import type { Permanent } from '#sdk'

/**
 * google.rpc.Code of answers that blame the data, and that half of it may not get: for what it is,
 * or for how much it is.
 */
const INVALID_ARGUMENT = 3
const RESOURCE_EXHAUSTED = 8

/** Whether a destination refuses what it was sent, rather than who sent it. */
export function blamesData({ code }: Permanent): boolean {
  return code === INVALID_ARGUMENT || code === RESOURCE_EXHAUSTED
}
