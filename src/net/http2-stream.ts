import { WINDOW_BYTES_DEFAULT } from './http2-frames.js'
import type { HeaderSection, SectionKind } from './http2-headers.js'

/** What each stream may send us before we tell of a larger window. */
export const STREAM_WINDOW_BYTES = 4 * 1024 * 1024

/** What the other side may send. */
export class ReceiveWindow {
  readonly #bytes: number
  #left: number
  /** What has been taken, and not been given back yet. */
  #used = 0

  constructor(bytes: number) {
    this.#bytes = bytes
    this.#left = bytes
  }

  /** Bytes come. False: more than may. */
  take(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /**
   * Bytes are dealt with. Returns what WINDOW_UPDATE is to tell of: nothing until half of the
   * window is used.
   */
  give(bytes: number): number {
    this.#used += bytes
    if (this.#used < this.#bytes / 2) return 0
    const told = this.#used
    this.#left += told
    this.#used = 0
    return told
  }
}

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
  readonly receiveWindow = new ReceiveWindow(STREAM_WINDOW_BYTES)
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
