import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Budget, Labels, Meter } from '#sdk'
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
  meter.observeMany(
    'nodejs_eventloop_delay_seconds',
    'gauge',
    'How late the event loop ran timers since this was last asked for.',
    eventLoopDelay(),
  )
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
