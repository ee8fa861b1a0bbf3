import type { Expression } from './ast.js'

/** Levels of an expression's tree: long chains of operators and accesses are deep trees too. */
export const TREE_DEPTH_MAX = 1000

/** Whether an expression's tree has more levels than `limit`; uses no stack of its own depth. */
export function isDeeperThan(expression: Expression, limit: number): boolean {
  let level = [expression]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === limit) return true
    level = level.flatMap(childrenOf)
  }
  return false
}

/** The expressions directly inside, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'reference':
      return []
    case 'access':
    case 'unary':
      return [expression.value]
    case 'index':
      return [expression.value, expression.index]
    case 'call':
      return [expression.callee, ...expression.arguments]
    case 'array':
      return expression.items
    case 'object':
      return expression.fields.map((field) => field.value)
    case 'binary':
      return [expression.left, expression.right]
    case 'paren':
      return [expression.inner]
  }
}
