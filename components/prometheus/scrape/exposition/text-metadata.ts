import type { Metadata, MetricType } from './sink.js'
import { unescapeQuoted } from './text-escapes.js'
import type { TextLines } from './text-lines.js'

/** A name or a text of a family, made a string for who asks. */
export class TextMetadata implements Metadata {
  kind: Metadata['kind'] = 'help'
  type: MetricType = 'unknown'
  readonly #lines: TextLines
  readonly #unescaped: (text: string) => string
  #name = 0
  #nameEnd = 0
  #isNameEscaped = false
  #text = 0
  #textEnd = 0

  constructor(lines: TextLines, unescaped: (text: string) => string) {
    this.#lines = lines
    this.#unescaped = unescaped
  }

  setName(name: number, nameEnd: number, isEscaped: boolean): void {
    this.#name = name
    this.#nameEnd = nameEnd
    this.#isNameEscaped = isEscaped
  }

  setText(text: number, textEnd: number): void {
    this.#text = text
    this.#textEnd = textEnd
  }

  get family(): string {
    const name = this.#lines.pool.text(this.#lines.line.bytes, this.#name, this.#nameEnd)
    return this.#isNameEscaped ? unescapeQuoted(name) : name
  }

  get text(): string {
    if (this.kind === 'type') return ''
    const { bytes } = this.#lines.line
    const text = bytes.toString('utf8', this.#text, this.#textEnd)
    return this.kind === 'help' && text.includes('\\') ? this.#unescaped(text) : text
  }
}
