import type { IToken, TokenType } from 'chevrotain'
import { createToken, EOF, Lexer } from './chevrotain.js'

const kind = (name: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, pattern: Lexer.NA, categories })

// What the grammar treats alike.
export const BinaryOperator = kind('BinaryOperator')
export const UnaryOperator = kind('UnaryOperator')
export const Literal = kind('Literal')
export const Text = kind('Text')
export const FieldName = kind('FieldName')

export const Identifier = kind('Identifier', [FieldName])
export const Null = kind('Null', [Literal])
export const Bool = kind('Bool', [Literal])
export const WholeNumber = kind('WholeNumber', [Literal])
export const Float = kind('Float', [Literal])
export const QuotedString = kind('QuotedString', [Literal, Text, FieldName])
export const RawString = kind('RawString', [Literal, Text, FieldName])
/** Reported by the lexer, and read as the string that was meant. */
export const SingleQuoted = kind('SingleQuoted', [Literal, Text, FieldName])

export const Or = kind('Or', [BinaryOperator])
export const And = kind('And', [BinaryOperator])
export const Equal = kind('Equal', [BinaryOperator])
export const NotEqual = kind('NotEqual', [BinaryOperator])
export const Less = kind('Less', [BinaryOperator])
export const LessOrEqual = kind('LessOrEqual', [BinaryOperator])
export const Greater = kind('Greater', [BinaryOperator])
export const GreaterOrEqual = kind('GreaterOrEqual', [BinaryOperator])
export const Plus = kind('Plus', [BinaryOperator])
export const Minus = kind('Minus', [BinaryOperator, UnaryOperator])
export const Times = kind('Times', [BinaryOperator])
export const Divide = kind('Divide', [BinaryOperator])
export const Modulo = kind('Modulo', [BinaryOperator])
export const Power = kind('Power', [BinaryOperator])
export const Not = kind('Not', [UnaryOperator])
export const Assign = kind('Assign')
export const LeftCurly = kind('LeftCurly')
export const RightCurly = kind('RightCurly')
export const LeftParen = kind('LeftParen')
export const RightParen = kind('RightParen')
export const LeftBracket = kind('LeftBracket')
export const RightBracket = kind('RightBracket')
export const Comma = kind('Comma')
export const Dot = kind('Dot')

/** Inserted where the end of a line ends a statement. */
export const Terminator = kind('Terminator')

/** Everything above. */
export const KINDS: TokenType[] = [
  BinaryOperator,
  UnaryOperator,
  Literal,
  Text,
  FieldName,
  Identifier,
  Null,
  Bool,
  WholeNumber,
  Float,
  QuotedString,
  RawString,
  SingleQuoted,
  Or,
  And,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Plus,
  Minus,
  Times,
  Divide,
  Modulo,
  Power,
  Not,
  Assign,
  LeftCurly,
  RightCurly,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
  Dot,
  Terminator,
]

export const KEYWORDS: ReadonlyMap<string, TokenType> = new Map([
  ['null', Null],
  ['true', Bool],
  ['false', Bool],
])

export const PUNCTUATION: ReadonlyMap<string, TokenType> = new Map([
  ['||', Or],
  ['&&', And],
  ['==', Equal],
  ['!=', NotEqual],
  ['<', Less],
  ['<=', LessOrEqual],
  ['>', Greater],
  ['>=', GreaterOrEqual],
  ['+', Plus],
  ['-', Minus],
  ['*', Times],
  ['/', Divide],
  ['%', Modulo],
  ['^', Power],
  ['!', Not],
  ['=', Assign],
  ['{', LeftCurly],
  ['}', RightCurly],
  ['(', LeftParen],
  [')', RightParen],
  ['[', LeftBracket],
  [']', RightBracket],
  [',', Comma],
  ['.', Dot],
])

/** What an expression goes on with behind an operand, and what may stand before one. */
export const BINARY_OPERATORS = kindsOf(BinaryOperator)
export const UNARY_OPERATORS = kindsOf(UnaryOperator)

/** What may follow an operand and belong to it. */
export const POSTFIX_STARTS: ReadonlySet<TokenType> = new Set([
  Dot,
  LeftBracket,
  LeftParen,
  LeftCurly,
  ...kindsOf(Text),
])

export const LITERALS = kindsOf(Literal)

/** What makes an operand a part of something larger. */
export const CONTINUING: ReadonlySet<TokenType> = new Set([...BINARY_OPERATORS, ...POSTFIX_STARTS])

function kindsOf(category: TokenType): ReadonlySet<TokenType> {
  return new Set(KINDS.filter(({ CATEGORIES }) => CATEGORIES?.includes(category)))
}

/** What closes each opening bracket. */
export const CLOSES: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftCurly, RightCurly],
  [LeftParen, RightParen],
  [LeftBracket, RightBracket],
])

export const CLOSING_BRACKETS: ReadonlySet<TokenType> = new Set(CLOSES.values())

const CLOSE_TEXTS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }

/** The bracket that closes an opening one, as it is written. */
export function closeOf(open: IToken): string {
  return CLOSE_TEXTS[open.image]!
}

/** A token in the user's words: what the kinds are called in here never reaches a message. */
export function describeToken(token: IToken): string {
  switch (token.tokenType) {
    case EOF:
      return 'the end of the file'
    case Terminator:
      return 'the end of the line'
    case Identifier:
      return `the name "${shortened(token.image)}"`
    case WholeNumber:
    case Float:
      return `the number ${shortened(token.image)}`
    case QuotedString:
    case RawString:
    case SingleQuoted:
      return 'a string'
    default:
      return `\`${token.image}\``
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
