import { type Diagnostic, diagnose } from '#grammar'
import { pathsIn } from '../references.js'
import type { Linted } from './lint.js'

/** References to components that `enabled = false` takes away. */
export function disabledReferences({ nodes, disabled }: Linted): readonly Diagnostic[] {
  if (disabled.size === 0) return []
  return nodes.flatMap(({ block }) =>
    pathsIn(block.body).flatMap(({ parts, span }) => {
      const id = prefixesOf(parts).find((prefix) => disabled.has(prefix))
      if (id === undefined) return []
      const note = { message: 'it is switched off here', at: disabled.get(id)! }
      return [diagnose('disabled-reference', span, { id }, [note])]
    }),
  )
}

function prefixesOf(parts: readonly string[]): readonly string[] {
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'))
}
