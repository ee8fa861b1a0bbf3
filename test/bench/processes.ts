/** The processes of a bench: the agent, what stands beside it, what it is sent, where that goes. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Peer } from './options.js'

export const RECEIVER_PORT = 14317
export const SINK_PORT = 14417
const ADMIN_PORT = 14345
/** Ticks of /proc/PID/stat, as Linux fixes them for user space. */
const TICKS_PER_SECOND = 100

const AGENT = '../../weir/main.js'
/** Processes that end together. */
export class Stage {
  readonly #children: ChildProcess[] = []
  readonly #folders: string[] = []

  fork(program: string, ...args: readonly (string | number)[]): ChildProcess {
    const path = join(import.meta.dirname, program)
    return this.#add(fork(path, args.map(String), { execArgv: [] }))
  }

  spawn(command: readonly string[]): ChildProcess {
    const [program, ...args] = command
    return this.#add(spawn(program!, args, { stdio: ['ignore', 'ignore', 'inherit'] }))
  }

  async folder(parent: string): Promise<string> {
    const folder = await mkdtemp(join(parent, 'stage-'))
    this.#folders.push(folder)
    return folder
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGTERM')
    await Promise.all(this.#children.map(exited))
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
  }

  #add(child: ChildProcess): ChildProcess {
    this.#children.push(child)
    return child
  }
}

/** An agent with its data in `folder`; resolves as soon as it is started, or once it is ready. */
export async function startAgent(
  stage: Stage,
  folder: string,
  config: string,
  isAwaited = true,
): Promise<ChildProcess> {
  const path = join(folder, 'bench.river')
  await writeFile(path, config)
  const agent = stage.fork(
    AGENT,
    'run',
    `--server.http.listen-addr=127.0.0.1:${ADMIN_PORT}`,
    `--storage.path=${join(folder, 'data')}`,
    '--feature.component-shutdown-deadline=1s',
    path,
  )
  if (isAwaited) await until('the agent is ready', isReady)
  return agent
}

export async function startPeer(stage: Stage, { command, config }: Peer): Promise<ChildProcess> {
  const peer = stage.spawn([...command, config])
  await until('the peer listens', isListening)
  return peer
}

/** Once it listens. */
export async function startSink(stage: Stage): Promise<ChildProcess> {
  const sink = stage.fork('relay-sink.js', SINK_PORT)
  await message(sink)
  return sink
}

export interface Load {
  readonly connections: number
  readonly inFlight: number
  readonly compression: 'none' | 'gzip'
}

export async function startLoad(stage: Stage, load: Load): Promise<ChildProcess> {
  const { connections, inFlight, compression } = load
  const child = stage.fork('relay-load.js', RECEIVER_PORT, connections, inFlight, compression)
  await message(child)
  return child
}

export interface Sent {
  /** In all, with what was sent before. */
  readonly spans: number
  /** From a request to its acknowledgement. */
  readonly p99Ms: number
}

/** As fast as it is let, or at a steady pace. */
export async function send(
  load: ChildProcess,
  requests: number,
  perSecond?: number,
): Promise<Sent> {
  load.send({ requests, perSecond })
  return (await message(load)) as Sent
}

/** Spans that the sink has taken. */
export async function taken(sink: ChildProcess): Promise<number> {
  sink.send('count')
  return (await message(sink)) as number
}

/** Waits until the sink has heard nothing new for a while. */
export async function quiet(sink: ChildProcess): Promise<void> {
  for (let last = -1; ; ) {
    const now = await taken(sink)
    if (now === last) return
    last = now
    await sleep(300)
  }
}

export function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`it ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      resolve(answer)
    })
  })
}

export function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

export async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within 20 s`)
    await sleep(20)
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${ADMIN_PORT}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(RECEIVER_PORT, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** How late the agent's event loop ran at the 99th percentile, since the last call. */
export async function loopDelayMs(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ADMIN_PORT}/metrics`)).text()
  const pattern = /^nodejs_eventloop_delay_seconds\{quantile="0.99"\} (\S+)$/m
  return Number(pattern.exec(text)?.[1]) * 1000
}

/** User and system time of a process so far. */
export function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export function peakRssMb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6
}
