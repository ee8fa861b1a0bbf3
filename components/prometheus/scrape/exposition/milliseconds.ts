/** What a product of a time in seconds may be off by. */
const NEAR = 1e-3

/**
 * What is smaller than a millisecond is cut off. `539317139.527` has 527 of them, though the
 * nearest double has a little less.
 */
export function toMilliseconds(seconds: number): number {
  const ms = seconds * 1000
  const nearest = Math.round(ms)
  // Zero has no sign here.
  return (Math.abs(ms - nearest) < NEAR ? nearest : Math.trunc(ms)) + 0
}
