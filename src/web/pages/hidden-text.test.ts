import { describe, expect, test } from 'vitest'
import { Source } from '#grammar'
import { attributes, list, secret, string, type } from '#sdk'
import { hiddenText } from './hidden-text.js'

const schema = attributes({
  // Its name does not tell.
  greeting: secret({ about: 'A secret.' }),
  words: list(type.secret, { default: [], about: 'Secrets.' }),
  plain: string({ about: 'A text.' }),
})
const hiding = { schemas: new Map([['toy.safe', schema]]), values: new Set(['hunter2-x']) }
const hide = (text: string) => hiddenText(new Source('c.river', text), hiding)

describe('a config as pages show it', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'secret by the schema',
      'toy.safe "a" { greeting = "hi" }',
      'toy.safe "a" { greeting = "(secret)" }',
    ],
    ['in a list', 'toy.safe "a" { words = ["hi"] }', 'toy.safe "a" { words = ["(secret)"] }'],
    ['no secret', 'toy.safe "a" { plain = "hi" }', 'toy.safe "a" { plain = "hi" }'],
    ['by its name', 'a "b" { password = "p" }', 'a "b" { password = "(secret)" }'],
    ['joined', 'a "b" { token = "p" + "q" }', 'a "b" { token = "(secret)" + "(secret)" }'],
    [
      'by the name of a header',
      'a "b" { headers = {"Authorization" = "Basic eA=="} }',
      'a "b" { headers = {"Authorization" = "(secret)"} }',
    ],
    ['a running secret, wherever', 'a "b" { plain = "hunter2-x" }', 'a "b" { plain = "(secret)" }'],
    [
      'where a secret comes from',
      'a "b" { password = sys.env("PW") }',
      'a "b" { password = sys.env("PW") }',
    ],
    [
      'made by a function',
      'a "b" { token = base64("eA==") }',
      'a "b" { token = base64("(secret)") }',
    ],
    [
      'in an address',
      'a "b" { url = "https://u:pw@host/x" }',
      'a "b" { url = "https://u:(secret)@host/x" }',
    ],
    ['in a comment', '// password = "p"\n', '// password = "(secret)"\n'],
    [
      'in what cannot be parsed',
      'a "b" {\n  password = "p"\n',
      'a "b" {\n  password = "(secret)"\n',
    ],
    ['a raw string of two lines', 'a "b" { token = `p\nq` }\n', 'a "b" { token = "(secret)"\n }\n'],
  ]
  for (const [name, text, shown] of rows) test(name, () => expect(hide(text)).toBe(shown))
})
