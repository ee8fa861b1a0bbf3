import { type GrpcRequest, type HttpAnswer, type HttpRequest, refusingMalformed } from '#net'
import { type ClientInfo, type OtlpSignal, receiveBatch } from '#pdata'
import type { Caller, Intake, Retryable } from '#sdk'
import { type Encoding, encodeResponse, jsonToRequest } from '#wire'

/** What both protocols know of who sent a request. */
interface Sender extends Caller {
  readonly peer: string
  readonly auth: ReadonlyMap<string, string>
  headers(): ReadonlyMap<string, readonly string[]>
}

export const JSON_TYPE = 'application/json'
export const PROTOBUF = 'application/x-protobuf'

const NO_METADATA: ReadonlyMap<string, readonly string[]> = new Map()

/** Turns requests into batches and what became of them into answers. */
export class Requests {
  readonly #intake: Intake<OtlpSignal>
  /** Requests that were refused before they were read. */
  readonly unread: Record<OtlpSignal, number> = { traces: 0, metrics: 0, logs: 0 }

  constructor(intake: Intake<OtlpSignal>) {
    this.#intake = intake
  }

  async grpc(signal: OtlpSignal, request: GrpcRequest, metadata: boolean): Promise<Uint8Array> {
    await this.#take(signal, request.message, request, metadata)
    return encodeResponse(signal, 'protobuf')
  }

  async http(signal: OtlpSignal, request: HttpRequest, metadata: boolean): Promise<HttpAnswer> {
    const { contentType, body } = request
    const encoding: Encoding = contentType === JSON_TYPE ? 'json' : 'protobuf'
    const bytes = encoding === 'json' ? refusingMalformed(() => jsonToRequest(signal, body)) : body
    await this.#take(signal, bytes, request, metadata)
    return { status: 200, contentType, body: encodeResponse(signal, encoding) }
  }

  /** Why a request that is still to be read will be refused; `bytes` are its least. */
  refusal(signal: OtlpSignal, contentType: string, bytes: number): Retryable | undefined {
    // JSON is larger than what it becomes.
    const least = contentType === JSON_TYPE ? 0 : bytes
    const refusal = this.#intake.refusal(signal, least)
    if (refusal) this.unread[signal]++
    return refusal
  }

  async #take(
    signal: OtlpSignal,
    bytes: Uint8Array,
    sender: Sender,
    metadata: boolean,
  ): Promise<void> {
    const batch = refusingMalformed(() => receiveBatch(signal, bytes, clientOf(sender, metadata)))
    if (batch.items > 0) await this.#intake.deliver(batch, sender)
  }
}

function clientOf(sender: Sender, metadata: boolean): ClientInfo {
  const { peer: address, auth } = sender
  return { address, auth, metadata: metadata ? sender.headers() : NO_METADATA }
}
