import { resolve } from 'node:path'
import { type CheckOptions, checkConfig } from '#config'
import { renderDiagnostics } from '#grammar'
import { Agent, type DrainReport, Graph, type Receipt, type Services, type Trigger } from '#graph'
import type { ImportStore } from '#imports'
import { systemNetwork, withInternalHost } from '#net'
import { LeftQueues } from '#queue'
import {
  type Log,
  letHeapGrow,
  MemoryBudget,
  messageOf,
  type Stability,
  systemClock,
  systemDisk,
  systemFiles,
  systemMemory,
} from '#sdk'
import {
  type Logger,
  type Registry as Metrics,
  observeBudget,
  observeProcess,
  type Tracing,
} from '#telemetry'
import type { AdminServer } from '#web'
import type { ExitCode, Io } from './io.js'
import { Notifier } from './notify.js'
import { openImports } from './open-imports.js'
import type { RunProgram } from './run-program.js'
import { serveSelf } from './self-metrics.js'
import { serveAdmin } from './serve-admin.js'

export interface RunOptions {
  readonly listenAddress: string
  readonly storagePath: string
  readonly stability: Stability
  /** Memory that telemetry may take; undefined for a quarter of what the process may have. */
  readonly budgetBytes: number | undefined
  /** How long shutdown, and what a reload replaces, may drain. */
  readonly drainMs: number
  /** Whether the file is watched for changes. */
  readonly watch: boolean
}

/** What `run` is given by the process it runs in. */
export interface Host {
  readonly version: string
  readonly random: () => number
  /** Environment variables, as expressions see them. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Calls back for each signal until the process ends. */
  onSignal(signals: readonly NodeJS.Signals[], callback: () => void): void
  readonly pid: number
  /** CLOCK_MONOTONIC in microseconds. */
  readonly monotonicUs: () => bigint
  readonly runProgram: RunProgram
  /** How this program was started, without its arguments. */
  readonly command: readonly string[]
  /** The folder of package.json. */
  readonly root: string
}

export interface Parts {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly admin: AdminServer
  readonly imports: ImportStore
  readonly checkOptions: CheckOptions
}

/** The rest is for code, for what the garbage collector has not found yet, and for the system. */
const BUDGET_PART = 1 / 4

/** What closes after the drain. */
const AFTER_DRAIN_MS = 15_000

/** Runs a config until SIGTERM or SIGINT. */
export async function run(
  path: string,
  options: RunOptions,
  parts: Parts,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  letHeapGrow()
  const { logger, metrics, tracing, admin, imports, checkOptions } = parts
  const log = logger.with({})
  const clock = systemClock
  observeProcess(metrics.scope(), host.version, clock.now())
  const budget = new MemoryBudget(
    clock,
    options.budgetBytes ?? Math.floor(systemMemory.totalBytes() * BUDGET_PART),
  )
  observeBudget(metrics.scope(), budget)
  const notifier = new Notifier({ ...host, run: host.runProgram, clock, log })
  const network = withInternalHost({ ...systemNetwork, proxyVariables: host.variables })
  const self = await serveSelf({ network, clock, random: host.random }, metrics, (error) =>
    log.error('cannot serve own metrics', { error: messageOf(error) }),
  )
  const storagePath = resolve(options.storagePath)
  openImports(imports, host, log, storagePath)
  const graph = newGraph(options, parts, host, { budget, network, storagePath })
  const orphans = leftQueues(graph, host, log)
  const agent = new Agent({
    graph,
    settled: () => orphans.warn(),
    loading: (trigger, receipt) => noteLoad(notifier, graph, trigger, receipt),
    check: () => checkConfig(path, systemFiles, io.input, checkOptions),
    clock,
    log,
    meter: metrics.scope(),
    tracing,
  })
  imports.onChange(() => agent.changed('import'))
  const stopped = stopSignal(agent, host, () => notifier.stopping(options.drainMs + AFTER_DRAIN_MS))
  const first = await agent.load('start')
  if (first.diagnostics.length > 0) io.err(renderDiagnostics(first.diagnostics, io))
  if (!first.ok) {
    io.err(`error: ${path} was not started\n`)
    return 1
  }
  const history = serveAdmin({ agent, graph, metrics, orphans, clock }, path, parts, io)
  try {
    const address = await admin.listen(options.listenAddress)
    log.info('ready', { config: path, admin: address, version: host.version })
    notifier.ready(statusOf(graph, first))
    notifier.watch()
  } catch (error) {
    io.err(`error: ${messageOf(error)}\n`)
    history.stop()
    await agent.shutdown()
    return 1
  }
  if (options.watch && path !== '-') agent.watch(systemFiles, path)
  host.onSignal(['SIGHUP'], () => {
    agent.load('signal').catch((error: unknown) => {
      log.warn('did not reload', { error: messageOf(error) })
    })
  })
  const report = await stopped
  history.stop()
  await admin.close()
  await self.close(AbortSignal.abort())
  if (report.unbalanced.length > 0) {
    log.error('bug: the ledger does not balance', { unbalanced: report.unbalanced })
  }
  await notifier.close()
  log.info('stopped', { drainMs: Math.round(report.drainMs), droppedItems: report.droppedItems })
  logger.flush()
  return 0
}

/** Queues on disk that no component of the graph runs. */
function leftQueues(graph: Graph, { random }: Host, log: Log): LeftQueues {
  const queues = async () =>
    Promise.all(graph.instances.map(async ({ queueing }) => (await queueing?.queues()) ?? []))
  return new LeftQueues({
    disk: systemDisk,
    clock: systemClock,
    random,
    log,
    roots: () => graph.storageFolders,
    running: async () => (await queues()).flat(),
  })
}

function newGraph(
  { drainMs }: RunOptions,
  { logger, metrics, tracing }: Parts,
  host: Host,
  parts: Pick<Services, 'budget' | 'network' | 'storagePath'>,
): Graph {
  return new Graph(
    {
      ...parts,
      clock: systemClock,
      random: host.random,
      files: systemFiles,
      disk: systemDisk,
      memory: systemMemory,
      logger,
      metrics,
      tracing,
    },
    { drainMs },
  )
}

/** The start is told by `ready`; a load after it is a reload to systemd, too. */
function noteLoad(
  notifier: Notifier,
  graph: Graph,
  trigger: Trigger,
  receipt: Promise<Receipt>,
): void {
  if (trigger === 'start') return
  notifier.reloading()
  receipt.then(
    (done) => notifier.ready(statusOf(graph, done)),
    // Whoever asked for the load is told of a bug in it; the agent runs on.
    () => notifier.ready('runs; the last load broke'),
  )
}

/** For `systemctl status`. */
function statusOf(graph: Graph, { ok, number, diagnostics }: Receipt): string {
  const count = graph.instances.filter(({ definition }) => definition.kind !== 'config').length
  const runs = `runs ${count} ${count === 1 ? 'component' : 'components'}`
  if (ok) return `${runs} of load ${number}`
  const first = diagnostics.find(({ severity }) => severity === 'error')
  return `${runs}; load ${number} was refused: ${first?.message ?? 'see the log'}`
}

/** Settles once a signal has asked the agent to stop and it has drained. */
function stopSignal(agent: Agent, host: Host, onStop: () => void): Promise<DrainReport> {
  return new Promise((resolve) => {
    let asked = false
    host.onSignal(['SIGTERM', 'SIGINT'], () => {
      if (asked) return
      asked = true
      onStop()
      resolve(agent.shutdown())
    })
  })
}
