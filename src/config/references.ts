import type { ast, Span } from '#grammar'
import { childrenOf } from '#grammar'

/** A dotted path of an expression: `otelcol.exporter.otlp.default.input`. */
export interface Path {
  /** With a dot between each two parts, whatever stands there. */
  readonly text: string
  readonly parts: readonly string[]
  readonly span: Span
}

/**
 * Every dotted path the body's expressions use, in the order of the text; with `root` those that
 * start with that name.
 */
export function pathsIn(body: readonly ast.Statement[], root?: string): readonly Path[] {
  const paths: Path[] = []
  const inExpression = (expression: ast.Expression): void => {
    if (expression.kind === 'literal') return
    const first = rootOf(expression)
    if (!first) for (const child of childrenOf(expression)) inExpression(child)
    else if (root === undefined || first.name.text === root) paths.push(pathFrom(first, expression))
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
  const first = rootOf(expression)
  return first && pathFrom(first, expression)
}

function rootOf(expression: ast.Expression): ast.Reference | undefined {
  let root = expression
  while (root.kind === 'access') root = root.value
  return root.kind === 'reference' ? root : undefined
}

function pathFrom(first: ast.Reference, expression: ast.Expression): Path {
  const parts: string[] = []
  for (let at = expression; at.kind === 'access'; at = at.value) parts.push(at.name.text)
  parts.push(first.name.text)
  parts.reverse()
  return { text: parts.join('.'), parts, span: expression.span }
}
