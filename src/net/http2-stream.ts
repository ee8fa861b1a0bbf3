import { WINDOW_BYTES_DEFAULT } from './http2-frames.js'
import type { HeaderSection, SectionKind } from './http2-headers.js'

/** What each stream may send us before we tell of a larger window. */
export const STREAM_WINDOW_BYTES = 4 * 1024 * 1024

/** How a stream ended when it was not by both sides being done. */
export interface StreamEnd {
  readonly reason: string
  /** Of the RST_STREAM that came; undefined when none did. */
  readonly code: number | undefined
}

/** A body on its way out. */
export interface Outgoing {
  readonly chunks: readonly Uint8Array[]
  /** The next byte: which chunk, and where in it. */
  index: number
  offset: number
  /** Bytes that are still to be sent. */
  left: number
  /** A header block behind the body. */
  readonly trailers: Uint8Array | undefined
  /** Whether any of it has left since somebody looked. */
  hasMoved: boolean
  /** It waits for its turn, and not for its window. */
  isReady: boolean
}

/**
 * One request and its answer:
 *
 *              the other side is done              we are done
 *   open ---------------------------> remote closed ---------> closed
 *     |                                                          ^
 *     +---------------------------> local closed ----------------+
 *              we are done                  the other side is done
 *
 * RST_STREAM from either side closes it from anywhere.
 */
export abstract class Http2Stream {
  id: number
  isRemoteClosed = false
  isLocalClosed = false
  isClosed = false
  /** What we may send. */
  sendWindow = WINDOW_BYTES_DEFAULT
  /** What the other side may send. */
  receiveWindow = STREAM_WINDOW_BYTES
  /** What has been received and not been given back to the window. */
  unannounced = 0
  /** What `content-length` says is still to come. */
  contentLeft: number | undefined
  outgoing: Outgoing | undefined

  constructor(id: number) {
    this.id = id
  }

  /** What a header section that comes now is. */
  abstract get sectionKind(): SectionKind
  /** What is wrong with it, if anything is. */
  abstract headersCame(section: HeaderSection, isEnd: boolean): string | undefined
  abstract dataCame(part: Buffer): void
  /** All has come. */
  abstract ended(): void
  /** It is over; `end` is undefined when both sides were done. */
  abstract closed(end: StreamEnd | undefined): void
}
