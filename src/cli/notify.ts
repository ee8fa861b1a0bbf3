/**
 * The life of the agent as systemd is told it (sd_notify(3), Type=notify):
 *
 *   start -> READY=1 -> ( RELOADING=1 -> READY=1 )* -> STOPPING=1 -> end
 *                \ WATCHDOG=1 every third of what the unit's WatchdogSec= allows
 */
import { type Clock, type Log, messageOf, type Timer } from '#sdk'
import type { RunProgram } from './run-program.js'

export interface NotifierOptions {
  readonly run: RunProgram
  /** NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are what systemd sets. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly clock: Clock
  /** CLOCK_MONOTONIC in microseconds. */
  readonly monotonicUs: () => bigint
  readonly log: Log
}

const PROGRAM = 'systemd-notify'
const PROGRAM_MS_MAX = 10_000
/** One ping may be lost, or late, and the next still comes in time. */
const PINGS_PER_DEADLINE = 3
const STATUS_CHARACTERS_MAX = 300

/** Tells systemd how the agent is; does nothing where systemd did not start it. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #isAsked: boolean
  #sent: Promise<void> = Promise.resolve()
  #timer: Timer | undefined
  #hasFailed = false

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#isAsked = Boolean(options.variables['NOTIFY_SOCKET'])
  }

  /** It runs, again after `reloading`. */
  ready(status: string): void {
    this.#send(['READY=1', statusOf(status)])
  }

  reloading(): void {
    const now = this.#options.monotonicUs()
    this.#send(['RELOADING=1', `MONOTONIC_USEC=${now}`, statusOf('loads its config')])
  }

  /** It drains, and may take `drainMs` more than systemd would wait by itself. */
  stopping(drainMs: number): void {
    const us = Math.round(drainMs * 1000)
    this.#send(['STOPPING=1', `EXTEND_TIMEOUT_USEC=${us}`, statusOf('drains')])
  }

  /** Pings from the event loop until `close`: a loop that hangs is killed and started again. */
  watch(): void {
    const { clock } = this.#options
    const everyMs = this.#watchdogMs() / PINGS_PER_DEADLINE
    if (!this.#isAsked || !(everyMs > 0)) return
    const ping = () => {
      this.#send(['WATCHDOG=1'])
      // The next only after this one: a slow machine gets no heap of programs.
      this.#sent = this.#sent.then(() => {
        if (this.#timer) this.#timer = clock.timer(everyMs, ping)
      })
    }
    this.#timer = clock.timer(everyMs, ping)
  }

  /** Resolves once all has been sent. No ping follows. */
  async close(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    await this.#sent
  }

  /** 0 where nobody watches this process. */
  #watchdogMs(): number {
    const { variables, pid } = this.#options
    const watched = variables['WATCHDOG_PID']
    if (watched !== undefined && watched !== String(pid)) return 0
    return Number(variables['WATCHDOG_USEC'] ?? 0) / 1000
  }

  /** In the order of the calls. */
  #send(fields: readonly string[]): void {
    if (this.#isAsked) this.#sent = this.#sent.then(() => this.#sendNow(fields))
  }

  async #sendNow(fields: readonly string[]): Promise<void> {
    const { run, variables, log } = this.#options
    try {
      const { code, err } = await run(PROGRAM, fields, {
        variables: { NOTIFY_SOCKET: variables['NOTIFY_SOCKET'], PATH: variables['PATH'] },
        timeoutMs: PROGRAM_MS_MAX,
      })
      if (code !== 0) throw new Error(err.trim() || `${PROGRAM} ended with ${code}`)
      this.#hasFailed = false
    } catch (error) {
      if (!this.#hasFailed) log.warn('cannot notify systemd', { error: messageOf(error) })
      this.#hasFailed = true
    }
  }
}

/** One line, as `systemctl status` shows it. */
function statusOf(text: string): string {
  return `STATUS=${text.replace(/\s+/g, ' ').trim().slice(0, STATUS_CHARACTERS_MAX)}`
}
