import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'dist/weir/main.js')

export interface ComponentView {
  readonly id: string
  readonly health: { readonly state: string; readonly message: string }
  readonly ledger: Readonly<
    Record<
      string,
      {
        readonly entered: number
        readonly left: number
        readonly refused: number
        readonly held: number
        readonly blockedMs: number
        readonly dropped: Readonly<Record<string, number>>
      }
    >
  >
}

type Books = ComponentView['ledger'][string]

/** As `/api/v1/ledger` has it, as far as it is looked at. */
interface LedgerReport {
  readonly components: readonly {
    readonly id: string
    readonly signals: Readonly<Record<string, Books & { readonly balanced: boolean }>>
  }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly signal: string
    readonly held: number
  }[]
  readonly drops: readonly {
    readonly component: string
    readonly reason: string
    readonly place?: object
  }[]
}

/** What the agent logs when it has lost count. */
const UNBALANCED = 'the ledger does not balance'

/** On a machine with much else to do. */
const READY_MS = 60_000

interface StartOptions {
  readonly flags?: readonly string[]
  /** Environment variables besides those of this process. */
  readonly variables?: Readonly<Record<string, string>>
  readonly ready?: boolean
}

/** A real agent as a child process, with its config in a folder of its own. */
export class AgentProcess {
  readonly folder: string
  readonly config: string
  readonly admin: string
  readonly #child: ChildProcess
  #log = ''
  #exit: Promise<number | null>

  readonly #adminPort: number

  private constructor(folder: string, child: ChildProcess, adminPort: number) {
    this.folder = folder
    this.config = join(folder, 'config.river')
    this.admin = `http://127.0.0.1:${adminPort}`
    this.#adminPort = adminPort
    this.#child = child
    this.#exit = new Promise((done) => child.once('exit', (code) => done(code)))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#log += chunk))
    }
  }

  /** Starts and waits until it is ready; with `ready: false` only starts. */
  static async start(text: string, options: StartOptions = {}): Promise<AgentProcess> {
    if (!existsSync(MAIN)) throw new Error('npm run build first')
    const folder = mkdtempSync(join(tmpdir(), 'weir-e2e-'))
    writeFileSync(join(folder, 'config.river'), text)
    return AgentProcess.#spawn(folder, await freePort(), options)
  }

  /** Starts one that has ended again: the same folder, config, data and admin address. */
  async again(options: StartOptions = {}): Promise<AgentProcess> {
    await this.#exit
    return AgentProcess.#spawn(this.folder, this.#adminPort, options)
  }

  static async #spawn(folder: string, port: number, options: StartOptions): Promise<AgentProcess> {
    const args = [
      MAIN,
      'run',
      `--server.http.listen-addr=127.0.0.1:${port}`,
      `--storage.path=${join(folder, 'data')}`,
      ...(options.flags ?? []),
      join(folder, 'config.river'),
    ]
    const env = { ...process.env, ...options.variables }
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
    const agent = new AgentProcess(folder, child, port)
    if (options.ready ?? true) {
      await agent.#untilReady().catch((error: unknown) => {
        agent.kill()
        throw error
      })
    }
    return agent
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** What it has written so far. */
  get log(): string {
    return this.#log
  }

  write(text: string): void {
    writeFileSync(this.config, text)
  }

  async get(path: string): Promise<Response> {
    return fetch(this.admin + path)
  }

  async reload(): Promise<{ readonly status: number; readonly body: ReloadAnswer }> {
    const response = await fetch(`${this.admin}/-/reload`, { method: 'POST' })
    return { status: response.status, body: (await response.json()) as ReloadAnswer }
  }

  async components(): Promise<readonly ComponentView[]> {
    return (await (await this.get('/api/v1/components')).json()) as ComponentView[]
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** The exit code; null when a signal ended it. */
  exited(): Promise<number | null> {
    return this.#exit
  }

  /** Waits until `probe` is true, asking again and again. */
  async until(
    what: string,
    probe: () => boolean | Promise<boolean>,
    timeoutMs = 10_000,
  ): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!(await probe())) {
      if (performance.now() > deadline) throw new Error(`${what} did not happen\n${this.#log}`)
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  /** Ends it after checking that nothing was lost on the way: every ledger balances. */
  async stop(): Promise<void> {
    await this.until('a balanced ledger', async () => (await this.unbalanced()).length === 0)
    this.signal('SIGTERM')
    const code = await this.exited()
    this.remove()
    if (this.#log.includes(UNBALANCED)) throw new Error(`${UNBALANCED}\n${this.#log}`)
    if (code !== 0) throw new Error(`the agent ended with ${code}\n${this.#log}`)
  }

  /** Also for the end of a failed test. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Its folder, with what it holds on disk. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /**
   * Components for which entered is not left + dropped + held, edges on which something is still
   * under way, and drops of which nobody knows the place in the config.
   */
  async unbalanced(): Promise<readonly string[]> {
    const ledger = (await (await this.get('/api/v1/ledger')).json()) as LedgerReport
    const faults: string[] = []
    for (const { id, signals } of ledger.components) {
      for (const [signal, { entered, left, held, dropped, balanced }] of Object.entries(signals)) {
        const lost = Object.values(dropped).reduce((sum, items) => sum + items, 0)
        if (!balanced || entered !== left + held + lost) faults.push(`${id} ${signal}`)
      }
    }
    for (const { from, to, signal, held } of ledger.edges) {
      if (held > 0) faults.push(`${from} -> ${to} ${signal}`)
    }
    for (const { component, reason, place } of ledger.drops) {
      if (!place) faults.push(`${component} ${reason}`)
    }
    return faults
  }

  async #untilReady(): Promise<void> {
    let ended = false
    this.#exit.then(
      () => (ended = true),
      () => {},
    )
    const isReady = async () => {
      if (ended) throw new Error(`the agent ended\n${this.#log}`)
      return this.get('/-/ready').then(
        ({ ok }) => ok,
        () => false,
      )
    }
    await this.until('ready', isReady, READY_MS)
  }
}

export interface ReloadAnswer {
  readonly ok: boolean
  readonly steps: readonly { readonly id: string; readonly action: string }[]
  readonly diagnostics: readonly {
    readonly code: string
    readonly message: string
    readonly line: number
    readonly column: number
  }[]
  readonly tookMs: number
}

/**
 * A port nobody listens on. Not one of the kernel's choice: outgoing connections are given those
 * too, and would be quicker than the agent now and then.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS)
    if (await isFree(port)) return port
  }
}

/** Below what Linux gives to outgoing connections. */
const FIRST_PORT = 15_000
const PORTS = 17_000

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Runs `weir` with arguments to its end. */
export async function weir(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk))
  child.stdin.end(input)
  const code = await new Promise<number | null>((done) => child.once('exit', done))
  return { code, out, err }
}
