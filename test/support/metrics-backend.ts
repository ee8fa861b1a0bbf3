/**
 * A real Prometheus or VictoriaMetrics on loopback, of Debian's packages `prometheus` and
 * `victoria-metrics` or named by WEIR_PROMETHEUS and WEIR_VICTORIA_METRICS.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { freePort } from './agent-process.js'

export type BackendProgram = 'prometheus' | 'victoria-metrics'

/** Labels and value of one series. */
export interface Sampled {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly histogram?: readonly [number, Readonly<Record<string, unknown>>]
}

const SOON = { interval: 50, timeout: 60_000 }

/** Where it is; skips the test where it is absent, and fails it under WEIR_REQUIRE. */
export function programOf(name: BackendProgram, { skip }: Pick<TestContext, 'skip'>): string {
  const variable = `WEIR_${name.toUpperCase().replace('-', '_')}`
  const found = process.env[variable] ?? which(name)
  if (found) return found
  if (process.env['WEIR_REQUIRE'] === '1') throw new Error(`${name} is absent, WEIR_REQUIRE is set`)
  return skip(`${name} is absent: install the package, or set ${variable}`)
}

export class MetricsBackend {
  readonly url: string
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child
    this.#folder = folder
    this.url = `http://127.0.0.1:${port}`
  }

  /** `config` is prometheus.yml; on a port of its own choice unless told. */
  static async start(
    name: BackendProgram,
    path: string,
    { config = 'global: {}\n', port }: { readonly config?: string; readonly port?: number } = {},
  ): Promise<MetricsBackend> {
    const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`))
    const at = port ?? (await freePort())
    const data = join(folder, 'data')
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, config)
    const flags = {
      prometheus: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${at}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=native-histograms',
      ],
      'victoria-metrics': [
        `-storageDataPath=${data}`,
        `-httpListenAddr=127.0.0.1:${at}`,
        '-search.latencyOffset=0s',
      ],
    }
    const child = spawn(path, flags[name], { stdio: 'ignore' })
    const backend = new MetricsBackend(child, folder, at)
    const health = name === 'prometheus' ? '/-/ready' : '/health'
    const isReady = () =>
      fetch(backend.url + health).then(
        ({ ok }) => ok,
        () => false,
      )
    await expect.poll(isReady, SOON).toBe(true)
    return backend
  }

  /** An instant query. */
  async query(promql: string): Promise<readonly Sampled[]> {
    const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(promql)}`)
    if (!answer.ok) throw new Error(await answer.text())
    return ((await answer.json()) as { data: { result: Sampled[] } }).data.result
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function which(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
