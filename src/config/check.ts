import { type ast, type Diagnostic, diagnose, hasErrors, Source, type Span } from '#grammar'
import type { Signal } from '#pdata'
import { type Definition, defaultsOf, type Schema, type Value } from '#sdk'
import { type BodyDecoder, type DecodedBody, decodeBody, type Written } from './decode-body.js'
import { EvaluationError, evaluate } from './evaluate.js'
import { type BodyLinks, bodyReferences, checkLinks, type Linked, type Reference } from './link.js'
import { lint, lintSound } from './lint/lint.js'
import {
  type Binding,
  componentsBehind,
  hides,
  type Reader,
  ReferenceScope,
  referredTo,
  scopeOf,
} from './modules/binding.js'
import { type Declared, type ExpandOptions, Expansion, type Input } from './modules/expand.js'
import { type Frame, inFrame } from './modules/frame.js'
import type { ImportReader } from './modules/import-reader.js'
import { type Imports, Lexical } from './modules/lexical.js'
import { unusedArguments } from './modules/unused-arguments.js'
import { inOrder } from './order.js'
import type { Evaluated, ExportsOf, ProgramNode } from './program.js'
import type { ComponentScope } from './scope.js'
import { Unknown } from './unknown.js'

export interface CheckOptions extends ExpandOptions {
  /** How imports are read; without it no import is. */
  readonly imports?: ImportReader | undefined
}

/** What `check` looks at besides the files. */
export interface Surroundings {
  /** What has been read. */
  readonly imports: Imports
  /** `module_path` at the root. */
  readonly folder: string
  /** The exports of what runs now: what a foreach over them stands for. */
  readonly running: ExportsOf
  /** Not all of the imports could be read. */
  readonly lacksImports: boolean
}

export interface CheckedFiles {
  readonly nodes: readonly ProgramNode[]
  readonly wires: readonly Wire[]
  readonly diagnostics: readonly Diagnostic[]
  readonly inputs: readonly Input[]
}

/** A body with its links. */
interface Item extends Linked, BodyLinks {
  readonly body: Checkable
}

interface Checkable {
  readonly owner: string
  readonly component: string
  readonly written: Written
  readonly schema: Schema
  readonly frame: Frame
}

/**
 * The nodes of a config in start order, and every fault that can be found without running anything.
 */
export function check(
  files: readonly ast.File[],
  options: CheckOptions,
  { imports, folder, running, lacksImports }: Surroundings,
): CheckedFiles {
  const { registry } = options
  const root = new Lexical(
    files.flatMap(({ body }) => body),
    { folder, prefix: '', notes: [], outer: undefined },
    imports,
  )
  const expansion = new Expansion(options, running)
  expansion.expand(root)
  const { declared, inputs } = expansion
  const nodes = declared.map((one) => linked(one.id, ofBlock(one)))
  const parts = expansion.bodies.map((body) => linked('', { ...body, component: '' }))
  const { ordered, cycles } = inOrder([...nodes, ...expansion.bindings.map(asLinked)])
  const { wires, decoded, diagnostics: bodies } = checkBodies(nodes, parts, expansion, options)
  const links: Diagnostic[] = []
  for (const one of [...nodes, ...parts]) {
    const { frame } = one.body
    for (const fault of checkLinks(frame, one, options.stability)) links.push(inFrame(frame, fault))
  }
  const off = expansion.switchedOff.map(({ frame, block }) => bodyReferences(frame, block.body))
  const all = [...nodes, ...parts, ...expansion.bindings, ...off]
  const used = new Set<string>()
  for (const { references } of all) for (const { id } of references) used.add(id)
  const linted = { files, nodes: declared, decoded, used }
  const faults = distinct([
    ...expansion.diagnostics,
    ...links,
    ...cycles.map(cycleDiagnostic),
    ...bodies,
    ...unusedArguments(root),
    ...lint(linted, options),
  ])
  if (hasErrors(faults)) return { nodes: [], wires, diagnostics: faults, inputs }
  const diagnostics = lacksImports ? faults : [...faults, ...lintSound(linted)]
  const byId = new Map(declared.map((one) => [one.id, one]))
  const program = ordered.flatMap(({ id, references }) => {
    const one = byId.get(id)
    return one && !one.frame.isPhantom ? [toNode(one, references, options)] : []
  })
  const implied = registry.configBlocks.filter(({ name }) => !byId.has(name))
  return { nodes: [...implied.map(impliedNode), ...program], wires, diagnostics, inputs }
}

function ofBlock({ definition: { name, schema }, block, frame }: Declared): Checkable {
  return { owner: name, component: name, written: block, schema, frame }
}

