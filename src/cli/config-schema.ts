import type { Registry } from '#config'
import { type Definition, jsonSchemaOf } from '#sdk'
import type { ExitCode, Io } from './io.js'

/** Prints the JSON schema (2020-12) of a whole config, for editors and generators. */
export async function printConfigSchema(registry: Registry, io: Io): Promise<ExitCode> {
  await registry.load(registry.names)
  io.out(`${JSON.stringify(configSchema(registry), undefined, 2)}\n`)
  return 0
}

const ABOUT =
  'A config as JSON: a block is an object under its name and, where it has one, its label; ' +
  'blocks that may be repeated are a list. References and secrets are strings of a format.'

function configSchema(registry: Registry) {
  const definitions = registry.names.map((name) => registry.get(name)!)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A config of Weir',
    description: ABOUT,
    type: 'object',
    properties: Object.fromEntries(definitions.map((one) => [one.name, placeOf(one)])),
    // Modules are blocks of the user's own names.
    additionalProperties: { type: 'object' },
    $defs: Object.fromEntries(definitions.map((one) => [one.name, bodyOf(one)])),
  }
}

function placeOf({ name, kind }: Definition) {
  const body = { $ref: `#/$defs/${name}` }
  return kind === 'config' ? body : { type: 'object', additionalProperties: body }
}

function bodyOf({ about, stability, kind, schema }: Definition) {
  const description = `${about} (${stability})`
  // What stands in modules and templates is not known here.
  if (kind === 'module') return { description, type: 'object' }
  const body = jsonSchemaOf(schema)
  const properties = kind === 'config' || kind === 'import' ? {} : { enabled: ENABLED }
  return { description, ...body, properties: { ...properties, ...(body['properties'] as object) } }
}

const ENABLED = {
  description: 'Whether the component exists.',
  type: 'boolean',
  default: true,
}
