import { type ast, type Diagnostic, diagnose } from '#grammar'
import type { Registry } from '../registry.js'
import { isImport } from './lexical.js'

/** Where a body is, and so what it may hold. */
export type Place = 'root' | 'module' | 'template' | 'import'

const PLACES: Readonly<Record<Place, string>> = {
  root: 'at the root of a config',
  module: 'in a module',
  template: 'in the template of a foreach',
  import: 'at the root of what is imported',
}

/** What is wrong with a block in such a place. */
export function misplaced(
  block: ast.Block,
  place: Place,
  registry: Registry,
): Diagnostic | undefined {
  const belongs = homeOf(block, place, registry)
  if (belongs === undefined) return undefined
  return diagnose('misplaced-block', block.head, {
    name: block.name,
    where: PLACES[place],
    belongs,
  })
}

/** Undefined where it is at home. */
function homeOf(block: ast.Block, place: Place, registry: Registry): string | undefined {
  const { name } = block
  if (name === 'declare' || isImport(block)) {
    return place === 'template' ? 'outside of the foreach' : undefined
  }
  if (name === 'argument' || name === 'export') {
    return place === 'module' ? undefined : 'in a declare block'
  }
  if (place === 'import') return 'in a declare block'
  if (place === 'root' || registry.get(name)?.kind !== 'config') return undefined
  return 'at the root of the config'
}

/** A module in itself, or too many in each other. `modules` are around the block. */
export function tooDeep(
  block: ast.Block,
  modules: readonly ast.Block[],
  isCycle: boolean,
): Diagnostic {
  if (!isCycle) {
    const message = 'modules are nested too deep here'
    return diagnose('expansion-limit', block.head, { message })
  }
  const names = modules.map(({ label }) => label!.text)
  const notes = modules.map(({ label, head }) => ({
    message: `${label!.text} is declared here`,
    at: head,
  }))
  return diagnose('module-cycle', block.head, { path: [...names, names[0]!] }, notes)
}
