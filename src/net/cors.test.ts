import { describe, expect, it } from 'vitest'
import { Cors, type CorsSettings } from './cors.js'

const SETTINGS: CorsSettings = {
  allowedOrigins: ['https://app.example.com', 'https://*.dev.example.com'],
  allowedHeaders: ['X-Requested-With', 'X-Tenant'],
  exposedHeaders: [],
  maxAgeSeconds: 0,
}

function asker(headers: Readonly<Record<string, string>>) {
  return (name: string) => headers[name]
}

describe('CORS', () => {
  const origins: [readonly string[], string, string | undefined, boolean][] = [
    [SETTINGS.allowedOrigins, 'https://app.example.com', 'https://app.example.com', true],
    [SETTINGS.allowedOrigins, 'https://APP.example.com', 'https://APP.example.com', true],
    [SETTINGS.allowedOrigins, 'https://a.dev.example.com', 'https://a.dev.example.com', true],
    [SETTINGS.allowedOrigins, 'https://dev.example.com', undefined, false],
    [SETTINGS.allowedOrigins, 'http://app.example.com', undefined, false],
    [SETTINGS.allowedOrigins, 'https://app.example.com.evil.org', undefined, false],
    [SETTINGS.allowedOrigins, 'https://evil.org/.dev.example.com', undefined, false],
    [SETTINGS.allowedOrigins, 'https://appxexample.com', undefined, false],
    [['*'], 'https://anyone.org', '*', false],
    [['*', 'https://app.example.com'], 'https://app.example.com', '*', false],
    [[], 'https://app.example.com', undefined, false],
  ]
  it.each(origins)('of %j answers %s with %j', (allowedOrigins, origin, allowed, credentials) => {
    const headers = new Cors({ ...SETTINGS, allowedOrigins }).answer(asker({ origin }))
    expect(headers['access-control-allow-origin']).toBe(allowed)
    expect(headers['access-control-allow-credentials']).toBe(credentials ? 'true' : undefined)
    expect(headers['vary']).toBe('Origin')
  })

  const preflights: [string, Record<string, string>, Record<string, string>][] = [
    [
      'a plain question',
      {},
      {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
      },
    ],
    [
      'allowed headers',
      { 'access-control-request-headers': 'content-type, x-tenant' },
      {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type, x-tenant',
      },
    ],
    ['other headers', { 'access-control-request-headers': 'authorization' }, {}],
    ['another method', { 'access-control-request-method': 'DELETE' }, {}],
    ['another origin', { origin: 'https://evil.org' }, {}],
  ]
  it.each(preflights)('answers %s', (_, asked, expected) => {
    const header = asker({
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      ...asked,
    })
    expect(Cors.isPreflight('OPTIONS', header)).toBe(true)
    const { vary, ...headers } = new Cors(SETTINGS).preflight(header, ['POST'])
    expect(vary).toContain('Access-Control-Request-Headers')
    expect(headers).toEqual(expected)
  })

  it('lets every header pass with *, and says how long an answer holds', () => {
    const header = asker({
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'anything',
    })
    const cors = new Cors({ ...SETTINGS, allowedHeaders: ['*'], maxAgeSeconds: 600 })
    expect(cors.preflight(header, ['POST'])).toMatchObject({
      'access-control-allow-headers': 'anything',
      'access-control-max-age': '600',
    })
  })

  it('names the headers that pages may read', () => {
    const cors = new Cors({ ...SETTINGS, exposedHeaders: ['X-Id', 'Retry-After'] })
    const headers = cors.answer(asker({ origin: 'https://app.example.com' }))
    expect(headers['access-control-expose-headers']).toBe('X-Id, Retry-After')
  })

  const others: [string, Record<string, string>][] = [
    ['POST', { origin: 'https://a.org', 'access-control-request-method': 'POST' }],
    ['OPTIONS', { origin: 'https://a.org' }],
    ['OPTIONS', { 'access-control-request-method': 'POST' }],
  ]
  it.each(others)('does not take %s %j for a preflight', (method, headers) => {
    expect(Cors.isPreflight(method, asker(headers))).toBe(false)
  })
})
