import { type ast, type Diagnostic, diagnose } from '#grammar'
import { switchOf } from '../enabled.js'
import { functions } from '../functions/index.js'
import { pathsIn } from '../references.js'
import type { Registry } from '../registry.js'
import type { Linted } from './lint.js'

/** Uses of what this language has and Alloy's has not. */
export function ownLanguage({ files }: Linted, registry: Registry): readonly Diagnostic[] {
  return files.flatMap(({ body }) => [...ownFunctions(body), ...switches(body, registry)])
}

function ownFunctions(body: readonly ast.Statement[]): readonly Diagnostic[] {
  return pathsIn(body).flatMap(({ parts, span }) => {
    const name = parts.join('.')
    if (functions.get(name)?.inAlloy !== false) return []
    return [diagnose('not-in-alloy', span, { what: `the function ${name}` })]
  })
}

function switches(body: readonly ast.Statement[], registry: Registry): readonly Diagnostic[] {
  return body.flatMap((statement) => {
    if (statement.kind !== 'block') return []
    const definition = registry.get(statement.name)
    if (!definition || definition.kind === 'config') return []
    const attribute = switchOf(statement, definition.schema)
    if (!attribute) return []
    const facts = { what: `"${attribute.name.text}" on every component` }
    return [diagnose('not-in-alloy', attribute.name.span, facts)]
  })
}
