import type { ExpositionFormat } from './parser.js'

const FORMAT_OF: ReadonlyMap<string, ExpositionFormat> = new Map([
  ['text/plain', 'PrometheusText'],
  ['application/openmetrics-text', 'OpenMetricsText'],
  ['application/vnd.google.protobuf', 'PrometheusProto'],
])

/** The protocols of `scrape_protocols`, and what each is in an Accept header. */
const MEDIA_TYPE = {
  PrometheusProto:
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
} as const
export type ScrapeProtocol = keyof typeof MEDIA_TYPE
export const SCRAPE_PROTOCOLS = Object.keys(MEDIA_TYPE) as readonly ScrapeProtocol[]

/** How a target is to write names that are not of letters, digits, "_" and ":" alone. */
export type EscapingScheme = 'allow-utf-8' | 'underscores' | 'dots' | 'values'

/**
 * The Accept header that offers `protocols`, the best first, and anything at last. The scheme goes
 * with the versions that know of it.
 */
export function acceptHeader(
  protocols: readonly ScrapeProtocol[],
  escaping: EscapingScheme,
): string {
  const best = SCRAPE_PROTOCOLS.length + 1
  const offers = protocols.map((protocol, n) => {
    const knowsEscaping = protocol.endsWith('1.0.0')
    const scheme = knowsEscaping ? `;escaping=${escaping}` : ''
    return `${MEDIA_TYPE[protocol]}${scheme};q=0.${best - n}`
  })
  return [...offers, `*/*;q=0.${best - protocols.length}`].join(',')
}

export interface ChosenFormat {
  /** Undefined where the body cannot be read: the scrape fails. */
  readonly format: ExpositionFormat | undefined
  /** What is wrong with the Content-Type, if anything is. */
  readonly fault: string | undefined
}

/** What a body is, by its Content-Type, or else by the protocol to fall back to. */
export function chooseFormat(
  contentType: string | undefined,
  fallback: ScrapeProtocol | undefined,
): ChosenFormat {
  if (!contentType) return fallBack('the target sent no Content-Type', fallback)
  const found = mediaTypeOf(contentType)
  if ('fault' in found) {
    return fallBack(`the Content-Type ${quote(contentType)} has ${found.fault}`, fallback)
  }
  const format = FORMAT_OF.get(found.mediaType)
  if (format !== undefined) return { format, fault: undefined }
  return fallBack(`the Content-Type ${quote(contentType)} is none of a scrape`, fallback)
}

/** A protocol by its name, which may have "_" in place of each ".". */
export function scrapeProtocol(name: string): ScrapeProtocol | undefined {
  const dotted = name.replaceAll('_', '.')
  return SCRAPE_PROTOCOLS.find((protocol) => protocol === dotted)
}

function fallBack(reason: string, fallback: ScrapeProtocol | undefined): ChosenFormat {
  if (fallback === undefined) {
    return { format: undefined, fault: `${reason}, and scrape_fallback_protocol is not set` }
  }
  const format = FORMAT_OF.get(MEDIA_TYPE[fallback].split(';', 1)[0]!)
  return { format, fault: `${reason}; it is read as ${fallback}` }
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/

/**
 * The media type in lower case (RFC 9110, section 8.3.1). Its parameters must be well-formed, and
 * not say two things under one name.
 */
function mediaTypeOf(text: string): { mediaType: string } | { fault: string } {
  const [type = '', ...rest] = text.split(';')
  const mediaType = type.trim().toLowerCase()
  const [first, second, third] = mediaType.split('/').map((part) => TOKEN.exec(part)?.[0] === part)
  if (!first) return { fault: 'no media type' }
  if (second === false) return { fault: 'no token after its slash' }
  if (third !== undefined) return { fault: 'more than one slash' }
  const fault = parameterFault(rest.join(';'))
  return fault ? { fault } : { mediaType }
}

const PARAMETER = /^\s*([^\s=;"]+)=("(?:[^"\\]|\\.)*"|[^\s;"]+)\s*(?:;|$)/s

function parameterFault(text: string): string | undefined {
  const values = new Map<string, string>()
  let rest = text
  while (rest.trim() !== '') {
    const [whole, name, value] = PARAMETER.exec(rest) ?? []
    if (whole === undefined) return 'a parameter that is none'
    const key = name!.toLowerCase()
    if ((values.get(key) ?? value) !== value) return `two values for ${quote(name!)}`
    values.set(key, value!)
    rest = rest.slice(whole.length)
  }
  return undefined
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
