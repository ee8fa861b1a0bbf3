import { type ast, type Diagnostic, diagnose } from '#grammar'
import type { Linked } from '../link.js'
import { pathsIn } from '../references.js'

/** Components that have something to offer, and nobody takes it. */
export function unusedComponents(
  nodes: readonly Linked[],
  files: readonly ast.File[],
): readonly Diagnostic[] {
  const used = new Set(nodes.flatMap(({ needs }) => needs))
  const maybe = mentioned(files)
  return nodes.flatMap(({ id, definition, block }) => {
    const example = Object.keys(definition.exports)[0]
    if (example === undefined || used.has(id) || maybe(id)) return []
    return [diagnose('unused-component', block.head, { id, example })]
  })
}

/**
 * Whether a path of the config starts with an id, for what is used by blocks that are no nodes:
 * modules, and components that are switched off.
 */
function mentioned(files: readonly ast.File[]): (id: string) => boolean {
  let prefixes: Set<string> | undefined
  return (id) => {
    prefixes ??= new Set(
      files.flatMap(({ body }) =>
        pathsIn(body).flatMap(({ parts }) =>
          parts.map((_, index) => parts.slice(0, index + 1).join('.')),
        ),
      ),
    )
    return prefixes.has(id)
  }
}

/** Arguments of modules that their module never reads. */
export function unusedArguments(files: readonly ast.File[]): readonly Diagnostic[] {
  return files.flatMap(({ body }) => inModules(body))
}

function inModules(body: readonly ast.Statement[]): readonly Diagnostic[] {
  return body.flatMap((statement) => {
    if (statement.kind !== 'block' || statement.name !== 'declare') return []
    const used = new Set(
      pathsIn(statement.body)
        .filter(({ parts }) => parts[0] === 'argument')
        .map(({ parts }) => parts[1]),
    )
    const unused = statement.body.flatMap((one) => {
      if (one.kind !== 'block' || one.name !== 'argument' || !one.label) return []
      const name = one.label.text
      return used.has(name) ? [] : [diagnose('unused-argument', one.head, { name })]
    })
    return [...unused, ...inModules(statement.body)]
  })
}
