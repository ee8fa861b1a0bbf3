import { type Batch, type EntryBatch, labelText } from '#pdata'
import { asBuffer, ENUMS, endOfValue, endOfVarint, FIELD, FieldReader, type Writer } from '#wire'
import { HintRows, isBlank, promote, takeValues, textOf } from './hints.js'
import { LineWriter } from './line-writer.js'
import { LogRecordView } from './log-record.js'
import { PlainRecords } from './plain-records.js'
import { Lists, type Plan, ResourceLabels } from './resource-labels.js'
import { type Stream, Streams } from './streams.js'

const {
  ExportLogsServiceRequest,
  ResourceLogs,
  ScopeLogs,
  StreamAdapter,
  EntryAdapter,
  Timestamp,
} = FIELD
const RECORD_TAG = (ScopeLogs.logRecords << 3) | 2
/** Most lines are longer than 127 bytes and shorter than 16 KiB. */
const LENGTH_BYTES = 2
const RESOURCES_KEPT_MAX = 1000
const NOTHING = Buffer.alloc(0)

/** `INFO` and the like, by number; none for what is not specified. */
const LEVELS = ENUMS.SeverityNumber.map((name, number) =>
  number === 0 ? '' : name.replace('SEVERITY_NUMBER_', ''),
)

/**
 * OTLP log records as entries of Loki: which labels they have, and what their lines are. From bytes
 * to bytes; what resources give is worked out once and kept.
 */
