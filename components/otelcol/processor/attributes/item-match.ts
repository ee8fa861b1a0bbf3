import { type Attributes, attributeKey, type Message, type ValueView } from '#pdata'
import { compileRe2 } from '#sdk'
import { ENUMS, FIELD } from '#wire'
import { isSameValue, toAttributeValue } from './config-value.js'
import { type MatchArguments, SEVERITIES } from './match-arguments.js'

type TextMatch = (text: string) => boolean

interface AttributeMatch {
  readonly key: Uint8Array
  readonly fits: (value: ValueView) => boolean
}

const SERVICE_NAME = attributeKey('service.name')
/** What the peer compares with where a resource has no service name. */
const NO_SERVICE = '<nil-service-name>'
const UNDEFINED_SEVERITY = 0

/** An include or exclude block at work. Each level is asked on its own; all must agree. */
export class ItemMatch {
  readonly #values: MatchArguments
  readonly #services: TextMatch | undefined
  readonly #resource: readonly AttributeMatch[]
  readonly #libraries: readonly { name: TextMatch; version: TextMatch | undefined }[]
  readonly #names: TextMatch | undefined
  readonly #kinds: TextMatch | undefined
  readonly #bodies: TextMatch | undefined
  readonly #severityTexts: TextMatch | undefined
  readonly #metricNames: TextMatch | undefined
  readonly #attributes: readonly AttributeMatch[]
  /** Whether anything but the resource counts. */
  readonly looksInside: boolean

  /** For arguments that were checked. */
  constructor(values: MatchArguments) {
    const isRegexp = values.match_type === 'regexp'
    const text = (texts: readonly string[]) => textMatch(texts, isRegexp)
    this.#values = values
    this.#services = text(values.services)
    this.#resource = values.resource.map((one) => attributeMatch(one, isRegexp))
    this.#libraries = values.library.map(({ name, version }) => ({
      name: text([name])!,
      version: version === undefined ? undefined : text([version]),
    }))
    this.#names = text(values.span_names)
    this.#kinds = text(values.span_kinds)
    this.#bodies = text(values.log_bodies)
    this.#severityTexts = text(values.log_severity_texts)
    this.#metricNames = text(values.metric_names)
    this.#attributes = values.attribute.map((one) => attributeMatch(one, isRegexp))
    const { services, resource, match_type, regexp, ...inside } = values
    this.looksInside = Object.values(inside).some((one) =>
      Array.isArray(one) ? one.length > 0 : one !== undefined,
    )
  }

  resource({ attributes }: Message): boolean {
    if (this.#services) {
      const service = attributes.get(SERVICE_NAME)?.toText() ?? NO_SERVICE
      if (!this.#services(service)) return false
    }
    return this.#resource.every((one) => fits(one, attributes))
  }

  scope(scope: Message): boolean {
    if (this.#libraries.length === 0) return true
    const name = scope.text(FIELD.InstrumentationScope.name)
    const version = scope.text(FIELD.InstrumentationScope.version)
    return this.#libraries.some((one) => one.name(name) && (!one.version || one.version(version)))
  }

  /** A span, metric or log record, its attributes aside. */
  record(record: Message): boolean {
    switch (record.shape.name) {
      case 'Span':
        return this.#span(record)
      case 'LogRecord':
        return this.#logRecord(record)
      default:
        return this.#metricNames?.(record.text(FIELD.Metric.name)) ?? true
    }
  }

  /** Those of a span, log record or data point. */
  attributes(attributes: Attributes): boolean {
    return this.#attributes.every((one) => fits(one, attributes))
  }

  #span(span: Message): boolean {
    if (this.#names && !this.#names(span.text(FIELD.Span.name))) return false
    const kind = () => ENUMS.SpanKind[span.number(FIELD.Span.kind)] ?? ''
    return this.#kinds?.(kind()) ?? true
  }

  #logRecord(record: Message): boolean {
    const { LogRecord } = FIELD
    if (this.#bodies && !this.#bodies(record.value(LogRecord.body).toText())) return false
    if (this.#severityTexts && !this.#severityTexts(record.text(LogRecord.severityText))) {
      return false
    }
    const severity = this.#values.log_severity
    if (!severity) return true
    const number = record.number(LogRecord.severityNumber)
    if (number === UNDEFINED_SEVERITY) return severity.match_undefined
    return number >= SEVERITIES.indexOf(severity.min)
  }
}

function fits({ key, fits }: AttributeMatch, attributes: Attributes): boolean {
  const value = attributes.get(key)
  return value !== undefined && fits(value)
}

/** Undefined where there is nothing to fit. */
function textMatch(texts: readonly string[], isRegexp: boolean): TextMatch | undefined {
  if (texts.length === 0) return undefined
  if (!isRegexp) {
    const all = new Set(texts)
    return (text) => all.has(text)
  }
  const patterns = texts.map((text) => compileRe2(text))
  return (text) => patterns.some((pattern) => pattern.test(text))
}

function attributeMatch(
  { key, value }: MatchArguments['attribute'][number],
  isRegexp: boolean,
): AttributeMatch {
  const where = { key: attributeKey(key) }
  if (value === undefined || value === null) return { ...where, fits: () => true }
  if (isRegexp) {
    const pattern = compileRe2(String(value))
    return { ...where, fits: (found) => SCALARS.has(found.kind) && pattern.test(found.toText()) }
  }
  if (typeof value === 'string') {
    const utf8 = attributeKey(value)
    return { ...where, fits: (found) => found.isString(utf8) }
  }
  const wanted = toAttributeValue(value)!
  return { ...where, fits: (found) => isSameValue(found.decode(), wanted) }
}

/** What patterns are tried on. */
const SCALARS: ReadonlySet<string> = new Set(['string', 'bool', 'int', 'double'])
