import { type ast, type Diagnostic, diagnose } from '#grammar'
import { pathsIn } from '../references.js'
import type { Lexical } from './lexical.js'

/** Arguments that a declare block has and does not use. */
export function unusedArguments(lexical: Lexical): readonly Diagnostic[] {
  return [...lexical.everyDeclare()].flatMap(({ block, inner }) => {
    const used = usedIn(block)
    if (used === 'all') return []
    return block.body.flatMap((statement) => {
      if (statement.kind === 'attribute' || statement.name !== 'argument') return []
      const { label, head } = statement
      if (!label || used.has(label.text)) return []
      const facts = { name: label.text, module: block.label!.text }
      return [diagnose('unused-argument', head, facts, inner.notes)]
    })
  })
}

type Used = ReadonlySet<string | undefined> | 'all'

/** Of blocks of imports that have not changed since. */
const USED = new WeakMap<ast.Block, Used>()

function usedIn(block: ast.Block): Used {
  const known = USED.get(block)
  if (known) return known
  const paths = pathsIn(block.body, 'argument')
  const isWhole = paths.some(({ parts }) => parts.length === 1)
  const used = isWhole ? 'all' : new Set(paths.map(({ parts }) => parts[1]))
  USED.set(block, used)
  return used
}
