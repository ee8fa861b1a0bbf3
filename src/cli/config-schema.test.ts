import { expect, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'

interface Schema {
  readonly properties: Readonly<Record<string, object>>
  readonly $defs: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, object>> }>
  >
}

const schema = JSON.parse((await runWeir(['explain', '--json-schema'])).out) as Schema

test('every component and block has its place, and every place its definition', () => {
  const names = Object.keys(schema.properties)
  expect(names).toEqual(expect.arrayContaining(['otelcol.receiver.otlp', 'logging', 'declare']))
  expect(Object.keys(schema.$defs)).toEqual(names)
  expect(schema.properties['logging']).toEqual({ $ref: '#/$defs/logging' })
  expect(schema.properties['otelcol.receiver.otlp']).toEqual({
    type: 'object',
    additionalProperties: { $ref: '#/$defs/otelcol.receiver.otlp' },
  })
})

test('arguments have their types, limits and defaults', () => {
  expect(schema.$defs['otelcol.processor.batch']).toMatchObject({
    type: 'object',
    required: ['output'],
    additionalProperties: false,
    properties: {
      enabled: { type: 'boolean', default: true },
      timeout: { type: 'string', format: 'duration', default: '200ms' },
      send_batch_size: { type: 'integer', minimum: 0, default: 2000 },
      metadata_keys: { type: 'array', items: { type: 'string' }, default: [] },
      output: { type: 'object' },
    },
  })
  expect(schema.$defs['logging']!.properties).not.toHaveProperty('enabled')
})
