/** Parse and check of a large config, in a process of its own: nothing is warm. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { components } from '#components'
import { checkSources, Registry, systemEnvironment } from '#config'
import { hasErrors, Source } from '#grammar'
import { median, type Row } from './rows.js'

const LINES = 10_000
const LIMIT_MS = 400

export async function configRow(rounds: number): Promise<Row> {
  const times: number[] = []
  for (let n = 0; n < rounds; n++) {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)])
    times.push(Number(stdout))
  }
  return {
    name: `parse and check of ${LINES.toLocaleString('en')} lines, cold`,
    value: `${median(times).toFixed(0)} ms`,
    limit: `<= ${LIMIT_MS} ms`,
    note: `fastest ${Math.min(...times).toFixed(0)} ms`,
    ok: median(times) <= LIMIT_MS,
  }
}

/** A config as people write them, of at least so many lines. */
export function largeConfig(lines = LINES): string {
  const parts = ['otelcol.exporter.debug "sink" { }']
  const block = (n: number) => `
// Batch number ${n}, with a comment as people write them.
otelcol.processor.batch "b${n}" {
  timeout         = "${(n % 9) + 1}s"
  send_batch_size = ${1000 + n}

  send_batch_max_size = 2 * ${1000 + n}

  output {
    traces  = [otelcol.exporter.debug.sink.input]
    metrics = [otelcol.exporter.debug.sink.input] // metrics too
    logs    = [otelcol.exporter.debug.sink.input]
  }
}`
  const perBlock = block(0).split('\n').length - 1
  for (let n = 0; n * perBlock < lines; n++) parts.push(block(n))
  return parts.join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = new Source('large.river', largeConfig())
  const registry = new Registry([], components)
  await registry.load(registry.names)
  const startedAt = performance.now()
  const { diagnostics } = checkSources([source], {
    registry,
    stability: 'generally-available',
    environment: systemEnvironment({}, '0.0.0'),
  })
  const elapsed = performance.now() - startedAt
  if (hasErrors(diagnostics)) throw new Error(diagnostics[0]?.message)
  process.stdout.write(String(elapsed))
}
