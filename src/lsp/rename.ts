import type { Range, TextEdit } from 'vscode-languageserver-protocol'
import { isIdentifier, textOf } from '#grammar'
import type { ConfigFile } from './config-file.js'
import { Refused } from './dispatcher.js'
import { type Declaration, opensScope, type Scope } from './names.js'
import { usesOf } from './navigation.js'
import { namedAt, unquoted } from './symbol.js'
import type { ConfigView } from './view.js'

export type FileEdits = ReadonlyMap<ConfigFile, readonly TextEdit[]>

/** The label at an offset, in its block or in a reference; null where there is none. */
export function renameableAt(
  view: ConfigView,
  offset: number,
): { readonly range: Range; readonly placeholder: string } | null {
  const found = labelAt(view, offset)
  if (!found) return null
  return { range: view.file.rangeOf(found.at), placeholder: textOf(found.at) }
}

/**
 * Edits that give the component at an offset another label, in its block and wherever it is named.
 */
export function renameAt(view: ConfigView, offset: number, label: string): FileEdits {
  const found = labelAt(view, offset)
  if (!found) throw new Refused('only the label of a component can be renamed')
  const { declaration } = found
  const { block } = declaration
  if (opensScope(block.name) || block.name.startsWith('import.')) {
    throw new Refused(`the label of ${block.name} names components, and cannot be renamed`)
  }
  if (!isIdentifier(label)) {
    throw new Refused(
      `"${label}" cannot be a label: write letters, digits and "_", and no digit first`,
    )
  }
  const id = `${block.name}.${label}`
  if (id !== declaration.id && scopeOf(view, declaration).declared.has(id)) {
    throw new Refused(`there is a ${id} already`)
  }
  return editsFor(view, declaration, label)
}

function labelAt(view: ConfigView, offset: number) {
  const named = namedAt(view, offset)
  if (named?.kind !== 'component' || !named.labelAt) return undefined
  return { declaration: named.declaration, at: named.labelAt }
}

function scopeOf(view: ConfigView, declaration: Declaration): Scope {
  return view.scopes.find(({ declarations }) => declarations.includes(declaration))!
}

function editsFor(view: ConfigView, declaration: Declaration, newText: string): FileEdits {
  const edits = new Map<ConfigFile, TextEdit[]>()
  const replace = (file: ConfigFile, span: { readonly start: number; readonly end: number }) => {
    const all = edits.get(file) ?? []
    edits.set(file, [...all, { range: file.rangeOf(span), newText }])
  }
  const { file, block, id } = declaration
  replace(file, unquoted(block.label!.span))
  const index = id.split('.').length - 1
  for (const use of usesOf(view, declaration)) replace(use.file, use.parts[index]!.span)
  return edits
}
