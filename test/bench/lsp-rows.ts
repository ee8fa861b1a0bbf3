/** The language server as a process, with an editor that types in the middle of a large file. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { DEBOUNCE_MS } from '#lsp'
import { LanguageClient } from '../support/language-client.js'
import { largeConfig } from './config-row.js'
import { cpuSeconds } from './processes.js'
import { median, type Row } from './rows.js'

const MAIN = join(import.meta.dirname, '../../weir/main.js')
const LINES = 2000
const DIAGNOSTICS_LIMIT_MS = 50
const COMPLETION_LIMIT_MS = 50
/** The first keys find the server cold, as they do in an editor. */
const KEYS_PER_ROUND = 10
const URI = 'untitled:large.river'

export async function lspRows(rounds: number): Promise<readonly Row[]> {
  const server = spawn(process.execPath, [MAIN, 'lsp'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise((done) => server.once('exit', done))
  const client = new LanguageClient(server.stdout, server.stdin)
  await client.initialize()
  const text = largeConfig(LINES)
  await client.open(URI, text)
  await client.diagnosticsOf(URI)
  const at = text.indexOf('timeout', text.length / 2)
  const cpuBefore = cpuSeconds(server)
  const told: number[] = []
  const offered: number[] = []
  for (let n = 0; n < rounds * KEYS_PER_ROUND; n++) {
    await client.edit(URI, at, 1, n % 2 === 0 ? 'T' : 't')
    const askedAt = performance.now()
    await client.completions(URI, at + 1)
    offered.push(performance.now() - askedAt)
    // Another key, so that the wait and the check come after the completion's work.
    await client.edit(URI, at + 1, 1, 'i')
    const typedAt = performance.now()
    await client.diagnosticsOf(URI)
    told.push(performance.now() - typedAt - DEBOUNCE_MS)
  }
  const cpuMs = ((cpuSeconds(server) - cpuBefore) * 1000) / offered.length
  await client.shutdown()
  await exited
  return [
    row(
      `diagnostics of ${LINES} lines after a key, without the wait`,
      told,
      DIAGNOSTICS_LIMIT_MS,
      cpuMs,
    ),
    row(`completion in ${LINES} lines after a key`, offered, COMPLETION_LIMIT_MS, cpuMs),
  ]
}

/** `cpuMs`: of a key that is checked and one that is completed, collecting garbage included. */
function row(name: string, times: readonly number[], limitMs: number, cpuMs: number): Row {
  return {
    name,
    value: `${median(times).toFixed(0)} ms`,
    limit: `<= ${limitMs} ms`,
    note: `fastest ${Math.min(...times).toFixed(0)} ms, CPU of both ${cpuMs.toFixed(0)} ms`,
    ok: median(times) <= limitMs,
  }
}
