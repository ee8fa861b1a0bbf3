import type { Binary, BinaryOperator, Expression } from './ast.js'
import { type Span, spanOver } from './source.js'

interface Operator {
  readonly operator: BinaryOperator
  readonly span: Span
}

/**
 * A higher number binds tighter. Operators of one level group from the left, `^` from the right.
 */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
}

/** Operands with an operator between each two. */
export class Chain {
  readonly #operands: Expression[]
  readonly #operators: Operator[] = []

  constructor(first: Expression) {
    this.#operands = [first]
  }

  add(operator: BinaryOperator, span: Span, operand: Expression): void {
    this.#operators.push({ operator, span })
    this.#operands.push(operand)
  }

  /** The tree of the chain; a chain of any length is folded without recursion. */
  fold(): Expression {
    const values = [this.#operands[0]!]
    const waiting: Operator[] = []
    this.#operators.forEach((next, index) => {
      while (waiting.length > 0 && bindsFirst(waiting.at(-1)!, next)) join(values, waiting.pop()!)
      waiting.push(next)
      values.push(this.#operands[index + 1]!)
    })
    while (waiting.length > 0) join(values, waiting.pop()!)
    return values[0]!
  }
}

function bindsFirst(left: Operator, right: Operator): boolean {
  const difference = PRECEDENCE[left.operator] - PRECEDENCE[right.operator]
  return difference > 0 || (difference === 0 && left.operator !== '^')
}

function join(values: Expression[], { operator, span }: Operator): void {
  const right = values.pop()!
  const left = values.pop()!
  const joined: Binary = {
    kind: 'binary',
    operator,
    operatorSpan: span,
    left,
    right,
    span: spanOver(left.span, right.span),
  }
  values.push(joined)
}
