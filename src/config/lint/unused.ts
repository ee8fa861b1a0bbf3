import { type ast, type Diagnostic, diagnose } from '#grammar'
import { inFrame } from '../modules/frame.js'
import type { Linted } from './lint.js'

/** Components that have something to offer, and nobody takes it; each block once. */
export function unusedComponents({ nodes, used }: Linted): readonly Diagnostic[] {
  const seen = new Set<ast.Block>()
  return nodes.flatMap(({ id, definition, block, frame }) => {
    const example = Object.keys(definition.exports)[0]
    const isUsed = example === undefined || used.has(id) || frame.isPhantom || seen.has(block)
    if (isUsed) return []
    seen.add(block)
    return [inFrame(frame, diagnose('unused-component', block.head, { id, example }))]
  })
}
