import { type ast, childrenOf, parseFile, type Source, type Span } from '#grammar'
import { type Definition, describeSchema } from '#sdk'

const HIDDEN = '(secret)'
/** Besides what schemas call secret: names that a config of another version may use. */
const SECRET_NAME = new RegExp(
  [
    'pass(?:word|wd|phrase)?|secret|token|credential|cookie|authorization|bearer',
    'api_?key|(?:private|access|account)_?key|key_pem',
  ].join('|'),
  'i',
)
/** Their arguments name where a secret is, and hold none. */
const LOOK_UPS = new Set(['sys.env', 'env'])
/** Paths of files say where, too. */
const PLACE_NAME = /_(file|path|dir|url)$|^filename$/i

/** Bounded, or a long word would be searched from each of its letters. */
const NAME = '[A-Za-z0-9_.-]{0,64}'
const QUOTED = '"(?:[^"\\\\\\n]|\\\\.)*"|`[^`]*`|\'[^\'\\n]*\''
/** Not a call; a comma only within. */
const BARE =
  '(?!(?:[a-z_]+(?:\\.[a-z_]\\w*)+|env|nonsensitive)\\()(?:[^\\s"\'`,;{}\\[\\]]|,(?=[^\\s"\'`]))+'
const NAMED_VALUE = new RegExp(
  `(["']?)(${NAME}(?:${SECRET_NAME.source})${NAME})\\1(\\s*[=:]\\s*\\(*)(${QUOTED}|${BARE})`,
  'gi',
)
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g
const USER_OF_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'`]*@/gi
const AUTHORIZATION = /\b(Bearer|Basic|Digest)(\s+)(?!realm)[A-Za-z0-9+/=._~-]{8,}/gi
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g

/** The names of attributes that these definitions keep secret. */
export function secretNames(definitions: Iterable<Definition>): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { schema } of definitions) {
    for (const { attributes } of describeSchema(schema)) {
      for (const { name, type } of attributes) if (type.includes('secret')) names.add(name)
    }
  }
  return names
}

/**
 * A config without its secrets: what is written out in an attribute that is secret by its schema or
 * by its name. `sys.env("NAME")` and paths of files stay.
 */
export function redactConfig(source: Source, secret: ReadonlySet<string>): string {
  const { file } = parseFile(source)
  const spans = secretSpans(file.body, (name) => secret.has(name) || isSecretName(name))
  let text = ''
  let at = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue
    text += `${source.text.slice(at, start)}"${HIDDEN}"`
    at = end
  }
  // Comments, and what the parser could not read.
  return redactText(text + source.text.slice(at))
}

/** Any text without what looks like a credential. */
export function redactText(text: string): string {
  return text
    .replace(PRIVATE_KEY, HIDDEN)
    .replace(USER_OF_URL, `$1${HIDDEN}@`)
    .replace(NAMED_VALUE, (whole, quote: string, name: string, between: string, value: string) => {
      if (PLACE_NAME.test(name) || isNoSecret(value)) return whole
      return `${quote}${name}${quote}${between}"${HIDDEN}"`
    })
    .replace(AUTHORIZATION, `$1$2${HIDDEN}`)
    .replace(JSON_WEB_TOKEN, HIDDEN)
}

/** Truths, and where a secret is: `token = sys.env("A")`, `local.file.token.content`. */
function isNoSecret(value: string): boolean {
  return (
    value === `"${HIDDEN}"` ||
    /^(true|false|null|(sys|local|remote|argument|module)(\.[A-Za-z_]\w*)+)$/.test(value)
  )
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLACE_NAME.test(name)
}

function secretSpans(
  body: readonly ast.Statement[],
  isSecret: (name: string) => boolean,
): readonly Span[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'block') return secretSpans(statement.body, isSecret)
    return spansOf(statement.value, isSecret(statement.name.text), isSecret)
  })
}

/** The strings of an expression that are to be hidden. */
function spansOf(
  expression: ast.Expression,
  hidden: boolean,
  isSecret: (name: string) => boolean,
): readonly Span[] {
  if (expression.kind === 'literal') {
    return hidden && expression.type === 'string' ? [expression.span] : []
  }
  if (expression.kind === 'call' && LOOK_UPS.has(pathOf(expression.callee))) return []
  if (expression.kind === 'object') {
    return expression.fields.flatMap(({ name, value }) =>
      spansOf(value, hidden || isSecret(name.text), isSecret),
    )
  }
  return childrenOf(expression).flatMap((child) => spansOf(child, hidden, isSecret))
}

function pathOf(expression: ast.Expression): string {
  if (expression.kind === 'reference') return expression.name.text
  return expression.kind === 'access' ? `${pathOf(expression.value)}.${expression.name.text}` : ''
}
