import fc from 'fast-check'
import { test } from 'vitest'
import { parseExpression, Source } from '#grammar'
import { OptionalSecret, Secret, type Value } from '#sdk'
import { EvaluationError, evaluate } from './evaluate.js'
import { functions } from './functions/index.js'
import { showValue } from './show.js'
import { Unknown } from './unknown.js'
import { valueToJson } from './value-json.js'

const variables = new Map<string, Value>([
  ['i', 7n],
  ['list', [1n, 'a', null]],
  ['object', new Map<string, Value>([['a', 1n]])],
  ['password', new Secret('hunter2')],
  ['token', new OptionalSecret('hunter2', true)],
  ['unknown', new Unknown()],
  ['text', new Unknown('string')],
])

const leaves = [
  ...variables.keys(),
  ...['0', '1', '-1', '0.5', '1e308', '9223372036854775807', '18446744073709551615', '"a"', '""'],
  ...['"%v%d|%*x"', '"[1,2"', '"a: *b"', '"$..a"', 'null', 'true', '[]', '{}', 'undefined'],
]

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression')
  const pair = fc.tuple(inner, inner)
  const operator = fc.constantFrom('+', '-', '*', '/', '%', '^', '==', '<', '>=', '&&', '||')
  const names = [...functions.keys()]
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...leaves),
      fc.tuple(inner, operator, inner).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(fc.constantFrom('!', '-'), inner).map(([sign, a]) => `${sign}(${a})`),
      inner.map((a) => `(${a}).a`),
      pair.map(([a, b]) => `(${a})[${b}]`),
      fc.array(inner, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      pair.map(([a, b]) => `{a = ${a}, b = ${b}}`),
      fc
        .tuple(fc.constantFrom(...names), fc.array(inner, { maxLength: 4 }))
        .map(([name, values]) => `${name}(${values.join(', ')})`),
    ),
  }
})

test('an expression gives a value or points at a part of itself', () => {
  const environment = { env: () => undefined, constants: new Map() }
  const components = { lookup: (name: string) => variables.get(name) }
  fc.assert(
    fc.property(expression, fc.boolean(), (text, lenient) => {
      const { expression: tree } = parseExpression(new Source('-', text))
      try {
        const value = evaluate(tree!, { components, environment, lenient })
        return showValue(value).length < 200 && JSON.parse(valueToJson(value)) !== undefined
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error
        const { at, message } = error.diagnostic
        return at.start >= 0 && at.start < at.end && at.end <= text.length && message !== ''
      }
    }),
    { seed: 20260802, numRuns: 3000 },
  )
})

test('no message and no JSON shows a secret', () => {
  const environment = { env: () => undefined, constants: new Map() }
  const components = { lookup: (name: string) => variables.get(name) }
  const unrevealing = expression.filter((text) => !text.includes('nonsensitive'))
  fc.assert(
    fc.property(unrevealing, (text) => {
      const { expression: tree } = parseExpression(new Source('-', text))
      try {
        const value = evaluate(tree!, { components, environment, lenient: false })
        return !`${valueToJson(value)} ${showValue(value)}`.includes('hunter2')
      } catch (error) {
        return !JSON.stringify(error).includes('hunter2')
      }
    }),
    { seed: 20260803, numRuns: 2000 },
  )
})
