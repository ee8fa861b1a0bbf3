import { describe, expect, it } from 'vitest'
import { Secret } from '#sdk'
import { checkTls, type TlsConfig } from './tls-config.js'
import { findCipher } from './tls-names.js'

const PAIR = { cert_file: '/c', key_file: '/k' }

describe('a tls block', () => {
  const rows: [string, TlsConfig, 'server' | 'client', readonly [string, RegExp][]][] = [
    ['a server with files', PAIR, 'server', []],
    ['a server with texts', { cert_pem: 'c', key_pem: new Secret('k') }, 'server', []],
    ['a client with nothing', {}, 'client', []],
    ['empty strings', { ...PAIR, ca_file: '', ca_pem: '', min_version: '' }, 'server', []],
    ['a server with nothing', {}, 'server', [['cert_file', /needs a certificate and a key/]]],
    ['a key alone', { key_file: '/k' }, 'server', [['key_file', /needs its certificate/]]],
    ['a certificate alone', { cert_pem: 'c' }, 'client', [['cert_file', /needs its key/]]],
    [
      'everything twice',
      { ...PAIR, cert_pem: 'c', key_pem: new Secret('k'), ca_file: '/a', ca_pem: 'a' },
      'client',
      [
        ['ca_pem', /ca_file or ca_pem, not both/],
        ['cert_pem', /not both/],
        ['key_pem', /not both/],
      ],
    ],
    [
      'unknown versions',
      { min_version: 'TLS 9', max_version: 'tls1.2' },
      'client',
      [
        ['min_version', /unknown TLS version "TLS 9"; known are "TLS 1.0", .*"TLS 1.3"$/],
        ['max_version', /unknown TLS version "tls1.2"/],
      ],
    ],
    [
      'versions the wrong way round',
      { min_version: 'TLS 1.3', max_version: 'TLS 1.2' },
      'client',
      [['min_version', /min_version is above max_version/]],
    ],
    [
      'a maximum below the default',
      { max_version: 'TLS 1.1' },
      'client',
      [['min_version', /above/]],
    ],
    [
      'cipher suites',
      {
        cipher_suites: [
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'ECDHE-ECDSA-CHACHA20-POLY1305',
          'TLS_AES_128_GCM_SHA256',
        ],
      },
      'client',
      [],
    ],
    [
      'unknown cipher suites',
      { cipher_suites: ['TLS_NONE', 'TLS_RSA_WITH_NONSENSE', 'constructor'] },
      'client',
      [
        ['cipher_suites', /unknown cipher suite "TLS_NONE"/],
        ['cipher_suites', /unknown cipher suite "TLS_RSA_WITH_NONSENSE"/],
        ['cipher_suites', /unknown cipher suite "constructor"/],
      ],
    ],
    [
      'insecure cipher suites',
      { cipher_suites: ['TLS_RSA_WITH_AES_128_GCM_SHA256'] },
      'client',
      [['cipher_suites', /is insecure; drop it, or set include_insecure_cipher_suites = true/]],
    ],
    [
      'insecure cipher suites that are wanted',
      {
        cipher_suites: ['TLS_RSA_WITH_AES_128_GCM_SHA256'],
        include_insecure_cipher_suites: true,
      },
      'client',
      [],
    ],
    [
      'curves',
      { curve_preferences: ['X25519', 'P256', 'P999', 'toString'] },
      'client',
      [
        ['curve_preferences', /unknown curve "P999"; known are X25519, P256, P384, P521/],
        ['curve_preferences', /unknown curve "toString"/],
      ],
    ],
  ]
  it.each(rows)('with %s', (_, config, side, expected) => {
    const problems = checkTls(config, side)
    expect(problems.map(({ field }) => field)).toEqual(expected.map(([field]) => field))
    for (const [index, [, text]] of expected.entries()) {
      expect(problems[index]!.message).toMatch(text)
    }
  })
})

describe('cipher suites by the names of Go', () => {
  const rows: [string, string | undefined, boolean][] = [
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384', false],
    ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA', false],
    ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256', true],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305', false],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', false],
    ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA', true],
    ['TLS_RSA_WITH_RC4_128_SHA', undefined, false],
  ]
  it.each(rows)('%s', (name, openssl, isInsecure) => {
    const cipher = findCipher(name)
    expect(cipher?.name).toBe(openssl)
    if (cipher) expect(cipher.isInsecure).toBe(isInsecure)
  })
})
