/**
 * Bytes or text from outside that are no such message. Names the first fault; nothing of the input
 * was used.
 */
export class MalformedData extends Error {
  override readonly name = 'MalformedData'
  /** What is wrong: one line, no full stop, nothing of the data itself but short names. */
  readonly reason: string
  /**
   * Where, in bytes (characters for JSON text) from the start; undefined where only a path is
   * known.
   */
  readonly offset: number | undefined

  constructor(reason: string, offset?: number) {
    super(offset === undefined ? reason : `${reason} at offset ${offset}`)
    this.reason = reason
    this.offset = offset
  }
}
