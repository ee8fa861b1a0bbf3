import { describe, expect, test } from 'vitest'
import { OptionalSecret, Secret, Uint64, type Value } from '#sdk'
import { corpus } from '../../test/support/corpus.js'
import { evaluateText } from './evaluate.js'
import { isArray, isNumber, isObject } from './kind.js'
import { numberOfText, textOfNumber, toFloat } from './numbers.js'

interface Case {
  readonly id: string
  readonly expr: string
  readonly expected?: unknown
  readonly error?: true
}

interface TestCase extends Case {
  readonly scope?: Readonly<Record<string, unknown>>
  readonly osEnv?: Readonly<Record<string, string>>
  readonly compare?: 'unordered'
}

interface EvaluatedCase extends Case {
  readonly peerType?: string
}

interface Expressions {
  readonly cases: readonly TestCase[]
}

interface EvaluatedExpressions {
  readonly cases: readonly EvaluatedCase[]
  readonly scope: Readonly<Record<string, unknown>>
  readonly osEnv: Readonly<Record<string, string>>
}

const written = corpus<Expressions>('syntax/expressions.json')
if (written) {
  describe('expressions.json', () => {
    for (const one of written.cases) test(one.id, () => check(one, one.scope, one.osEnv))
  })
}

const evaluated = corpus<EvaluatedExpressions>('syntax/derived/expr-evaluated.json')
if (evaluated) {
  const { cases, scope, osEnv } = evaluated
  describe('expr-evaluated.json', () => {
    for (const one of cases) {
      test(one.id, () => {
        const value = check(one, scope, osEnv)
        if (value !== undefined && isNumber(value)) expect(goType(value)).toBe(one.peerType)
      })
    }
  })
}

const CONSTANTS = new Map([['hostname', 'a-host']])

function check(
  { expr, expected, error, compare }: TestCase,
  scope: Readonly<Record<string, unknown>> = {},
  variables: Readonly<Record<string, string>> = {},
): Value | undefined {
  const environment = {
    env: (name: string) => variables[name],
    constants: CONSTANTS,
    strictAlloy: true,
  }
  const names = new Map(Object.entries(scope).map(([name, value]) => [name, valueOfCase(value)]))
  const { value, diagnostics } = evaluateText(expr, environment, names)
  if (error || isNoText(expected)) {
    expect(value).toBeUndefined()
    expect(diagnostics.length).toBeGreaterThan(0)
    for (const { message, at } of diagnostics) {
      expect(message).not.toContain('hunter2')
      expect(at.start).toBeLessThanOrEqual(at.end)
      expect(at.end).toBeLessThanOrEqual(expr.length)
    }
    return undefined
  }
  expect(diagnostics).toEqual([])
  if (isTextOfBytes(value!, expected)) return value
  const got = comparable(plainOf(value!), expected)
  const want = withNumbers(expected)
  if (compare === 'unordered') {
    expect(got).toHaveLength((want as readonly unknown[]).length)
    expect(got).toEqual(expect.arrayContaining(want as unknown[]))
  } else {
    expect(got).toEqual(want)
  }
  return value
}

/** Ours refuses bytes that are no text where the peer's strings hold any bytes. */
function isNoText(expected: unknown): boolean {
  return typeof expected === 'object' && expected !== null && '$base64' in expected
}

/** Ours gives the text of base64, where there is one; the peer always a list of bytes. */
function isTextOfBytes(value: Value, expected: unknown): boolean {
  return (
    typeof value === 'string' &&
    Array.isArray(expected) &&
    Buffer.from(value).equals(Buffer.from(expected as number[]))
  )
}

/** Some results are recorded as decoded into the type of the expected value. */
function comparable(got: unknown, want: unknown): unknown {
  if (typeof got === 'number' && typeof want === 'string') return textOfNumber(got)
  if (typeof got === 'string' && typeof want === 'number') return toFloat(numberOfText(got)!)
  if (typeof got !== 'object' || got === null || !('$optionalSecret' in got)) return got
  const { value, isSecret } = got.$optionalSecret as { value: string; isSecret: boolean }
  if (typeof want === 'string' && !isSecret) return value
  return typeof want === 'object' && want !== null && '$secret' in want ? { $secret: value } : got
}

/** A value of the corpus. */
function valueOfCase(recorded: unknown): Value {
  if (Array.isArray(recorded)) return recorded.map(valueOfCase)
  if (typeof recorded === 'number') return Number.isInteger(recorded) ? BigInt(recorded) : recorded
  if (typeof recorded !== 'object' || recorded === null) return recorded as Value
  if ('$secret' in recorded) return new Secret(String(recorded.$secret))
  if ('$optionalSecret' in recorded) {
    const { value, isSecret } = recorded.$optionalSecret as { value: string; isSecret: boolean }
    return new OptionalSecret(value, isSecret)
  }
  return new Map(Object.entries(recorded).map(([name, value]) => [name, valueOfCase(value)]))
}

/** A value as the corpus writes it, numbers as floats. */
function plainOf(value: Value): unknown {
  if (isNumber(value)) return toFloat(value)
  if (isArray(value)) return value.map(plainOf)
  if (isObject(value)) {
    return Object.fromEntries([...value].map(([name, inner]) => [name, plainOf(inner)]))
  }
  if (value instanceof Secret) return { $secret: value.reveal() }
  if (value instanceof OptionalSecret) {
    return { $optionalSecret: { isSecret: value.isSecret, value: value.text } }
  }
  return value
}

/** What JSON cannot hold is recorded as `{"$int": "..."}` and `{"$float": "..."}`. */
function withNumbers(recorded: unknown): unknown {
  if (Array.isArray(recorded)) return recorded.map(withNumbers)
  if (typeof recorded !== 'object' || recorded === null) return recorded
  if ('$int' in recorded) return Number(recorded.$int)
  if ('$float' in recorded) return Number(String(recorded.$float).replace('Inf', 'Infinity'))
  return Object.fromEntries(Object.entries(recorded).map(([name, one]) => [name, withNumbers(one)]))
}

function goType(value: number | bigint | Uint64): string {
  if (typeof value === 'number') return 'float64'
  return value instanceof Uint64 && value.value >= 1n << 63n ? 'uint64' : 'int'
}
