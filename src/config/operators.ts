/** The operators of the language on values. They throw `Fault`, with operand 0 the left one. */
import type { ast } from '#grammar'
import { diagnose } from '#grammar'
import { OptionalSecret, Secret, Uint64, type Value } from '#sdk'
import { valuesEqual } from './equal.js'
import { Fault, failure } from './fault.js'
import { isNumber, type Kind, kindOf } from './kind.js'
import { LIMITS } from './limits.js'
import { type NumberValue, toFloat, toInt64, toUint64 } from './numbers.js'
import { floatPower, wholePower } from './power.js'
import { describeKind, nounOf } from './show.js'
import { holdsUnknown, isSecret, Unknown } from './unknown.js'

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^'
type Comparison = '<' | '<=' | '>' | '>='

/** The types each operator takes; `==` and `!=` take all. */
const ALLOWED: Readonly<Record<Exclude<ast.BinaryOperator, '==' | '!='>, readonly Kind[]>> = {
  '||': ['bool'],
  '&&': ['bool'],
  '<': ['number', 'string'],
  '<=': ['number', 'string'],
  '>': ['number', 'string'],
  '>=': ['number', 'string'],
  '+': ['number', 'string', 'capsule'],
  '-': ['number'],
  '*': ['number'],
  '/': ['number'],
  '%': ['number'],
  '^': ['number'],
}

export function applyUnary(operator: ast.UnaryOperator, value: Value): Value {
  const wanted: Kind = operator === '!' ? 'bool' : 'number'
  const kind = knownKind(value)
  if (kind !== undefined && kind !== wanted) {
    throw wrongOperand([0], `the operand of ${operator}`, [wanted], value)
  }
  if (value instanceof Unknown) return new Unknown(wanted)
  if (operator === '!') return value === false
  return typeof value === 'number' ? -value : BigInt.asIntN(64, -toInt64(value as NumberValue))
}

export function applyBinary(operator: ast.BinaryOperator, left: Value, right: Value): Value {
  const [a, b] = unwrapped(left, right)
  if (operator === '==' || operator === '!=') {
    if (holdsUnknown(a) || holdsUnknown(b)) return new Unknown('bool')
    return valuesEqual(a, b) === (operator === '==')
  }
  const allowed = ALLOWED[operator]
  checkOperand(0, operator, allowed, a)
  checkOperand(1, operator, allowed, b)
  checkAlike(operator, a, b)
  if (isDivision(operator) && isNumber(b) && toFloat(b) === 0)
    throw failure([1], 'division by zero')
  if (a instanceof Unknown || b instanceof Unknown) return unknownResult(operator, a, b)
  switch (operator) {
    case '||':
      return a === true || b === true
    case '&&':
      return a === true && b === true
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, a, b)
    case '+':
      return isNumber(a) ? arithmetic(operator, a, b as NumberValue) : joined(a, b)
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return arithmetic(operator, a as NumberValue, b as NumberValue)
  }
}

/**
 * A string beside a secret becomes one. An optional secret that is none becomes a string beside a
 * string; one that is a secret makes the string an optional secret that is one.
 */
function unwrapped(a: Value, b: Value): readonly [Value, Value] {
  if (a instanceof Secret) return [a, toSecret(b)]
  if (b instanceof Secret) return [toSecret(a), b]
  if (a instanceof OptionalSecret && typeof b === 'string') {
    return a.isSecret ? [a, new OptionalSecret(b, true)] : [a.text, b]
  }
  if (b instanceof OptionalSecret && typeof a === 'string') {
    return b.isSecret ? [new OptionalSecret(a, true), b] : [a, b.text]
  }
  return [a, b]
}

function toSecret(value: Value): Value {
  if (typeof value === 'string') return new Secret(value)
  return value instanceof OptionalSecret ? new Secret(value.text) : value
}

function checkOperand(
  side: 0 | 1,
  operator: ast.BinaryOperator,
  allowed: readonly Kind[],
  value: Value,
): void {
  const kind = knownKind(value)
  const secret = isSecret(value) || value instanceof OptionalSecret
  if (kind === undefined || (allowed.includes(kind) && (kind !== 'capsule' || secret))) return
  throw wrongOperand([side], `the ${SIDES[side]} side of ${operator}`, allowed, value)
}

