import { describe, expect, test } from 'vitest'
import { Batch } from '#pdata'
import { type ClientAuth, type Component, Secret, type ServerAuth } from '#sdk'
import { fakeContext } from '#support'
import definition from './bearer.js'

const BATCH = new Batch('traces', [], 0, 0)

function setUp(values: Record<string, unknown>) {
  const all = { scheme: 'Bearer', header: 'Authorization', ...values, token: new Secret('abc') }
  const context = fakeContext()
  const auth = definition.create(context, all as never, undefined as never)
  return { context, auth: auth as Component & ClientAuth & ServerAuth }
}

describe('what it sends', () => {
  const rows = [
    ['the scheme before the token', {}, ['authorization', 'Bearer abc']],
    ['another scheme', { scheme: 'Token' }, ['authorization', 'Token abc']],
    ['no scheme', { scheme: '' }, ['authorization', 'abc']],
    ['another header', { header: 'X-Api-Key', scheme: '' }, ['x-api-key', 'abc']],
  ] as const
  for (const [name, values, expected] of rows) {
    test(name, async () => {
      const headers = new Map([['keep', 'me']])
      await setUp(values).auth.authenticate(BATCH, headers)
      expect([...headers]).toEqual([['keep', 'me'], expected])
    })
  }
})

describe('what it lets in', () => {
  const rows: readonly (readonly [string, string | undefined, boolean])[] = [
    ['the token', 'Bearer abc', true],
    ['another token of that length', 'Bearer abd', false],
    ['a longer token', 'Bearer abcd', false],
    ['the token without its scheme', 'abc', false],
    ['nothing', '', false],
    ['no header', undefined, false],
  ]
  for (const [name, header, passes] of rows) {
    test(name, async () => {
      const known = await setUp({}).auth.check((one) =>
        one === 'authorization' ? header : undefined,
      )
      expect(known !== undefined).toBe(passes)
    })
  }
})

test('offers itself as a handler', async () => {
  const { auth, context } = setUp({})
  await auth.start?.()
  expect(context.published['handler']).toBe(auth)
})
