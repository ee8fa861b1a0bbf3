/** A config's text as pages show it: what may be secret is left out. */
import { type ast, childrenOf, parseFile, type Source, unquote } from '#grammar'
import type { Graph } from '#graph'
import { Capsule, OptionalSecret, type Schema, Secret, type TypeShape } from '#sdk'

const HIDDEN = '"(secret)"'
const SECRET_NAME =
  /pass(word|phrase|wd)?$|secret|token|(api|private)_?key|key_pem|credential|authorization|bearer/i
/** In comments, and in what could not be parsed. */
const SECRET_LINE = new RegExp(
  '((?:pass(?:word|wd|phrase)|secret|token|_key|credential|authorization)s?"?\\s*[=:]\\s*)' +
    '("[^"\\n]*"?|`[^`\\n]*`?)',
  'gi',
)
const IN_URL = /(:\/\/[^\s/:@"]*:)[^\s/@"]+@/g

export interface Hiding {
  /** Schemas by name of component. */
  readonly schemas: ReadonlyMap<string, Schema>
  /** Secrets of what runs, wherever their text stands. */
  readonly values: ReadonlySet<string>
}

export function hidingOf(graph: Graph): Hiding {
  const values = new Set<string>()
  for (const instance of graph.instances) collect(instance.values, values)
  const schemas = graph.instances.map(
    ({ definition }) => [definition.name, definition.schema] as const,
  )
  return { schemas: new Map(schemas), values }
}

/**
 * The text without secrets, with the same lines. A literal goes when it is a secret that runs, when
 * its attribute is secret by the component's schema, or sounds so by its name.
 */
export function hiddenText(source: Source, { schemas, values }: Hiding): string {
  const cuts: { readonly start: number; readonly end: number }[] = []
  const hide = (expression: ast.Expression, isSecret: boolean): void => {
    if (expression.kind === 'literal' && expression.type === 'string') {
      if (isSecret || values.has(unquote(expression.text) ?? '')) cuts.push(expression.span)
    } else if (expression.kind === 'object') {
      for (const { name, value } of expression.fields) {
        hide(value, isSecret || SECRET_NAME.test(name.text))
      }
    } else {
      // What a function or an index makes a secret from is told by name, not by value.
      const inner = expression.kind === 'call' || expression.kind === 'index' ? false : isSecret
      for (const child of childrenOf(expression)) hide(child, inner)
    }
  }
  const walk = (body: readonly ast.Statement[], schema: Schema | undefined): void => {
    for (const statement of body) {
      if (statement.kind === 'attribute') {
        const field = schema?.fields[statement.name.text]
        const isSecret = field?.form === 'attribute' && holdsSecret(field.type)
        hide(statement.value, isSecret || SECRET_NAME.test(statement.name.text))
      } else {
        const field = schema?.fields[statement.name]
        const inner = field?.form === 'block' ? field.schema : schemas.get(statement.name)
        walk(statement.body, inner)
      }
    }
  }
  walk(parseFile(source).file.body, undefined)
  let [text, end] = ['', 0]
  for (const cut of cuts.sort((a, b) => a.start - b.start)) {
    const literal = source.text.slice(cut.start, cut.end)
    // Lines stay where they are.
    text += source.text.slice(end, cut.start) + HIDDEN + '\n'.repeat(literal.split('\n').length - 1)
    end = cut.end
  }
  text += source.text.slice(end)
  return text.replace(SECRET_LINE, `$1${HIDDEN}`).replace(IN_URL, '$1(secret)@')
}

function holdsSecret(type: TypeShape): boolean {
  if (type.kind === 'list' || type.kind === 'map') return type.item.kind === 'secret'
  return type.kind === 'secret'
}

/** Short ones stand everywhere by chance. */
const SECRET_LENGTH_MIN = 4

function collect(value: unknown, into: Set<string>): void {
  if (value instanceof Secret) add(value.reveal(), into)
  else if (value instanceof OptionalSecret) {
    if (value.isSecret) add(value.text, into)
  } else if (value instanceof Capsule) return
  else if (Array.isArray(value)) for (const one of value) collect(one, into)
  else if (value instanceof Map) for (const one of value.values()) collect(one, into)
  else if (isPlain(value)) for (const one of Object.values(value)) collect(one, into)
}

function add(text: string, into: Set<string>): void {
  if (text.length >= SECRET_LENGTH_MIN) into.add(text)
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}
