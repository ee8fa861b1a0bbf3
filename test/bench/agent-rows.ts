/** The agent as a process: how soon it is ready, and what a reload of many components takes. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from './processes.js'
import { median, type Row } from './rows.js'

const MAIN = join(import.meta.dirname, '../../weir/main.js')
const QUICKSTART = join(import.meta.dirname, '../../../examples/quickstart.river')
export const ADMIN_PORT = 14346
/** Ticks of /proc/PID/stat, as Linux fixes them for user space. */
const TICK_MS = 10

const START_LIMIT_MS = 700
const RELOAD_LIMIT_MS = 300
const COMPONENTS = 500
/** Until what watches files has seen that nothing else is to be loaded. */
const SETTLED_MS = 700

export async function startRow(folder: string, rounds: number): Promise<Row> {
  const times: number[] = []
  for (let n = 0; n < rounds; n++) {
    const startedAt = performance.now()
    const agent = await Running.start(QUICKSTART, folder)
    times.push(performance.now() - startedAt)
    await agent.stop()
  }
  return {
    name: 'start to ready, quickstart',
    value: `${median(times).toFixed(0)} ms`,
    limit: `<= ${START_LIMIT_MS} ms`,
    note: `fastest ${Math.min(...times).toFixed(0)} ms`,
    ok: median(times) <= START_LIMIT_MS,
  }
}

export async function reloadRow(folder: string, rounds: number): Promise<Row> {
  const path = join(folder, 'many.river')
  await writeFile(path, manyComponents('1s'))
  const { times, isUntouched } = await reloads(path, folder, rounds, (n) =>
    writeFile(path, manyComponents(`${n + 2}s`)),
  )
  return {
    name: `reload of ${COMPONENTS} components, one changed`,
    value: `${median(times).toFixed(0)} ms`,
    limit: `<= ${RELOAD_LIMIT_MS} ms`,
    note: isUntouched ? `the other ${COMPONENTS - 1} untouched` : 'OTHERS WERE TOUCHED',
    ok: median(times) <= RELOAD_LIMIT_MS && isUntouched,
  }
}

/**
 * Starts an agent, changes what it runs and has that loaded, again and again; `isUntouched` when
 * each load replaced one component alone.
 */
export async function reloads(
  path: string,
  folder: string,
  rounds: number,
  change: (round: number) => Promise<void>,
): Promise<{ readonly times: readonly number[]; readonly isUntouched: boolean }> {
  const agent = await Running.start(path, folder)
  const times: number[] = []
  let isUntouched = true
  for (let n = 0; n < rounds; n++) {
    await change(n)
    const startedAt = performance.now()
    const response = await fetch(`http://127.0.0.1:${ADMIN_PORT}/-/reload`, { method: 'POST' })
    const { ok, steps } = (await response.json()) as Receipt
    times.push(performance.now() - startedAt)
    const touched = steps.filter(({ action }) => action !== 'keep')
    isUntouched &&= ok && touched.length === 1 && touched[0]?.action === 'replace'
    await sleep(SETTLED_MS)
  }
  await agent.stop()
  return { times, isUntouched }
}

interface Receipt {
  readonly ok: boolean
  readonly steps: readonly { readonly action: string }[]
}

/**
 * Batch processors in front of one exporter; the first has the given timeout. With `beside`,
 * every second component is one of those that it writes, and a processor sends there.
 */
export function manyComponents(timeout: string, beside?: (n: number) => string): string {
  const parts = ['logging { level = "error" }', 'otelcol.exporter.debug "sink" { }']
  const processors = beside ? Math.floor(COMPONENTS / 2) : COMPONENTS - 1
  for (let n = 0; n < processors; n++) {
    const block = beside?.(n) ?? 'otelcol.exporter.debug "sink"'
    const [, name, label] = /^([\w.]+) "(\w+)"/.exec(block)!
    const input = `${name}.${label}.input`
    parts.push(`otelcol.processor.batch "b${n}" {
  timeout = "${n === 0 ? timeout : '1s'}"
  output {
    traces  = [${input}]
    metrics = [${input}]
    logs    = [${input}]
  }
}`)
    if (beside) parts.push(block)
  }
  return parts.join('\n')
}

export class Running {
  readonly #child

  private constructor(path: string, folder: string) {
    this.#child = spawn(
      process.execPath,
      [
        MAIN,
        'run',
        '--no-config.watch',
        `--server.http.listen-addr=127.0.0.1:${ADMIN_PORT}`,
        `--storage.path=${join(folder, 'data')}`,
        path,
      ],
      { stdio: 'ignore' },
    )
  }

  static async start(path: string, folder: string): Promise<Running> {
    const running = new Running(path, folder)
    for (let tries = 0; tries < 5000; tries++) {
      const ready = await fetch(`http://127.0.0.1:${ADMIN_PORT}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (ready) return running
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    throw new Error(`${path} was not ready`)
  }

  /** Of its whole life so far, user and system. */
  get cpuMs(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
    // Behind the name, which may have spaces: utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    await ended
  }
}
