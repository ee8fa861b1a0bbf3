/** The message tables in the form protobufjs knows: its JSON descriptor. */
import { ENUMS, type FieldTable, MESSAGES } from './messages.js'

/** pbjs makes generated/protobuf.ts of it. */
export function protobufDescriptor(): object {
  const nested: Record<string, object> = {}
  for (const [name, words] of Object.entries(ENUMS)) {
    nested[name] = { values: Object.fromEntries(words.map((word, number) => [word, number])) }
  }
  for (const [name, table] of Object.entries(MESSAGES)) nested[name] = messageDescriptor(table)
  return { edition: 'proto3', nested }
}

function messageDescriptor(table: Readonly<Record<string, FieldTable>>): object {
  const oneofs: Record<string, { oneof: string[] }> = {}
  const fields: Record<string, object> = {}
  for (const [name, { number, type, repeated, oneof, optional }] of Object.entries(table)) {
    // Protobuf has presence in proto3 as a oneof of a single field.
    const group = optional ? `_${name}` : oneof
    if (group !== undefined) {
      oneofs[group] ??= { oneof: [] }
      oneofs[group].oneof.push(name)
    }
    fields[name] = {
      id: number,
      type,
      ...(repeated && { rule: 'repeated' }),
      ...(optional && { options: { proto3_optional: true } }),
    }
  }
  return { edition: 'proto3', oneofs, fields }
}
