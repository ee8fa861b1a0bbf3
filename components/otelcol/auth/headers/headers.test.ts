import { describe, expect, test } from 'vitest'
import { Batch } from '#pdata'
import { type ClientAuth, type Component, Secret } from '#sdk'
import { fakeContext } from '#support'
import definition from './headers.js'

const CLIENT = {
  metadata: new Map([['x-tenant', ['one', 'two']]]),
  auth: new Map([['subject', 'alice']]),
  address: '127.0.0.1',
}
const BATCH = new Batch('traces', [], 0, 0, CLIENT)

type Header = Record<string, unknown>

async function headersWith(...header: readonly Header[]): Promise<Record<string, string>> {
  const all = { header: header.map((one) => ({ action: 'upsert', ...one })) }
  const auth = definition.create(fakeContext(), all as never, undefined as never)
  const headers = new Map([['present', 'old']])
  await (auth as Component & ClientAuth).authenticate(BATCH, headers)
  return Object.fromEntries(headers)
}

describe('actions', () => {
  const value = new Secret('new')
  const rows: readonly (readonly [string, Header, Record<string, string>])[] = [
    ['upsert what is absent', { key: 'A', value }, { present: 'old', a: 'new' }],
    ['upsert what is present', { key: 'Present', value }, { present: 'new' }],
    ['insert what is absent', { key: 'a', value, action: 'insert' }, { present: 'old', a: 'new' }],
    ['insert what is present', { key: 'present', value, action: 'insert' }, { present: 'old' }],
    ['update what is absent', { key: 'a', value, action: 'update' }, { present: 'old' }],
    ['update what is present', { key: 'present', value, action: 'update' }, { present: 'new' }],
    ['delete', { key: 'present', action: 'delete' }, {}],
    ['from metadata', { key: 'a', from_context: 'X-Tenant' }, { present: 'old', a: 'one;two' }],
    [
      'from metadata by its prefix',
      { key: 'a', from_context: 'metadata.x-tenant' },
      { present: 'old', a: 'one;two' },
    ],
    [
      'from what auth knows',
      { key: 'a', from_attribute: 'subject' },
      { present: 'old', a: 'alice' },
    ],
    [
      'from what auth knows, as context',
      { key: 'a', from_context: 'auth.subject' },
      { present: 'old', a: 'alice' },
    ],
    ['from what is not there', { key: 'a', from_context: 'none' }, { present: 'old' }],
  ]
  for (const [name, header, expected] of rows) {
    test(name, async () => expect(await headersWith(header)).toEqual(expected))
  }
})

describe('checks', () => {
  const check = (header: Header) => {
    const field = definition.schema.fields['header']
    if (field?.form !== 'block') throw new Error('header is a block')
    return field.schema.check?.(header as never).map(({ message }) => message)
  }
  const rows: readonly (readonly [string, Header, readonly string[]])[] = [
    ['a value', { action: 'upsert', value: 'x' }, []],
    ['nothing', { action: 'upsert' }, ['header needs a value']],
    ['nothing, to delete', { action: 'delete' }, []],
    [
      'two sources',
      { action: 'upsert', value: 'x', from_context: 'y' },
      ['header takes only one of value and from_context'],
    ],
  ]
  for (const [name, header, expected] of rows) {
    test(name, () => expect(check(header)).toEqual(expected))
  }
})
