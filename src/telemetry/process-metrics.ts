import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Budget, Meter } from '#sdk'

/** Figures of the process under the names that dashboards of Prometheus programs use. */
export function observeProcess(meter: Meter, version: string, startedAtMs: number): void {
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
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  for (const quantile of ['0.5', '0.99']) {
    meter.observeGauge(
      'nodejs_eventloop_delay_seconds',
      'How late the event loop runs timers, since the start.',
      () => delay.percentile(Number(quantile) * 100) / 1e9,
      { quantile },
    )
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
