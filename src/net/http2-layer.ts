/**
 * What gRPC needs of HTTP/2. A server calls `open` for each request; from then on it tells the sink
 * what comes, and the sink answers once.
 */

/** Names are lower-case; pseudo-headers (`:path`, `:method`) are among them. */
export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>

export interface ServerStream {
  readonly headers: HeaderFields
  /** The address of the sender without its port; empty for connections that have none. */
  readonly peer: string
  /**
   * Headers, a body, trailers. Nothing happens when the stream is gone. The bytes must not be
   * changed any more.
   */
  answer(headers: HeaderFields, body: readonly Uint8Array[], trailers: HeaderFields): void
  /** Headers alone. What still comes of the request is not read. */
  refuse(headers: HeaderFields): void
}

export interface StreamSink {
  /** A slice of what the socket read, gone when this returns: what is to stay must be copied. */
  data(chunk: Buffer): void
  /** The request is complete. */
  end(): void
  /** The stream is closed, answered or not; nothing more is told. */
  gone(): void
}

export type OpenStream = (stream: ServerStream) => StreamSink

/** One connection to a server, open until it says otherwise. */
export interface ClientConnection {
  /** Headers with `:method` and `:path`, then the body, which must not be changed any more. */
  request(headers: HeaderFields, body: readonly Uint8Array[], sink: AnswerSink): ClientStream
  /** Asks whether the server is still there; without an answer in time the connection is closed. */
  probe(): void
  /** Lets requests under way finish. */
  close(): void
  destroy(): void
}

export interface ClientStream {
  /** The answer is no longer wanted. The sink is told nothing more. */
  cancel(): void
}

/**
 * Hears `headers`, `data` any number of times, perhaps `trailers`; last of all `end` or `failed`.
 */
export interface AnswerSink {
  headers(headers: HeaderFields): void
  /** A slice of what the socket read, gone when this returns: what is to stay must be copied. */
  data(chunk: Buffer): void
  trailers(headers: HeaderFields): void
  end(): void
  /** There is no whole answer. `unprocessed`: the server surely did not look at the request. */
  failed(reason: string, unprocessed: boolean): void
}

/** What a connection tells its owner. */
export interface ConnectionEvents {
  /** Requests may be sent. */
  ready(): void
  /**
   * No more requests may be sent; those under way may go on. `reason` is set when it was not asked
   * for.
   */
  leaving(reason: string | undefined): void
  /** Nothing is under way any more. */
  closed(): void
}
