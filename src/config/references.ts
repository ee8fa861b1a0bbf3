import type { ast, Span } from '#grammar'
import { childrenOf } from '#grammar'

/** A dotted path of an expression: `otelcol.exporter.otlp.default.input`. */
export interface Path {
  /** With a dot between each two parts, whatever stands there. */
  readonly text: string
  readonly parts: readonly string[]
  readonly span: Span
}

/** Every dotted path the body's expressions use, in the order of the text. */
export function pathsIn(body: readonly ast.Statement[]): readonly Path[] {
  const paths: Path[] = []
  const inExpression = (expression: ast.Expression): void => {
    if (expression.kind === 'literal') return
    const path = pathOf(expression)
    if (path) {
      paths.push(path)
      return
    }
    for (const child of childrenOf(expression)) inExpression(child)
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

/** The whole expression as a path, where it is names and dots only. */
export function pathOf(expression: ast.Expression): Path | undefined {
  let root = expression
  while (root.kind === 'access') root = root.value
  if (root.kind !== 'reference') return undefined
  const parts: string[] = []
  for (let at = expression; at.kind === 'access'; at = at.value) parts.push(at.name.text)
  parts.push(root.name.text)
  parts.reverse()
  return { text: parts.join('.'), parts, span: expression.span }
}
