import { type Diagnostic, diagnose } from '#grammar'
import { pathsIn } from '../references.js'
import type { Lexical } from './lexical.js'

/** Arguments that a declare block has and does not use. */
export function unusedArguments(lexical: Lexical): readonly Diagnostic[] {
  return [...lexical.everyDeclare()].flatMap(({ block, inner }) => {
    const paths = pathsIn(block.body).filter(({ parts }) => parts[0] === 'argument')
    if (paths.some(({ parts }) => parts.length === 1)) return []
    const used = new Set(paths.map(({ parts }) => parts[1]))
    return block.body.flatMap((statement) => {
      if (statement.kind === 'attribute' || statement.name !== 'argument') return []
      const { label, head } = statement
      if (!label || used.has(label.text)) return []
      const facts = { name: label.text, module: block.label!.text }
      return [diagnose('unused-argument', head, facts, inner.notes)]
    })
  })
}
