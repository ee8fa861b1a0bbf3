import type { IToken, ParserMethod, TokenType } from 'chevrotain'
import type * as ast from './ast.js'
import { Chain } from './chain.js'
import type { Diagnostic } from './diagnostic.js'
import { ExpectingParser, type Head } from './expectations.js'
import type { Lexed } from './lexer.js'
import { Name, NameAccess, NameReference } from './path-nodes.js'
import { Source, type Span, spanOver } from './source.js'
import * as t from './tokens.js'
import { isDeeperThan, TREE_DEPTH_MAX } from './tree-depth.js'

type Alternatives<T = ast.Expression> = { ALT: () => T }[]

type Rule<T, A extends unknown[] = []> = ParserMethod<A, T>

/**
 * The grammar, LL(1); the tree comes straight out of the rules. Every rule checks the next token
 * before it consumes it, so chevrotain's own errors, which speak of token kinds, never arise.
 */
export class Parser extends ExpectingParser {
  /** Of the statement that is read next. */
  #head: Head = { names: [], label: undefined }
  /** What an access, an index or a call that comes next applies to. */
  #left: ast.Expression = NOTHING

  constructor() {
    super()
    this.performSelfAnalysis()
  }

  /** Runs a rule over all of a source. */
  read<T>(source: Source, lexed: Lexed, rule: (parser: this) => T): Reading<T> {
    this.begin(source, lexed)
    const tree = this.recover(
      () => rule(this),
      () => {},
    )
    return { tree, diagnostics: this.finish() }
  }

  /** Body = [ Statement { terminator Statement } [ terminator ] ] */
  readonly body: Rule<ast.Statement[]> = this.RULE('body', () => {
    const statements: ast.Statement[] = []
    const statement = () => {
      statements.push(this.SUBRULE(this.statement))
      this.ACTION(this.endStatement)
    }
    do {
      this.MANY(() => this.recover(statement, this.skipStatement))
    } while (this.ACTION(this.skipNonStatement))
    return statements
  })

