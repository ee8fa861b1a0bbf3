/**
 * The tree of a River file. Every node knows its span; parentheses and comments are kept for the
 * formatter.
 */
import type { Source, Span } from './source.js'

export interface File {
  readonly source: Source
  readonly body: readonly Statement[]
  readonly comments: readonly CommentGroup[]
}

/** Comments on consecutive lines. */
export type CommentGroup = readonly Comment[]

export interface Comment {
  /** With its `//` or slash-star marks, without carriage returns. */
  readonly text: string
  readonly span: Span
}

export type Statement = Attribute | Block

export interface Attribute {
  readonly kind: 'attribute'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

export interface Block {
  readonly kind: 'block'
  /** "otelcol.receiver.otlp". */
  readonly name: string
  readonly nameSpan: Span
  /** Absent for "". */
  readonly label: Label | undefined
  readonly body: readonly Statement[]
  /**
   * From the name to before the opening brace, white space aside: what an error about the whole
   * block marks.
   */
  readonly head: Span
  readonly open: Span
  readonly close: Span
  readonly span: Span
}

export interface Label {
  readonly text: string
  /** Quotes included. */
  readonly span: Span
}

export interface Identifier {
  readonly text: string
  readonly span: Span
}

export type Expression =
  | Literal
  | Reference
  | Access
  | Index
  | Call
  | ArrayExpression
  | ObjectExpression
  | Unary
  | Binary
  | Paren

export interface Literal {
  readonly kind: 'literal'
  readonly type: 'null' | 'bool' | 'number' | 'float' | 'string'
  /** As written, quotes included. */
  readonly text: string
  readonly span: Span
}

export interface Reference {
  readonly kind: 'reference'
  readonly name: Identifier
  readonly span: Span
}

/** `value.name` */
export interface Access {
  readonly kind: 'access'
  readonly value: Expression
  readonly name: Identifier
  readonly span: Span
}

/** `value[index]` */
export interface Index {
  readonly kind: 'index'
  readonly value: Expression
  readonly index: Expression
  /** From the opening bracket to the closing one. */
  readonly indexSpan: Span
  readonly span: Span
}

export interface Call {
  readonly kind: 'call'
  readonly callee: Expression
  readonly arguments: readonly Expression[]
  /** From the opening parenthesis to the closing one. */
  readonly argumentsSpan: Span
  readonly span: Span
}

export interface ArrayExpression {
  readonly kind: 'array'
  readonly items: readonly Expression[]
  readonly span: Span
}

export interface ObjectExpression {
  readonly kind: 'object'
  readonly fields: readonly ObjectField[]
  readonly span: Span
}

export interface ObjectField {
  /** Without quotes, not unescaped (as Alloy does it). */
  readonly name: Identifier
  readonly quoted: boolean
  readonly value: Expression
}

export type UnaryOperator = '!' | '-'

export interface Unary {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly value: Expression
  readonly span: Span
}

export type BinaryOperator =
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'

export interface Binary {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly operatorSpan: Span
  readonly left: Expression
  readonly right: Expression
  readonly span: Span
}

export interface Paren {
  readonly kind: 'paren'
  readonly inner: Expression
  readonly span: Span
}
