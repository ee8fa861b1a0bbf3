import { describe, expect, test } from 'vitest'
import { Batch } from '#pdata'
import { type ClientAuth, type Component, Permanent, Secret, type ServerAuth } from '#sdk'
import { fakeContext, settle } from '#support'
import definition from './basic.js'

const BATCH = new Batch('traces', [], 0, 0)

function setUp(values: Record<string, unknown>, files: Record<string, string> = {}) {
  const context = fakeContext()
  for (const [path, text] of Object.entries(files)) context.contents.set(path, text)
  const auth = definition.create(context, values as never, undefined as never)
  return { context, auth: auth as Component & ClientAuth & ServerAuth }
}

async function sent(auth: ClientAuth): Promise<string> {
  const headers = new Map<string, string>()
  await auth.authenticate(BATCH, headers)
  const value = headers.get('authorization') ?? ''
  return Buffer.from(value.replace('Basic ', ''), 'base64').toString()
}

function header(user: string, password: string) {
  const value = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return (name: string) => (name === 'authorization' ? value : undefined)
}

describe('what it sends', () => {
  const password = new Secret('pw')
  const files = { '/user': 'file user\n', '/password': 'file:pw\r\n' }
  const rows: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['client_auth', { client_auth: { username: 'a', password } }, 'a:pw'],
    ['the old attributes', { username: 'a', password }, 'a:pw'],
    [
      'client_auth before the old attributes',
      { username: 'x', password, client_auth: { username: 'a' } },
      'a:',
    ],
    [
      'files before text',
      { client_auth: { username: 'a', username_file: '/user', password_file: '/password' } },
      'file user:file:pw',
    ],
  ]
  for (const [name, values, expected] of rows) {
    test(name, async () => {
      const { auth } = setUp(values, files)
      await auth.start?.()
      expect(await sent(auth)).toBe(expected)
    })
  }

  test('a changed file is used at once, a vanished one leaves the last password', async () => {
    const { auth, context } = setUp(
      { client_auth: { username: 'a', password_file: '/p' } },
      { '/p': '1' },
    )
    await auth.start?.()
    context.change('/p', '2')
    await settle()
    expect(await sent(auth)).toBe('a:2')
    context.change('/p', undefined)
    await settle()
    expect(await sent(auth)).toBe('a:2')
    expect(context.logged).toHaveLength(1)
    await auth.stop(AbortSignal.abort())
  })

  test('without credentials nothing is sent', async () => {
    const { auth } = setUp({ htpasswd: { file: '', inline: 'a:b' } })
    await auth.start?.()
    await expect(sent(auth)).rejects.toBeInstanceOf(Permanent)
  })
})

describe('what it lets in', () => {
  // Each made with the standard tools from the password "secret".
  const hashes: readonly (readonly [string, string])[] = [
    ['plain text', 'secret'],
    ['bcrypt', '$2b$05$bxCTF1Ye2/qUMv1bsT8GE./imVrwqjIRTZ.9MumQtrmxMqF70UnFW'],
    ['Apache MD5', '$apr1$TXrTiKcg$OW4vhusOjXSpkRx1g1a6u.'],
    ['SHA-1', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='],
    [
      'SHA-512 crypt',
      '$6$saltstring$AIsRs/Ee56G/tC8MEHhvReZTfx8u3rXXMl6eYrjCG9ibix19DxoMBLogdTET5Ukw9Sf7eZTITsuk0Ry5qulYz.',
    ],
  ]
  for (const [name, hash] of hashes) {
    test(name, async () => {
      const { auth } = setUp({ htpasswd: { file: '', inline: `other:x\nalice:${hash}\n` } })
      await auth.start?.()
      const known = await auth.check(header('alice', 'secret'))
      expect(known && Object.fromEntries(known)).toEqual({ subject: 'alice', username: 'alice' })
      expect(await auth.check(header('alice', 'Secret'))).toBeUndefined()
      expect(await auth.check(header('bob', 'secret'))).toBeUndefined()
      expect(await auth.check(() => undefined)).toBeUndefined()
      expect(await auth.check(() => 'Bearer abc')).toBeUndefined()
    })
  }

  test('a password with a colon', async () => {
    const { auth } = setUp({ htpasswd: { file: '', inline: 'alice:a:b' } })
    await auth.start?.()
    expect(await auth.check(header('alice', 'a:b'))).toBeDefined()
  })

  test('a file, read again when it changes', async () => {
    const { auth, context } = setUp({ htpasswd: { file: '/h', inline: '' } }, { '/h': 'alice:1' })
    await auth.start?.()
    expect(await auth.check(header('alice', '1'))).toBeDefined()
    context.change('/h', 'alice:2')
    await settle()
    expect(await auth.check(header('alice', '1'))).toBeUndefined()
    expect(await auth.check(header('alice', '2'))).toBeDefined()
  })

  test('a line without a user refuses the config', async () => {
    const { auth } = setUp({ htpasswd: { file: '', inline: 'alice' } })
    await expect(auth.start?.()).rejects.toThrow('cannot read htpasswd line 2: it has no "user:"')
  })
})
