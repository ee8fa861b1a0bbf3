import type { ast, Diagnostic, Span } from '#grammar'
import { diagnose, nearest, parseExpression, Source, unquote } from '#grammar'
import type { Value } from '#sdk'
import type { Environment } from './environment.js'
import { Fault, type FaultPath, failure } from './fault.js'
import { LibraryFunction } from './functions/definition.js'
import { ifFunction } from './functions/general.js'
import { libraryRoots, libraryValue } from './functions/index.js'
import { isArray, isNumber, isObject, type Kind } from './kind.js'
import { LIMITS } from './limits.js'
import { parseNumberLiteral, toInt64 } from './numbers.js'
import { applyBinary, applyUnary, knownKind } from './operators.js'
import { pathOf } from './references.js'
import { describeKind, nounOf } from './show.js'
import { Unknown } from './unknown.js'

export type { Environment } from './environment.js'

/** What names in an expression stand for. */
export interface Scope {
  /** Comes before the standard library: what it has under a library's name hides that. */
  readonly components: {
    lookup(name: string): Value | undefined
    /** What to suggest for a misspelt name. */
    names?(): Iterable<string>
  }
  readonly environment: Environment
  /**
   * For checking before anything runs: an environment variable that is not set is unknown, not "".
   */
  readonly lenient: boolean
}

/**
 * The only error `evaluate` throws; the diagnostic points at the part of the expression that is
 * wrong.
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message)
    this.diagnostic = diagnostic
  }
}

/** The value of an expression. Throws `EvaluationError`. */
export function evaluate(expression: ast.Expression, scope: Scope): Value {
  try {
    return new Evaluation(scope).evaluate(expression)
  } catch (error) {
    // The tree is of limited depth, values are not: their exports can hold each other for ever.
    if (!(error instanceof RangeError) || !/call stack/.test(error.message)) throw error
    throw new EvaluationError(failure([], LIMITS.argumentTooDeep).raise(expression.span))
  }
}

/**
 * Parses and evaluates a text that stands alone, with what it may name beside the standard library.
 * The value is missing exactly when something is wrong.
 */
export function evaluateText(
  text: string,
  environment: Environment,
  variables: ReadonlyMap<string, Value> = new Map(),
): { readonly value: Value | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const { expression, diagnostics } = parseExpression(new Source('-', text))
  if (!expression || diagnostics.length > 0) return { value: undefined, diagnostics }
  const components = {
    lookup: (name: string) => variables.get(name),
    names: () => variables.keys(),
  }
  const scope: Scope = { components, environment, lenient: false }
  try {
    return { value: evaluate(expression, scope), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    return { value: undefined, diagnostics: [error.diagnostic] }
  }
}

class Evaluation {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  evaluate(expression: ast.Expression): Value {
    switch (expression.kind) {
      case 'literal':
        return expression.type === 'string'
          ? textOfLiteral(expression)
          : this.#within(expression, () => valueOfLiteral(expression))
      case 'reference':
        return this.#lookup(expression.name)
      case 'access':
        return this.#access(expression)
      case 'index': {
        const value = this.evaluate(expression.value)
        const index = this.evaluate(expression.index)
        return this.#within(expression, () => valueAt(value, index))
      }
      case 'call':
        return this.#call(expression)
      case 'array':
        return expression.items.map((item) => this.evaluate(item))
      case 'object':
        return new Map(
          expression.fields.map(({ name, value }) => [name.text, this.evaluate(value)]),
        )
      case 'unary': {
        const value = this.evaluate(expression.value)
        return this.#within(expression, () => applyUnary(expression.operator, value))
      }
      case 'binary':
        return this.#binary(expression)
      case 'paren':
        return this.evaluate(expression.inner)
    }
  }

  #lookup({ text, span }: ast.Identifier): Value {
    const { components, environment } = this.#scope
    const value = components.lookup(text)
    if (value !== undefined) return value
    const library = libraryValue(text, environment)
    if (library !== undefined) return library
    const near = nearest(text, [...(components.names?.() ?? []), ...libraryRoots])
    throw new EvaluationError(diagnose('unknown-name', span, { name: text, near }))
  }

  #access(expression: ast.Access): Value {
    const { text: name, span } = expression.name
    const value = this.evaluate(expression.value)
    if (value instanceof Unknown && (value.kind ?? 'object') === 'object') return new Unknown()
    if (!isObject(value)) {
      return this.#within(expression, () => {
        throw wrongPart([0], `the value before ".${name}"`, ['object'], value)
      })
    }
    const field = value.get(name)
    if (field !== undefined) return field
    const names = [...value.keys()]
    const owner = pathOf(expression.value)?.text
    const facts = { name, owner, names, near: nearest(name, names) }
    throw new EvaluationError(diagnose('unknown-field', span, facts))
  }

  /** The right side counts, and is evaluated, only where the left one does not decide. */
  #binary(expression: ast.Binary): Value {
    const { operator, right } = expression
    const left = this.evaluate(expression.left)
    const decides = (operator === '&&' && left === false) || (operator === '||' && left === true)
    if (decides && !this.#scope.environment.strictAlloy && !isNeverBool(right)) return left
    const other = this.evaluate(right)
    return this.#within(expression, () => applyBinary(operator, left, other))
  }

  #call(expression: ast.Call): Value {
    const callee = this.evaluate(expression.callee)
    const unknown = callee instanceof Unknown && (callee.kind ?? 'function') === 'function'
    if (!unknown && !(callee instanceof LibraryFunction)) {
      const facts = {
        subject: 'the value before "("',
        allowed: ['a function'],
        got: describeKind(callee),
      }
      throw new EvaluationError(diagnose('operand-type', expression.callee.span, facts))
    }
    if (callee === ifFunction && expression.arguments.length === 3) return this.#choose(expression)
    const values = expression.arguments.map((argument) => this.evaluate(argument))
    if (!(callee instanceof LibraryFunction)) return new Unknown()
    return this.#within(expression, () => callee.call(values, this.#scope))
  }

  /** Evaluates one of the two values; both, until the condition is known. */
  #choose(expression: ast.Call): Value {
    const [test, chosen, otherwise] = expression.arguments
    const condition = this.evaluate(test!)
    if (condition === true) return this.evaluate(chosen!)
    if (condition === false) return this.evaluate(otherwise!)
    this.#within(expression, () => ifFunction.call([condition, null, null], this.#scope))
    const [one, other] = [this.evaluate(chosen!), this.evaluate(otherwise!)].map(knownKind)
    return new Unknown(one === other ? one : undefined)
  }

  /** Gives a fault its place. */
  #within(expression: ast.Expression, act: () => Value): Value {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      throw new EvaluationError(error.raise(spanOf(expression, error.path)))
    }
  }
}