function linked(id: string, body: Checkable): Item {
  const { references, unresolved, library } = bodyReferences(body.frame, body.written.body)
  return { id, body, references, unresolved, library, needs: references.map((one) => one.id) }
}

function asLinked({ id, references }: Linked | Binding): Linked {
  return { id, references, needs: references.map((one) => one.id) }
}

/** A module says the same of each of its instances. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<Source, Set<string>>()
  return diagnostics.filter(({ at, code, message }) => {
    const known = seen.get(at.source) ?? new Set()
    seen.set(at.source, known)
    const key = `${at.start} ${at.end} ${code} ${message}`
    return !known.has(key) && known.add(key)
  })
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
  nodes: readonly Item[],
  parts: readonly Item[],
  { standIns, declared }: Expansion,
  { environment }: CheckOptions,
): {
  readonly wires: readonly Wire[]
  readonly decoded: ReadonlyMap<string, DecodedBody>
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const memo = new Map<Binding, Value>()
  const reader: Reader = { exportsOf: (id) => standIns.get(id), environment, lenient: true, memo }
  const decode = ({ body, references, unresolved }: Item, wire: BodyDecoder['wire']) => {
    const { owner, component, written, schema, frame } = body
    const scope = { components: new ReferenceScope(references, reader), environment, lenient: true }
    const isSound = unresolved.length === 0
    return decodeBody(owner, written, schema, {
      component,
      evaluate: (expression) => {
        if (!isSound && isUnresolved(expression, unresolved)) return new Unknown()
        const value = referredTo(expression, references, reader)
        if (value !== undefined) return value
        return evaluate(expression, scope)
      },
      report: (diagnostic) => diagnostics.push(inFrame(frame, diagnostic)),
      hides: (expression) => hides(expression, references),
      wire,
    })
  }
  const decoded = new Map<string, DecodedBody>()
  const wires: (Wire & { readonly frame: Frame })[] = []
  for (const one of nodes) {
    const { id, body } = one
    const { frame } = body
    decoded.set(
      id,
      decode(one, (signal, consumer, at) => {
        wires.push({ from: id, to: consumer.owner, signal, at, frame })
      }),
    )
  }
  for (const one of parts) decode(one, () => {})
  const found = checkWires(wires, declared, decoded)
  const real = wires.filter(({ frame }) => !frame.isPhantom)
  return { wires: real, decoded, diagnostics: [...diagnostics, ...found] }
}

function isUnresolved({ span }: ast.Expression, unresolved: BodyLinks['unresolved']): boolean {
  return unresolved.some(
    ({ span: { source, start, end } }) =>
      source === span.source && start >= span.start && end <= span.end,
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
  wires: readonly (Wire & { readonly frame: Frame })[],
  nodes: readonly Declared[],
  decoded: ReadonlyMap<string, DecodedBody>,
): readonly Diagnostic[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const takes = new Map<string, readonly Signal[] | undefined>()
  return wires.flatMap(({ signal, to, at, frame }) => {
    const node = byId.get(to)
    if (!node) return []
    if (!takes.has(to)) takes.set(to, acceptedBy(node.definition, decoded.get(to)!.values))
    const accepted = takes.get(to)
    if (!accepted || accepted.includes(signal)) return []
    const passesOn = node.definition.acceptsByOutput ?? false
    const facts = { consumer: to, signal, takes: accepted, passesOn }
    return [inFrame(frame, diagnose('wrong-signal', at, facts))]
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

function toNode(
  { id, definition, block, frame }: Declared,
  references: readonly Reference[],
  { environment }: CheckOptions,
): ProgramNode {
  return {
    id,
    definition,
    at: block.head,
    block: block.span,
    dependsOn: componentsBehind(references),
    evaluate: (exportsOf) => {
      const reader = { exportsOf, environment, lenient: false, memo: new Map() }
      return evaluateNode(definition, block, references, frame, reader)
    },
  }
}

function evaluateNode(
  { name, schema }: Definition,
  block: ast.Block,
  references: readonly Reference[],
  frame: Frame,
  reader: Reader,
): Evaluated {
  const { environment } = reader
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => diagnostics.push(inFrame(frame, diagnostic))
  let components: ComponentScope
  try {
    components = scopeOf(references, reader)
  } catch (error) {
    // An argument or an export of a module that it uses.
    if (!(error instanceof EvaluationError)) throw error
    return { values: undefined, diagnostics: [inFrame(frame, error.diagnostic)] }
  }
  const body = decodeBody(name, block, schema, {
    component: name,
    evaluate: (expression) => evaluate(expression, { components, environment, lenient: false }),
    report,
    hides: (expression) => hides(expression, references),
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
