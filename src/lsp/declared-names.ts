/** The components that a config makes itself: by `declare`, and by imports. */
import type { ImportedModule, Signature } from '#config'
import type { ast } from '#grammar'
import { idOf, type Scope } from './names.js'
import type { ConfigView } from './view.js'

export interface CustomComponent {
  /** As blocks name it: "pipeline", "lib.pipeline". */
  readonly name: string
  readonly declare: ast.Block
  readonly signature: Signature
}

/** Those that a block at an offset of the view's file can name; the nearer one of two. */
export function customComponents(
  view: ConfigView,
  offset: number,
): ReadonlyMap<string, CustomComponent> {
  const found = new Map<string, CustomComponent>()
  const scopes = view.scopesAt(offset)
  for (const [index, scope] of scopes.entries()) {
    const prefix = scopes.slice(index).map(prefixOf).reverse().join('')
    for (const { block } of scope.declarations) {
      if (!block.label) continue
      const { text: label } = block.label
      if (block.name === 'declare') add(label, block)
      if (!block.name.startsWith('import.')) continue
      for (const declare of declaresOf(view.imports.get(`${prefix}${idOf(block)}`))) {
        add(`${label}.${declare.label!.text}`, declare)
      }
    }
  }
  return found

  function add(name: string, declare: ast.Block): void {
    if (found.has(name)) return
    found.set(name, {
      name,
      declare,
      get signature() {
        return view.catalogue.signatureOf(declare)
      },
    })
  }
}

/** What stands before the ids of imports in a scope, beyond what is around that. */
function prefixOf({ around }: Scope): string {
  return around ? `${idOf(around.block)}/` : ''
}

function declaresOf(module: ImportedModule | undefined): readonly ast.Block[] {
  const statements = module?.files.flatMap(({ body }) => body) ?? []
  return statements.filter(
    (one): one is ast.Block => one.kind === 'block' && one.name === 'declare' && !!one.label,
  )
}
