import { readdirSync, readFileSync } from 'node:fs'
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { Budget, Histogram, Labels, Meter } from '#sdk'
import type { MeterScope } from './registry.js'

/** Figures of the process under the names that dashboards of Prometheus programs use. */
export function observeProcess(meter: MeterScope, version: string, startedAtMs: number): void {
  const info = { version, node: process.version, platform: process.platform, arch: process.arch }
  meter.observeGauge('weir_build_info', 'What this agent is; always 1.', () => 1, info)
  meter.observeCounter(
    'process_cpu_seconds',
    'User and system time.',
    () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  )
  meter.observeGauge('process_resident_memory_bytes', 'Resident memory.', () =>
    process.memoryUsage.rss(),
  )
  meter.observeGauge(
    'process_start_time_seconds',
    'When the agent started, since the epoch.',
    () => startedAtMs / 1000,
  )
  meter.observeGauge('process_open_fds', 'Open file descriptors.', openDescriptors)
  const most = mostDescriptors()
  meter.observeGauge('process_max_fds', 'How many file descriptors may be open.', () => most)
  observeMemory(meter)
  observeCollector(meter)
  meter.observeMany(
    'nodejs_eventloop_delay_seconds',
    'gauge',
    'How late the event loop ran timers since this was last asked for.',
    eventLoopDelay(),
  )
}

function observeMemory(meter: MeterScope): void {
  const gauges = [
    ['nodejs_heap_size_used_bytes', 'Live objects of JavaScript, and garbage.', 'heapUsed'],
    ['nodejs_heap_size_total_bytes', 'What the heap of JavaScript has of memory.', 'heapTotal'],
    ['nodejs_external_memory_bytes', 'Memory beside the heap that objects hold.', 'external'],
  ] as const
  for (const [name, about, key] of gauges) {
    meter.observeGauge(name, about, () => process.memoryUsage()[key])
  }
}

const PAUSE_SECONDS = [0.001, 0.01, 0.1, 1]
const COLLECTIONS = [
  ['minor', constants.NODE_PERFORMANCE_GC_MINOR],
  ['major', constants.NODE_PERFORMANCE_GC_MAJOR],
  ['incremental', constants.NODE_PERFORMANCE_GC_INCREMENTAL],
  ['weakcb', constants.NODE_PERFORMANCE_GC_WEAKCB],
] as const

/** As Node tells of one. */
interface Collection {
  /** Milliseconds. */
  readonly duration: number
  readonly detail: { readonly kind: number }
}

function observeCollector(meter: MeterScope): void {
  const name = 'nodejs_gc_duration_seconds'
  const about = 'Pauses of the garbage collector.'
  const histograms = new Map<unknown, Histogram>(
    COLLECTIONS.map(([kind, number]) => [
      number,
      meter.histogram(name, about, PAUSE_SECONDS, { kind }),
    ]),
  )
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as unknown as readonly Collection[]) {
      histograms.get(detail.kind)?.record(duration / 1000)
    }
  }).observe({ entryTypes: ['gc'] })
}

const DELAY_RESOLUTION_MS = 20
const QUANTILES = [0.5, 0.99, 1]

/** Since the last time, as a whole life's quantiles would hide what is slow now. */
function eventLoopDelay(): () => Iterable<readonly [Labels, number]> {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  delay.enable()
  return () => {
    // What Node counts is from one timer to the next, so that no delay is the resolution.
    const late = (quantile: number) =>
      Math.max(0, delay.percentile(quantile * 100) / 1e9 - DELAY_RESOLUTION_MS / 1000)
    const series = QUANTILES.map((quantile) => [{ quantile: String(quantile) }, late(quantile)])
    delay.reset()
    return series as [Labels, number][]
  }
}

/** 0 where the system has no /proc. */
function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

/** 0 where the system has no /proc, or sets no limit. */
function mostDescriptors(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** What telemetry takes of the memory, and what it may take. */
export function observeBudget(meter: Meter, budget: Budget): void {
  meter.observeGauge(
    'weir_memory_budget_bytes',
    'Memory that requests and queues may take; see --memory.budget.',
    () => budget.limitBytes,
  )
  meter.observeGauge(
    'weir_memory_budget_used_bytes',
    'Memory that requests under way and queues take.',
    () => budget.usedBytes,
  )
  meter.observeCounter(
    'weir_memory_budget_refused_requests',
    'Requests sent back because the memory budget was used up.',
    () => budget.refusedCount,
  )
}
