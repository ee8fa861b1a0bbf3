import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Source } from '#grammar'
import { allComponents } from '#support'
import { redactConfig, redactText, secretNames } from './redact.js'

const names = secretNames(await allComponents())
const redacted = (text: string) => redactConfig(new Source('a.river', text), names)

describe('a config', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['a secret by its schema', 'token = "abc"', 'token = "(secret)"'],
    ['a secret by its name', 'my_api_key = "abc"', 'my_api_key = "(secret)"'],
    ['a raw string', 'password = `abc`', 'password = "(secret)"'],
    [
      'a part of an expression',
      'password = "abc" + sys.env("B")',
      'password = "(secret)" + sys.env("B")',
    ],
    ['in parentheses', 'password = ("abc")', 'password = ("(secret)")'],
    [
      'in a call',
      'password = string.trim("abc", "d")',
      'password = string.trim("(secret)", "(secret)")',
    ],
    ['all headers', 'headers = { "X-Any" = "abc" }', 'headers = { "X-Any" = "(secret)" }'],
    [
      'a field by its name',
      'a = { token = "abc", b = "c" }',
      'a = { token = "(secret)", b = "c" }',
    ],
    ['below a field', 'a = [{ password = ["abc"] }]', 'a = [{ password = ["(secret)"] }]'],
    ['a user in a URL', 'url = "http://me:abc@host/p"', 'url = "http://(secret)@host/p"'],
    ['a comment', '// password = "abc"', '// password = "(secret)"'],
    ['a comment with parentheses', '// token = ("abc")', '// token = ("(secret)")'],
    ['a comment without quotes', '/* token: abc */', '/* token: "(secret)" */'],
    [
      'what is no config',
      'token "abc" = {{ password = "abc"',
      'token "abc" = {{ password = "(secret)"',
    ],
  ]
  test.each(rows)('%s', (_, text, expected) => {
    expect(redacted(text)).toBe(expected)
  })

  test.each([
    'token = sys.env("TOKEN")',
    'token = local.file.token.content',
    'key_file = "/etc/weir/server.key"',
    'token_url = "https://login.example.com/token"',
    'endpoint = "tempo:4317"',
    '// token = sys.env("TOKEN")',
  ])('%s stays', (text) => expect(redacted(text)).toBe(text))

  test('holds no secret, wherever it is written', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/)
    const name = fc.constantFrom('password', 'token', 'client_secret', 'bearer_token', 'api_key')
    const shape = fc.constantFrom<(name: string, value: string) => string>(
      (key, text) => `a.b "c" {\n  d {\n    ${key} = "${text}"\n  }\n}`,
      (key, text) => `a.b "c" {\n  x = { ${key} = "${text}" }\n}`,
      (key, text) => `a.b "c" { headers = { "${key}" = ["${text}"] } }`,
      (key, text) => `// ${key}: ${text}\n`,
      (key, text) => `a.b "c" {\n  ${key} = \`${text}\`\n`,
      (_, text) => `a.b "c" { url = "https://u:${text}@host" }`,
    )
    fc.assert(
      fc.property(shape, name, value, (write, key, text) => {
        expect(redacted(write(key, text))).not.toContain(text)
      }),
      { seed: 6 },
    )
  })
})

describe('any text', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['level=info password=abc123', 'level=info password="(secret)"'],
    ['password=a(b,c)d user=me', 'password="(secret)" user=me'],
    ['{"client_secret":"abc123","n":1}', '{"client_secret":"(secret)","n":1}'],
    ['{"client_secret": "a\\"bc"}', '{"client_secret": "(secret)"}'],
    ['sent Bearer abcdef123456 to a', 'sent Bearer (secret) to a'],
    ['eyJhbGciOiJI.eyJzdWIi.c2ln', '(secret)'],
    ['https://me:pass@host and http://host', 'https://(secret)@host and http://host'],
    ['a\n-----BEGIN PRIVATE KEY-----\nMII\nabc\n-----END PRIVATE KEY-----\nb', 'a\n(secret)\nb'],
    ['-----BEGIN EC PRIVATE KEY-----\ncut off', '(secret)'],
    ['WWW-Authenticate: Basic realm="weir"', 'WWW-Authenticate: Basic realm="weir"'],
    ['weir_build_info{version="1"} 1', 'weir_build_info{version="1"} 1'],
    ['{"token":"(secret)"}', '{"token":"(secret)"}'],
    ['{"has_token":true,"n":1}', '{"has_token":true,"n":1}'],
  ]
  test.each(rows)('%j', (text, expected) => expect(redactText(text)).toBe(expected))
})