  /** Statement = Head ( Attribute | Block ) */
  readonly statement: Rule<ast.Statement> = this.RULE('statement', () => {
    this.#head = this.#readHead()
    return this.OR(this.#statements)
  })

  /** Head = identifier { "." identifier } [ string ] */
  #readHead(): Head {
    const names = [this.CONSUME(t.Identifier)]
    if (this.#isNext(t.Assign)) return { names, label: undefined }
    this.MANY(() => {
      this.CONSUME(t.Dot)
      this.ACTION(this.expectName)
      names.push(this.CONSUME2(t.Identifier))
    })
    if (this.#isNext(t.LeftCurly)) return { names, label: undefined }
    const label = this.OPTION(() => {
      this.ACTION(this.checkLabel)
      return this.CONSUME(t.Text)
    })
    return this.ACTION(() => this.expectEndOfHead({ names, label }))
  }

  // Made once: alternatives made at every visit cost a third of the time.

  readonly #statements: Alternatives<ast.Statement> = [
    { ALT: () => this.#readAttribute(this.#head) },
    { ALT: () => this.#readBlock(this.#head) },
  ]

  /** Attribute = Head "=" Expression, where the head is one identifier. */
  #readAttribute(head: Head): ast.Attribute {
    this.CONSUME(t.Assign)
    this.ACTION(() => this.checkAttributeHead(head))
    const value = this.#value()
    return this.ACTION((): ast.Attribute => {
      const name = this.#identifier(head.names[0]!)
      const span = { source: this.source, start: name.start, end: value.span.end }
      return { kind: 'attribute', name, value: this.#withinDepth(value), span }
    })
  }

  /** Block = Head "{" Body "}" */
  #readBlock(head: Head): ast.Block {
    const open = this.CONSUME(t.LeftCurly)
    this.ACTION(() => this.enter(open))
    const body = this.SUBRULE(this.body)
    this.ACTION(this.expectBlockEnd)
    const close = this.OPTION2(() => this.CONSUME(t.RightCurly))
    return this.ACTION(() => this.#block(head, open, body, close))
  }

  /** An expression; most are a literal or a path alone, and need no visit of its rules. */
  #value(): ast.Expression {
    const first = this.LA(1)
    const isPath = first.tokenType === t.Identifier
    let last = 1
    while (isPath && this.LA(last + 1).tokenType === t.Dot) last += 2
    const isAlone = isPath
      ? this.LA(last).tokenType === t.Identifier
      : t.LITERALS.has(first.tokenType)
    if (!isAlone || t.CONTINUING.has(this.LA(last + 1).tokenType)) {
      return this.SUBRULE(this.expression)
    }
    this.SKIP_TOKEN()
    return isPath
      ? this.#furtherNames(this.#reference(first), first.startOffset)
      : this.#literal(first)
  }

  /** Expression = Unary { binary_operator Unary } */
  readonly expression: Rule<ast.Expression> = this.RULE('expression', () => {
    const first = this.SUBRULE(this.unary)
    if (!this.#comes(t.BINARY_OPERATORS)) return first
    let chain: Chain | undefined
    this.MANY(() => {
      const token = this.CONSUME(t.BinaryOperator)
      const right = this.SUBRULE2(this.unary)
      chain ??= new Chain(first)
      chain.add(token.image as ast.BinaryOperator, this.span(token), right)
    })
    return chain === undefined ? first : this.ACTION(() => chain!.fold())
  })

  /** Unary = { unary_operator } Operand { Access | Index | Call | BlockAsValue } */
  readonly unary: Rule<ast.Expression> = this.RULE('unary', () => {
    let operators: IToken[] | undefined
    if (this.#comes(t.UNARY_OPERATORS)) {
      this.MANY(() => {
        operators ??= []
        operators.push(this.CONSUME(t.UnaryOperator))
      })
    }
    this.ACTION(this.expectValue)
    let value = this.OR(this.#operands)
    if (this.#comes(t.POSTFIX_STARTS)) {
      this.MANY2(() => {
        this.ACTION(() => {
          this.#left = value
        })
        value = this.OR2(this.#postfixes)
      })
    }
    return operators === undefined ? value : this.ACTION(() => this.#unary(operators!, value))
  })

  /**
   * Whether a repetition that starts with one of these has anything to read: mostly it has not, and
   * chevrotain takes much longer to see that (a tenth of reading a file).
   */
  #comes(types: ReadonlySet<TokenType>): boolean {
    return this.RECORDING_PHASE || types.has(this.LA(1).tokenType)
  }

  #isNext(type: TokenType): boolean {
    return !this.RECORDING_PHASE && this.LA(1).tokenType === type
  }

  /** Operand = identifier | literal | Paren | Array | Object */
  readonly #operands: Alternatives = [
    { ALT: () => this.#reference(this.CONSUME(t.Identifier)) },
    { ALT: () => this.#literal(this.CONSUME(t.Literal)) },
    { ALT: () => this.SUBRULE(this.paren) },
    { ALT: () => this.SUBRULE(this.array) },
    { ALT: () => this.SUBRULE(this.object) },
  ]

  readonly #postfixes: Alternatives = [
    { ALT: () => this.SUBRULE(this.access) },
    { ALT: () => this.SUBRULE(this.index) },
    { ALT: () => this.SUBRULE(this.call) },
    { ALT: () => this.SUBRULE(this.blockAsValue) },
  ]

  /** Paren = "(" Expression ")" */
  readonly paren: Rule<ast.Paren> = this.RULE('paren', (): ast.Paren => {
    const open = this.CONSUME(t.LeftParen)
    this.ACTION(() => this.enter(open))
    const inner = this.SUBRULE(this.expression)
    this.ACTION(this.expectClose)
    const close = this.CONSUME(t.RightParen)
    return { kind: 'paren', inner, span: this.#over(open, close) }
  })

  /** Array = "[" List "]" */
  readonly array: Rule<ast.ArrayExpression> = this.RULE('array', (): ast.ArrayExpression => {
    const open = this.CONSUME(t.LeftBracket)
    this.ACTION(() => this.enter(open, 'element'))
    const items = this.SUBRULE(this.list)
    this.ACTION(this.expectClose)
    const close = this.CONSUME(t.RightBracket)
    return { kind: 'array', items, span: this.#over(open, close) }
  })

  /** List = [ Expression { "," Expression } [ "," ] ] */
  readonly list: Rule<ast.Expression[]> = this.RULE('list', () => {
    let items: ast.Expression[] = []
    const item = () => {
      const value = this.#value()
      // An array that starts empty has room for 17 items, and most lists have one.
      if (items.length === 0) items = [value]
      else items.push(value)
    }
    do {
      this.MANY(() => {
        this.recover(item, this.skipItem)
        this.ACTION(this.endItem)
      })
    } while (this.ACTION(this.skipNonItem))
    return items
  })

  /** Object = "{" [ Field { "," Field } [ "," ] ] "}" */
  readonly object: Rule<ast.ObjectExpression> = this.RULE('object', (): ast.ObjectExpression => {
    const open = this.CONSUME(t.LeftCurly)
    this.ACTION(() => this.enter(open, 'field'))
    const fields: ast.ObjectField[] = []
    do {
      this.MANY(() => {
        const field = this.recover(() => this.SUBRULE(this.field), this.skipItem)
        if (field !== undefined) fields.push(field)
        this.ACTION(this.endItem)
      })
    } while (this.ACTION(this.skipNonItem))
    this.ACTION(this.expectClose)
    const close = this.CONSUME(t.RightCurly)
    return { kind: 'object', fields, span: this.#over(open, close) }
  })

  /** Field = ( identifier | string ) "=" Expression */
  readonly field: Rule<ast.ObjectField> = this.RULE('field', () => {
    const token = this.CONSUME(t.FieldName)
    this.ACTION(() => this.expectAssign(token))
    this.CONSUME(t.Assign)
    const value = this.#value()
    const quoted = token.tokenType !== t.Identifier
    const text = quoted ? token.image.slice(1, -1) : token.image
    return { name: { text, span: this.span(token) }, quoted, value }
  })

  /** Access = "." identifier { "." identifier } */
  readonly access: Rule<ast.Expression> = this.RULE('access', () => {
    const value = this.#left
    this.CONSUME(t.Dot)
    this.ACTION(this.expectName)
    const token = this.CONSUME(t.Identifier)
    return this.ACTION(() => {
      const { start } = value.span
      return this.#furtherNames(new NameAccess(value, this.#identifier(token), start), start)
    })
  })

  /** The rest of a path without a visit of the rule for each name (a fifth of reading a file). */
  #furtherNames(first: ast.Expression, start: number): ast.Expression {
    let value = first
    while (this.LA(1).tokenType === t.Dot) {
      this.SKIP_TOKEN()
      this.expectName()
      value = new NameAccess(value, this.#identifier(this.LA(1)), start)
      this.SKIP_TOKEN()
    }
    return value
  }

  /** Index = "[" Expression "]" */
  readonly index: Rule<ast.Index> = this.RULE('index', (): ast.Index => {
    const value = this.#left
    const open = this.CONSUME(t.LeftBracket)
    this.ACTION(() => this.enter(open))
    const index = this.SUBRULE(this.expression)
    this.ACTION(this.expectClose)
    const indexSpan = this.#over(open, this.CONSUME(t.RightBracket))
    return { kind: 'index', value, index, indexSpan, span: spanOver(value.span, indexSpan) }
  })

  /** Call = "(" List ")" */
  readonly call: Rule<ast.Call> = this.RULE('call', (): ast.Call => {
    const callee = this.#left
    const open = this.CONSUME(t.LeftParen)
    this.ACTION(() => this.enter(open, 'argument'))
    const list = this.SUBRULE(this.list)
    this.ACTION(this.expectClose)
    const argumentsSpan = this.#over(open, this.CONSUME(t.RightParen))
    const span = spanOver(callee.span, argumentsSpan)
    return { kind: 'call', callee, arguments: list, argumentsSpan, span }
  })

  /**
   * BlockAsValue = [ string ] "{" Body "}": a block after a value, read to be reported as one
   * mistake.
   */
  readonly blockAsValue: Rule<ast.Expression> = this.RULE('blockAsValue', () => {
    const value = this.#left
    const label = this.OPTION(() => this.CONSUME(t.Text))
    this.ACTION(this.expectBlockBody)
    const open = this.CONSUME(t.LeftCurly)
    this.ACTION(() => this.enter(open))
    this.SUBRULE(this.body)
    this.ACTION(this.expectClose)
    const close = this.CONSUME(t.RightCurly)
    this.ACTION(() => this.reportBlockAsValue(value, label, close))
    return value
  })

  /** Lone = Expression [ terminator ], and nothing else. */
  readonly lone: Rule<ast.Expression> = this.RULE('lone', () => {
    const value = this.SUBRULE(this.expression)
    return this.ACTION(() => {
      this.expectEnd()
      return this.#withinDepth(value)
    })
  })

  #identifier(token: IToken): Name {
    return new Name(token.image, this.source, token.startOffset)
  }

  #reference(token: IToken): ast.Reference {
    return new NameReference(this.#identifier(token))
  }

  #literal(token: IToken): ast.Literal {
    const type = LITERAL_TYPES.get(token.tokenType) ?? 'string'
    return { kind: 'literal', type, text: token.image, span: this.span(token) }
  }

  #unary(operators: readonly IToken[], operand: ast.Expression): ast.Expression {
    return operators.reduceRight<ast.Expression>((value, token) => {
      const span = spanOver(this.span(token), value.span)
      return { kind: 'unary', operator: token.image as ast.UnaryOperator, value, span }
    }, operand)
  }

  #block(
    { names, label }: Head,
    open: IToken,
    body: readonly ast.Statement[],
    close: IToken | undefined,
  ): ast.Block {
    const nameSpan = this.#over(names[0]!, names.at(-1)!)
    const closeSpan = close === undefined ? this.nextSpan() : this.span(close)
    return {
      kind: 'block',
      name: names.map((part) => part.image).join('.'),
      nameSpan,
      label: label === undefined ? undefined : this.#label(label),
      body,
      head: label === undefined ? nameSpan : spanOver(nameSpan, this.span(label)),
      open: this.span(open),
      close: closeSpan,
      span: spanOver(nameSpan, closeSpan),
    }
  }

  #label(token: IToken): ast.Label | undefined {
    const text = token.tokenType === t.Identifier ? token.image : token.image.slice(1, -1)
    return text === '' ? undefined : { text, span: this.span(token) }
  }

  #over(first: IToken, last: IToken): Span {
    return spanOver(this.span(first), this.span(last))
  }

  /** Whoever walks a tree by recursion must not meet one that overflows the stack. */
  #withinDepth(value: ast.Expression): ast.Expression {
    const { start, end } = value.span
    if (end - start <= TREE_DEPTH_MAX || !isDeeperThan(value, TREE_DEPTH_MAX)) return value
    this.report('too-deep', value.span, { limit: TREE_DEPTH_MAX })
    return { ...NOTHING, span: value.span }
  }
}

const NOTHING: ast.Expression = {
  kind: 'literal',
  type: 'null',
  text: 'null',
  span: { source: new Source('', ''), start: 0, end: 0 },
}

export interface Reading<T> {
  /** Undefined if the rule could not go on. */
  readonly tree: T | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const LITERAL_TYPES: ReadonlyMap<TokenType, ast.Literal['type']> = new Map([
  [t.Null, 'null'],
  [t.Bool, 'bool'],
  [t.WholeNumber, 'number'],
  [t.Float, 'float'],
])
