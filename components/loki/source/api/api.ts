import {
  Code,
  decompress,
  type HttpAnswer,
  HttpBlockServer,
  type HttpRequest,
  type HttpRoute,
  httpServerBlock,
  parseEncoding,
  refusingMalformed,
  StatusError,
} from '#net'
import { Batch, type EntryBatch, EntryBatchBuilder, EntryReader, receiveBatch } from '#pdata'
import type { RelabelRules } from '#relabel'
import {
  type Activating,
  type ArgumentsOf,
  attributes,
  boolean,
  type Component,
  type Context,
  defineReceiver,
  duration,
  forwardTo,
  type Intake,
  map,
  relabelRules,
  size,
  type,
} from '#sdk'
import { pairsOf, relabelling, StreamLabels, TENANT_LABEL } from '../../shared/stream-labels.js'
import { readPushJson } from './push-json.js'

const schema = attributes({
  forward_to: forwardTo('entries'),
  labels: map(type.string(), { default: {}, about: 'Labels that every stream gets.' }),
  relabel_rules: relabelRules<RelabelRules>({
    about: 'Rules for labels: the `rules` of a loki.relabel.',
  }),
  use_incoming_timestamp: boolean({
    default: false,
    about: 'Keeps the times of senders; else entries have the time at which they came.',
  }),
  max_send_message_size: size({
    default: '100MiB',
    min: '1KiB',
    about: 'The largest body, also after decompression.',
  }),
  graceful_shutdown_timeout: duration({
    default: '30s',
    about: 'Has no effect: requests under way are waited for as long as the agent may take.',
  }),
  http: httpServerBlock,
})

export default defineReceiver({
  name: 'loki.source.api',
  stability: 'generally-available',
  about: "Takes log entries over Loki's push API.",
  schema,
  create: (context, values, intake) => new LokiSourceApi(context, values, intake),
})

const PUSH_PATHS = ['/loki/api/v1/push', '/api/v1/push']

class LokiSourceApi implements Component, Activating {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #intake: Intake<'entries'>
  readonly #labels: StreamLabels
  #server: HttpBlockServer | undefined

  constructor(context: Context, values: ArgumentsOf<typeof schema>, intake: Intake<'entries'>) {
    this.#context = context
    this.#values = values
    this.#intake = intake
    const change = values.relabel_rules && relabelling(values.relabel_rules.rules)
    this.#labels = new StreamLabels((labels, tenant) => {
      const all = [...labels, ...[...values.labels].flat()]
      const changed = change ? change(all) : all
      if (!changed) return undefined
      const shown = pairsOf(changed).filter(([name]) => !name.startsWith('__'))
      return [TENANT_LABEL, tenant, ...shown.flat()]
    })
  }

  async start(): Promise<void> {
    const { http, max_send_message_size: bytesMax } = this.#values
    const push: HttpRoute = {
      methods: ['POST'],
      refusal: (contentType, bytes) =>
        this.#intake.refusal('entries', contentType === 'application/json' ? 0 : bytes),
      handle: (request) => this.#push(request),
    }
    const ready: HttpRoute = {
      methods: ['GET'],
      handle: () => Promise.resolve({ status: 200, contentType: TEXT, body: READY }),
    }
    const routes = new Map([
      ...PUSH_PATHS.map((path) => [path, push] as const),
      ...['/loki/ready', '/ready'].map((path) => [path, ready] as const),
    ])
    this.#server = await HttpBlockServer.open(this.#context, http, routes, bytesMax)
  }

  activate(): void {
    this.#server!.activate()
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    await this.#server?.stop(giveUp)
  }

  /** Answered once the entries are somewhere safe. */
  async #push(request: HttpRequest): Promise<HttpAnswer> {
    const { max_send_message_size: limit } = this.#values
    const isJson = request.contentType === 'application/json'
    const body = await decompress(encodingOf(request, isJson), request.body, limit)
    const tenant = request.header('x-scope-orgid') ?? ''
    const batch = refusingMalformed(() => {
      const read = isJson ? readPushJson(body) : receiveBatch('entries', body)
      const { chunks, items, bytes } = this.#isSame(read, tenant)
        ? read
        : this.#relabelled(read, tenant)
      const client = { address: request.peer, auth: request.auth, metadata: NO_METADATA }
      return new Batch('entries', chunks, items, bytes, client)
    })
    if (batch.items > 0) await this.#intake.deliver(batch, request)
    return { status: 204 }
  }

  /** It may pass on as it came. */
  #isSame(batch: EntryBatch, tenant: string): boolean {
    if (!this.#values.use_incoming_timestamp) return false
    const reader = new EntryReader(batch)
    while (reader.nextStream()) {
      const { labels } = reader
      if (this.#labels.of(labels, tenant) !== labels) return false
    }
    return true
  }

  #relabelled(batch: EntryBatch, tenant: string): EntryBatch {
    const { use_incoming_timestamp: keepsTime } = this.#values
    const now = this.#context.clock.now()
    const seconds = Math.floor(now / 1000)
    const nanos = Math.floor((now - seconds * 1000) * 1e6)
    const builder = new EntryBatchBuilder(batch.bytes + 1024)
    const reader = new EntryReader(batch)
    let dropped = 0
    while (reader.nextStream()) {
      const labels = this.#labels.of(reader.labels, tenant)
      if (labels !== undefined) builder.beginStream(labels)
      while (reader.nextEntry()) {
        if (labels === undefined) dropped++
        else if (keepsTime) builder.copy(reader.bytes, reader.entryStart, reader.entryEnd)
        else addAt(builder, reader, seconds, nanos)
      }
      if (labels !== undefined) builder.endStream()
    }
    const { ledger } = this.#context
    ledger.enter('entries', dropped)
    if (dropped > 0) ledger.drop('entries', dropped, 'relabelled')
    return builder.take()
  }
}

const TEXT = 'text/plain; charset=utf-8'
const NO_METADATA: ReadonlyMap<string, readonly string[]> = new Map()
const READY = Buffer.from('ready\n')

function addAt(
  builder: EntryBatchBuilder,
  { bytes, lineStart, lineEnd, metadataBytes, metadataStart, metadataEnd }: EntryReader,
  seconds: number,
  nanos: number,
): void {
  const line = bytes.subarray(lineStart, lineEnd)
  builder.entry(seconds, nanos, line, metadataBytes, metadataStart, metadataEnd)
}

/** Protobuf is always snappy, whether the sender says so or not. */
function encodingOf(request: HttpRequest, isJson: boolean) {
  const token = request.header('content-encoding')
  const encoding = parseEncoding(token)
  if (!isJson && (encoding === 'identity' || encoding === 'snappy')) return 'snappy'
  if (isJson && (encoding === 'identity' || encoding === 'gzip' || encoding === 'deflate')) {
    return encoding
  }
  const text = `unsupported Content-Encoding: ${token?.slice(0, 64)}`
  throw new StatusError(Code.INVALID_ARGUMENT, text)
}
