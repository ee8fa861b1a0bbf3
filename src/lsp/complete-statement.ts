import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
} from 'vscode-languageserver-protocol'
import { type Definition, nameOfType, type Schema, type TypeShape } from '#sdk'
import { type Member, membersOf, takesLabel } from './catalogue.js'
import type { StatementCursor } from './cursor.js'
import { componentDocs, customDocs, markdown, memberDocs } from './docs.js'
import type { ConfigView } from './view.js'

/** The label of a new block, in a snippet. */
const LABEL = ` "\${1:default}"`

/** An item, and what it writes; `$0` in it is where the cursor goes. */
export interface Offer {
  readonly item: CompletionItem
  readonly snippet: string
}

/** Components where components stand, else what the body's schema has and is not written yet. */
export function offerStatements(
  view: ConfigView,
  blocks: readonly string[],
  cursor: StatementCursor,
): readonly Offer[] {
  const body = view.bodyIn(blocks, cursor.start)
  if (body === undefined) return []
  if (body === 'components') return offerComponents(view, cursor)
  const written = new Set(cursor.written)
  return membersOf(body)
    .filter((member) => isRepeatable(member) || !written.has(member.name))
    .map((member) => offerMember(member, cursor.goesOn))
}

function offerComponents(
  view: ConfigView,
  { written, goesOn, start }: StatementCursor,
): readonly Offer[] {
  const own = view.catalogue.components
    .filter(({ kind, name }) => kind !== 'config' || !written.includes(name))
    .map((definition): Offer => {
      const { name, about } = definition
      const documentation = markdown(componentDocs(definition))
      const item = { label: name, kind: CompletionItemKind.Module, detail: about, documentation }
      return { item, snippet: goesOn ? name : componentSnippet(definition) }
    })
  const custom = Array.from(view.customAt(start).values(), (one): Offer => {
    const { name, signature } = one
    const documentation = markdown(customDocs(one))
    const item = { label: name, kind: CompletionItemKind.Module, detail: 'module', documentation }
    return { item, snippet: goesOn ? name : blockSnippet(name, LABEL, signature.schema) }
  })
  return [...own, ...custom]
}

/** With what it cannot do without. */
function componentSnippet({ name, kind, schema }: Definition): string {
  return blockSnippet(name, kind === 'config' ? '' : LABEL, schema)
}

function blockSnippet(name: string, label: string, schema: Schema): string {
  return `${name}${label} {\n${requiredIn(schema, 2)}\n}`
}

function requiredIn(schema: Schema, firstStop: number): string {
  let stop = firstStop
  const lines = membersOf(schema).flatMap(({ name, field }) => {
    if (field.form === 'variants' || !field.required) return []
    if (field.form === 'block') return [`\t${name} {\n\t\t$${stop++}\n\t}`]
    return [`\t${name} = ${placeholder(field.type, stop++)}`]
  })
  return lines.length === 0 ? '\t$0' : lines.join('\n')
}

function isRepeatable({ field }: Member): boolean {
  return field.form === 'variants' || (field.form === 'block' && field.repeated)
}

function offerMember(member: Member, goesOn: boolean): Offer {
  const { name, field, schema } = member
  const isAttribute = field.form === 'attribute'
  const required = field.form !== 'variants' && field.required
  const deprecated = isAttribute && field.deprecated !== undefined
  const item: CompletionItem = {
    label: name,
    kind: isAttribute ? CompletionItemKind.Property : CompletionItemKind.Struct,
    detail: isAttribute ? nameOfType(field.type) : 'block',
    documentation: markdown(memberDocs(member)),
    sortText: `${required ? 0 : deprecated ? 2 : 1}${name}`,
    ...(deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
  }
  if (goesOn) return { item, snippet: name }
  if (isAttribute) return { item, snippet: `${name} = ${placeholder(field.type, 0)}` }
  const label = schema && takesLabel(schema) ? LABEL : ''
  return { item, snippet: `${name}${label} {\n\t$0\n}` }
}

/** What stands around a value of this type. */
function placeholder(shape: TypeShape, stop: number): string {
  switch (shape.kind) {
    case 'string':
    case 'duration':
    case 'size':
      return `"$${stop}"`
    case 'list':
      return `[$${stop}]`
    case 'map':
      return `{ $${stop} }`
    case 'boolean':
    case 'integer':
    case 'number':
    case 'secret':
    case 'string-or-secret':
    case 'consumer':
    case 'handler':
    case 'relabel-rules':
    case 'any':
      return `$${stop}`
  }
}

/** The text of a snippet for an editor that knows none. */
export function plainText(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}|\$\d+/g, '$1')
}

export const SNIPPET = InsertTextFormat.Snippet
