import { type ast, type Diagnostic, diagnose, hasErrors, Source, type Span } from '#grammar'
import type { Signal } from '#pdata'
import {
  type Definition,
  defaultsOf,
  ExportedConsumer,
  ExportedHandler,
  ExportedRules,
  type ExportShape,
  type Stability,
  type Value,
} from '#sdk'
import { collect, type Declared } from './collect.js'
import { type DecodedBody, decodeBody } from './decode-body.js'
import { type Environment, evaluate } from './evaluate.js'
import { type Linked, type Links, link } from './link.js'
import { lint, lintSound } from './lint/lint.js'
import { inOrder } from './order.js'
import type { Evaluated, ExportsOf, ProgramNode } from './program.js'
import type { Registry } from './registry.js'
import { ComponentScope } from './scope.js'
import { Unknown } from './unknown.js'

export interface CheckOptions {
  readonly registry: Registry
  /** The least stable components that may run. */
  readonly stability: Stability
  readonly environment: Environment
  /** Refuses what Alloy does not have, and evaluates as it does. */
  readonly strictAlloy?: boolean
}

/**
 * The nodes of a config in start order, and every fault that can be found without running anything.
 */
export function check(
  files: readonly ast.File[],
  options: CheckOptions,
): {
  readonly nodes: readonly ProgramNode[]
  readonly wires: readonly Wire[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const { registry, stability } = options
  const { environment } = options
  const found = collect(files, registry, stability, environment)
  const { declared, broken, disabled, diagnostics: collected } = found
  const linked = link(declared, broken, stability)
  const { ordered, cycles } = inOrder(linked.nodes)
  const bodies = checkBodies(linked, options)
  const { wires } = bodies
  const linted = { files, nodes: linked.nodes, decoded: bodies.decoded, disabled }
  const faults = [
    ...collected,
    ...linked.diagnostics,
    ...cycles.map(cycleDiagnostic),
    ...bodies.diagnostics,
    ...lint(linted, options),
  ]
  if (hasErrors(faults)) return { nodes: [], wires, diagnostics: faults }
  const diagnostics = [...faults, ...lintSound(linted)]
  const nodes = ordered.map((one) => toNode(one, options))
  const implied = registry.configBlocks.filter(
    ({ name }) => !declared.some(({ id }) => id === name),
  )
  return { nodes: [...implied.map(impliedNode), ...nodes], wires, diagnostics }
}

/** One diagnostic for all blocks of a cycle, each marked at the reference that closes it. */
function cycleDiagnostic(cycle: readonly Linked[]): Diagnostic {
  const ids = new Set(cycle.map(({ id }) => id))
  const places = cycle
    .flatMap(({ id, references }) => {
      const inside = references.find((reference) => ids.has(reference.id))
      return inside ? [{ message: `${id} needs ${inside.id}`, at: inside.span }] : []
    })
    .sort((a, b) => a.at.start - b.at.start)
  const [first, ...others] = places
  return diagnose('cycle', first!.at, { self: cycle.length === 1, mark: first!.message }, others)
}

/** Decodes every body with stand-ins for exports, then looks at what is wired to what. */
function checkBodies(
  { nodes, unresolved }: Links,
  { environment, strictAlloy = false }: CheckOptions,
): {
  readonly wires: readonly Wire[]
  readonly decoded: ReadonlyMap<string, DecodedBody>
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const components = new ComponentScope()
  for (const node of nodes) components.set(node.id, standInsFor(node))
  const scope = { components, environment, lenient: true, eager: strictAlloy }
  const decoded = new Map<string, DecodedBody>()
  const wires: Wire[] = []
  for (const { id, definition, block } of nodes) {
    const body = decodeBody(definition.name, block, definition.schema, {
      component: definition.name,
      evaluate: (expression) =>
        isUnresolved(expression, unresolved) ? new Unknown() : evaluate(expression, scope),
      report: (diagnostic) => diagnostics.push(diagnostic),
      wire: (signal, consumer, at) => wires.push({ from: id, to: consumer.owner, signal, at }),
    })
    decoded.set(id, body)
  }
  return { wires, decoded, diagnostics: [...diagnostics, ...checkWires(wires, nodes, decoded)] }
}

function isUnresolved({ span }: ast.Expression, unresolved: readonly Span[]): boolean {
  return unresolved.some(
    ({ source, start, end }) => source === span.source && start >= span.start && end <= span.end,
  )
}

/** Data of a signal that goes from one component to another, and where the config says so. */
export interface Wire {
  readonly from: string
  readonly to: string
  readonly signal: Signal
  readonly at: Span
}

function checkWires(
  wires: readonly Wire[],
  nodes: readonly Linked[],
  decoded: ReadonlyMap<string, DecodedBody>,
): readonly Diagnostic[] {
  const takes = new Map<string, readonly Signal[]>()
  const byOutput = new Set<string>()
  for (const { id, definition } of nodes) {
    const accepted = acceptedBy(definition, decoded.get(id)!.values)
    if (accepted) takes.set(id, accepted)
    if (definition.acceptsByOutput) byOutput.add(id)
  }
  return wires.flatMap(({ signal, to, at }) => {
    const accepted = takes.get(to)
    if (!accepted || accepted.includes(signal)) return []
    const facts = { consumer: to, signal, takes: accepted, passesOn: byOutput.has(to) }
    return [diagnose('wrong-signal', at, facts)]
  })
}

/**
 * Undefined where its output is faulty or not known yet; other faults of a component do not matter
 * here.
 */
function acceptedBy(definition: Definition, values: object): readonly Signal[] | undefined {
  try {
    return definition.accepts(values as never)
  } catch {
    return undefined
  }
}

class ConsumerStandIn extends ExportedConsumer {}
class HandlerStandIn extends ExportedHandler {}
class RulesStandIn extends ExportedRules {}

/** What stands for the exports of a component before it runs. */
function standInsFor({ id, definition, block }: Declared): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const [name, shape] of Object.entries(definition.exports)) {
    values.set(name, standInFor(id, shape, block))
  }
  return values
}

