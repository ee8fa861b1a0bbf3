/** Where in a text the fault is: both from 1, the column in bytes. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** Where in a protobuf body the fault is, in bytes from its start. */
export interface BytePlace {
  readonly offset: number
}

/**
 * The body is no exposition of its format. Names the first fault; what the sink was given of the
 * body before is of no use, as the whole body is refused.
 */
export class MalformedExposition extends Error {
  override readonly name = 'MalformedExposition'
  /** What is wrong: one line, no full stop. */
  readonly reason: string
  readonly place: TextPlace | BytePlace

  constructor(reason: string, place: TextPlace | BytePlace) {
    const where =
      'line' in place ? `line ${place.line}, column ${place.column}` : `offset ${place.offset}`
    super(`${where}: ${reason}`)
    this.reason = reason
    this.place = place
  }
}
