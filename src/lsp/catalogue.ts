/** What the names of a config stand for: the registry's components and their schemas. */
import type { Registry } from '#config'
import type { AttributeField, BlockField, Definition, Field, Schema, VariantsField } from '#sdk'
import { opensScope } from './names.js'

/** What one may write in a body. */
export interface Member {
  /** As it is written: "timeout", "stage.json". */
  readonly name: string
  readonly field: AttributeField | BlockField | VariantsField
  /** Of the block's body; undefined for attributes. */
  readonly schema: Schema | undefined
}

/** A body: one in which components stand, or one with a schema. */
export type BodyKind = 'components' | Schema | undefined

export class Catalogue {
  readonly #registry: Registry
  /** The names that `constants` has. */
  readonly constants: readonly string[]

  /** All components of the registry must be loaded. */
  constructor(registry: Registry, constants: readonly string[]) {
    this.#registry = registry
    this.constants = constants
  }

  component(name: string): Definition | undefined {
    return this.#registry.get(name)
  }

  /** All there are, in the order of their names. */
  get components(): readonly Definition[] {
    return this.#registry.names.flatMap((name) => this.#registry.get(name) ?? [])
  }

  /** The body inside blocks of these names, outermost first; undefined where it is not known. */
  bodyIn(blocks: readonly string[]): BodyKind {
    let body: BodyKind = 'components'
    for (const name of blocks) {
      if (body === 'components') body = opensScope(name) ? body : this.component(name)?.schema
      else body = body && memberOf(body, name)?.schema
    }
    return body
  }
}

export function memberOf(schema: Schema, name: string): Member | undefined {
  return membersOf(schema).find((member) => member.name === name)
}

/** In the order they are declared; the label is none. */
export function membersOf({ fields }: Schema): readonly Member[] {
  return Object.entries<Field>(fields).flatMap(([name, field]) => membersFor(name, field))
}

function membersFor(name: string, field: Field): readonly Member[] {
  switch (field.form) {
    case 'label':
      return []
    case 'attribute':
      return [{ name, field, schema: undefined }]
    case 'block':
      return [{ name, field, schema: field.schema }]
    case 'variants':
      return Object.entries(field.variants).map(([kind, schema]) => {
        return { name: `${name}.${kind}`, field, schema }
      })
  }
}

/** Whether a block of this body has a label. */
export function takesLabel({ fields }: Schema): boolean {
  return Object.values<Field>(fields).some(({ form }) => form === 'label')
}
