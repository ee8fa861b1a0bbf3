/** What the names of a config stand for: the registry's components and their schemas. */
import { type Environment, type Registry, type Signature, signatureOf } from '#config'
import type { ast } from '#grammar'
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
  readonly #environment: Environment
  /** The names that `constants` has. */
  readonly constants: readonly string[]

  /** All components of the registry must be loaded. */
  constructor(registry: Registry, environment: Environment) {
    this.#registry = registry
    this.#environment = environment
    this.constants = [...environment.constants.keys()]
  }

  component(name: string): Definition | undefined {
    return this.#registry.get(name)
  }

  /** All there are, in the order of their names. */
  get components(): readonly Definition[] {
    return this.#registry.names.flatMap((name) => this.#registry.get(name) ?? [])
  }

  /**
   * The body inside blocks of these names, outermost first; undefined where it is not known.
   * `custom` knows the components that the config makes itself.
   */
  bodyIn(blocks: readonly string[], custom: (name: string) => Schema | undefined): BodyKind {
    let body: BodyKind = 'components'
    for (const name of blocks) {
      if (body === 'components') body = opensScope(name) ? body : this.#schemaOf(name, custom)
      else body = body && memberOf(body, name)?.schema
    }
    return body
  }

  #schemaOf(name: string, custom: (name: string) => Schema | undefined): Schema | undefined {
    return custom(name) ?? this.component(name)?.schema
  }

  /** What a declare block takes and gives. */
  signatureOf(declare: ast.Block): Signature {
    return signatureOf(declare, this.#environment)
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
