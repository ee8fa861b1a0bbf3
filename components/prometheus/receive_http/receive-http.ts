import {
  Code,
  decompress,
  type HttpAnswer,
  HttpBlockServer,
  type HttpRequest,
  httpServerBlock,
  refusingMalformed,
  StatusError,
} from '#net'
import { type ReceivedWrite, receiveWriteOne, receiveWriteTwo, type SampleBatch } from '#pdata'
import {
  type Activating,
  type ArgumentsOf,
  attributes,
  boolean,
  type Component,
  type Context,
  defineReceiver,
  forwardTo,
  type Intake,
  list,
  Permanent,
  size,
  type,
} from '#sdk'
import { MESSAGE_ONE, MESSAGE_TWO, type WriteMessage, writeMessage } from './write-message.js'

const schema = attributes({
  forward_to: forwardTo('samples'),
  accepted_remote_write_protobuf_messages: list(type.choice([MESSAGE_ONE, MESSAGE_TWO]), {
    default: [MESSAGE_ONE],
    about: 'The messages it takes: those of remote-write 1.0 and 2.0.',
  }),
  append_metadata: boolean({
    default: false,
    about: 'Whether help, type and unit of metrics are sent on.',
  }),
  enable_type_and_unit_labels: boolean({
    default: false,
    about: 'Adds the labels __type__ and __unit__ to series of 2.0.',
  }),
  max_request_body_size: size({
    default: '32MiB',
    min: '1KiB',
    about: 'The largest body, also after decompression.',
  }),
  http: httpServerBlock,
})

export default defineReceiver({
  name: 'prometheus.receive_http',
  stability: 'generally-available',
  about: 'Takes samples over the remote-write protocol of Prometheus.',
  schema,
  create: (context, values, intake) => new ReceiveHttp(context, values, intake),
})

const PATH = '/api/v1/metrics/write'

class ReceiveHttp implements Component, Activating {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #intake: Intake<'samples'>
  #server: HttpBlockServer | undefined

  constructor(context: Context, values: ArgumentsOf<typeof schema>, intake: Intake<'samples'>) {
    this.#context = context
    this.#values = values
    this.#intake = intake
  }

  async start(): Promise<void> {
    const { http, max_request_body_size: bytesMax } = this.#values
    const write = {
      methods: ['POST'],
      refusal: (_: string, bytes: number) => this.#intake.refusal('samples', bytes),
      handle: (request: HttpRequest) => this.#write(request),
    }
    const routes = new Map([[PATH, write]])
    this.#server = await HttpBlockServer.open(this.#context, http, routes, bytesMax)
  }

  activate(): void {
    this.#server!.activate()
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    await this.#server?.stop(giveUp)
  }

  /**
   * Answered once the samples are somewhere safe. Series that break the data model are left out,
   * and answered with 400 once the others are: the sender need not, and does not, try again.
   */
  async #write(request: HttpRequest): Promise<HttpAnswer> {
    const message = this.#messageOf(request)
    const { max_request_body_size: limit } = this.#values
    const body = await decompress('snappy', request.body, limit)
    const { batch, counts, refused, reason } = this.#read(message, body, request)
    if (batch.chunks.length > 0) await this.#deliver(batch, request)
    const { ledger } = this.#context
    const headers = message === MESSAGE_TWO ? written(counts) : {}
    if (reason === undefined) return { status: 204, headers }
    ledger.enter('samples', refused)
    if (refused > 0) ledger.drop('samples', refused, 'invalid series')
    throw new StatusError(Code.INVALID_ARGUMENT, reason, { headers })
  }

  /** What nobody behind takes, ever, must not be a 5xx: senders try that again for ever. */
  async #deliver(batch: SampleBatch, request: HttpRequest): Promise<void> {
    try {
      await this.#intake.deliver(batch, request)
    } catch (error) {
      if (!(error instanceof Permanent) || error.code !== undefined) throw error
      throw new StatusError(Code.INTERNAL, error.message, { httpStatus: 422, cause: error })
    }
  }

  #messageOf({ header }: HttpRequest): WriteMessage {
    const { accepted_remote_write_protobuf_messages: accepted } = this.#values
    const message = writeMessage(header('content-type') ?? '')
    if (!message || !accepted.includes(message)) {
      throw unsupported(`content type is not accepted; send ${accepted.map(typeOf).join(' or ')}`)
    }
    const encoding = header('content-encoding') ?? ''
    if (!/^(snappy)?$/i.test(encoding.trim())) {
      throw unsupported('content encoding is not accepted; send snappy')
    }
    return message
  }

  #read(message: WriteMessage, body: Uint8Array, { peer, auth }: HttpRequest): ReceivedWrite {
    const { append_metadata: metadata, enable_type_and_unit_labels } = this.#values
    const options = { metadata, typeAndUnitLabels: enable_type_and_unit_labels }
    const client = { address: peer, auth, metadata: NO_METADATA }
    const receive = message === MESSAGE_TWO ? receiveWriteTwo : receiveWriteOne
    return refusingMalformed(() => receive(body, options, client))
  }
}

const NO_METADATA: ReadonlyMap<string, readonly string[]> = new Map()

/** Senders of 2.0 know by these headers that they were understood. */
function written({ sample, histogram, exemplar }: ReceivedWrite['counts']) {
  return {
    'x-prometheus-remote-write-samples-written': String(sample),
    'x-prometheus-remote-write-histograms-written': String(histogram),
    'x-prometheus-remote-write-exemplars-written': String(exemplar),
  }
}

function typeOf(message: WriteMessage): string {
  return `application/x-protobuf;proto=${message}`
}

function unsupported(text: string): StatusError {
  return new StatusError(Code.INVALID_ARGUMENT, text, { httpStatus: 415 })
}
