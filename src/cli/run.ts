import { resolve } from 'node:path'
import { type CheckOptions, checkConfig } from '#config'
import { renderDiagnostics } from '#grammar'
import { Agent, type DrainReport, Graph } from '#graph'
import { systemNetwork } from '#net'
import { LeftQueues } from '#queue'
import {
  type Log,
  MemoryBudget,
  messageOf,
  type Stability,
  systemClock,
  systemDisk,
  systemFiles,
  systemMemory,
} from '#sdk'
import { type Logger, type Registry as Metrics, observeBudget, observeProcess } from '#telemetry'
import type { AdminServer } from '#web'
import type { ExitCode, Io } from './io.js'
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
}

export interface Parts {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly admin: AdminServer
  readonly checkOptions: CheckOptions
}

/** The rest is for code, for what the garbage collector has not found yet, and for the system. */
const BUDGET_PART = 1 / 4

/** Runs a config until SIGTERM or SIGINT. */
export async function run(
  path: string,
  options: RunOptions,
  parts: Parts,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const { logger, metrics, admin, checkOptions } = parts
  const log = logger.with({})
  const clock = systemClock
  observeProcess(metrics.scope(), host.version, clock.now())
  const budget = new MemoryBudget(
    clock,
    options.budgetBytes ?? Math.floor(systemMemory.totalBytes() * BUDGET_PART),
  )
  observeBudget(metrics.scope(), budget)
  const graph = new Graph(
    {
      clock,
      random: host.random,
      network: { ...systemNetwork, proxyVariables: host.variables },
      files: systemFiles,
      disk: systemDisk,
      memory: systemMemory,
      budget,
      logger,
      metrics,
      storagePath: resolve(options.storagePath),
    },
    { drainMs: options.drainMs },
  )
  const orphans = leftQueues(graph, host, log)
  const agent = new Agent({
    graph,
    settled: () => orphans.warn(),
    check: () => checkConfig(path, systemFiles, io.input, checkOptions),
    clock,
    log,
    meter: metrics.scope(),
  })
  const stopped = stopSignal(agent, host)
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

/** Settles once a signal has asked the agent to stop and it has drained. */
function stopSignal(agent: Agent, host: Host): Promise<DrainReport> {
  return new Promise((resolve) => {
    let asked = false
    host.onSignal(['SIGTERM', 'SIGINT'], () => {
      if (asked) return
      asked = true
      resolve(agent.shutdown())
    })
  })
}
