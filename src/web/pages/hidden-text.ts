/** A config's text as pages show it: what may be secret is left out. */
import { type ast, childrenOf, parseFile, type Source, textOf, unquote } from '#grammar'
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

/** Worked out anew only after a load, or when exports have changed. */
const hidings = new WeakMap<Graph, { readonly state: string; readonly hiding: Hiding }>()
const texts = new WeakMap<Source, { readonly hiding: Hiding; readonly text: string }>()

export function hidingOf(graph: Graph): Hiding {
  const state = `${graph.program.hash} ${graph.evaluations}`
  const kept = hidings.get(graph)
  if (kept?.state === state) return kept.hiding
  const hiding = findSecrets(graph)
  hidings.set(graph, { state, hiding })
  return hiding
}

function findSecrets(graph: Graph): Hiding {
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
export function hiddenText(source: Source, hiding: Hiding): string {
  const kept = texts.get(source)
  if (kept?.hiding === hiding) return kept.text
  const text = hide(source, hiding)
  texts.set(source, { hiding, text })
  return text
}

function hide(source: Source, { schemas, values }: Hiding): string {
  const cuts: { readonly start: number; readonly end: number }[] = []
  const cutFrom = (expression: ast.Expression, isSecret: boolean): void => {
    if (expression.kind === 'literal' && expression.type === 'string') {
      if (isSecret || values.has(unquote(expression.text) ?? '')) cuts.push(expression.span)
    } else if (expression.kind === 'object') {
      for (const { name, value } of expression.fields) {
        cutFrom(value, isSecret || SECRET_NAME.test(name.text))
      }
    } else {
      for (const child of childrenOf(expression)) cutFrom(child, isSecret && !isName(expression))
    }
  }
  const walk = (body: readonly ast.Statement[], schema: Schema | undefined): void => {
    for (const statement of body) {
      if (statement.kind === 'attribute') {
        const field = schema?.fields[statement.name.text]
        const isSecret = field?.form === 'attribute' && holdsSecret(field.type)
        cutFrom(statement.value, isSecret || SECRET_NAME.test(statement.name.text))
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

/** The name of an environment variable, or of a key: where a secret comes from is none. */
function isName(expression: ast.Expression): boolean {
  if (expression.kind === 'index') return true
  return expression.kind === 'call' && /(^|\.)env$/.test(textOf(expression.callee.span))
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
