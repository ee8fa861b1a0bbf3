import { type ast, type Diagnostic, diagnose, nearest, type Span } from '#grammar'
import { type Definition, STABILITIES, type Stability } from '#sdk'
import { readSwitch } from './enabled.js'
import type { Environment } from './environment.js'
import type { Registry } from './registry.js'

/** A block of the root that names a component. */
export interface Declared {
  readonly id: string
  readonly definition: Definition
  readonly block: ast.Block
}

export interface Collected {
  readonly declared: readonly Declared[]
  /** Ids in blocks that could not be used: a reference to them is no second fault. */
  readonly broken: ReadonlySet<string>
  /** Ids of components that are switched off, and where; among `broken` too. */
  readonly disabled: ReadonlyMap<string, Span>
  readonly diagnostics: readonly Diagnostic[]
}

/** Finds the component behind each block of the root. */
export function collect(
  files: readonly ast.File[],
  registry: Registry,
  minimum: Stability,
  environment: Environment,
): Collected {
  const declared = new Map<string, Declared>()
  const broken = new Set<string>()
  const disabled = new Map<string, Span>()
  const diagnostics: Diagnostic[] = []
  for (const statement of files.flatMap((file) => file.body)) {
    if (statement.kind === 'attribute') {
      const name = statement.name.text
      diagnostics.push(diagnose('stray-attribute', statement.name.span, { name }))
      continue
    }
    const id = idOf(statement)
    const definition = registry.get(statement.name)
    const isComponent = definition !== undefined && definition.kind !== 'config'
    const switched = isComponent && readSwitch(statement, definition.schema, environment)
    if (switched) diagnostics.push(...switched.diagnostics)
    const isOff = switched && switched.enabled !== true
    const earlier = isOff ? undefined : declared.get(id)
    const fault = faultOf(statement, id, definition, earlier, registry, minimum)
    if (fault) diagnostics.push(fault)
    if ((fault && fault.code !== 'duplicate-component') || isOff) broken.add(id)
    else if (definition && !fault) {
      declared.set(id, { id, definition, block: switched ? switched.block : statement })
    }
    if (switched && switched.enabled === false) disabled.set(id, switched.at)
  }
  // Of two with one name, one switched off, the other stands.
  for (const id of declared.keys()) disabled.delete(id)
  return { declared: [...declared.values()], broken, disabled, diagnostics }
}

export function idOf(block: ast.Block): string {
  return block.label ? `${block.name}.${block.label.text}` : block.name
}

function faultOf(
  block: ast.Block,
  id: string,
  definition: Definition | undefined,
  earlier: Declared | undefined,
  registry: Registry,
  minimum: Stability,
): Diagnostic | undefined {
  const { name } = block
  if (!definition) {
    const near = nearest(name, registry.names)
    return diagnose('unknown-component', block.nameSpan, { name, near })
  }
  if (STABILITIES.indexOf(definition.stability) > STABILITIES.indexOf(minimum)) {
    const facts = { name, stability: definition.stability, minimum }
    return diagnose('unstable', block.nameSpan, facts)
  }
  const isConfig = definition.kind === 'config'
  if (isConfig && block.label) return diagnose('label-forbidden', block.label.span, { name })
  if (!isConfig && !block.label) return diagnose('label-missing', block.nameSpan, { name })
  if (!earlier) return undefined
  const note = { message: 'the first one is here', at: earlier.block.head }
  return diagnose(isConfig ? 'duplicate-block' : 'duplicate-component', block.head, { id, name }, [
    note,
  ])
}
