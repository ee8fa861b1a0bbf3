import { isAbsolute } from 'node:path'
import type { Location } from 'vscode-languageserver-protocol'
import type { ast } from '#grammar'
import { ConfigFile, uriOf } from './config-file.js'
import type { Declaration, Use } from './names.js'
import { type NamedThing, namedAt } from './symbol.js'
import type { ConfigView } from './view.js'

/**
 * The block that declares the component at an offset; of a module's name, argument or export the
 * block that declares that.
 */
export function definitionAt(view: ConfigView, offset: number): Location | null {
  const named = namedAt(view, offset)
  const block = named && moduleBlockOf(view, named)
  if (block) return blockLocation(view, block)
  return named && 'declaration' in named && named.declaration ? locationOf(named.declaration) : null
}

function moduleBlockOf(view: ConfigView, named: NamedThing): ast.Block | undefined {
  switch (named.kind) {
    case 'component-name':
      return named.custom?.declare
    case 'member':
      return named.declared
    case 'component': {
      const custom = view.customAt(named.at.start).get(named.declaration.block.name)
      return custom?.signature.exports.get(named.exported ?? '')
    }
    case 'function':
      return undefined
  }
}

/** Of a block of an imported file too; null where it came from elsewhere. */
function blockLocation(view: ConfigView, { head }: ast.Block): Location | null {
  const { source } = head
  const own = view.files.find((file) => file.source === source)
  if (!own && !isAbsolute(source.name)) return null
  const file = own ?? new ConfigFile(uriOf(source.name), null, source.text)
  return { uri: file.uri, range: file.rangeOf(head) }
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
