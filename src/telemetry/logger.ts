import { pino } from 'pino'
import type { Log, LogFields } from '#sdk'
import { RecentErrors } from './recent-errors.js'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['logfmt', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/**
 * Lines wait here while standard error is blocked; beyond it they are dropped, so that logging
 * never stalls data.
 */
const BUFFERED_BYTES_MAX = 1024 * 1024

export interface LogSink {
  write(line: string): void
  /** Writes what is buffered, blocking: for the end of the process. */
  flush(): void
}

export function standardError(): LogSink {
  const destination = pino.destination({ fd: 2, sync: false, maxLength: BUFFERED_BYTES_MAX })
  // A closed pipe must not end the agent.
  destination.on('error', () => {})
  return {
    write: (line) => void destination.write(line),
    flush() {
      try {
        destination.flushSync()
      } catch {
        // Nobody reads it any more.
      }
    },
  }
}

/** A line as data, for those who send it elsewhere. */
export interface LogLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

/**
 * The agent's log: `ts`, `level`, `msg` and fields, a line each. Level and format may change at any
 * time.
 */
export class Logger {
  readonly recent = new RecentErrors()
  readonly #pino: pino.Logger
  readonly #sink: LogSink
  #format: LogFormat = 'logfmt'
  readonly #listeners = new Set<(line: LogLine) => void>()

  constructor(sink: LogSink) {
    this.#sink = sink
    const write = (line: string) => {
      this.recent.note(line)
      sink.write(this.#format === 'json' ? line : toLogfmt(line))
    }
    this.#pino = pino(
      {
        base: null,
        level: 'info',
        messageKey: 'msg',
        timestamp: () => `,"ts":"${new Date().toISOString()}"`,
        formatters: { level: (level) => ({ level }) },
      },
      { write },
    )
  }

  configure(level: LogLevel, format: LogFormat): void {
    this.#pino.level = level
    this.#format = format
  }

  /** Tells of every line of a level that is written, until the function it returns is called. */
  listen(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The log of a component. */
  of(component: string): Log {
    return this.with({ component_id: component })
  }

  /** A log that puts `fields` on each line. */
  with(fields: LogFields): Log {
    // The level is asked for at each line: a child's own would not follow a change.
    const enabled = (level: LogLevel) => this.#pino.isLevelEnabled(level)
    const line = (level: LogLevel) => (message: string, more?: LogFields) => {
      if (!enabled(level)) return
      const all = { ...fields, ...more }
      this.#pino[level](all, message)
      for (const listener of this.#listeners) listener({ level, message, fields: all })
    }
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  }

  flush(): void {
    this.#sink.flush()
  }
}

const FIRST = ['ts', 'level', 'msg']

function toLogfmt(json: string): string {
  const fields = JSON.parse(json) as Record<string, unknown>
  const rest = Object.keys(fields).filter((name) => !FIRST.includes(name))
  return `${[...FIRST, ...rest].map((name) => `${name}=${logfmtValue(fields[name])}`).join(' ')}\n`
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}