export class LogsToEntries {
  readonly #now: () => number
  readonly #byScript: boolean
  readonly #streams = new Streams()
  readonly #lists = new Lists()
  readonly #plain = new PlainRecords(this.#streams, (plan, severity) =>
    this.#streamOfLevel(plan, severity),
  )
  readonly #lines = new LineWriter()
  readonly #record = new LogRecordView()
  readonly #hints = new HintRows()
  /** By their bytes. */
  readonly #resources = new Map<string, ResourceLabels>()
  #resource!: ResourceLabels
  readonly #outer = new FieldReader(NOTHING, 0, 0)
  readonly #inner = new FieldReader(NOTHING, 0, 0)
  readonly #scopes = new FieldReader(NOTHING, 0, 0)

  /**
   * `now` is for records that have no time, in milliseconds since the epoch. JavaScript alone gives
   * the same (`byScript`), in three times the time.
   */
  constructor(now: () => number, byScript = false) {
    this.#now = now
    this.#byScript = byScript
  }

  convert({ chunks, client, gathering }: Batch<'logs'>): EntryBatch {
    const streams = this.#streams
    if (streams.isFull || this.#resources.size >= RESOURCES_KEPT_MAX) {
      streams.forget()
      this.#resources.clear()
    }
    streams.begin()
    this.#plain.begin(this.#byScript)
    for (const chunk of chunks) {
      const bytes = asBuffer(chunk)
      const reader = this.#outer
      reader.reset(bytes, 0, bytes.length)
      while (reader.next()) {
        if (reader.number !== ExportLogsServiceRequest.resourceLogs) continue
        this.#takeResource(bytes, reader.value, reader.end)
      }
    }
    this.#plain.finish()
    return streams.write({ client, gathering })
  }

  #takeResource(bytes: Buffer, start: number, end: number): void {
    const reader = this.#inner
    reader.reset(bytes, start, end)
    let [from, until] = [start, start]
    while (reader.next()) {
      if (reader.number === ResourceLogs.resource) [from, until] = [reader.value, reader.end]
    }
    this.#resource = this.#resourceAt(bytes, from, until)
    reader.reset(bytes, start, end)
    while (reader.next()) {
      if (reader.number !== ResourceLogs.scopeLogs) continue
      this.#takeScope(bytes, reader.value, reader.end)
    }
  }

  #resourceAt(bytes: Buffer, start: number, end: number): ResourceLabels {
    const key = bytes.toString('latin1', start, end)
    let resource = this.#resources.get(key)
    if (!resource) {
      resource = new ResourceLabels(Buffer.from(bytes.subarray(start, end)), this.#lists)
      this.#resources.set(key, resource)
    }
    return resource
  }

  #takeScope(bytes: Buffer, start: number, end: number): void {
    const reader = this.#scopes
    reader.reset(bytes, start, end)
    let [from, until] = [start, start]
    while (reader.next()) {
      if (reader.number === ScopeLogs.scope) [from, until] = [reader.value, reader.end]
    }
    this.#lines.setScope(bytes, from, until)
    const { format } = this.#resource
    const plan = this.#resource.planFor()
    const isPlain = this.#plain.setPlan(plan, this.#lines.tailOf(plan), format)
    for (let pos = start; pos < end; ) {
      if (isPlain && bytes[pos] === RECORD_TAG) pos = this.#plain.write(bytes, pos, end)
      if (pos === end) break
      const tag = bytes[pos]!
      const value = endOfVarint(bytes, pos)
      pos = endOfValue(bytes, value, tag & 7)
      if (tag !== RECORD_TAG) continue
      this.#record.load(bytes, endOfVarint(bytes, value), pos)
      this.#takeRecord()
    }
  }

  #takeRecord(): void {
    const record = this.#record
    const rows = record.attributes
    const hints = this.#hints
    hints.find(rows)
    const asked = hints.resource < 0 ? undefined : this.#lists.labels.at(rows, hints.resource)
    const plan = this.#resource.planFor(asked)
    const stream = this.#streamOf(plan)
    let format = this.#resource.format
    if (format === undefined && hints.format >= 0) format = textOf(rows, hints.format)
    this.#plain.release(stream)
    const writer = this.#streams.next(stream)
    const entry = writer.begin(StreamAdapter.entries, LENGTH_BYTES)
    this.#writeTime(writer)
    const line = writer.begin(EntryAdapter.line, LENGTH_BYTES)
    this.#lines.write(writer, record, plan, format)
    writer.end(line, LENGTH_BYTES)
    writer.end(entry, LENGTH_BYTES)
  }

  #writeTime(writer: Writer): void {
    let { seconds, nanos } = this.#record
    if (seconds === 0 && nanos === 0) {
      const now = this.#now()
      seconds = Math.floor(now / 1000)
      nanos = Math.floor((now - seconds * 1000) * 1e6)
    }
    const time = writer.begin(EntryAdapter.timestamp)
    writer.tag(Timestamp.seconds, 0)
    writer.int64(seconds)
    if (nanos !== 0) {
      writer.tag(Timestamp.nanos, 0)
      writer.varint(nanos)
    }
    writer.end(time)
  }

  /** Takes out of the record what becomes its labels. */
  #streamOf(plan: Plan): Stream {
    const { severityNumber: severity, attributes: rows } = this.#record
    const hints = this.#hints
    const tenant = this.#resource.hasTenant ? -1 : hints.tenant
    const level = severity > 0 && hints.level >= 0 && !isBlank(rows, hints.level) ? hints.level : -1
    if (hints.attributes < 0 && tenant < 0 && level < 0) {
      return this.#streamOfLevel(plan, severity)
    }
    return this.#streamByValues(plan, tenant, level)
  }

  #streamOfLevel(plan: Plan, severity: number): Stream {
    const known = plan.bySeverity[severity]
    if (known) return known
    const stream = this.#streams.of(labelText(withLevel(plan.labels, LEVELS[severity])))
    plan.bySeverity[severity] = stream
    return stream
  }

  /** With labels of its own: rows that are -1 are not there. */
  #streamByValues(plan: Plan, tenant: number, level: number): Stream {
    const { severityNumber: severity, attributes: rows } = this.#record
    const { attributes } = this.#hints
    const named = attributes < 0 ? undefined : this.#lists.labels.at(rows, attributes)
    const tenants = tenant < 0 ? undefined : this.#lists.tenants.at(rows, tenant)
    let key = `${severity},${named?.id},${tenants?.id},`
    const text = level < 0 ? '' : textOf(rows, level)
    key += `${text.length}:${text}`
    if (named) key += takeValues(rows, named.hints)
    if (tenants) key += takeValues(rows, tenants.hints)
    if (level >= 0) rows.take(level)
    const known = plan.byValues.get(key)
    if (known) return known
    const labels = withLevel(plan.labels, level < 0 ? LEVELS[severity] : text)
    if (named) promote(rows, named.hints, labels)
    if (tenants) promote(rows, tenants.hints, labels)
    const stream = this.#streams.of(labelText(labels))
    plan.byValues.set(key, stream)
    return stream
  }
}

/** Without one, the resource may have given it. */
function withLevel(labels: readonly string[], level: string | undefined): string[] {
  return level ? [...labels, 'level', level] : [...labels]
}
