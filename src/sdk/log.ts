/** Values that logs show; a Secret shows as "(secret)". */
export type LogFields = Readonly<Record<string, unknown>>

/** The agent's own log, already marked with the component's id. Never call it once per item. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
