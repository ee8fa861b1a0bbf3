/** What a config declares, and where its expressions use that. */
import { type ast, childrenOf } from '#grammar'
import type { ConfigFile } from './config-file.js'

/** A block that others can refer to. */
export interface Declaration {
  /** Name and label; the name alone for blocks without one. */
  readonly id: string
  readonly block: ast.Block
  readonly file: ConfigFile
}

/** A dotted path in an expression. */
export interface Use {
  readonly parts: readonly ast.Identifier[]
  readonly file: ConfigFile
  /** What its first parts name, where the config has that. */
  readonly declaration: Declaration | undefined
}

/** Names that see each other: those of the root, or of one body of `OPENS_SCOPE`. */
export interface Scope {
  /** The block that it is the body of; undefined for the root. */
  readonly around: { readonly file: ConfigFile; readonly block: ast.Block } | undefined
  /** The first of each id. */
  readonly declared: ReadonlyMap<string, Declaration>
  /** All of them, those with an id of another too. */
  readonly declarations: readonly Declaration[]
  readonly uses: readonly Use[]
}

/** Blocks with components in them that see only each other. */
const OPENS_SCOPE: ReadonlySet<string> = new Set(['declare'])

export function opensScope(block: string): boolean {
  return OPENS_SCOPE.has(block)
}

/** The scopes of files that are one config, the root first, then each after those in it. */
export function scopesOf(files: readonly ConfigFile[]): readonly [Scope, ...Scope[]] {
  const inner: Scope[] = []
  const root = readScope(
    files.map((file) => ({ file, body: file.parsed.file.body })),
    inner,
  )
  return [root, ...inner]
}

interface Body {
  readonly file: ConfigFile
  readonly body: readonly ast.Statement[]
}

/** Adds the scopes inside it to `inner`. */
function readScope(
  bodies: readonly Body[],
  inner: Scope[],
  around: Scope['around'] = undefined,
): Scope {
  const declared = new Map<string, Declaration>()
  const declarations: Declaration[] = []
  const paths: { readonly parts: readonly ast.Identifier[]; readonly file: ConfigFile }[] = []
  for (const { file, body } of bodies) {
    for (const block of body) {
      if (block.kind === 'attribute') continue
      const one = { id: idOf(block), block, file }
      declarations.push(one)
      if (!declared.has(one.id)) declared.set(one.id, one)
      if (opensScope(block.name)) {
        const scope = readScope([{ file, body: block.body }], inner, { file, block })
        inner.push(scope)
      } else for (const parts of pathsIn(block.body)) paths.push({ parts, file })
    }
  }
  const uses = paths.map((path) => ({ ...path, declaration: declarationOf(path.parts, declared) }))
  return { around, declared, declarations, uses }
}

export function idOf({ name, label }: ast.Block): string {
  return label ? `${name}.${label.text}` : name
}

/** The longest start of a path that is an id decides. */
export function declarationOf(
  parts: readonly Pick<ast.Identifier, 'text'>[],
  declared: ReadonlyMap<string, Declaration>,
): Declaration | undefined {
  for (let count = parts.length; count > 0; count--) {
    const prefix = parts.slice(0, count).map(({ text }) => text)
    const found = declared.get(prefix.join('.'))
    if (found) return found
  }
  return undefined
}

function pathsIn(body: readonly ast.Statement[]): readonly (readonly ast.Identifier[])[] {
  const paths: (readonly ast.Identifier[])[] = []
  const inExpression = (expression: ast.Expression): void => {
    const parts = partsOf(expression)
    if (parts) paths.push(parts)
    else for (const child of childrenOf(expression)) inExpression(child)
  }
  const inBody = (statements: readonly ast.Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'attribute') inExpression(statement.value)
      else inBody(statement.body)
    }
  }
  inBody(body)
  return paths
}

/** The names of an expression that is names and dots only. */
export function partsOf(expression: ast.Expression): readonly ast.Identifier[] | undefined {
  const parts: ast.Identifier[] = []
  let at = expression
  while (at.kind === 'access') {
    parts.push(at.name)
    at = at.value
  }
  return at.kind === 'reference' ? [at.name, ...parts.reverse()] : undefined
}