function standInFor(id: string, shape: ExportShape, block: ast.Block): Value {
  switch (shape.kind) {
    case 'consumer':
      return new ConsumerStandIn(id, shape.capsule)
    case 'handler':
      return new HandlerStandIn(id, shape.powers)
    case 'relabel-rules':
      return new RulesStandIn()
    case 'targets':
      return new Unknown('array')
    case 'string':
      return new Unknown('string')
    case 'string-or-secret':
      return isTrue(block, shape.secretBy) ? new Unknown('capsule', true) : new Unknown()
  }
}

/** Whether the body says so in so many words. */
function isTrue({ body }: ast.Block, name: string | undefined): boolean {
  return body.some(
    (one) =>
      one.kind === 'attribute' &&
      one.name.text === name &&
      one.value.kind === 'literal' &&
      one.value.text === 'true',
  )
}

function toNode({ id, definition, block, references }: Linked, options: CheckOptions): ProgramNode {
  const dependsOn = [...new Set(references.map((reference) => reference.id))]
  return {
    id,
    definition,
    at: block.head,
    block: block.span,
    dependsOn,
    evaluate: (exportsOf) => evaluateNode({ id, definition, block }, dependsOn, exportsOf, options),
  }
}

function evaluateNode(
  { definition, block }: Declared,
  dependsOn: readonly string[],
  exportsOf: ExportsOf,
  { environment, strictAlloy = false }: CheckOptions,
): Evaluated {
  const scope = new ComponentScope()
  for (const id of dependsOn) scope.set(id, exportsOf(id) ?? new Map())
  const diagnostics: Diagnostic[] = []
  const body = decodeBody(definition.name, block, definition.schema, {
    component: definition.name,
    evaluate: (expression) =>
      evaluate(expression, {
        components: scope,
        environment,
        lenient: false,
        eager: strictAlloy,
      }),
    report: (diagnostic) => diagnostics.push(diagnostic),
    wire: () => {},
  })
  // Bodies are decoded in the order of their schema.
  diagnostics.sort((a, b) => a.at.start - b.at.start)
  return { values: body.ok ? body.values : undefined, diagnostics }
}

const NO_SOURCE = new Source('', '')

/** A config block that is not written runs with its defaults. */
function impliedNode(definition: Definition): ProgramNode {
  const nowhere = { source: NO_SOURCE, start: 0, end: 0 }
  const values = defaultsOf(definition.schema)
  return {
    id: definition.name,
    definition,
    at: nowhere,
    block: nowhere,
    dependsOn: [],
    evaluate: () => ({ values, diagnostics: [] }),
  }
}
