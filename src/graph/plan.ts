import type { Evaluated, Program, ProgramNode } from '#config'
import { sameValue } from '#config'
import type { Diagnostic } from '#grammar'
import type { Definition, Value } from '#sdk'
import type { Instance } from './instance.js'
import { ConsumerPort, HandlerPort } from './port.js'

export type Action = 'keep' | 'create' | 'replace' | 'remove'

/** What a new config means for one component. */
export interface Step {
  readonly id: string
  readonly action: Action
  /** Data and sockets it affects: "hands over listen 127.0.0.1:4317", "drains 12 held items". */
  readonly touches: readonly string[]
}

export type Port = ConsumerPort | HandlerPort
/** The ports of one component by export name. */
export type Ports = ReadonlyMap<string, Port>

/** One node on its way from the running program to the next. */
export interface Draft {
  readonly node: ProgramNode
  readonly ports: Ports
  readonly running: Instance | undefined
  /** 'later': an export it uses is known only once a component of the new program has started. */
  decision: 'keep' | 'build' | 'later'
  values: object | undefined
  diagnostics: readonly Diagnostic[]
  /** Built in place of `running`. */
  fresh: Instance | undefined
  /** `fresh` has started. */
  started: boolean
}

/** What runs now, by id. */
export interface Running {
  readonly instances: ReadonlyMap<string, Instance>
  readonly ports: ReadonlyMap<string, Ports>
}

/**
 * Decides as much as can be without starting anything. Changes nothing. `keepsPorts` where ports
 * are not those of instances, and stay whatever there is.
 */
export function draft(
  program: Program,
  running: Running,
  keepsPorts = false,
): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>()
  for (const node of program.nodes) {
    const previous = running.instances.get(node.id)
    const same = previous?.definition === node.definition
    const one: Draft = {
      node,
      ports:
        ((same || keepsPorts) && running.ports.get(node.id)) ||
        createPorts(node.id, node.definition),
      running: previous,
      decision: 'later',
      values: undefined,
      diagnostics: [],
      fresh: undefined,
      started: false,
    }
    drafts.set(node.id, one)
    if (!node.dependsOn.some((id) => isUnknownYet(drafts.get(id)))) decide(one, drafts)
  }
  return drafts
}

/** Evaluates a node and compares it with what runs. */
export function decide(one: Draft, drafts: ReadonlyMap<string, Draft>): void {
  const exportsOf = (id: string) => {
    const dependency = drafts.get(id)
    return dependency && exportsOfDraft(dependency)
  }
  const evaluated: Evaluated = one.node.evaluate(exportsOf)
  one.values = evaluated.values
  one.diagnostics = evaluated.diagnostics
  const same =
    one.running?.definition === one.node.definition && sameValue(one.running.values, one.values)
  one.decision = same ? 'keep' : 'build'
}

export function actionOf(one: Draft): Action {
  if (one.decision === 'keep') return 'keep'
  return one.running ? 'replace' : 'create'
}

/** Ports for what other components hold on to; other exports are plain values. */
function createPorts(id: string, definition: Definition): Ports {
  const ports = new Map<string, Port>()
  for (const [name, shape] of Object.entries(definition.exports)) {
    if (shape.kind === 'consumer') ports.set(name, new ConsumerPort(id, shape.capsule))
    if (shape.kind === 'handler') ports.set(name, new HandlerPort(id, shape.powers))
  }
  return ports
}

/** True while a node has exports that only a started instance will tell. */
function isUnknownYet(one: Draft | undefined): boolean {
  if (!one || one.decision === 'keep') return false
  return Object.keys(one.node.definition.exports).some((name) => !one.ports.has(name))
}

function exportsOfDraft(one: Draft): ReadonlyMap<string, Value> {
  const { node, ports, fresh, running, decision } = one
  return exportsNow(node.definition, decision === 'keep' ? running : fresh, ports)
}

/** Those of a running component; undefined where there is none. */
export function exportsOf(
  instance: Instance | undefined,
  ports: Ports | undefined,
): ReadonlyMap<string, Value> | undefined {
  return instance && ports && exportsNow(instance.definition, instance, ports)
}

function exportsNow(
  { exports: shapes }: Definition,
  instance: Instance | undefined,
  ports: Ports,
): ReadonlyMap<string, Value> {
  const exports = new Map<string, Value>()
  for (const name of Object.keys(shapes)) {
    const value = ports.get(name) ?? (instance?.published[name] as Value | undefined)
    if (value !== undefined) exports.set(name, value)
  }
  return exports
}
