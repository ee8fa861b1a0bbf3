/** An item that was tapped, as people read it. */

/** As `/api/v1/tap` has it. */
export interface TappedItem {
  readonly from: string
  readonly to: string
  readonly signal: string
  /** Of the item itself, as ISO 8601; undefined where it says none. */
  readonly at?: string
  readonly service: string
  readonly title: string
  readonly text: string
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly traceId?: string
  readonly spanId?: string
}

const NO_TIME = '--:--:--.---'
const SIGNAL_WIDTH = 7
/** Those of the item come first, then those of its resource. */
const ATTRIBUTES_SHOWN = 8
/** Values that need no quotes. */
const PLAIN = /^[^\s"=]+$/

/**
 * One line for one item: time (UTC), where it goes or comes from as seen from the component `id`,
 * signal, service, what it is, its first attributes. `id` is undefined where only one edge is
 * looked at.
 */
export function tapLine(item: TappedItem, id: string | undefined): string {
  const { from, to, at, signal, service, title, text, traceId, attributes } = item
  const edge = id === undefined ? '' : from === id ? `-> ${to}` : `<- ${from}`
  const others = attributes.filter(({ name }) => name !== 'service.name')
  const pairs = others
    .slice(0, ATTRIBUTES_SHOWN)
    .map(({ name, value }) => `${name}=${quoted(value)}`)
  const rest = others.length - pairs.length
  const cells = [
    at?.slice(11, 23) ?? NO_TIME,
    edge,
    signal.padEnd(SIGNAL_WIDTH),
    service,
    title,
    text,
    traceId ? `trace=${traceId}` : '',
    [...pairs, ...(rest > 0 ? [`and ${rest} more`] : [])].join(' '),
  ]
  return `${harmless(cells.filter((cell) => cell !== '').join('  '))}\n`
}

function quoted(value: string): string {
  return PLAIN.test(value) ? value : JSON.stringify(value)
}

/**
 * Telemetry is what others wrote: line ends would fake lines, and escapes would steer the terminal.
 */
function harmless(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (one) => ESCAPES[one] ?? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
