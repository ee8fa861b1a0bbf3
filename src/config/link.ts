import { type Diagnostic, diagnose, nearest, type Span } from '#grammar'
import { STABILITIES, type Stability } from '#sdk'
import type { Declared } from './collect.js'
import { functions, libraryRoots } from './functions/index.js'
import { type Path, pathsIn } from './references.js'

/** A declared block with what its expressions refer to. */
export interface Linked extends Declared {
  readonly references: readonly Reference[]
  /** The ids of `references`. */
  readonly needs: readonly string[]
}

export interface Reference {
  /** The component whose export is used. */
  readonly id: string
  readonly span: Span
}

export interface Links {
  readonly nodes: readonly Linked[]
  /** Paths that lead nowhere; evaluating them would only report the same fault again. */
  readonly unresolved: readonly Span[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Finds what each dotted path of each block stands for. */
export function link(
  declared: readonly Declared[],
  broken: ReadonlySet<string>,
  minimum: Stability,
): Links {
  const byId = new Map(declared.map((one) => [one.id, one]))
  const exported = declared.flatMap(({ id, definition }) =>
    Object.keys(definition.exports).map((name) => `${id}.${name}`),
  )
  const diagnostics: Diagnostic[] = []
  const unresolved: Span[] = []
  const nodes = declared.map((one) => {
    const references: Reference[] = []
    for (const path of pathsIn(one.block.body)) {
      const id = longestPrefix(path, (prefix) => byId.has(prefix))
      const root = path.parts[0]!
      if (id !== undefined) {
        references.push({ id, span: path.span })
        if (libraryRoots.includes(root)) {
          const at = { ...path.span, end: path.span.start + root.length }
          diagnostics.push(diagnose('shadowed-name', at, { name: root }))
        }
        continue
      }
      if (libraryRoots.includes(root)) {
        diagnostics.push(...checkFunction(path, minimum))
        continue
      }
      unresolved.push(path.span)
      if (longestPrefix(path, (prefix) => broken.has(prefix)) !== undefined) continue
      diagnostics.push(unknownPath(path, exported))
    }
    return { ...one, references, needs: references.map(({ id }) => id) }
  })
  return { nodes, unresolved, diagnostics }
}

/** A name alone is more likely a text without quotes than the start of a reference. */
function unknownPath({ parts, span }: Path, exported: readonly string[]): Diagnostic {
  const name = parts.join('.')
  if (parts.length === 1) {
    return diagnose('unknown-name', span, { name, near: nearest(name, libraryRoots) })
  }
  const near = nearest(name, [...exported, ...functions.keys()])
  return diagnose('unknown-reference', span, { name, near })
}

function longestPrefix({ parts }: Path, isId: (prefix: string) => boolean): string | undefined {
  for (let count = parts.length; count > 0; count--) {
    const prefix = parts.slice(0, count).join('.')
    if (isId(prefix)) return prefix
  }
  return undefined
}

function checkFunction(path: Path, minimum: Stability): readonly Diagnostic[] {
  const name = path.parts.join('.')
  const definition = functions.get(name)
  if (!definition) return []
  if (STABILITIES.indexOf(definition.stability) > STABILITIES.indexOf(minimum)) {
    return [diagnose('unstable', path.span, { name, stability: definition.stability, minimum })]
  }
  if (definition.aliasOf === undefined) return []
  return [diagnose('deprecated-function', path.span, { name, instead: definition.aliasOf })]
}
