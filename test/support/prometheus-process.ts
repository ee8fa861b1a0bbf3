/**
 * Prometheus itself as a child process: of Debian's package `prometheus`, or named by
 * WEIR_PROMETHEUS.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { freePort } from './agent-process.js'

const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const program = find()

/** Time and value of a sample. */
type Point = readonly [seconds: number, value: string]
interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: Point
  readonly values?: readonly Point[]
}

/** False, and the test says why, where there is none. */
export function hasPrometheus(skip: (note: string) => void): boolean {
  if (program) return true
  if (REQUIRED) throw new Error('prometheus is absent and WEIR_REQUIRE is set')
  skip('prometheus is absent: install the package, or set WEIR_PROMETHEUS')
  return false
}

export class PrometheusProcess {
  readonly url: string
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url
    this.#child = child
    this.#folder = folder
  }

  /** Resolves when it is ready. `config` is YAML. */
  static async start(config: string, flags: readonly string[] = []): Promise<PrometheusProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'weir-prometheus-'))
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, config)
    const port = await freePort()
    const child = spawn(program!, [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ])
    // Nobody reads what it logs; a full pipe would stop it.
    for (const stream of [child.stdout, child.stderr]) stream.resume()
    const started = new PrometheusProcess(`http://127.0.0.1:${port}`, child, folder)
    const isReady = () =>
      fetch(`${started.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    await expect.poll(isReady, { interval: 50, timeout: 60_000 }).toBe(true)
    return started
  }

  /** An instant query, now. */
  async query(expression: string): Promise<readonly Series[]> {
    const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`)
    const { data } = (await answer.json()) as { data: { result: readonly Series[] } }
    return data.result
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill()
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function find(): string | undefined {
  const named = process.env['WEIR_PROMETHEUS']
  if (named) return named
  try {
    return execFileSync('which', ['prometheus'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
