/** The one place that touches the machine's time; everything else is handed a clock. */

export interface Timer {
  /** Forgets the callback; harmless when it has already run. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds since the epoch. May jump: for timestamps, never for waits. */
  now(): number
  /** Milliseconds from an arbitrary start; never goes back. For waits and ages. */
  monotonic(): number
  /** Calls back once, `delayMs` (0 or more) from now. */
  timer(delayMs: number, callback: () => void): Timer
}

/** setTimeout wraps around above this and would fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(delayMs, TIMER_MAX_MS))
    return { cancel: () => clearTimeout(handle) }
  },
}

/** Resolves after `delayMs`, or at once when `signal` aborts: the caller looks at the signal. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const wake = () => {
      timer.cancel()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = clock.timer(delayMs, wake)
    signal?.addEventListener('abort', wake, { once: true })
  })
}

/** Resolves when `work` has settled or `signal` aborts, whichever comes first. */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
    work.then(done, done)
  })
}

export interface Deferred<T = void> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
