/** What a custom component exports, as far as its declare block tells. */
import type { ast } from '#grammar'
import type { Definition, ExportShape } from '#sdk'
import type { Catalogue } from './catalogue.js'
import type { CustomComponent } from './declared-names.js'
import { idOf, partsOf } from './names.js'

/** The export of a component that a module passes on as its own. */
export interface PassedOn {
  readonly definition: Definition
  readonly block: ast.Block
  readonly exported: ExportShape
}

/** By name; undefined where the value is no export of a component. */
export function exportsOfModule(
  { declare, signature }: CustomComponent,
  catalogue: Catalogue,
): ReadonlyMap<string, PassedOn | undefined> {
  return new Map(
    Array.from(signature.exports, ([name, block]) => [name, passedOn(block, declare, catalogue)]),
  )
}

function passedOn(
  { body }: ast.Block,
  declare: ast.Block,
  catalogue: Catalogue,
): PassedOn | undefined {
  const value = body.find((one) => one.kind === 'attribute' && one.name.text === 'value')
  const parts = value?.kind === 'attribute' ? partsOf(value.value) : undefined
  if (!parts) return undefined
  const owner = parts.slice(0, -1).map(({ text }) => text)
  const id = owner.join('.')
  const block = declare.body.find((one) => one.kind === 'block' && idOf(one) === id)
  if (block?.kind !== 'block') return undefined
  const definition = catalogue.component(block.name)
  const exported = definition?.exports[parts.at(-1)!.text]
  return definition && exported && { definition, block, exported }
}
