/** What hovers and completions say, in Markdown; all of it comes from descriptions. */
import type { MarkupContent } from 'vscode-languageserver-protocol'
import { type FunctionDefinition, usageOf } from '#config'
import {
  type AttributeField,
  type Definition,
  describeSchema,
  describeType,
  nameOfExport,
  nameOfType,
} from '#sdk'
import type { Member } from './catalogue.js'
import type { CustomComponent } from './declared-names.js'

export function componentDocs({ name, about, stability, schema, exports }: Definition): string {
  const [own] = describeSchema(schema)
  const required = own?.attributes.filter((one) => one.required).map((one) => one.name) ?? []
  const given = Object.entries(exports).map(([key, shape]) => `\`${key}\` (${nameOfExport(shape)})`)
  return paragraphs(
    `**${name}** (${stability})`,
    about,
    required.length > 0 ? `Needs ${required.map((one) => `\`${one}\``).join(', ')}.` : '',
    given.length > 0 ? `Exports ${given.join(', ')}.` : '',
  )
}

/** A module that the config declares or imports. */
export function customDocs({ name, signature }: CustomComponent): string {
  const { parameters, exports } = signature
  const needed = [...parameters].flatMap(([key, { required }]) => (required ? [`\`${key}\``] : []))
  const given = [...exports.keys()].map((key) => `\`${key}\``)
  return paragraphs(
    `**${name}** (a module)`,
    needed.length > 0 ? `Needs ${needed.join(', ')}.` : '',
    given.length > 0 ? `Exports ${given.join(', ')}.` : '',
  )
}

export function memberDocs({ name, field, schema }: Member): string {
  if (field.form === 'attribute') return attributeDocs(name, field)
  const notes = [
    field.form === 'block' && field.required ? 'required' : '',
    field.form === 'variants' || field.repeated ? 'may be repeated' : '',
  ].filter(Boolean)
  const names = Object.entries(schema?.fields ?? {})
  const required = names.filter(([, one]) => 'required' in one && one.required).map(([key]) => key)
  return paragraphs(
    `**${name}** { }${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
    field.about,
    required.length > 0 ? `Needs ${required.map((one) => `\`${one}\``).join(', ')}.` : '',
  )
}

function attributeDocs(name: string, field: AttributeField): string {
  const { type, required, defaultText, about, deprecated } = field
  const value = required ? 'required' : defaultText && `default \`${defaultText}\``
  return paragraphs(
    `**${name}** = ${nameOfType(type)}${value ? ` (${value})` : ''}`,
    about,
    `It needs ${describeType(type)}.`,
    deprecated === undefined ? '' : `Deprecated: ${deprecated}.`,
  )
}

export function functionDocs(fn: FunctionDefinition): string {
  const parameters = fn.parameters.map(
    ({ name, type, about }) => `- \`${name}\` (${type}): ${about}`,
  )
  return paragraphs(
    `\`\`\`river\n${usageOf(fn)}\n\`\`\``,
    `${fn.about} Gives ${fn.result}.`,
    parameters.join('\n'),
    fn.aliasOf === undefined ? '' : `Deprecated: write \`${fn.aliasOf}\`.`,
  )
}

export function paragraphs(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('\n\n')
}

export function markdown(value: string): MarkupContent {
  return { kind: 'markdown', value }
}
