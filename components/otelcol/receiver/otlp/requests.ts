import { Code, type GrpcRequest, type HttpAnswer, type HttpRequest, StatusError } from '#net'
import { type ClientInfo, receiveBatch, type Signal } from '#pdata'
import type { Intake } from '#sdk'
import { type Encoding, encodeResponse, jsonToRequest, MalformedData } from '#wire'

/** What both protocols know of who sent a request. */
interface Sender {
  readonly peer: string
  readonly auth: ReadonlyMap<string, string>
  headers(): ReadonlyMap<string, readonly string[]>
}

const NO_METADATA: ReadonlyMap<string, readonly string[]> = new Map()

/** Turns requests into batches and what became of them into answers. */
export class Requests {
  readonly #intake: Intake

  constructor(intake: Intake) {
    this.#intake = intake
  }

  async grpc(signal: Signal, request: GrpcRequest, metadata: boolean): Promise<Uint8Array> {
    await this.#take(signal, request.message, senderOf(request, metadata))
    return encodeResponse(signal, 'protobuf')
  }

  async http(signal: Signal, request: HttpRequest, metadata: boolean): Promise<HttpAnswer> {
    const { contentType, body } = request
    const encoding: Encoding = contentType === 'application/json' ? 'json' : 'protobuf'
    const bytes = encoding === 'json' ? reading(() => jsonToRequest(signal, body)) : body
    await this.#take(signal, bytes, senderOf(request, metadata))
    return { status: 200, contentType, body: encodeResponse(signal, encoding) }
  }

  async #take(signal: Signal, bytes: Uint8Array, client: ClientInfo): Promise<void> {
    const batch = reading(() => receiveBatch(signal, bytes, client))
    if (batch.items > 0) await this.#intake.deliver(batch)
  }
}

function senderOf(sender: Sender, metadata: boolean): ClientInfo {
  const { peer: address, auth } = sender
  return { address, auth, metadata: metadata ? sender.headers() : NO_METADATA }
}

/** What cannot be read is the sender's fault, and trying again cannot help. */
function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MalformedData)) throw error
    throw new StatusError(Code.INVALID_ARGUMENT, error.message, { cause: error })
  }
}
