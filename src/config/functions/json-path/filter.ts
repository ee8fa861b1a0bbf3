import { compileRe2, type Value } from '#sdk'
import { valuesEqual } from '../../equal.js'
import { isArray, isNumber, isObject } from '../../kind.js'
import { toFloat } from '../../numbers.js'
import type { FilterFunction, FilterOperator, Path, Test } from './path.js'

/** What a path that leads nowhere gives. */
export type Nothing = undefined

/** What a part of a filter gives: values by paths, or one value; a pattern is its text. */
type Result =
  | { readonly kind: 'found'; readonly values: readonly Value[] }
  | { readonly kind: 'one'; readonly value: Value | Nothing }

type Follow = (path: Path) => readonly Value[]

/** Whether a filter holds. A path alone holds when it leads anywhere. */
export function passes(test: Test, follow: Follow): boolean {
  return isTrue(compute(test, follow))
}

function compute(test: Test, follow: Follow): Result {
  switch (test.kind) {
    case 'value':
      return one(test.value)
    case 'pattern':
      return one(test.pattern)
    case 'path':
      return { kind: 'found', values: follow(test.path) }
    case 'list':
      return one(test.items.map((item) => valueIn(compute(item, follow)) ?? null))
    case 'not':
      return one(!isTrue(compute(test.test, follow)))
    case 'call':
      return one(
        call(
          test.name,
          test.arguments.map((argument) => compute(argument, follow)),
        ),
      )
    case 'binary': {
      const left = compute(test.left, follow)
      if (test.operator === '&&') return one(isTrue(left) && passes(test.right, follow))
      if (test.operator === '||') return one(isTrue(left) || passes(test.right, follow))
      return one(apply(test.operator, valueIn(left), valueIn(compute(test.right, follow))))
    }
  }
}

function one(value: Value | Nothing): Result {
  return { kind: 'one', value }
}

function isTrue(result: Result): boolean {
  return result.kind === 'found' ? result.values.length > 0 : result.value === true
}

function valueIn(result: Result): Value | Nothing {
  return result.kind === 'found' ? result.values[0] : result.value
}

function apply(
  operator: Exclude<FilterOperator, '&&' | '||'>,
  left: Value | Nothing,
  right: Value | Nothing,
): Value | Nothing {
  switch (operator) {
    case '==':
      return same(left, right)
    case '!=':
      return !same(left, right)
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, left, right)
    case 'in':
      return right !== undefined && isArray(right) && right.some((item) => same(left, item))
    case 'empty':
      return left !== undefined && (sizeOf(left) === 0) === right && sizeOf(left) !== undefined
    case 'has':
    case 'exists':
      return (left !== undefined) === right
    case '=~':
    case '~=':
      return typeof left === 'string' && typeof right === 'string' && finds(right, left, false)
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return left + right
      return calculate(operator, left, right)
    case '-':
    case '*':
    case '/':
      return calculate(operator, left, right)
  }
}

function same(left: Value | Nothing, right: Value | Nothing): boolean {
  if (left === undefined || right === undefined) return left === right
  return valuesEqual(left, right)
}

function compare(
  operator: '<' | '>' | '<=' | '>=',
  left: Value | Nothing,
  right: Value | Nothing,
): boolean {
  const order = orderOf(left, right)
  if (order === undefined) return false
  if (order === 0) return operator.endsWith('=')
  return order < 0 === operator.startsWith('<')
}

/** Undefined for what has no order. */
function orderOf(left: Value | Nothing, right: Value | Nothing): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  }
  if (left === undefined || right === undefined) return undefined
  if (!isNumber(left) || !isNumber(right)) return undefined
  return toFloat(left) - toFloat(right)
}

function calculate(
  operator: '+' | '-' | '*' | '/',
  left: Value | Nothing,
  right: Value | Nothing,
): number | Nothing {
  if (left === undefined || right === undefined) return undefined
  if (!isNumber(left) || !isNumber(right)) return undefined
  const [a, b] = [toFloat(left), toFloat(right)]
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  return b === 0 ? undefined : a / b
}

function call(name: FilterFunction, values: readonly Result[]): Value | Nothing {
  const [first, second] = values.map(valueIn)
  switch (name) {
    case 'length':
      return first === undefined ? undefined : sizeOf(first)
    case 'count':
      return values[0]?.kind === 'found' ? values[0].values.length : undefined
    case 'match':
    case 'search':
      if (typeof first !== 'string' || typeof second !== 'string') return false
      return finds(second, first, name === 'match')
  }
}

/** Characters, items or fields. */
function sizeOf(value: Value): number | undefined {
  if (typeof value === 'string') return [...value].length
  if (isArray(value)) return value.length
  return isObject(value) ? value.size : undefined
}

/** RE2's syntax and its linear time. A pattern that is none finds nothing. */
function finds(pattern: string, text: string, whole: boolean): boolean {
  try {
    const compiled = compileRe2(pattern)
    return whole ? compiled.matches(text) : compiled.matcher(text).find()
  } catch {
    return false
  }
}
