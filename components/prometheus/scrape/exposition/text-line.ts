import { isUtf8 } from 'node:buffer'
import { LINE_FEED } from './characters.js'
import { MalformedExposition } from './malformed-exposition.js'
import type { MetricType } from './sink.js'

/** The line that is being parsed, and what is wrong with it. */
export class TextLine {
  bytes: Buffer = Buffer.alloc(0)
  /** Where it begins. */
  start = 0
  /** Behind the last byte there is to parse, which is a line feed. */
  limit = 0
  /** From 1. */
  number = 1
  /** No more bytes will come. */
  isLast = false

  /** Behind the next line feed. */
  end(pos: number): number {
    return this.bytes.indexOf(LINE_FEED, pos) + 1
  }

  checkUtf8(start: number, end: number): void {
    if (!isUtf8(this.bytes.subarray(start, end))) this.fail('the help is not UTF-8', start)
  }

  typeAt(start: number, end: number, types: ReadonlyMap<string, MetricType>): MetricType {
    const word = this.bytes.toString('latin1', start, end)
    const type = types.get(word)
    if (type !== undefined) return type
    const found = word === '' ? 'nothing' : JSON.stringify(word.slice(0, 40))
    return this.fail(`expected one of ${[...types.keys()].join(', ')}, found ${found}`, start)
  }

  /** `pos` may lie behind line feeds of a quoted text. */
  fail(reason: string, pos: number): never {
    let line = this.number
    let start = this.start
    for (let at = start; at < pos; at++) {
      if (this.bytes[at] !== LINE_FEED) continue
      line++
      start = at + 1
    }
    throw new MalformedExposition(reason, { line, column: pos - start + 1 })
  }

  failNumber(pos: number, what: string): never {
    return this.fail(`expected a ${what}, found ${this.wordAt(pos)}`, pos)
  }

  failEnd(pos: number): never {
    return this.fail(`expected the end of the line, found ${this.wordAt(pos)}`, pos)
  }

  /** What stands at `pos`, for a message. */
  wordAt(pos: number): string {
    if (pos >= this.limit || this.bytes[pos] === LINE_FEED) return 'the end of the line'
    const text = this.bytes.toString('utf8', pos, Math.min(pos + 24, this.limit))
    return JSON.stringify(/^[^\s{},="]+/.exec(text)?.[0] ?? text[0])
  }
}
