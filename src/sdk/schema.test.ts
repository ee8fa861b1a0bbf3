import { describe, expect, test } from 'vitest'
import { describeSchema, describeType, jsonSchemaOf, nameOfExport, nameOfType } from './describe.js'
import * as schema from './schema.js'

const about = 'For the test.'
const inner = schema.attributes({
  path: schema.string({ required: true, about }),
  limit: schema.size({ default: '4MiB', about }),
})
const sample = schema.attributes({
  timeout: schema.duration({ default: '200ms', min: '1ms', max: '1h', about }),
  count: schema.integer({ default: 3, min: 1, max: 10, about }),
  share: schema.number({ about }),
  mode: schema.choice(['fast', 'safe'], { default: 'safe', about }),
  names: schema.list(schema.type.string(), { default: ['a'], about }),
  headers: schema.map(schema.type.stringOrSecret, { default: {}, about }),
  token: schema.secret({ required: true, about }),
  loud: schema.boolean({ default: false, about, deprecated: 'use mode' }),
  to: schema.consumers('traces', about),
  forward_to: schema.forwardTo('entries'),
  once: schema.block(inner, { about }),
  always: schema.block(schema.attributes({ on: schema.boolean({ default: true, about }) }), {
    absent: 'defaults',
    about,
  }),
  many: schema.blocks(inner, { about }),
})

test('defaults are decoded', () => {
  expect(schema.defaultsOf(sample)).toEqual({
    timeout: 200,
    count: 3,
    share: undefined,
    mode: 'safe',
    names: ['a'],
    headers: new Map(),
    token: undefined,
    loud: false,
    to: [],
    forward_to: undefined,
    once: undefined,
    always: { on: true },
    many: [],
  })
})

test('a default that is no duration is a bug of the schema', () => {
  expect(() => schema.duration({ default: 'soon', about })).toThrow('schema: soon is no duration')
})

describe('a type in words', () => {
  const rows: readonly (readonly [keyof typeof sample.fields, string])[] = [
    ['timeout', 'a duration such as "1m30s" from 1ms to 1h'],
    ['count', 'a whole number from 1 to 10'],
    ['share', 'a number'],
    ['mode', 'one of "fast", "safe"'],
    ['names', 'a list, each a string'],
    ['headers', 'an object, each value a string or a secret'],
    ['token', 'a string or a secret'],
    ['loud', 'true or false'],
    ['to', 'a list of consumers'],
    ['forward_to', 'a list of receivers of log entries'],
  ]
  for (const [name, text] of rows) {
    test(name, () => {
      const field = sample.fields[name]
      expect(field.form === 'attribute' && describeType(field.type)).toBe(text)
    })
  }
})

test('a schema as tables', () => {
  const bodies = describeSchema(sample)
  expect(bodies.map(({ path, repeated }) => [path.join(' > '), repeated])).toEqual([
    ['', false],
    ['once', false],
    ['always', false],
    ['many', true],
  ])
  expect(bodies[0]?.attributes[0]).toEqual({
    name: 'timeout',
    type: 'duration',
    default: '"200ms"',
    required: false,
    about,
    deprecated: undefined,
  })
})

test('a consumer by its capsule', () => {
  const names = [sample.fields.to, sample.fields.forward_to].map(({ type }) => nameOfType(type))
  expect(names).toEqual(['list(otelcol.Consumer)', 'list(LogsReceiver)'])
  expect(nameOfExport({ kind: 'consumer', capsule: 'MetricsReceiver' })).toBe('MetricsReceiver')
  expect(nameOfExport({ kind: 'string-or-secret' })).toBe('string-or-secret')
})

test('a schema as JSON schema', () => {
  expect(jsonSchemaOf(sample)).toMatchObject({
    type: 'object',
    required: ['token', 'forward_to'],
    additionalProperties: false,
    properties: {
      count: { type: 'integer', minimum: 1, maximum: 10, description: about },
      mode: { type: 'string', enum: ['fast', 'safe'] },
      many: { type: 'array', items: { type: 'object', required: ['path'] } },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
    },
  })
})
