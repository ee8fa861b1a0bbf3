/**
 * Reads tokens of any text as blocks and attributes, and never fails: what does not fit is passed
 * over, a bracket that was not closed ends where a statement starts.
 */
import type { Token } from '#grammar'

/** A bracket of an expression that is open. */
export interface Frame {
  readonly kind: 'array' | 'object' | 'paren' | 'call'
  /** Of an object the field whose value is read, of a call the function. */
  readonly name: string | undefined
  /** Commas before. */
  readonly index: number
}

interface OpenFrame {
  readonly kind: Frame['kind']
  name: string | undefined
  index: number
}

/** A body that is open; `written` grows as its statements are read. */
export interface OpenBody {
  readonly name: string
  readonly label: string | undefined
  readonly written: string[]
}

export type Expecting =
  /** A statement, at its start. */
  | { readonly kind: 'statement' }
  /** Behind the name of a statement. */
  | { readonly kind: 'head' }
  | {
      readonly kind: 'value'
      readonly attribute: string
      readonly frames: readonly Frame[]
      /** Whether an operand comes next, and not an operator or an end. */
      readonly operand: boolean
    }

const OPERANDS: ReadonlySet<Token['kind']> = new Set(['name', 'string', 'literal'])
const CLOSING = new Set([')', ']', '}'])

export class OutlineReader {
  readonly #tokens: readonly Token[]
  #at = 0
  /** The root first. */
  readonly bodies: OpenBody[] = [{ name: '', label: undefined, written: [] }]
  /** The head that is being read. */
  #names: string[] = []
  #label: string | undefined
  /** Set while an expression is read. */
  #attribute: string | undefined
  #frames: OpenFrame[] = []
  #operand = false
  /** The dotted path just read, which is a function's name before a parenthesis. */
  #path: string[] = []

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** Reads what ends at or before an offset. */
  readTo(offset: number): void {
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]!.end <= offset) this.#read()
  }

  /** Reads on until a body is closed, which completes its `written`. */
  readToEndOf(body: OpenBody): void {
    while (this.#at < this.#tokens.length && this.bodies.includes(body)) this.#read()
    this.#endHead()
  }

  /** The last token that was read. */
  get last(): Token | undefined {
    return this.#tokens[this.#at - 1]
  }

  get expecting(): Expecting {
    if (this.#attribute !== undefined) {
      const frames = this.#frames.map((frame) => ({ ...frame }))
      return { kind: 'value', attribute: this.#attribute, frames, operand: this.#operand }
    }
    return { kind: this.#names.length > 0 ? 'head' : 'statement' }
  }

  #read(): void {
    const token = this.#tokens[this.#at]!
    if (this.#attribute === undefined) this.#readHead(token)
    else this.#readValue(token)
    this.#at++
  }

  #readHead(token: Token): void {
    if (token.kind === 'name') this.#names.push(token.text)
    else if (token.kind === 'string') this.#label = token.text.slice(1, -1)
    else if (token.text === '=') this.#startValue(this.#names.at(-1) ?? '')
    else if (token.text === '{') this.#openBody(this.#names.join('.'), this.#label)
    else if (token.text === '}') this.#closeBody()
    else if (token.kind === 'end') this.#endHead()
  }

  #startValue(attribute: string): void {
    this.bodies.at(-1)!.written.push(attribute)
    this.#names = []
    this.#label = undefined
    this.#attribute = attribute
    this.#frames = []
    this.#path = []
    this.#operand = true
  }

  #endValue(): void {
    this.#attribute = undefined
    this.#frames = []
  }

  #openBody(name: string, label: string | undefined): void {
    this.bodies.at(-1)!.written.push(name)
    this.bodies.push({ name, label, written: [] })
    this.#names = []
    this.#label = undefined
  }

  #closeBody(): void {
    this.#endHead()
    if (this.bodies.length > 1) this.bodies.pop()
  }

  /** A name that neither `=` nor `{` followed. */
  #endHead(): void {
    this.#names = []
    this.#label = undefined
  }

  #readValue(token: Token): void {
    const frame = this.#frames.at(-1)
    if (token.kind === 'end') {
      if (!frame || this.#startsStatement(this.#at + 1)) this.#endValue()
      return
    }
    if (OPERANDS.has(token.kind)) {
      const continues = this.#tokens[this.#at - 1]?.text === '.'
      if (token.kind === 'name') this.#path = continues ? [...this.#path, token.text] : [token.text]
      else this.#path = []
      this.#operand = false
      return
    }
    this.#readMark(token.text, frame)
  }

  #readMark(mark: string, frame: OpenFrame | undefined): void {
    if (mark === '{' && !this.#operand) {
      // A value is missing, and this is the block behind it.
      const name = this.#path.join('.')
      this.#endValue()
      this.#openBody(name, undefined)
    } else if (mark === '(' || mark === '[' || mark === '{') this.#openFrame(mark)
    else if (CLOSING.has(mark)) this.#closeFrame(mark)
    else if (mark === '=') this.#assign(frame)
    else {
      if (mark === ',' && frame) frame.index++
      if (mark !== '.') this.#path = []
      this.#operand = true
    }
  }

  #openFrame(mark: string): void {
    const name = this.#operand ? undefined : this.#path.join('.')
    const kind = mark === '{' ? 'object' : mark === '[' ? 'array' : this.#operand ? 'paren' : 'call'
    this.#frames.push({ kind, name: kind === 'call' ? name : undefined, index: 0 })
    this.#path = []
    this.#operand = true
  }

  #closeFrame(mark: string): void {
    const matching = this.#frames.findLastIndex(({ kind }) => CLOSES[kind] === mark)
    if (matching >= 0) this.#frames.splice(matching)
    else if (mark === '}') {
      this.#endValue()
      this.#closeBody()
    }
    this.#path = []
    this.#operand = false
  }

  /** In an object its field, else an attribute behind one whose value is missing. */
  #assign(frame: OpenFrame | undefined): void {
    const name = this.#path.at(-1) ?? this.#tokens[this.#at - 1]?.text ?? ''
    if (frame?.kind === 'object') {
      frame.name = name.replaceAll('"', '')
      this.#path = []
      this.#operand = true
    } else this.#startValue(name)
  }

  /** Whether what follows a line end in brackets can be only a statement: then they end here. */
  #startsStatement(at: number): boolean {
    let next = at
    if (this.#tokens[next]?.kind !== 'name') return false
    next++
    let dotted = false
    while (this.#tokens[next]?.text === '.' && this.#tokens[next + 1]?.kind === 'name') {
      dotted = true
      next += 2
    }
    const mark = this.#tokens[next]?.text
    if (mark === '=') return !dotted && this.#frames.at(-1)?.kind !== 'object'
    if (this.#tokens[next]?.kind === 'string') return this.#tokens[next + 1]?.text === '{'
    return mark === '{'
  }
}

const CLOSES: Readonly<Record<Frame['kind'], string>> = {
  array: ']',
  object: '}',
  paren: ')',
  call: ')',
}
