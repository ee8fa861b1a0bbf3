import { html } from 'hono/html'
import type { JsonDiagnostic } from '#grammar'
import type { Html } from './html.js'

export interface CodeLine {
  /** From 1; undefined for a line that is not in the text. */
  readonly number: number | undefined
  readonly text: string
  /** A class of the line. */
  readonly mark?: string
  /** Shown below it. */
  readonly faults?: readonly JsonDiagnostic[]
}

/** Lines of a config with their numbers. */
export function codeOf(lines: readonly CodeLine[]): Html {
  return html`<div class="code mono">${lines.map(lineOf)}</div>`
}

function lineOf({ number, text, mark = '', faults = [] }: CodeLine): Html {
  const worst = faults.some(({ severity }) => severity === 'error') ? 'faulty' : 'warned'
  const classes = `line ${mark} ${faults.length > 0 ? worst : ''}`.trimEnd()
  const id = number === undefined ? '' : html` id="L${number}"`
  return html`<div class="${classes}"${id}><span class="at">${number ?? ''}</span><span
    class="of">${text}</span></div>${faults.map(faultOf)}`
}

function faultOf({ severity, message, column, help, code, notes }: JsonDiagnostic): Html {
  return html`<div class="fault ${severity}">${message}
    <span class="muted">${severity} ${code}, column ${column}</span>
    ${notes.map((note) => html`<span class="help">${note.message} (line ${note.line})</span>`)}
    ${help === undefined ? '' : html`<span class="help">Help: ${help}</span>`}</div>`
}
