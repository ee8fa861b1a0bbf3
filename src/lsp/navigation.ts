import type { Location } from 'vscode-languageserver-protocol'
import type { Declaration, Use } from './names.js'
import { namedAt } from './symbol.js'
import type { ConfigView } from './view.js'

/** The block that declares the component at an offset. */
export function definitionAt(view: ConfigView, offset: number): Location | null {
  const declaration = declarationAt(view, offset)
  return declaration ? locationOf(declaration) : null
}

/** Every path that names the component at an offset, in all files of the config. */
export function referencesAt(
  view: ConfigView,
  offset: number,
  withDeclaration: boolean,
): readonly Location[] {
  const declaration = declarationAt(view, offset)
  if (!declaration) return []
  const uses = usesOf(view, declaration).map(({ file, parts }) => {
    const count = declaration.id.split('.').length
    const span = { start: parts[0]!.span.start, end: parts[count - 1]!.span.end }
    return { uri: file.uri, range: file.rangeOf(span) }
  })
  return withDeclaration ? [locationOf(declaration), ...uses] : uses
}

export function usesOf(view: ConfigView, declaration: Declaration): readonly Use[] {
  return view.scopes.flatMap(({ uses }) => uses.filter((use) => use.declaration === declaration))
}

export function declarationAt(view: ConfigView, offset: number): Declaration | undefined {
  const named = namedAt(view, offset)
  return named && 'declaration' in named ? named.declaration : undefined
}

function locationOf({ file, block }: Declaration): Location {
  return { uri: file.uri, range: file.rangeOf(block.head) }
}
