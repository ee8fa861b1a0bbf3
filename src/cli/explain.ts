import { type FunctionDefinition, functions, type Registry, usageOf } from '#config'
import { nearest } from '#grammar'
import { type Definition, describeSchema, jsonSchemaOf, nameOfExport } from '#sdk'
import { columns } from './columns.js'
import type { ExitCode, Io } from './io.js'

/** What a component, block or function is for and takes; without a name, all there are. */
export async function explain(
  name: string | undefined,
  json: boolean,
  registry: Registry,
  io: Io,
): Promise<ExitCode> {
  await registry.load(name === undefined ? registry.names : [name])
  if (name === undefined) {
    io.out(json ? jsonText(namesOf(registry)) : listing(namesOf(registry)))
    return 0
  }
  const definition = registry.get(name)
  if (definition) {
    io.out(json ? jsonText(asJson(definition)) : componentText(definition))
    return 0
  }
  const fn = functions.get(name)
  if (fn) {
    io.out(json ? jsonText({ ...fn, usage: usageOf(fn) }) : functionText(fn))
    return 0
  }
  const near = nearest(name, [...registry.names, ...functions.keys()])
  io.err(`error: there is no component or function "${name}"\n`)
  io.err(near ? `  = help: did you mean "${near}"?\n` : '  = help: weir explain lists all\n')
  return 1
}

/** Without the deprecated ones. */
function namesOf(registry: Registry) {
  const library = [...functions.values()].filter(({ aliasOf }) => aliasOf === undefined)
  return {
    components: registry.names.map((name) => ({ name, about: registry.get(name)!.about })),
    functions: library.map(({ name, about }) => ({ name, about })),
  }
}

function listing(names: ReturnType<typeof namesOf>): string {
  const rows = (list: readonly { readonly name: string; readonly about: string }[]) =>
    columns(list.map(({ name, about }) => [name, about]))
  return `Components and blocks:\n${rows(names.components)}\nFunctions:\n${rows(names.functions)}`
}

function componentText(definition: Definition): string {
  const parts = [`${definition.name} (${definition.stability})\n\n${definition.about}\n`]
  for (const body of describeSchema(definition.schema)) {
    if (body.path.length > 0) {
      const how = [body.required ? 'required' : '', body.repeated ? 'may be repeated' : '']
      const note = how.filter(Boolean).join(', ')
      parts.push(`\n${body.path.join(' > ')} { }${note && ` (${note})`}\n  ${body.about}\n`)
    } else if (body.attributes.length > 0) {
      parts.push('\n')
    }
    const rows = body.attributes.map((one) => {
      const value = one.required ? 'required' : (one.default ?? 'not set')
      return [`${one.name} = ${one.type}`, `${value}`, one.about] as const
    })
    parts.push(columns(rows))
  }
  const exports = Object.entries(definition.exports).map(
    ([name, shape]) => [name, nameOfExport(shape)] as const,
  )
  if (exports.length > 0) parts.push(`\nExports:\n${columns(exports)}`)
  return parts.join('')
}

function functionText(fn: FunctionDefinition): string {
  const instead = fn.aliasOf === undefined ? '' : `Deprecated: write ${fn.aliasOf}.\n`
  const rows = fn.parameters.map(({ name, type, about, presence }) => [
    presence === 'required' ? name : `${name} (${presence})`,
    type,
    about,
  ])
  const head = `${usageOf(fn)} gives ${fn.result} (${fn.stability})\n\n${fn.about}\n${instead}`
  return rows.length > 0 ? `${head}\n${columns(rows)}` : head
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function asJson({ name, stability, about, schema, exports }: Definition) {
  return { name, stability, about, exports, arguments: jsonSchemaOf(schema) }
}
