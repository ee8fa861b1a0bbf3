import { Batch, type ClientInfo } from '#pdata'

/** Span.name, field 5. */
const NAME_TAG = 0x2a

/** A batch of one span per letter, so that what comes out can be read: "abc". */
export function letterBatch(text: string, client?: ClientInfo): Batch<'traces'> {
  const bytes = Buffer.concat([...text].map((letter) => resourceWithSpan(letter.charCodeAt(0))))
  return new Batch('traces', [bytes], text.length, bytes.length, client)
}

/** ResourceSpans { scope_spans { spans { name: the letter } } } as field 1 of a request. */
function resourceWithSpan(letter: number): Buffer {
  const span = [NAME_TAG, 1, letter]
  const scope = [0x12, span.length, ...span]
  const resource = [0x12, scope.length, ...scope]
  return Buffer.from([0x0a, resource.length, ...resource])
}

export function lettersOf(batch: Batch): string {
  const bytes = Buffer.concat(batch.chunks)
  return [...bytes]
    .filter((_, index) => bytes[index - 2] === NAME_TAG && bytes[index - 1] === 1)
    .map((byte) => String.fromCharCode(byte))
    .join('')
}
