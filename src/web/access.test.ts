import { describe, expect, test } from 'vitest'
import { Secret } from '#sdk'
import { asksForCredentials, isCredential, isLoopback, isOwnHost } from './access.js'

describe('loopback', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.evil.example', false],
  ]
  for (const [host, is] of rows) test(host, () => expect(isLoopback(host)).toBe(is))
})

describe('a Host header', () => {
  const rows: readonly (readonly [string | undefined, boolean])[] = [
    [undefined, true],
    ['localhost:12345', true],
    ['LOCALHOST', true],
    ['app.localhost:1', true],
    ['127.0.0.1:12345', true],
    ['[::1]:12345', true],
    ['10.1.2.3:12345', true],
    ['evil.example:12345', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['', false],
  ]
  for (const [host, is] of rows) {
    test(String(host), () => expect(isOwnHost(host, '127.0.0.1')).toBe(is))
  }
})

describe('credentials', () => {
  const basic = { username: 'ann', password: new Secret('p:w') }
  const bearer = { token: new Secret('t-1') }
  const pair = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const rows: readonly (readonly [string, object, string | undefined, boolean])[] = [
    ['none', { basic }, undefined, false],
    ['user and password', { basic }, pair('ann:p:w'), true],
    ['wrong password', { basic }, pair('ann:p'), false],
    ['a token where there is none', { basic }, 'Bearer p:w', false],
    ['token', { bearer }, 'Bearer t-1', true],
    ['wrong token', { bearer }, 'Bearer t-2', false],
    ['token as the password of anybody', { bearer }, pair('x:t-1'), true],
    ['token as the user', { bearer }, pair('t-1:x'), false],
    ['empty', { bearer }, 'Basic ', false],
    ['either of both', { basic, bearer }, 'Bearer t-1', true],
  ]
  for (const [name, auth, header, is] of rows) {
    test(name, () => expect(isCredential(auth as never, header)).toBe(is))
  }
})

describe('a filter of paths', () => {
  const filter = { paths: ['/metrics'], authenticate_matching_paths: false }
  const bearer = { token: new Secret('t-1') }
  const rows: readonly (readonly [string, object | undefined, string, boolean])[] = [
    ['nothing configured', undefined, '/', false],
    ['no filter', { bearer }, '/metrics', true],
    ['left open', { bearer, filter }, '/metrics', false],
    ['all else', { bearer, filter }, '/config', true],
    ['dots are resolved', { bearer, filter }, '/metrics/../config', true],
    ['a filter alone asks nobody', { filter }, '/config', false],
  ]
  for (const [name, auth, path, is] of rows) {
    test(name, () => expect(asksForCredentials(auth as never, path)).toBe(is))
  }
})
