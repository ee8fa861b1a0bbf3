/** Kept lines, and characters of each. */
const LINES_MAX = 300
const LINE_MAX = 4096

/** One line of the log. */
export interface LogLine {
  readonly at: string
  readonly level: string
  readonly message: string
  readonly component: string | undefined
  /** All other fields. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** The last warnings and errors of the agent's log, for people who look later. */
export class RecentErrors {
  readonly #lines: string[] = []

  /** A line as JSON, as pino writes it: the level comes first. */
  note(line: string): void {
    if (!line.startsWith('{"level":"warn"') && !line.startsWith('{"level":"error"')) return
    if (line.length > LINE_MAX) return
    this.#lines.push(line)
    if (this.#lines.length > LINES_MAX) this.#lines.shift()
  }

  /** Newest first; of one component, or all. */
  list(component?: string): readonly LogLine[] {
    return this.#lines
      .map((line) => {
        const { ts, level, msg, component_id: id, ...fields } = JSON.parse(line)
        return { at: ts, level, message: msg, component: id, fields } as LogLine
      })
      .filter((line) => component === undefined || line.component === component)
      .reverse()
  }
}