/** A literal of another type is wrong as an operand of `&&` even where nobody looks at it. */
function isNeverBool(expression: ast.Expression): boolean {
  if (expression.kind === 'paren') return isNeverBool(expression.inner)
  return expression.kind === 'literal' && expression.type !== 'bool'
}

/** The parser has reported a malformed one; such a tree is not evaluated. */
function textOfLiteral({ text }: ast.Literal): string {
  return unquote(text) ?? ''
}

function valueOfLiteral(literal: ast.Literal): Value {
  const { type, text } = literal
  switch (type) {
    case 'null':
      return null
    case 'bool':
      return text === 'true'
    case 'string':
      return textOfLiteral(literal)
    case 'number':
    case 'float': {
      const number = parseNumberLiteral(text)
      if (number === undefined) throw failure([], 'this number is too large')
      return number
    }
  }
}

function valueAt(value: Value, index: Value): Value {
  const kind = knownKind(value)
  if (kind !== undefined && kind !== 'array' && kind !== 'object') {
    throw wrongPart([0], 'the value before "["', ['array', 'object'], value)
  }
  const indexKind = knownKind(index)
  const wanted = kind === 'array' ? 'number' : 'string'
  if (kind !== undefined && indexKind !== undefined && indexKind !== wanted) {
    const subject = kind === 'array' ? 'an index of a list' : 'a key of an object'
    throw wrongPart([1], subject, [wanted], index)
  }
  if (isObject(value) && typeof index === 'string') return value.get(index) ?? null
  if (isArray(value) && isNumber(index)) {
    const item = value[Number(toInt64(index))]
    if (item !== undefined) return item
    const items = value.length === 1 ? '1 item' : `${value.length} items`
    const message = `there is no item ${toInt64(index)} in a list of ${items}`
    throw failure([1], message, 'items count from 0')
  }
  return new Unknown()
}

function wrongPart(
  path: FaultPath,
  subject: string,
  allowed: readonly Kind[],
  value: Value,
): Fault {
  const facts = { subject, allowed: allowed.map(nounOf), got: describeKind(value) }
  return new Fault(path, (at) => diagnose('operand-type', at, facts))
}

/** The place a fault's path leads to, as far as the text spells the value out. */
function spanOf(expression: ast.Expression, [operand, ...inner]: FaultPath): Span {
  let at = expression
  let part = operand === undefined ? undefined : operandOf(expression, Number(operand))
  for (let step = 0; part !== undefined; step++) {
    at = part
    part = step < inner.length ? itemOf(at, inner[step]!) : undefined
  }
  return at.span
}

function operandOf(expression: ast.Expression, index: number): ast.Expression | undefined {
  switch (expression.kind) {
    case 'unary':
    case 'access':
      return expression.value
    case 'binary':
      return index === 0 ? expression.left : expression.right
    case 'index':
      return index === 0 ? expression.value : expression.index
    case 'call':
      return expression.arguments[index]
    case 'literal':
    case 'reference':
    case 'array':
    case 'object':
    case 'paren':
      return undefined
  }
}

function itemOf(expression: ast.Expression, step: number | string): ast.Expression | undefined {
  if (expression.kind === 'paren') return itemOf(expression.inner, step)
  if (expression.kind === 'array') return expression.items[Number(step)]
  if (expression.kind !== 'object') return undefined
  return expression.fields.findLast(({ name }) => name.text === step)?.value
}
