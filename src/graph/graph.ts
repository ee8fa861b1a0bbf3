import type { Checked, Program, ProgramNode } from '#config'
import { type Diagnostic, diagnose, hasErrors } from '#grammar'
import type { Trace } from '#pdata'
import { isExpected, Ledger, Mutex, messageOf, type Storage } from '#sdk'
import { Instance, type InstanceEvents, type Services } from './instance.js'
import { observeGraph } from './metrics.js'
import { actionOf, type Draft, decide, draft, exportsOf, type Ports, type Step } from './plan.js'
import { ConsumerPort } from './port.js'
import { ResourcePool } from './resource-pool.js'
import { type DrainReport, retire } from './retire.js'
import { Supervisor } from './supervisor.js'
import { listenersOf } from './touches.js'

export interface GraphOptions {
  /** How long components that are replaced, removed or shut down may drain. */
  readonly drainMs: number
}

/** What became of a program that was to be applied. */
export type Outcome =
  | {
      readonly ok: true
      readonly steps: readonly Step[]
      /** Milliseconds from the start to the switch. */
      readonly switchedMs: number
      /** Settles when every replaced or removed instance has drained. */
      readonly drained: Promise<DrainReport>
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Instances that were replaced, removed or shut down together. */
interface Drain {
  readonly instances: readonly Instance[]
  readonly done: Promise<DrainReport>
}

/** The running components. A program takes over whole or not at all; one change at a time. */
export class Graph implements InstanceEvents {
  readonly #services: Services
  readonly #options: GraphOptions
  readonly #pool = new ResourcePool()
  readonly #supervisor: Supervisor
  readonly #instances = new Map<string, Instance>()
  readonly #ports = new Map<string, Ports>()
  /** By id: of what runs, and of what still drains. */
  readonly #ledgers = new Map<string, Ledger>()
  readonly #drains = new Set<Drain>()
  #program: Program = { nodes: [], hash: '' }
  /** Those of the program by id; made when asked for. */
  #nodes: ReadonlyMap<string, ProgramNode> | undefined
  #inOrder: readonly Instance[] | undefined
  /** The last change asked for; the next one begins after it. */
  readonly #turns = new Mutex()
  #evaluationAsked = false
  #evaluations = 0
  #shutDown = false

  constructor(services: Services, options: GraphOptions) {
    this.#services = services
    this.#options = options
    this.#supervisor = new Supervisor(services, this.#pool, {
      replace: (failed) => this.#turns.run(() => this.#restart(failed)),
    })
    observeGraph(services.metrics.scope(), this)
    const { tracing } = services
    if (tracing)
      tracing.own.edgesOf = (id) => this.#instances.get(id)?.edges.map(({ to }) => to) ?? []
  }

  get program(): Program {
    return this.#program
  }

  /** Of what runs: the node with this id. */
  nodeOf(id: string): ProgramNode | undefined {
    this.#nodes ??= new Map(this.#program.nodes.map((node) => [node.id, node]))
    return this.#nodes.get(id)
  }

  /** Running components, each after those it refers to. */
  get instances(): readonly Instance[] {
    this.#inOrder ??= this.#program.nodes.flatMap(({ id }) => this.#instances.get(id) ?? [])
    return this.#inOrder
  }

  /** How often arguments of components were worked out, by loads and changed exports. */
  get evaluations(): number {
    return this.#evaluations
  }

  resourcesOf(id: string): readonly string[] {
    return this.#pool.keysOf(id)
  }

  /** Where components keep files: the agent's folder, and those that storage components give. */
  get storageFolders(): readonly string[] {
    const folders = this.instances.flatMap(({ definition, published }) =>
      Object.entries(definition.exports)
        .filter(([, shape]) => shape.kind === 'handler' && shape.powers.includes('storage'))
        .flatMap(([name]) => (published[name] as Storage | undefined)?.folder ?? []),
    )
    return [...new Set([this.#services.storagePath, ...folders])]
  }

  /** What `apply` would do now, as far as it can be told without starting anything. */
  async plan(program: Program): Promise<{
    readonly steps: readonly Step[]
    readonly diagnostics: readonly Diagnostic[]
  }> {
    const renewed = await this.#renewed(program)
    if (!renewed.program) return { steps: [], diagnostics: renewed.diagnostics }
    const drafts = draft(renewed.program, { instances: this.#instances, ports: this.#ports })
    const diagnostics = [...drafts.values()].flatMap((one) => one.diagnostics)
    return { steps: this.#steps(renewed.program, drafts), diagnostics }
  }

  /** Makes `program` the one that runs; on any failure the running one is left untouched. */
  apply(program: Program, trace?: Trace): Promise<Outcome> {
    return this.#turns.run(() => this.#apply(program, trace))
  }

  /** Stops everything, senders first, within the drain time; what drains already ends with it. */
  shutdown(): Promise<DrainReport> {
    return this.#turns.run(async () => {
      this.#shutDown = true
      this.#supervisor.close()
      const all = this.instances
      this.#instances.clear()
      this.#inOrder = undefined
      const earlier = [...this.#drains].map(({ done }) => done)
      const [report] = await Promise.all([this.#retire(all, this.#program), ...earlier])
      return report
    })
  }

  published(instance: Instance): void {
    if (this.#instances.get(instance.id) !== instance) return
    this.#point(this.#ports.get(instance.id), instance)
    this.#askEvaluation()
  }

  failed(instance: Instance, error: unknown): void {
    if (this.#instances.get(instance.id) !== instance || this.#shutDown) {
      // It is on its way out, or not in yet: there is nothing to restart.
      this.#services.logger.of(instance.id).error('bug', { error: stackOf(error) })
      return
    }
    this.#point(this.#ports.get(instance.id), undefined)
    this.#supervisor.failed(instance, error)
  }

  /** What a program stands for under the exports of what runs. */
  async #renewed(program: Program): Promise<Pick<Checked, 'program' | 'diagnostics'>> {
    if (!program.renew) return { program, diagnostics: [] }
    return program.renew((id) => exportsOf(this.#instances.get(id), this.#ports.get(id)))
  }

  async #apply(wanted: Program, trace?: Trace): Promise<Outcome> {
    const startedAt = this.#services.clock.monotonic()
    const planning = trace?.begin('evaluate', { nodes: wanted.nodes.length })
    const { program, diagnostics: faults } = await this.#renewed(wanted)
    if (!program) return { ok: false, diagnostics: faults }
    const drafts = draft(program, { instances: this.#instances, ports: this.#ports })
    const steps = this.#steps(program, drafts)
    this.#markLeaving(drafts)
    planning?.end()
    const diagnostics = await this.#build(drafts, trace)
    if (hasErrors(diagnostics)) {
      await this.#throwAway(drafts)
      return { ok: false, diagnostics }
    }
    const switching = trace?.begin('switch', {})
    const old = this.#switch(program, drafts)
    switching?.end()
    const switchedMs = this.#services.clock.monotonic() - startedAt
    const hasFresh = [...drafts.values()].some(({ fresh }) => fresh)
    // What has started may export what others are expanded from.
    if (program.renew && hasFresh) this.#askEvaluation()
    const draining = trace?.begin('drain', { instances: old.instances.length })
    const drained = this.#retire(old.instances, old.program)
    const end = () => draining?.end()
    drained.then(end, end)
    return { ok: true, steps: this.#refine(steps, drafts), switchedMs, drained }
  }

  /**
   * Starts what is new beside what runs. After the first failure nothing more is started, only
   * checked.
   */
  async #build(
    drafts: ReadonlyMap<string, Draft>,
    trace: Trace | undefined,
  ): Promise<readonly Diagnostic[]> {
    const diagnostics = [...drafts.values()].flatMap((one) => one.diagnostics)
    for (const one of drafts.values()) {
      const waitsFor = one.node.dependsOn.map((id) => drafts.get(id))
      if (one.decision === 'later' && waitsFor.every((other) => other && runs(other))) {
        decide(one, drafts)
        diagnostics.push(...one.diagnostics, ...this.#staysAfterAll(one, drafts))
      }
      if (one.values) this.#evaluations++
      if (one.decision !== 'build' || !one.values || hasErrors(diagnostics)) continue
      const starting = trace?.begin('start', { component_id: one.node.id })
      const failure = await this.#startFresh(one)
      starting?.end(failure?.message)
      if (failure) diagnostics.push(failure)
    }
    return diagnostics
  }

  /** Until it was decided, others may have taken what an instance holds that is kept now. */
  #staysAfterAll(one: Draft, drafts: ReadonlyMap<string, Draft>): readonly Diagnostic[] {
    if (one.decision !== 'keep' || !one.running) return []
    one.running.leaving = false
    const taken = this.#pool.takenFrom(one.running)
    if (!taken) return []
    const { id } = taken.by
    const message = `${taken.key} is in use by ${one.node.id}`
    return [diagnose('start-failed', drafts.get(id)!.node.at, { id, message })]
  }

  async #startFresh(one: Draft): Promise<Diagnostic | undefined> {
    const { id, at } = one.node
    const ledger = this.#ledgerOf(id)
    one.fresh = new Instance(one.node, one.values!, ledger, this.#pool, this.#services, this)
    try {
      await one.fresh.start()
      one.started = true
      return undefined
    } catch (error) {
      if (!isExpected(error)) {
        this.#services.logger.of(id).error('bug', { error: stackOf(error) })
      }
      return diagnose('start-failed', at, { id, message: messageOf(error) })
    }
  }

  /** The new side goes, the old one never noticed. */
  async #throwAway(drafts: ReadonlyMap<string, Draft>): Promise<void> {
    for (const instance of this.#instances.values()) instance.leaving = false
    const now = AbortSignal.abort()
    for (const { fresh } of [...drafts.values()].reverse()) await fresh?.stop(now)
    this.#forgetLedgers()
  }

  /** The one step in which the new program takes over: no await in here. */
  #switch(program: Program, drafts: ReadonlyMap<string, Draft>) {
    const old = { program: this.#program, instances: [] as Instance[] }
    for (const [id, instance] of [...this.#instances]) {
      const next = drafts.get(id)
      if (next && !next.fresh) continue
      old.instances.push(instance)
      this.#supervisor.forget(id)
      if (next) continue
      this.#instances.delete(id)
      this.#ports.delete(id)
    }
    for (const [id, { fresh, ports }] of drafts) {
      if (!fresh) continue
      this.#instances.set(id, fresh)
      this.#ports.set(id, ports)
      this.#point(ports, fresh)
    }
    this.#program = program
    this.#nodes = undefined
    this.#inOrder = undefined
    this.#services.tracing?.own.rewired()
    for (const instance of this.#instances.values()) instance.staleArguments = undefined
    for (const { fresh } of drafts.values()) {
      if (fresh) this.#activate(fresh)
      if (fresh?.hasPublishedSinceStart) this.#askEvaluation()
    }
    return old
  }

  /** Stops instances that have been taken out of `#instances`. */
  #retire(instances: readonly Instance[], program: Program): Promise<DrainReport> {
    const { clock } = this.#services
    const done = retire(instances, program, clock, this.#options.drainMs).then((report) => {
      this.#drains.delete(drain)
      const gone = instances.filter(({ id }) => this.#isGone(id))
      const unbalanced = gone.filter(({ isBalanced }) => !isBalanced).map(({ id }) => id)
      this.#forgetLedgers()
      return { ...report, unbalanced }
    })
    const drain = { instances, done }
    this.#drains.add(drain)
    return done
  }

  /** No instance of the component runs or drains. */
  #isGone(id: string): boolean {
    const drains = [...this.#drains].some(({ instances }) => instances.some((one) => one.id === id))
    return !this.#instances.has(id) && !drains
  }

  #forgetLedgers(): void {
    for (const id of [...this.#ledgers.keys()]) if (this.#isGone(id)) this.#ledgers.delete(id)
  }

  #activate(instance: Instance): void {
    try {
      instance.activate()
    } catch (error) {
      this.failed(instance, error)
    }
  }

  #point(ports: Ports | undefined, instance: Instance | undefined): void {
    for (const [name, port] of ports ?? []) {
      if (port instanceof ConsumerPort) port.target = instance
      else port.target = instance?.published[name] as typeof port.target
    }
  }

  #askEvaluation(): void {
    if (this.#evaluationAsked || this.#shutDown) return
    this.#evaluationAsked = true
    this.#turns
      .run(() => this.#evaluateAgain())
      .catch((error: unknown) => {
        this.#services.logger.with({}).error('cannot evaluate again', { error: messageOf(error) })
      })
  }

  /** After an export has changed: components whose arguments differ now are replaced. */
  async #evaluateAgain(): Promise<void> {
    this.#evaluationAsked = false
    if (this.#shutDown) return
    const trace = this.#services.tracing?.start('evaluate again', {})
    const outcome = await this.#apply(this.#program, trace)
    trace?.end(outcome.ok ? undefined : 'a changed export cannot be applied')
    if (outcome.ok) return
    for (const instance of this.#instances.values()) instance.staleArguments = undefined
    const log = this.#services.logger.with({})
    for (const { at, message } of outcome.diagnostics) {
      const node = this.#program.nodes.find((one) => isWithin(at, one.block))
      log.error('cannot apply a changed export; the last good arguments stay', {
        component: node?.id,
        error: message,
      })
      const instance = node && this.#instances.get(node.id)
      if (instance) instance.staleArguments = message
    }
  }

  /** A new instance in place of one that failed. */
  async #restart(failed: Instance): Promise<boolean> {
    if (this.#instances.get(failed.id) !== failed || this.#shutDown) return true
    const { id, values, definition, ledger } = failed
    const node = { id, definition }
    const fresh = new Instance(node, values, ledger, this.#pool, this.#services, this)
    try {
      await fresh.start()
    } catch (error) {
      this.#supervisor.note(failed, error)
      await fresh.stop(AbortSignal.abort())
      return false
    }
    this.#instances.set(id, fresh)
    this.#inOrder = undefined
    this.#point(this.#ports.get(id), fresh)
    this.#activate(fresh)
    // What it exports may have changed while it was away.
    if (Object.keys(fresh.published).length > 0) this.#askEvaluation()
    return true
  }

  #markLeaving(drafts: ReadonlyMap<string, Draft>): void {
    for (const [id, instance] of this.#instances) {
      instance.leaving = drafts.get(id)?.decision !== 'keep'
    }
  }

  #steps(program: Program, drafts: ReadonlyMap<string, Draft>): readonly Step[] {
    const steps: Step[] = []
    for (const [id, one] of drafts) {
      const action = actionOf(one)
      steps.push({ id, action, touches: this.#touches(id, action, one) })
    }
    const ids = new Set(program.nodes.map((node) => node.id))
    for (const id of this.#instances.keys()) {
      if (!ids.has(id)) steps.push({ id, action: 'remove', touches: this.#touches(id, 'remove') })
    }
    return steps
  }

  /** What had to wait for a start may have turned out to be the same. */
  #refine(steps: readonly Step[], drafts: ReadonlyMap<string, Draft>): readonly Step[] {
    return steps.map((step) => {
      const one = drafts.get(step.id)
      return one && actionOf(one) === 'keep' ? { ...step, action: 'keep', touches: [] } : step
    })
  }

  #touches(id: string, action: Step['action'], after?: Draft): readonly string[] {
    if (action === 'keep') return []
    const leased = this.#pool.keysOf(id)
    const listens = after ? listenersOf(after) : []
    const stays = (key: string) =>
      action === 'replace' && (listens.length === 0 || !isListener(key) || listens.includes(key))
    const touches = [
      ...leased.map((key) => `${stays(key) ? 'hands over' : 'closes'} ${key}`),
      ...listens.filter((key) => !leased.includes(key)).map((key) => `opens ${key}`),
    ]
    const instance = this.#instances.get(id)
    const signals = instance?.definition.signals ?? []
    const held = signals.reduce((sum, signal) => sum + instance!.held(signal), 0)
    return held > 0 && action === 'remove' ? [...touches, `drains ${held} held items`] : touches
  }

  #ledgerOf(id: string): Ledger {
    const ledger = this.#ledgers.get(id) ?? new Ledger()
    this.#ledgers.set(id, ledger)
    return ledger
  }
}

function isListener(key: string): boolean {
  return key.startsWith('listener ')
}

function runs(one: Draft): boolean {
  return one.decision === 'keep' || one.started
}

function isWithin(at: Diagnostic['at'], block: Diagnostic['at']): boolean {
  return at.source === block.source && at.start >= block.start && at.end <= block.end
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