const SIDES = ['left', 'right'] as const

/** Past `checkOperand`, an operator takes two numbers or two texts. */
function checkAlike(operator: ast.BinaryOperator, a: Value, b: Value): void {
  const [left, right] = [knownKind(a), knownKind(b)]
  if (left === undefined || right === undefined) return
  if ((left === 'number') === (right === 'number')) return
  const [allowed, got] = [`${describeKind(a)}, as the left side is`, describeKind(b)]
  const help = operator === '+' ? 'string.format("%v", ...) makes a string of a number' : undefined
  const subject = `the right side of ${operator}`
  throw new Fault([1], (at) =>
    diagnose('operand-type', at, { subject, allowed: [allowed], got, help }),
  )
}

function wrongOperand(
  path: readonly number[],
  subject: string,
  allowed: readonly Kind[],
  value: Value,
): Fault {
  const facts = { subject, allowed: allowed.map(nounOf), got: describeKind(value) }
  return new Fault(path, (at) => diagnose('operand-type', at, facts))
}

/** Undefined while it could be anything. */
export function knownKind(value: Value): Kind | undefined {
  return value instanceof Unknown ? value.kind : kindOf(value)
}

function unknownResult(operator: ast.BinaryOperator, a: Value, b: Value): Unknown {
  if (operator === '+') {
    const [left, right] = [knownKind(a), knownKind(b)]
    if (left === 'number' || right === 'number') return new Unknown('number')
    if (isSecret(a) || isSecret(b)) return new Unknown('capsule', true)
    return left === 'string' && right === 'string' ? new Unknown('string') : new Unknown()
  }
  return new Unknown('-*/%^'.includes(operator) ? 'number' : 'bool')
}

function joined(a: Value, b: Value): Value {
  if (a instanceof Secret) return new Secret(concatenated(a.reveal(), (b as Secret).reveal()))
  if (a instanceof OptionalSecret) {
    const other = b as OptionalSecret
    return new OptionalSecret(concatenated(a.text, other.text), a.isSecret || other.isSecret)
  }
  return concatenated(a as string, b as string)
}

function concatenated(a: string, b: string): string {
  if (a.length + b.length > LIMITS.textLength) throw failure([], LIMITS.textTooLong)
  return a + b
}

function compare(operator: Comparison, a: Value, b: Value): boolean {
  const order =
    typeof a === 'string'
      ? Buffer.compare(Buffer.from(a), Buffer.from(b as string))
      : orderOfNumbers(a as NumberValue, b as NumberValue)
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** NaN when either is: no comparison with it holds. */
function orderOfNumbers(a: NumberValue, b: NumberValue): number {
  if (typeof a === 'number' || typeof b === 'number') {
    const [left, right] = [toFloat(a), toFloat(b)]
    return left === right ? 0 : left - right
  }
  const [left, right] =
    a instanceof Uint64 && b instanceof Uint64 ? [a.value, b.value] : [toInt64(a), toInt64(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

function isDivision(operator: ast.BinaryOperator): boolean {
  return operator === '/' || operator === '%'
}

/** A float makes it floats; two unsigned numbers stay so; else int64. Whole numbers wrap around. */
function arithmetic(operator: Arithmetic, a: NumberValue, b: NumberValue): NumberValue {
  if (typeof a === 'number' || typeof b === 'number') {
    return floatArithmetic(operator, toFloat(a), toFloat(b))
  }
  if (a instanceof Uint64 && b instanceof Uint64) {
    return new Uint64(wholeArithmetic(operator, toUint64(a), toUint64(b)))
  }
  return BigInt.asIntN(64, wholeArithmetic(operator, toInt64(a), toInt64(b)))
}

function floatArithmetic(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '^':
      return floatPower(a, b)
  }
}

function wholeArithmetic(operator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '^': {
      const power = wholePower(a, b)
      if (power === undefined) throw failure([1], 'the exponent is too large: the result overflows')
      return power
    }
  }
}
