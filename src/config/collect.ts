import { type ast, type Diagnostic, diagnose, nearest } from '#grammar'
import { type Definition, STABILITIES, type Stability } from '#sdk'
import type { Registry } from './registry.js'

export function idOf(block: Pick<ast.Block, 'name' | 'label'>): string {
  return block.label ? `${block.name}.${block.label.text}` : block.name
}

/** What is wrong with a block that should be a component's, whatever is in it. */
export function blockFault(
  block: ast.Block,
  definition: Definition | undefined,
  registry: Registry,
  minimum: Stability,
  moduleNames: () => readonly string[],
): Diagnostic | undefined {
  const { name } = block
  if (!definition) {
    const near = nearest(name, [...registry.names, ...moduleNames()])
    return diagnose('unknown-component', block.nameSpan, { name, near })
  }
  if (STABILITIES.indexOf(definition.stability) > STABILITIES.indexOf(minimum)) {
    const facts = { name, stability: definition.stability, minimum }
    return diagnose('unstable', block.nameSpan, facts)
  }
  return labelFault(block, definition.kind !== 'config')
}

export function labelFault(block: ast.Block, needsLabel: boolean): Diagnostic | undefined {
  const { name, nameSpan, label } = block
  if (!needsLabel && label) return diagnose('label-forbidden', label.span, { name })
  return needsLabel && !label ? diagnose('label-missing', nameSpan, { name }) : undefined
}

/** The second of two blocks with one id. */
export function duplicateFault(
  block: ast.Block,
  id: string,
  earlier: ast.Block,
  isConfig: boolean,
): Diagnostic {
  const note = { message: 'the first one is here', at: earlier.head }
  const code = isConfig ? 'duplicate-block' : 'duplicate-component'
  return diagnose(code, block.head, { id, name: block.name }, [note])
}
