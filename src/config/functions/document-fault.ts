/** What is wrong with a document that a function reads or writes; tells nothing of its content. */
export class DocumentFault extends Error {}

/** "line 1, column 5", both from 1, of an offset in UTF-16 units. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`
}
